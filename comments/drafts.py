"""Words not sent yet: a visitor's wait while they log in or register, a person's while they type.

Both wait for them on any device.
"""

import re
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.http import HttpRequest, number
from accounts.models import Allowance, TooFast
from comments.models import Comment, Draft
from comments.models.draft import LONGEST_DRAFT, Newer, new_key
from newsroom import markup
from newsroom.models import Article
from newsroom.refusals import refuse
from newsroom.visitors import address_of, from_our_own_page

COOKIE = "draft"
KEPT = 7 * 24 * 3600  # as long as a mail with a link may lie unread


@csrf_exempt  # a visitor's page is everybody's and holds no token: the origin is checked instead
@require_POST
def draft(request: HttpRequest, id: int) -> HttpResponse:
    if not from_our_own_page(request):
        raise PermissionDenied
    article = get_object_or_404(Article.objects.published(), pk=id)
    answered = request.POST.get("reply_to", "")
    reply_to = None
    if answered:
        on_this = Comment.objects.public().filter(discussion=article.pk)
        reply_to = get_object_or_404(on_this, pk=number(answered))
    text = markup.tidy(request.POST.get("text", ""))
    if request.user.is_authenticated:
        return autosave(request, article, text, reply_to)
    return keep_and_log_in(request, article, text, reply_to)


def autosave(
    request: HttpRequest, article: Article, text: str, reply_to: Comment | None
) -> HttpResponse:
    """Keep what is being typed. What another device kept meanwhile comes back instead, as a 409."""
    if len(text) > LONGEST_DRAFT:
        return JsonResponse({}, status=413)
    try:
        Allowance.objects.spend("draft", f"person:{request.user.pk}")
        seen = number(request.POST.get("version", ""))
        version = Draft.objects.autosave(article, text, reply_to, request.user, seen)
    except TooFast as too_fast:
        return JsonResponse({"wait": too_fast.wait}, status=429)
    except Newer as newer:
        return JsonResponse({"version": newer.version, "text": newer.text}, status=409)
    return JsonResponse({"version": version})


def keep_and_log_in(
    request: HttpRequest, article: Article, text: str, reply_to: Comment | None
) -> HttpResponse:
    """Keep what was typed, and lead through the log-in or registration back to the composer."""
    if len(text) > LONGEST_DRAFT:
        sentence = _("This text is too long to keep. Please copy it, and shorten it.")
        return refuse(request, 413, _("Too long to keep"), sentence)
    back = (
        reverse("reply", args=[reply_to.pk])
        if reply_to
        else f"{article.get_absolute_url()}#composer"
    )
    then = "account_signup" if request.POST.get("then") == "register" else "account_login"
    way = f"{reverse(then)}?{urlencode({'next': back})}"
    response = HttpResponseClientRedirect(way) if "HX-Request" in request.headers else redirect(way)
    if text:
        try:
            Allowance.objects.spend("visitor's draft", address_of(request))
        except TooFast as too_fast:
            return refuse(request, 429, _("One moment, please"), too_fast.sentence)
        key = key_of(request) or new_key()
        Draft.objects.keep(article, text, reply_to, key=key)
        response.set_cookie(
            COOKIE, key, KEPT, httponly=True, samesite="Lax", secure=settings.SECURE
        )
    return response


def claim(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    """What this browser wrote belongs to whoever joined or logged in with it."""
    key = key_of(request) if request else None
    if key:
        Draft.objects.claim(key, user)


def key_of(request: HttpRequest) -> str | None:
    """The key in this browser's cookie, where it is one that we gave."""
    key = request.COOKIES.get(COOKIE, "")
    return key if re.fullmatch(r"[A-Za-z0-9_-]{32}", key) else None
