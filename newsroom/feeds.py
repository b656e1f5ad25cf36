"""The paper's own Atom feed, and the ids by which the paper knows its articles again."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator

from newsroom.models import Article
from newsroom.models.article import Articles

NEWEST = 50

# What XML 1.0 cannot hold, and the C1 controls, which readers of feeds take for Windows letters.
NOT_XML = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    return NOT_XML.sub("", text)


def plain(text: str) -> str:
    """On one line. Non-breaking spaces stay what they are."""
    return re.sub(r"[ \t\r\n]+", " ", legal(text)).strip()


def atom_id(article: Article) -> str:
    """The id it came with, or a tag: URI that outlives a change of its address."""
    if article.external_id:
        return article.external_id
    host = urlsplit(str(settings.SITE_URL)).hostname
    return f"tag:{host},{article.published_at:%Y-%m-%d}:article/{article.pk}"


def article_of(id: str) -> Article | None:
    """This site's own article that the feed calls by that id."""
    number = re.search(r":article/([0-9]{1,18})$", id)
    article = number and Article.objects.filter(pk=int(number[1]), external_id=None).first()
    return article if article and atom_id(article) == id else None


class AtomFeed(Atom1Feed):
    def root_attributes(self) -> dict[str, str]:
        """Without a language: every entry says its own, and none inherits one."""
        return {"xmlns": self.ns}

    def item_attributes(self, item: dict[str, Any]) -> dict[str, str]:
        return {"xml:lang": item["language"]}

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        # Django would call the description HTML.
        super().add_item_elements(handler, item | {"description": None})
        if item["description"]:
            handler.addQuickElement("summary", item["description"], {"type": "text"})
        handler.addQuickElement("content", item["content"], {"type": "html"})
        if item["via"]:
            handler.addQuickElement("link", "", {"rel": "via", "href": item["via"]})
        if item["source"]:
            handler.startElement("source", AttributesImpl({}))
            handler.addQuickElement("title", item["source"])
            handler.endElement("source")


class Newest(Feed):
    feed_type = AtomFeed

    def title(self) -> str:
        return plain(settings.SITE_NAME)

    author_name = title  # Atom wants an author somewhere, and an article may have no byline

    def subtitle(self) -> str:
        return _("The newest articles, as they are published.")

    def link(self) -> str:
        return f"{settings.SITE_URL}/"

    def feed_url(self) -> str:
        return f"{settings.SITE_URL}{reverse('atom')}"

    def items(self) -> Articles:
        newest = Article.objects.published().newest_first()
        return newest.select_related("section").defer("body")[:NEWEST]

    def item_title(self, item: Article) -> str:
        return plain(item.headline)

    def item_description(self, item: Article) -> str:
        return plain(item.standfirst)

    def item_link(self, item: Article) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_guid(self, item: Article) -> str:
        return plain(atom_id(item))

    def item_author_name(self, item: Article) -> str | None:
        return plain(item.byline) or None

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.updated_at if item.was_updated else item.published_at

    def item_categories(self, item: Article) -> list[str]:
        return [plain(item.section.name)]

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {
            "language": plain(item.language),
            "content": legal(item.body_html),
            "via": plain(item.source_url),
            "source": plain(item.source),
        }
