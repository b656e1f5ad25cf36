"""What the paper's own pages show of the discussion, without knowing of it."""

from typing import Any, cast

from django import template
from django.contrib.auth.models import AnonymousUser
from django.template.context import RequestContext

from accounts.http import HttpRequest
from comments import composer, thread
from comments.models import Comment, Discussion
from comments.thread import SORTS
from newsroom.models import Article

register = template.Library()

CHATS = 7  # in the rail


@register.inclusion_tag("comments/_discussion.html", takes_context=True)
def discussion(context: RequestContext, article: Article) -> dict[str, Any]:
    """An article's discussion: its first page in HTML, and the composer that applies."""
    request = cast(HttpRequest, context.request)
    found = Discussion.objects.of(article)
    sort = thread.chosen_sort(found, request.GET.get("sort"))
    page = thread.thread(found, sort, request.GET.get("after", ""))
    person = AnonymousUser() if context["visitor"] else request.user
    html = thread.for_person(page.html, page.ids, person)
    return {
        "article": article,
        "discussion": found,
        "sort": sort,
        "sorts": [
            (name, label)
            for name, (label, _order) in SORTS.items()
            if name != "picks" or page.has_picks or sort == name
        ],
        "after": request.GET.get("after", ""),
        "html": html,
        "data": page.data,
        "visitor": context["visitor"],
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "yours": yours(found, person),
    } | composer.state(request, found)


def yours(discussion: Discussion, person: Any) -> list[Comment]:
    """What this person wrote here and others do not see: waiting or removed."""
    if not person.is_authenticated:
        return []
    hidden = Comment.objects.filter(
        discussion=discussion.pk, author=person, is_public=False, withdrawn_at__isnull=True
    )
    return list(hidden.select_related("current").order_by("-id")[:5])


@register.inclusion_tag("comments/_chats.html")
def chats() -> dict[str, Any]:
    return {"chats": Discussion.objects.alive()[:CHATS]}


@register.simple_tag
def comment_counts(articles: list[Article]) -> dict[int, int]:
    """How many comments each of these articles has, in one query."""
    ids = [article.pk for article in articles]
    return dict(Discussion.objects.filter(pk__in=ids).values_list("pk", "comment_count"))


@register.filter
def of(counts: dict[int, int], key: int) -> int:
    return counts.get(key, 0)
