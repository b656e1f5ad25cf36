"""Sitemaps: every published article by months, the lists of the paper, and what is news now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.feeds import plain
from newsroom.keyset import cursor, microseconds, moment, read_cursor
from newsroom.language import two_letters
from newsroom.machines import whole
from newsroom.models import Article, Section, Topic
from newsroom.models.article import Articles

FULL = 10_000  # articles in one file; the protocol allows five times as many
NEWS_IS_NEW = timedelta(days=2)  # Google News reads no older articles,
MOST_NEWS = 1000  # and no more of them
KEPT = 600  # seconds: the list of files changes once a month


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    files = [reverse("sitemap-lists"), *(cache.get_or_set("sitemaps", article_files, KEPT) or [])]
    if fresh().exists():
        files.append(reverse("sitemap-news"))
    return answer(request, "index", [whole(file) for file in files])


def article_files() -> list[str]:
    """The addresses of all files of articles, newest first, found by steps in the index."""
    newest = Article.objects.published().newest_first().values_list("published_at", flat=True)
    files: list[str] = []
    latest = newest.first()
    while latest:
        first_day = beginning(latest)
        files += files_of(first_day)
        latest = newest.filter(published_at__lt=first_day).first()
    return files


def files_of(month: datetime) -> Iterator[str]:
    """A month's file and, where one is not enough, those that go on after its last article."""
    file = reverse("sitemap-month", args=[f"{month:%Y}", f"{month:%m}"])
    yield file
    articles = rest = of_month(month).newest_first()
    # The last of a file and the first of the next one, where there is a next one.
    while len(edge := rest.only("published_at")[FULL - 1 : FULL + 1]) > 1:
        last: Any = edge[0]
        yield f"{file}?after={cursor('sitemap', microseconds(last.published_at), last.pk)}"
        rest = articles.before(last.published_at, last.pk)


@require_safe
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    found = of_month(datetime(int(year), int(month), 1, tzinfo=UTC)).newest_first()
    after = read_cursor(request.GET.get("after", ""), "sitemap", int, int)
    if after:
        found = found.before(moment(after[0]), after[1])
    shown = found.only("slug", "published_at", "updated_at")[:FULL]
    pages = [(whole(article.get_absolute_url()), article.last_changed) for article in shown]
    if not pages:
        raise Http404
    return answer(request, "pages", pages)


@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """The front page, the sections, and the topics that have an article to show."""
    about = Article.objects.published().filter(topics=OuterRef("pk"))
    parts: list[Section | Topic] = [*Section.objects.all(), *Topic.objects.filter(Exists(about))]
    addresses = [reverse("front"), reverse("newsfeed")]
    addresses += [part.get_absolute_url() for part in parts]
    return answer(request, "pages", [(whole(address), None) for address in addresses])


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    shown = [
        {
            "address": whole(article.get_absolute_url()),
            "language": two_letters(article.language),
            "published": article.published_at,
            "title": plain(article.headline),
        }
        for article in fresh().newest_first().defer("body", "body_html")[:MOST_NEWS]
    ]
    return answer(request, "news", shown, paper=plain(settings.SITE_NAME))


def answer(request: HttpRequest, name: str, items: list[Any], **more: str) -> HttpResponse:
    context = {"items": items} | more
    return render(request, f"sitemaps/{name}.xml", context, content_type="application/xml")


def fresh() -> Articles:
    return Article.objects.published().filter(published_at__gte=timezone.now() - NEWS_IS_NEW)


def of_month(month: datetime) -> Articles:
    after = beginning(month + timedelta(days=31))
    return Article.objects.published().filter(published_at__gte=month, published_at__lt=after)


def beginning(moment: datetime) -> datetime:
    """Of its month, by the clock that addresses go by."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
