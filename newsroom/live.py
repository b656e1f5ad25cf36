"""The outbox: what is committed is announced, and nothing else is.

with publishing():
    ...change the rows, then the counters...
    announce("discussion:12", "comment", comment.pk)
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

OUTBOX_LOCK = 0x6E657773  # any constant that no other advisory lock of this database uses
CHANNEL = "newsroom_live"
# Told at most once a second in each topic: of these only the latest look matters.
GATHERED = frozenset({"recommend", "chat"})


class LiveEvents(models.QuerySet["LiveEvent"]):
    def public(self) -> "LiveEvents":
        """Without what one person or the desk alone is told: nobody else may even count it."""
        return self.exclude(topic="desk").exclude(topic__startswith="person:")

    def on_pages(self) -> "LiveEvents":
        """Those after which a page may look otherwise. What recommends change is told live at
        once, and to the pages once a second, by a `bump`."""
        return self.public().exclude(kind="recommend")

    def known_to(self, person: int | None) -> "LiveEvents":
        """The public ones and this person's own."""
        own = self.filter(topic=f"person:{person}") if person else self.none()
        return self.public() | own

    def newest(self) -> int:
        return self.order_by("-id").values_list("id", flat=True).first() or 0


class LiveEvent(models.Model):
    """That something changed. Never how it looks: that is asked when it is told."""

    topic = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    subject = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)

    objects = LiveEvents.as_manager()

    class Meta:
        indexes = [models.Index(fields=["topic", "id"], name="events_of_a_topic")]

    def __str__(self) -> str:
        return f"{self.topic} {self.kind} {self.subject}"


collected: ContextVar[list[LiveEvent] | None] = ContextVar("collected", default=None)


@contextmanager
def publishing() -> Iterator[None]:
    """A transaction whose events are written last, in one order, just before it commits.

    Inside another `publishing()` it only joins it: the outermost block writes.
    """
    outer = collected.get()
    if outer is not None:
        said = len(outer)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            del outer[said:]
            raise
        return
    events: list[LiveEvent] = []
    token = collected.set(events)
    try:
        with transaction.atomic():
            yield
            write(events)
    finally:
        collected.reset(token)


def announce(topic: str, kind: str, subject: int) -> None:
    """Say that `subject` changed, when the enclosing `publishing()` block commits."""
    events = collected.get()
    if events is None:
        raise RuntimeError("announce() needs an enclosing publishing() block")
    events.append(LiveEvent(topic=topic, kind=kind, subject=subject))


def only_for(permission: str) -> Callable[[Any], Any]:
    """Marks a renderer: its topic is heard by those who have this permission, and nobody else."""

    def mark(look: Any) -> Any:
        look.permission = permission
        return look

    return mark


def write(events: list[LiveEvent]) -> None:
    """On PostgreSQL a lock held until commit makes ids visible in order; SQLite has one
    writer at a time and needs none."""
    if events and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [OUTBOX_LOCK])
            cursor.execute(f"NOTIFY {CHANNEL}")  # heard at commit, by every hub
    LiveEvent.objects.bulk_create(events)
