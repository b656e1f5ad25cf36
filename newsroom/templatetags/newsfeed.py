from django import template

from newsroom.models import Article
from newsroom.models.article import Articles

register = template.Library()

IN_THE_RAIL = 8


@register.simple_tag
def newest() -> Articles:
    """The latest articles, for the rail of every page."""
    return Article.objects.published().newest_first().cards()[:IN_THE_RAIL]
