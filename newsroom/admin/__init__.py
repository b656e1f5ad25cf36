"""The newsroom's own desk. Each room here is a table that editors work at."""

from newsroom.admin import articles, corrections, front, mistakes, photos, sections, subscribers

__all__ = ["articles", "corrections", "front", "mistakes", "photos", "sections", "subscribers"]
