from newsroom.live import LiveEvent
from newsroom.models.article import Article
from newsroom.models.photo import Photo
from newsroom.models.section import Section

__all__ = ["Article", "LiveEvent", "Photo", "Section"]
