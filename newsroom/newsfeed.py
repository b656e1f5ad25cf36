"""Every article by time, from the newest on; the section's and the front page's lists too."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from newsroom.keyset import cursor, read_cursor
from newsroom.models import Article, Section
from newsroom.models.article import Articles

PAGE = 30
LEADS = 1 + 4  # the front page's lead and seconds
BLOCK = 4  # articles of each section on the front page


def front(request: HttpRequest) -> HttpResponse:
    newest = list(Article.objects.published().newest_first().cards()[: LEADS + 60])
    shown = newest[:LEADS]
    blocks = []
    for section in Section.objects.all():
        articles = [a for a in newest[LEADS:] if a.section_id == section.pk][:BLOCK]
        if articles:
            blocks.append((section, articles))
    context = {"articles": newest, "lead": shown[:1], "seconds": shown[1:], "blocks": blocks}
    return render(request, "front.html", context)


def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    articles = Article.objects.filter(section=found)
    return render(request, "section.html", {"section": found} | page(request, articles))


def newsfeed(request: HttpRequest) -> HttpResponse:
    return render(request, "newsfeed.html", page(request, Article.objects.all()))


def page(request: HttpRequest, articles: Articles) -> dict[str, Any]:
    """One page of a list, newest first: `articles`, and `older`, the cursor of the next page."""
    found = articles.published().newest_first().cards()
    after = read_cursor(request.GET.get("after", ""), "newsfeed", int, int)
    if after:
        microseconds, id = after
        found = found.before(moment(microseconds), id)
    shown = list(found[: PAGE + 1])
    older = None
    if len(shown) > PAGE:
        last = shown[PAGE - 1]
        older = cursor("newsfeed", int(last.published_at.timestamp() * 1_000_000), last.pk)
    return {"articles": shown[:PAGE], "older": older, "after": after}


def moment(microseconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(microseconds / 1_000_000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)
