"""What is to be done: each queue a query, with how many are in it and the oldest of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.http import HttpRequest, number
from accounts.models import User
from comments.models import Appeal, Comment, Decision, Notice, Opinion, Rejudgement
from comments.models.rejudgement import Rejudgements
from newsroom.keyset import cursor, read_cursor

PAGE = 25
LATELY = timedelta(days=30)  # what the desk's figures tell of
RECENT = 20_000  # comments in which "Everything" looks for words, the newest


@dataclass(frozen=True)
class Queue:
    slug: str
    title: str | Promise
    rows: Callable[[User], QuerySet[Any]]
    moment: str = "created_at"  # since when a row waits
    card: str = "_card"  # how a row is shown
    is_always_there: bool = True  # or only when there is something in it
    empties: bool = True  # whether deciding takes a row out of it


QUEUES = {
    queue.slug: queue
    for queue in [
        Queue("waiting", _("Waiting"), lambda user: Comment.objects.waiting()),
        Queue("reported", _("Reported"), lambda user: Comment.objects.reported()),
        Queue("asked", _("Asked of you"), lambda user: asked(user), is_always_there=False),
        Queue("appeals", _("Appeals"), lambda user: appeals(), "at", "_appeal"),
        Queue(
            "notices",
            _("Legal notices"),
            lambda user: Notice.objects.filter(is_open=True),
            "at",
            "_notice",
        ),
        Queue("again", _("Judge again"), lambda user: again(user), "at", "_blind", False),
        Queue("everything", _("Everything"), lambda user: Comment.objects.all(), empties=False),
    ]
}


def from_queue(request: HttpRequest) -> Queue | None:
    """The queue that somebody came from, and goes back to."""
    return QUEUES.get(request.POST.get("queue", "") or request.GET.get("queue", ""))


def appeals() -> QuerySet[Appeal]:
    return Appeal.objects.open().select_related(
        "person",
        "notice",
        "decision__by",
        "decision__revision",
        "decision__comment__discussion__article",
    )


def asked(user: User) -> QuerySet[Comment]:
    """Comments on which a colleague wants to hear this person, or anybody else's, opinion."""
    of_me = Opinion.objects.filter(Q(of=user) | Q(of=None) & ~Q(by=user))
    return Comment.objects.filter(pk__in=of_me.values("comment"))


def again(user: User) -> QuerySet[Decision]:
    """Decisions of colleagues, put before this person without what was decided."""
    return (
        Rejudgement.objects.all()
        .to_judge(user)
        .select_related(
            "revision", "comment__reply_to__current", "comment__discussion__article__section"
        )
        .prefetch_related("reports")
    )


def overview(user: User) -> list[dict[str, Any]]:
    """The queues with their counts and the moment of the oldest."""
    shown = []
    for queue in QUEUES.values():
        told: dict[str, Any] = {"slug": queue.slug, "title": queue.title}
        if queue.empties:
            rows = queue.rows(user)
            told["count"] = rows.count()
            told["oldest"] = rows.order_by("pk").values_list(queue.moment, flat=True).first()
        if told.get("count") or queue.is_always_there:
            shown.append(told)
    return shown


def page(queue: Queue, user: User, after: str, asked_for: str = "") -> tuple[list[Any], str | None]:
    """Some rows of the queue, oldest first ("Everything": newest first), and the next cursor."""
    rows = queue.rows(user)
    if queue.slug == "everything":
        rows = found(rows, asked_for) if asked_for else rows
    order, beyond = ("pk", "pk__gt") if queue.empties else ("-pk", "pk__lt")
    last = read_cursor(after, queue.slug, int)
    if last:
        rows = rows.filter(**{beyond: last[0]})
    shown = list(rows.order_by(order)[: PAGE + 1])
    more = len(shown) > PAGE
    return shown[:PAGE], cursor(queue.slug, shown[PAGE - 1].pk) if more else None


def found(comments: QuerySet[Comment], asked_for: str) -> QuerySet[Comment]:
    """By number or address, by a person's name, else by words in the newest ones."""
    by_number = re.fullmatch(r"(?:.*/comments/)?(\d+)/?", asked_for)
    if by_number:
        return comments.filter(pk=number(by_number[1]))
    person = User.objects.filter(Q(name__iexact=asked_for) | Q(username__iexact=asked_for)).first()
    if person:
        return comments.filter(author=person)
    newest = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return comments.filter(pk__gt=newest - RECENT, current__text__icontains=asked_for)


def lately_judged() -> Rejudgements:
    return Rejudgement.objects.filter(at__gt=timezone.now() - LATELY)


def today() -> dict[str, Any]:
    """What was decided since midnight, and how soon; counted once a minute."""
    return cache.get_or_set("desk:today", count_today, timeout=60)  # type: ignore[return-value]


def count_today() -> dict[str, Any]:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    decided = Decision.objects.filter(
        at__gte=midnight, action__in=[Decision.Action.APPROVE, Decision.Action.REMOVE]
    )
    times: list[tuple[datetime, datetime]] = list(
        decided.filter(automated=False).values_list("at", "comment__created_at")
    )
    minutes = [(at - created).total_seconds() / 60 for at, created in times]
    return {
        "decided": len(times),
        "minutes": round(median(minutes)) if minutes else None,
        "automated": Decision.objects.filter(at__gte=midnight, automated=True).count(),
        "agreement": lately_judged().agreement(),
    }
