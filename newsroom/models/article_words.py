"""The words that an article is found by; whether somebody may find it, its queryset says."""

from typing import Any

from newsroom import markup
from newsroom.index import Index, Row
from newsroom.words import stems

FOUND_BY = {"headline", "standfirst", "byline", "dateline", "source", "body", "language"}
ARTICLE_WORDS = Index("newsroom_article_words", headline=8, about=3, body=1)


def entry(article: Any) -> Row:
    """Of an article that is stored, or of what a migration knows of one."""
    about = [article.standfirst, article.byline, article.dateline, article.source]
    fields = [article.headline, "\n".join(about), markup.text_of(article.body_html)]
    return article.pk, [stems(field, article.language) for field in fields]
