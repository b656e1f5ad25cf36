"""What a page's head and its data blocks say to machines."""

import locale
from typing import Any

from django import template
from django.utils.safestring import SafeString

from newsroom.machines import Picture, news_article, picture_of
from newsroom.markup import data_block
from newsroom.models import Article

register = template.Library()


@register.filter
def picture(article: Article | None) -> Picture | None:
    return picture_of(article) if article else None


@register.filter
def territory(language: str) -> str:
    """“en_GB” of “en-gb” and “ru_RU” of “ru”: Open Graph wants a country with a language."""
    return locale.normalize(language.replace("-", "_")).partition(".")[0]


@register.simple_tag
def article_data(article: Article, comment_count: int, comments: list[Any]) -> SafeString:
    return data_block(news_article(article, comment_count, comments))
