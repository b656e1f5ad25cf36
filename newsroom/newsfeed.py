"""Every article by time, from the newest on: the newsfeed, and a section's and a topic's part."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.catching_up import catch_up
from newsroom.keyset import EPOCH, cursor, microseconds, moment, read_cursor
from newsroom.language import spoken
from newsroom.models import Article, Section, Topic
from newsroom.models.article import Articles
from newsroom.ready_pages import ready

PAGE = 30
NEW = timedelta(hours=2)  # for so long the stream tells of an article


@require_safe
@ready
def newsfeed(request: HttpRequest) -> HttpResponse:
    """All of it, or of one section or topic (`?section=`, `?topic=`)."""
    if "since" in request.GET:
        return catch_up(request, "newsfeed", "chats")
    articles = Article.objects.all()
    chosen: dict[str, Any] = {}
    for name, model in (("section", Section), ("topic", Topic)):
        slug = request.GET.get(name)
        if slug:
            chosen[name] = get_object_or_404(model, slug=slug)
    if "section" in chosen:
        articles = articles.filter(section=chosen["section"])
    if "topic" in chosen:
        articles = articles.filter(topics=chosen["topic"])
    context = {"chosen": chosen, "topics": Topic.objects.all()}
    return render(request, "newsfeed.html", context | page(request, articles))


@require_safe
@ready
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    articles = Article.objects.filter(section=found)
    return render(request, "section.html", {"section": found} | page(request, articles))


@require_safe
@ready
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    articles = Article.objects.filter(topics=found)
    return render(request, "topic.html", {"topic": found} | page(request, articles))


def page(request: HttpRequest, articles: Articles) -> dict[str, Any]:
    """One page of a list, newest first: `articles`, and `older`, the cursor of the next page."""
    found = articles.published().newest_first().cards()
    after = read_cursor(request.GET.get("after", ""), "newsfeed", int, int)
    if after:
        published, id = after
        found = found.before(moment(published), id)
    shown = list(found[: PAGE + 1])
    older = None
    if len(shown) > PAGE:
        last = shown[PAGE - 1]
        older = cursor("newsfeed", microseconds(last.published_at or EPOCH), last.pk)
    return {"articles": shown[:PAGE], "older": older, "after": after}


def look(kind: str, subject: int) -> dict[str, Any] | None:
    """How an article looks now, for the stream: it is out, or it is gone."""
    article = Article.objects.filter(pk=subject).cards().first()
    if article is None or article.published_at is None or not article.is_known:
        return None
    address = article.get_absolute_url()
    if not article.is_published:
        return {"gone": True, "address": address}
    if timezone.now() - article.published_at > NEW:
        return None  # changed, or brought in from an archive
    at = article.published_at.isoformat()
    told = {"address": address, "headline": article.headline, "at": at}
    return told | spoken(article.language)
