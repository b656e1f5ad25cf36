"""Browsers that somebody logged in with. They have budgets of their own for it, so that no stranger
who asks for codes or guesses passwords in a person's name ever uses up theirs."""

import json
import secrets
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import sealing

COOKIE = "__Secure-familiar" if settings.SECURE else "familiar"
PATH = "/accounts/"  # nothing else asks for it
KEPT = timedelta(days=400)  # browsers keep none longer
PEOPLE = 5  # of one browser: the last to log in


def remember(request: HttpRequest, response: HttpResponse, person: int) -> None:
    """After a log-in, and after nothing else."""
    known = devices(request)
    device = known.pop(str(person), "") or secrets.token_urlsafe(12)
    known = dict(list(known.items())[1 - PEOPLE :]) | {str(person): device}
    response.set_cookie(
        COOKIE,
        sealing.seal(COOKIE, json.dumps(known)),
        max_age=KEPT,
        path=PATH,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def device(request: HttpRequest, address: str) -> str:
    """By which name this browser is known to whoever has this address; "" for a stranger's."""
    known = devices(request)
    if not known:
        return ""
    theirs = EmailAddress.objects.filter(user__in=known, email__iexact=address, verified=True)
    return known.get(str(theirs.values_list("user", flat=True).first()), "")


def devices(request: HttpRequest) -> dict[str, str]:
    """A name of this browser for each person who logged in with it."""
    try:
        return dict(json.loads(sealing.unseal(COOKIE, request.COOKIES.get(COOKIE, ""))))
    except sealing.Unreadable:
        return {}
