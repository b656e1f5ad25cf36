from newsroom.live import LiveEvent
from newsroom.models.article import Article
from newsroom.models.correction import Correction
from newsroom.models.edition import Delivery, Edition
from newsroom.models.job_run import JobRun
from newsroom.models.mistake import Mistake
from newsroom.models.photo import Photo
from newsroom.models.placement import Placement
from newsroom.models.redirect import Redirect
from newsroom.models.section import Section
from newsroom.models.subscriber import Subscriber, Subscription
from newsroom.models.topic import Topic
from newsroom.models.version import ArticleVersion, Autosave

__all__ = [
    "Article",
    "ArticleVersion",
    "Autosave",
    "Correction",
    "Delivery",
    "Edition",
    "JobRun",
    "LiveEvent",
    "Mistake",
    "Photo",
    "Placement",
    "Redirect",
    "Section",
    "Subscriber",
    "Subscription",
    "Topic",
]
