"""The discussions that are alive now, the latest word first."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from comments.models import Comment, Discussion, Mute
from newsroom.keyset import cursor, microseconds, moment, read_cursor
from newsroom.ready_pages import ready

PAGE = 30


@require_safe
@ready
def chats(request: HttpRequest) -> HttpResponse:
    """Three queries, however many talk: the discussions, what was said last in them, my news."""
    last = read_cursor(request.GET.get("after", ""), "chats", int, int)
    alive = Discussion.objects.alive()
    if last:
        at, pk = moment(last[0]), last[1]
        alive = alive.filter(
            Q(last_comment_at__lt=at) | Q(last_comment_at=at, pk__lt=pk), last_comment_at__lte=at
        )
    found = list(with_numbers(alive)[: PAGE + 1])
    shown = found[:PAGE]
    said = last_lines(shown, request.user)
    end = shown[-1] if len(found) > PAGE else None
    context = {
        "talks": shown,
        "chats": [(talk, said.get(talk.last)) for talk in shown],
        "older": end and cursor("chats", microseconds(end.last_comment_at), end.pk),
        "after": last,
    }
    return render(request, "comments/chats.html", context)


def with_numbers(talks: Any) -> Any:
    """Each with its `last` comment, and how many appeared within this `hour` and `day`."""
    public = Comment.objects.filter(discussion=OuterRef("pk"), is_public=True)
    now = timezone.now()

    def since(age: timedelta) -> Coalesce:
        lately = public.filter(appeared_at__gt=now - age).order_by().values("discussion")
        return Coalesce(Subquery(lately.annotate(n=Count("pk")).values("n")), 0)

    return talks.annotate(
        last=Subquery(public.order_by("-id").values("pk")[:1]),
        hour=since(timedelta(hours=1)),
        day=since(timedelta(days=1)),
    )


def last_lines(talks: list[Any], person: Any) -> dict[int, Comment]:
    """What was said last, if it is shown still, and not by somebody whom this person muted."""
    said = Comment.objects.filter(pk__in=[talk.last for talk in talks], is_public=True)
    if person.is_authenticated:
        said = said.exclude(author__in=Mute.objects.filter(person=person).values("muted"))
    return {comment.pk: comment for comment in said.select_related("author", "current")}
