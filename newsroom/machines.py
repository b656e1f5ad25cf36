"""What machines read of an article's page, in schema.org's words: the same that people see."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.files.storage import default_storage
from django.templatetags.static import static
from django.utils import timezone

from newsroom.models import Article
from newsroom.poster_art import HEIGHT, WIDTH


@dataclass(frozen=True)
class Picture:
    address: str
    width: int
    height: int
    alt: str


def whole(address: str) -> str:
    """The address with the site's own beginning, whatever host a request named."""
    return urljoin(f"{settings.SITE_URL}/", address)


def picture_of(article: Article) -> Picture | None:
    """What stands for it where it is shared: its poster; until that is drawn, its photo."""
    if article.poster:
        address = whole(default_storage.url(article.poster))
        return Picture(address, WIDTH, HEIGHT, article.headline)
    return photo_of(article)


def photo_of(article: Article) -> Picture | None:
    photo = article.lead_photo
    if photo is None:
        return None
    return Picture(whole(photo.file.url), photo.width, photo.height, photo.alt)


def news_article(article: Article, comment_count: int, comments: list[Any]) -> dict[str, Any]:
    address = whole(article.get_absolute_url())
    picture = photo_of(article) or picture_of(article)
    said = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": address,
        "mainEntityOfPage": address,
        "headline": article.headline,
        "description": article.standfirst,
        "dateline": article.dateline,
        "articleSection": article.section.name,
        "inLanguage": article.language,
        "datePublished": timezone.localtime(article.published_at).isoformat(),
        "dateModified": timezone.localtime(article.last_changed).isoformat(),
        "author": author_of(article),
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": settings.SITE_NAME,
            "url": whole("/"),
            "logo": whole(static("img/icon.svg")),
        },
        "image": picture and picture.address,
        "isBasedOn": article.source_url,
        "isAccessibleForFree": True,
        "discussionUrl": f"{address}#discussion",
        "commentCount": comment_count,
        "comment": comments,
    }
    return {name: value for name, value in said.items() if value not in ("", None, [])}


def author_of(article: Article) -> dict[str, str]:
    if article.byline:
        return {"@type": "Person", "name": article.byline}
    return {"@type": "Organization", "name": article.source or settings.SITE_NAME}
