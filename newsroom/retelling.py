"""How an event looks now, and what somebody missed: for the stream, and for pages that ask."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from newsroom.live import GATHERED, LiveEvent

MOST = 500  # events; who missed more reloads
PENDING = timedelta(seconds=3)  # for so long a gathered event may have waited to be told

Look = Callable[[str, int], dict[str, Any] | None]


def renderer(topic: str) -> Look | None:
    """What says how the topic's events look now; its `permission`, if it has one, says to whom."""
    name = settings.LIVE_RENDERERS.get(topic.partition(":")[0])
    return import_string(name) if name else None


def look(event: LiveEvent) -> dict[str, Any] | None:
    """From what its subject is now and who may see it; None to say nothing."""
    render = renderer(event.topic)
    return render(event.kind, event.subject) if render else None


def missed(last: int, until: int, topics: Iterable[str]) -> list[LiveEvent] | None:
    """The events after `last`, each subject's latest once, in order.

    None where it is too much or too long ago to tell, or where there never was such an event.
    """
    oldest = LiveEvent.objects.order_by("id").values_list("id", flat=True).first()
    if last > LiveEvent.objects.newest() or (oldest and last < oldest - 1):
        return None
    after = Q(pk__gt=last)
    at = LiveEvent.objects.filter(pk=last).values_list("at", flat=True).first()
    if at:
        after |= Q(kind__in=GATHERED, at__gt=at - PENDING)
    events = LiveEvent.objects.filter(after, topic__in=topics, pk__lte=until).order_by("-id")
    found = list(events[: MOST + 1])
    if len(found) > MOST:
        return None
    latest: dict[tuple[str, str, int], LiveEvent] = {}
    for event in found:
        latest.setdefault((event.topic, event.kind, event.subject), event)
    return list(latest.values())[::-1]
