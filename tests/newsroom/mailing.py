"""What the tests of our mail share: who reads, what lies in the letter box, and a worker."""

import re

from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom.models import Section, Subscriber, Subscription, Topic
from newsroom.working import one_round

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
DAILY, BREAKING = Subscription.Pace.DAILY, Subscription.Pace.BREAKING


def a_subscriber(
    email: str = "rosa@example.org",
    item: Section | Topic | None = None,
    pace: str = DAILY,
) -> Subscriber:
    """Confirmed, with one subscription: to the whole paper where nothing else is given."""
    subscriber = Subscriber.objects.create(email=email, confirmed_at=timezone.now())
    subscriber.subscribe(item, pace)
    return subscriber


def work() -> None:
    """Do the tasks that are ready, one by one: the worker's own loop would close the test's
    connection between them."""
    worker = one_round("a worker")
    while (task := DBTaskResult.objects.ready().first()) is not None:
        task.claim(worker.worker_id)
        worker.run_task(task)


def retry() -> None:
    """Give back what failed, as the clock does after some minutes, and do it."""
    DBTaskResult.objects.failed().update(status="READY")
    work()


def letters(to: str = "") -> list[EmailMultiAlternatives]:
    return [letter for letter in mail.outbox if not to or letter.to == [to]]


def html_of(letter: EmailMultiAlternatives) -> str:
    ((content, kind),) = letter.alternatives
    assert kind == "text/html"
    return str(content)


def links(letter: EmailMultiAlternatives) -> list[str]:
    return re.findall(r"https?://[^\s\"<>]+", str(letter.body))


def link_to(letter: EmailMultiAlternatives, ending: str) -> str:
    """The path of the one link in the text part that has this in it."""
    (found,) = {link for link in links(letter) if ending in link}
    return found.removeprefix("http://testserver")
