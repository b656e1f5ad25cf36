"""Ending mail by a link in it: whoever has the mail needs no log-in.

A mail of what one is told ends its kinds; a mail about an account ends all that can be ended.
Codes, what concerns an account's safety and the answers to what one asked for go on: each follows
from something that was done here, and its budget bounds it (accounts/mailing.py).
"""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.letters import address_in
from accounts.models import User
from accounts.sealing import Unreadable
from comments.models import NotificationChoice
from comments.models.notification import Kind, Pace
from newsroom.models import Subscriber
from newsroom.models.subscriber import masked
from newsroom.refusals import refuse
from newsroom.subscribing import told_to_nobody

SALT = "comments.unsubscribing"


def token_for(person: User, kinds: Iterable[str]) -> str:
    return signing.dumps([person.pk, list(kinds)], salt=SALT)


@csrf_exempt  # its address is the secret, and a mail reader's own button knows no other
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """By a button here, or by the mail reader's own (RFC 8058); any POST is a yes."""
    try:
        pk, kinds = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        pk, kinds = None, []
    person = User.objects.filter(pk=pk, is_active=True).first()
    if person is None:
        return unknown(request)
    chosen = [kind for kind in Kind if kind in kinds]
    if request.method == "POST":
        for kind in chosen:
            NotificationChoice.objects.choose(person, kind, mail=Pace.NEVER)
    context = {"kinds": chosen, "stopped": request.method == "POST"}
    return told_to_nobody(render(request, "comments/notifications_stop.html", context))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def stop_all(request: HttpRequest, token: str) -> HttpResponse:
    """The link in every other mail: all that is sent to its address and can be ended."""
    try:
        address = address_in(token)
    except Unreadable:
        return unknown(request)
    if request.method == "POST":
        theirs = EmailAddress.objects.filter(email__iexact=address, verified=True)
        for person in User.objects.filter(pk__in=theirs.values("user")):
            for kind in Kind:
                NotificationChoice.objects.choose(person, kind, mail=Pace.NEVER)
        for subscriber in Subscriber.objects.at(address):
            subscriber.leave()
    context = {"address": masked(address), "stopped": request.method == "POST"}
    return told_to_nobody(render(request, "comments/mail_stop.html", context))


def unknown(request: HttpRequest) -> HttpResponse:
    sentence = _("This link is not whole, or its account is gone. No mail is sent for it.")
    return told_to_nobody(refuse(request, 404, _("No mail is sent for this link"), sentence))
