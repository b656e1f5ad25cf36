import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from accounts import avatars
from newsroom import clock, working
from newsroom.models import Article, JobRun, LiveEvent
from newsroom.retelling import missed
from tests import cast


@pytest.mark.django_db
def test_a_scheduled_article_appears_at_its_minute(client: Client) -> None:
    then = timezone.now() + timedelta(hours=1)
    article = cast.an_article("At noon", status=Article.Status.SCHEDULED, published_at=then)
    clock.tick()
    assert "At noon" not in client.get("/").content.decode()
    LiveEvent.objects.all().delete()
    with time_machine.travel(then + timedelta(seconds=1)):
        clock.tick()
        clock.tick()
        assert "At noon" in client.get("/").content.decode()
        assert client.get(article.get_absolute_url()).status_code == 200
    assert LiveEvent.objects.filter(topic="newsfeed", subject=article.pk).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_runs_once_in_its_slot_however_many_look() -> None:
    ran: list[int] = []
    job = clock.Job("count", lambda: ran.append(1), timedelta(hours=1))
    now = timezone.now()
    threads = [threading.Thread(target=begin, args=[job, now]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ran) == JobRun.objects.filter(job="count").count() == 1
    clock.begin(job, now + timedelta(hours=1))
    assert len(ran) == 2


def begin(job: clock.Job, now) -> None:
    clock.begin(job, now)
    connection.close()


@pytest.mark.django_db
def test_a_daily_job_waits_for_its_hour() -> None:
    ran: list[int] = []
    job = clock.Job("six", lambda: ran.append(1), timedelta(days=1), timedelta(hours=6))
    morning = timezone.now().replace(hour=5, minute=59)
    clock.begin(job, morning)  # the slot of the day before
    clock.begin(job, morning + timedelta(minutes=2))
    clock.begin(job, morning + timedelta(hours=9))
    assert len(ran) == 2


@pytest.mark.django_db
def test_who_was_told_the_newest_event_of_a_quiet_day_missed_nothing() -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    LiveEvent.objects.create(topic="newsfeed", kind="published", subject=1, at=long_ago)
    told = LiveEvent.objects.create(topic="desk", kind="held", subject=1, at=long_ago)
    clock.prune()
    assert missed(told.pk, told.pk, ["desk"]) == []


@pytest.mark.django_db
def test_events_are_pruned_after_an_hour() -> None:
    old = LiveEvent.objects.create(topic="newsfeed", kind="published", subject=1)
    new = LiveEvent.objects.create(topic="newsfeed", kind="published", subject=2)
    LiveEvent.objects.filter(pk=old.pk).update(at=timezone.now() - timedelta(minutes=61))
    clock.prune()
    assert list(LiveEvent.objects.all()) == [new]


@pytest.mark.attack("A49")
@pytest.mark.django_db
def test_a_task_whose_worker_was_killed_is_given_back_and_not_for_ever() -> None:
    long_ago = timezone.now() - clock.LEASE - timedelta(seconds=1)
    lost, given_up = (
        DBTaskResult.objects.create(
            task_path="newsroom.clock.prune",
            args_kwargs={"args": [], "kwargs": {}},
            backend_name="default",
            status=TaskResultStatus.RUNNING,
            started_at=long_ago,
            worker_ids=workers,
        )
        for workers in (["one"], ["one", "two", "three"])
    )
    clock.retry()
    lost.refresh_from_db()
    given_up.refresh_from_db()
    assert lost.status == TaskResultStatus.READY
    assert lost.run_after > timezone.now()
    assert given_up.status == TaskResultStatus.RUNNING


@pytest.mark.django_db(transaction=True)
def test_the_clock_is_looked_at_between_two_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many wait, what is due meanwhile is begun; and an end waits for one task alone."""
    stopped, left = threading.Event(), []
    for _ in range(4):
        avatars.discard.enqueue("nothing.webp")

    def tick() -> None:
        left.append(DBTaskResult.objects.ready().count())
        if left[-1] == 1:
            stopped.set()

    monkeypatch.setattr(clock, "tick", tick)
    monkeypatch.setattr(working, "PAUSE", 0)
    working.work_until(stopped)
    assert left == [4, 3, 2, 1]
