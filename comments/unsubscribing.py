"""Ending the mail of some kinds by a link in it: whoever has the mail needs no log-in."""

from collections.abc import Iterable

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import User
from comments.models import NotificationChoice
from comments.models.notification import Kind, Pace
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
        sentence = _("This link is not whole, or its account is gone. No mail is sent for it.")
        return told_to_nobody(refuse(request, 404, _("No mail is sent for this link"), sentence))
    chosen = [kind for kind in Kind if kind in kinds]
    if request.method == "POST":
        for kind in chosen:
            NotificationChoice.objects.choose(person, kind, mail=Pace.NEVER)
    context = {"kinds": chosen, "stopped": request.method == "POST"}
    return told_to_nobody(render(request, "comments/notifications_stop.html", context))
