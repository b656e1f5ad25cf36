"""The paper's own feeds, and the ids by which the paper knows its articles again."""

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import User
from newsroom.feed_formats import AtomFeed, RssFeed
from newsroom.language import papers_own
from newsroom.markup import for_elsewhere
from newsroom.models import Article, Section, Topic
from newsroom.models.article import Articles

NEWEST = 50
FORMS = {"atom": AtomFeed, "rss": RssFeed}

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


class Newest(Feed):
    """The paper's newest articles; each class below has those of one part of it."""

    part = ""  # what its addresses are named after, and the word of the part that stands in them
    key = ""

    def __init__(self, form: str) -> None:
        self.form = form
        self.feed_type = FORMS[form]

    @method_decorator(require_safe)
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with papers_own():
            response = super().__call__(request, *args, **kwargs)
        response.headers["Content-Language"] = settings.LANGUAGE_CODE
        # What is withdrawn makes no date later: only the ETag tells that something has changed.
        del response.headers["Last-Modified"]
        return response

    def of(self, part: Any) -> Articles:
        return Article.objects.all()

    def title(self, part: Any) -> str:
        return f"{plain(part.name)} – {plain(settings.SITE_NAME)}" if part else self.author_name()

    def author_name(self) -> str:
        """Atom wants an author somewhere, and an article may have no byline."""
        return plain(settings.SITE_NAME)

    def subtitle(self, part: Any) -> str:
        said = plain(getattr(part, "description", ""))
        return said or _("The newest articles, as they are published.")

    description = subtitle

    def link(self, part: Any) -> str:
        return f"{settings.SITE_URL}{part.get_absolute_url() if part else '/'}"

    def feed_url(self, part: Any) -> str:
        which = [getattr(part, self.key)] if part else []
        return f"{settings.SITE_URL}{reverse(self.part + self.form, args=which)}"

    def items(self, part: Any) -> Articles:
        newest = self.of(part).published().newest_first()
        return newest.select_related("section").defer("body")[:NEWEST]

    item_guid_is_permalink = False

    def item_title(self, item: Article) -> str:
        return plain(item.headline)

    def item_description(self, item: Article) -> str:
        return plain(item.standfirst)

    def item_link(self, item: Article) -> str:
        return f"{settings.SITE_URL}{item.get_absolute_url()}"

    def item_guid(self, item: Article) -> str:
        return plain(atom_id(item))

    def item_comments(self, item: Article) -> str:
        return f"{self.item_link(item)}#discussion"

    def item_author_name(self, item: Article) -> str | None:
        return plain(item.byline) or None

    def item_pubdate(self, item: Article) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Article) -> datetime | None:
        return item.last_changed

    def item_categories(self, item: Article) -> list[str]:
        return [plain(item.section.name)]

    def item_extra_kwargs(self, item: Article) -> dict[str, str]:
        return {
            "language": plain(item.language),
            "content": legal(item.body_html),
            "whole_content": legal(for_elsewhere(item.body_html)),
            "via": plain(item.source_url),
            "source": plain(item.source),
        }


class OfSection(Newest):
    part, key = "section-", "slug"

    def get_object(self, request: HttpRequest, slug: str) -> Section:
        return Section.objects.get(slug=slug)

    def of(self, part: Section) -> Articles:
        return Article.objects.filter(section=part)


class OfTopic(Newest):
    part, key = "topic-", "slug"

    def get_object(self, request: HttpRequest, slug: str) -> Topic:
        return Topic.objects.get(slug=slug)

    def of(self, part: Topic) -> Articles:
        return Article.objects.filter(topics=part)


class OfAuthor(Newest):
    """What somebody wrote. Who has published nothing has no feed."""

    part, key = "author-", "username"

    def get_object(self, request: HttpRequest, username: str) -> User:
        published = Article.objects.published().filter(author=OuterRef("pk"))
        return User.objects.filter(Exists(published), is_active=True).get(username=username)

    def link(self, part: User) -> str:
        return f"{settings.SITE_URL}/people/{quote(part.username)}/"

    def of(self, part: User) -> Articles:
        return Article.objects.filter(author=part)
