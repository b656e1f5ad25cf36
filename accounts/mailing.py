"""The door through which every mail leaves: from the queue, and within the budget of its kind.

No page waits for a mail, or tells by its time that there is one. A mailbox gets no more of a kind
than is said in LIMITS, whoever asks for it; and what is used up of one kind is there of the others.
"""

from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_tasks import task

from accounts import names
from accounts.models import Allowance, Mail, TooFast

BUDGETS = {
    Mail.Kind.CODE: ["log-in code", "log-in codes a day"],
    Mail.Kind.SECURITY: ["security mail"],
    Mail.Kind.STATEMENT: ["statement mail"],
    Mail.Kind.OTHER: ["mail", "mails a day"],
}


def post(letter: EmailMultiAlternatives, kind: str, device: str = "") -> None:
    """Leave it in the queue. To nobody, it was written for the sake of equal times alone."""
    with transaction.atomic():
        send.enqueue(Mail.objects.of(letter, kind, device).pk)


@task(priority=50)  # somebody waits for the code
def send(id: int) -> None:
    """Above its budget a mail is dropped, and the page that asked for it does not say so: that
    would tell what others did. What is about somebody's safety or rights waits instead."""
    mail = Mail.objects.filter(pk=id).first()
    if mail is None:
        return
    if mail.to and mail.begun_at is None:
        try:
            spend(mail.kind, mail.to, mail.device)
        except TooFast as too_fast:
            if mail.kind in (Mail.Kind.SECURITY, Mail.Kind.STATEMENT):
                later = timezone.now() + timedelta(seconds=too_fast.wait)
                send.using(run_after=later).enqueue(id)
            else:
                mail.delete()
            return
        Mail.objects.filter(pk=id).update(begun_at=timezone.now())
    if mail.to:
        hand_over(mail.letter())
    mail.delete()


def spend(kind: str, address: str, device: str = "") -> None:
    """One mail of this kind to this mailbox, or TooFast. Asked for in a browser that its owner has
    logged in with, it is that browser's."""
    with transaction.atomic():
        for deed in BUDGETS[Mail.Kind(kind)]:
            Allowance.objects.spend(deed, key_of(address, device))


def key_of(address: str, *more: str) -> str:
    """One for all ways to write a mailbox, from which nobody can tell it."""
    key = "\n".join([names.mailbox(address.lower()), *filter(None, more)])
    return salted_hmac("accounts.mailing", key, algorithm="sha256").hexdigest()


def hand_over(letter: EmailMultiAlternatives, connection: Any = None) -> None:
    """To the mail server, now."""
    (connection or get_connection()).send_messages([letter])


def was_surely_not_sent(error: Exception) -> bool:
    """The server said no, or it never came to asking. A connection lost half-way says neither."""
    if isinstance(error, SMTPServerDisconnected):
        return False
    return isinstance(error, SMTPException) or not isinstance(error, OSError)
