"""The two languages of feeds. An item says the same in both, so that either can be imported."""

from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, rfc3339_date
from django.utils.html import escape
from django.utils.xmlutils import SimplerXMLGenerator


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


class RssFeed(Rss201rev2Feed):
    """RSS 2.0, with what it has no words for in those of Atom and Dublin Core."""

    def rss_attributes(self) -> dict[str, str]:
        return super().rss_attributes() | {
            "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
            "xmlns:dc": "http://purl.org/dc/elements/1.1/",
        }

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        self.feed["language"] = settings.LANGUAGE_CODE  # whatever the reader's: items say their own
        super().add_root_elements(handler)

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        # A description is HTML here.
        description = escape(item["description"]) or None
        super().add_item_elements(handler, item | {"description": description})
        handler.addQuickElement("dc:language", item["language"])
        # A pubDate knows no fractions of a second.
        handler.addQuickElement("atom:published", rfc3339_date(item["pubdate"]))
        handler.addQuickElement("atom:updated", rfc3339_date(item["updateddate"]))
        handler.addQuickElement("content:encoded", item["whole_content"])
        if item["via"]:
            handler.addQuickElement("atom:link", "", {"rel": "via", "href": item["via"]})
        if item["source"]:
            handler.addQuickElement("dc:source", item["source"])
