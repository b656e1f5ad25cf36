"""Where most is said just now, and the one button that slows it down."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import HttpRequest
from comments.charts import bars
from comments.desk.door import for_moderators
from comments.desk.queues import from_queue
from comments.models import Comment, Decision, Discussion
from newsroom.language import papers_own

HOT = timedelta(minutes=10)
MOST = 5  # discussions that are shown
LOOKED_AT = 500  # comments, the newest
STEPS, STEP = 12, timedelta(minutes=5)  # of the chart: an hour
SLOWLY = 60  # seconds between two comments of one person, by the one button


@dataclass
class Hot:
    discussion: Discussion
    speed: float  # comments a minute


def hottest() -> list[Hot]:
    """The discussions in which most was said just now."""
    since = timezone.now() - HOT
    newest = Comment.objects.order_by("-pk").values_list("discussion", "created_at")[:LOOKED_AT]
    counted = dict(Counter(each for each, at in newest if at > since).most_common(MOST))
    hot = Discussion.objects.filter(pk__in=counted).select_related("article__section")
    minutes = HOT.total_seconds() / 60
    return sorted(
        (Hot(each, round(counted[each.pk] / minutes, 1)) for each in hot),
        key=lambda each: -each.speed,
    )


def last_hour(discussions: list[Discussion]) -> dict[int, list[dict[str, Any]]]:
    """Of each, the bars of what appeared in it, in steps of five minutes."""
    now = timezone.now()
    appeared: dict[int, list[datetime]] = {each.pk: [] for each in discussions}
    for discussion, at in Comment.objects.filter(
        discussion__in=appeared, is_public=True, appeared_at__gt=now - STEPS * STEP
    ).values_list("discussion", "appeared_at"):
        if at:
            appeared[discussion].append(at)
    return {
        discussion: bars(
            (
                f"{timezone.localtime(now - (STEPS - n) * STEP):%H:%M}",
                sum(now - (STEPS - n) * STEP < at <= now - (STEPS - n - 1) * STEP for at in times),
            )
            for n in range(STEPS)
        )
        for discussion, times in appeared.items()
    }


@for_moderators
@require_POST
def slow(request: HttpRequest, id: int) -> HttpResponse:
    """`slow=` 1: from now on a minute between two comments of one person; else no longer."""
    found = get_object_or_404(Discussion.objects.select_related("article"), pk=id)
    seconds = SLOWLY if request.POST.get("slow") else 0
    if bool(found.slow_seconds) != bool(seconds):
        found.slow_seconds = seconds
        with papers_own():
            facts = f"{_('slow mode')}: {found.get_slow_seconds_display()}"
        Decision.objects.all().run(found, request.user, ["slow_seconds"], facts)
    said = _("“%(headline)s” is in slow mode.") if seconds else _("“%(headline)s”: no slow mode.")
    messages.success(request, said % {"headline": found.article.headline})
    queue = from_queue(request)
    return redirect("desk-queue", queue.slug) if queue else redirect("desk-figures")
