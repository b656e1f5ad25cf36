"""What people are told by mail: gathered, as each chose, and only what they may still read.

A notification carries the time from which it may be in a mail. Whatever of one person's is due goes
into one: what comes within half a minute, a day's at seven, and what found no room before.
"""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import get_language, ngettext
from django_tasks import task

from accounts.letters import letter, link, one_click
from accounts.mailing import hand_over, spend, was_surely_not_sent
from accounts.models import Mail, TooFast, User
from comments.models import Notification
from comments.models.notification import OF_A_DECISION, Kind, Notifications
from comments.unsubscribing import token_for

AT_ONCE = 200  # notifications of one look
LISTED = 30  # in one mail
LEASE = timedelta(minutes=10)  # until another may try, when a worker was lost
AGAIN = timedelta(minutes=5)
TOO_LATE = timedelta(days=3)  # a mail server that refuses so long will not take it


def look() -> None:
    """Leave a task for each person of whom something is due."""
    now = timezone.now()
    due = Notification.objects.filter(mail_at__lte=now).order_by("mail_at")
    if not due.exists():
        return
    with transaction.atomic():
        theirs: dict[int, list[int]] = {}
        for pk, person in due.select_for_update().values_list("pk", "person")[:AT_ONCE]:
            theirs.setdefault(person, []).append(pk)
        for person, ids in theirs.items():
            Notification.objects.filter(pk__in=ids).update(mail_at=now + LEASE)
            send.enqueue(person, ids)


def silence() -> None:
    """Count as sent what may have been."""
    Notification.objects.filter(mail_at__isnull=False).update(mail_at=None)


@task(priority=10)
def send(person_id: int, ids: list[int]) -> None:
    """Those of these that are in no mail yet: decisions in one, and the others in one."""
    person = User.objects.get(pk=person_id)
    waiting = Notification.objects.filter(pk__in=ids, person=person, mail_at__isnull=False)
    send_part(person, waiting.filter(kind__in=OF_A_DECISION), Mail.Kind.STATEMENT)
    send_part(person, waiting.exclude(kind__in=OF_A_DECISION), Mail.Kind.OTHER)


def send_part(person: User, waiting: Notifications, kind: str) -> None:
    """Claimed first, then sent: whoever is killed in between sends none rather than two."""
    ids = list(waiting.values_list("pk", flat=True))
    told = list(to_tell(waiting))
    address = address_of(person)
    if not told or not address:
        waiting.update(mail_at=None)
        return
    mail = in_words(person, address, told)
    connection = get_connection()
    try:
        connection.open()  # fails, if it must, before anything is claimed
        if claim(ids, kind, address):
            hand_over(mail, connection)
    except Exception as error:
        if was_surely_not_sent(error):
            now = timezone.now()
            fresh = Notification.objects.filter(pk__in=ids, at__gt=now - TOO_LATE)
            fresh.update(mail_at=now + AGAIN)
        raise
    finally:
        connection.close()


def to_tell(waiting: Notifications) -> Notifications:
    """Nothing that is hidden or read meanwhile, and no decision that was reversed."""
    reversed_ = Q(kind=Kind.DECISION, statement__decision__reversed_by__isnull=False)
    undone = waiting.filter(reversed_ | Q(kind=Kind.REPORT, decision__reversed_by__isnull=False))
    read = waiting.filter(read_at__isnull=False).exclude(kind__in=OF_A_DECISION)
    left = waiting.visible().exclude(pk__in=undone.values("pk")).exclude(pk__in=read.values("pk"))
    return left.whole().order_by("id")


def address_of(person: User) -> str:
    """Where it is known to be theirs; nowhere when the account sleeps."""
    confirmed = EmailAddress.objects.filter(user=person, verified=True, user__is_active=True)
    return confirmed.order_by("-primary").values_list("email", flat=True).first() or ""


def claim(ids: list[int], kind: str, address: str) -> bool:
    """Whether the mail may leave: nobody else has begun it, and there is room for it now."""
    waiting = Notification.objects.filter(pk__in=ids, mail_at__isnull=False)
    with transaction.atomic():
        if not waiting.update(mail_at=None):
            return False
        try:
            spend(kind, address)
        except TooFast as too_fast:
            room = timezone.now() + timedelta(seconds=too_fast.wait)
            Notification.objects.filter(pk__in=ids).update(mail_at=room)
            return False
    return True


def in_words(person: User, address: str, told: list[Notification]) -> EmailMultiAlternatives:
    kinds = sorted({notification.kind for notification in told})
    stop = link("notifications-stop", token_for(person, kinds))
    facts: dict[str, Any] = {
        "notifications": told[:LISTED],
        "more": len(told) > LISTED,
        "centre": link("notifications"),
        "settings": link("notification-settings"),
        "stop": stop,
    }
    with translation.override(person.language or get_language() or "en"):
        subject = told[0].sentence
        if len(told) > 1:
            subject = ngettext("%(n)d thing new for you", "%(n)d things new for you", len(told))
            subject %= {"n": len(told)}
        mail = letter("comments/email/notifications", address, subject, **facts)
    mail.extra_headers |= one_click(stop)
    return mail
