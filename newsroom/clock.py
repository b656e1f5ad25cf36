"""What happens by the clock: each job once for each slot of time, whichever process looks first."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom.live import LiveEvent
from newsroom.models import Article, JobRun

EVENTS_KEPT = timedelta(hours=1)  # longer than any stream stays away without a reload
RUNS_KEPT = timedelta(days=7)
LEASE = timedelta(minutes=10)  # a task that runs longer has lost its worker
ATTEMPTS = 3


@dataclass(frozen=True)
class Job:
    """`task` is begun once in every `every`, at `after` from the slot's beginning."""

    name: str
    task: Task | Callable[[], object]
    every: timedelta
    after: timedelta = timedelta()


JOBS: list[Job] = []
LOOKS: list[Callable[[], object]] = []


def at_its_time(job: Job) -> None:
    """Add a job. Apps do it in their `ready()`, so that the clock need not know them."""
    JOBS.append(job)


def at_every_tick(look: Callable[[], object]) -> None:
    """Add a look at what is due at once: a query or two, that mostly finds nothing."""
    LOOKS.append(look)


def tick() -> None:
    """Do what is due. Called about once a second by whoever works."""
    Article.objects.publish_due()
    for look in LOOKS:
        look()
    for job in JOBS:
        begin(job, timezone.now())


def begin(job: Job, now: datetime) -> None:
    """Begin the job, unless it was begun in this slot. A slot nobody was awake for is skipped."""
    slot = slot_of(job, now)
    if JobRun.objects.filter(job=job.name, slot=slot).exists():
        return
    with transaction.atomic():
        _run, first = JobRun.objects.get_or_create(job=job.name, slot=slot)
        if first:
            job.task.enqueue() if isinstance(job.task, Task) else job.task()


def slot_of(job: Job, now: datetime) -> datetime:
    local = timezone.localtime(now) - job.after
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (local - midnight) // job.every * job.every


def skip() -> None:
    """Begin nothing of the slots that now is in: it may have been done, and is not known here."""
    now = timezone.now()
    for job in JOBS:
        JobRun.objects.get_or_create(job=job.name, slot=slot_of(job, now))


def seconds_since() -> float:
    """Since somebody last began a job of the clock: some begin each minute."""
    last = JobRun.objects.order_by("-at").values_list("at", flat=True).first()
    return (timezone.now() - last).total_seconds() if last else math.inf


def tasks_ready() -> int:
    return DBTaskResult.objects.ready().count()


def prune() -> None:
    now = timezone.now()
    # How far the outbox is and the version of the pages that are kept: numbers never given twice.
    events = LiveEvent.objects.all()
    newest = [each.newest() for each in (events, events.public(), events.on_pages())]
    events.filter(at__lt=now - EVENTS_KEPT).exclude(pk__in=newest).delete()
    JobRun.objects.filter(at__lt=now - RUNS_KEPT).delete()
    DBTaskResult.objects.finished().filter(finished_at__lt=now - RUNS_KEPT).delete()


def retry() -> None:
    """Give back what a killed worker held and what failed, up to ATTEMPTS in all."""
    now = timezone.now()
    lost = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=now - LEASE)
    failed = DBTaskResult.objects.filter(
        status=TaskResultStatus.FAILED, finished_at__gt=now - timedelta(days=1)
    )
    for row in [*lost, *failed]:
        tried = len(row.worker_ids)
        if tried < ATTEMPTS:
            row.status = TaskResultStatus.READY
            row.run_after = now + timedelta(minutes=5**tried)
            row.save(update_fields=["status", "run_after"])


at_its_time(Job("prune", prune, timedelta(minutes=10)))
at_its_time(Job("retry", retry, timedelta(minutes=1)))
