"""A visitor's page, kept ready for the next one until something public changes.

Every public change is an event of the outbox, so the newest one's number is the version of all
that visitors see. A page is kept, compressed, under its address, language and that version; the
same words are its ETag, so that who has it is told so by one query. What goes by the clock alone
is at most a minute behind.

Who is signed in gets the same page with what is theirs put in, where `mine` names the template
that makes it.
"""

import gzip
import time
from collections.abc import Callable
from copy import copy
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from accounts.http import HttpRequest
from newsroom.live import LiveEvent
from newsroom.mine import personal
from newsroom.visitors import is_visitor

View = Callable[..., HttpResponse]

# A visitor's page holds no token and nothing of a person, so its length tells nobody anything.
COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, quality=5),  # 11 takes 50 times as long
    "gzip": lambda page: gzip.compress(page, 6),
}
UNPACKED: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}
ASKS = {"sort", "after", "before", "section", "topic"}  # what our own links ask; the rest is noise
MINUTE = 60

# Of many who ask for a page that nobody has made yet, one makes it and the others wait.
making = [Lock() for _ in range(64)]


def ready(view: View, mine: str = "") -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        def make() -> HttpResponse:
            return view(as_visitor(request), *args, **kwargs)

        asks = ASKS.issuperset(request.GET) and not request.headers.get("HX-Request")
        if request.method in ("GET", "HEAD") and asks:
            if is_visitor(request):
                return for_visitor(request, make)
            if mine and request.user.is_authenticated:
                return for_person(request, make, mine) or view(request, *args, **kwargs)
        return view(request, *args, **kwargs)

    return page


def for_visitor(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    coding = accepted(request)
    key = version(request, coding)
    etag = f'W/"{key}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        found = kept(key, coding, make)
        if isinstance(found, HttpResponse):
            return found
        response = HttpResponse(found)
        if coding:
            response["Content-Encoding"] = coding
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def for_person(
    request: HttpRequest, make: Callable[[], HttpResponse], mine: str
) -> HttpResponse | None:
    """Nothing where the page is none to be kept."""
    newest = LiveEvent.objects.known_to(
        request.user.pk
    ).newest()  # before all else: see {% since %}
    coding = accepted(request)
    found = kept(version(request, coding), coding, make)
    if isinstance(found, HttpResponse):
        return None
    page = UNPACKED[coding](found).decode()
    return HttpResponse(personal(page, request, mine, newest_event=newest))


def kept(key: str, coding: str, make: Callable[[], HttpResponse]) -> bytes | HttpResponse:
    """The compressed page; the answer itself where it is none to be kept."""
    page: bytes | None = cache.get(key)
    if page is None:
        with making[hash(key) % len(making)]:
            page = cache.get(key)
            if page is None:
                made = make()
                if made.status_code != 200 or made.cookies:
                    return made
                page = COMPRESSED.get(coding, bytes)(made.content)
                cache.set(key, page, timeout=2 * MINUTE)
    return page


def as_visitor(request: HttpRequest) -> HttpRequest:
    """The request as if nobody were signed in."""
    if is_visitor(request):
        return request
    visitors = copy(request)
    visitors.COOKIES, visitors.user = {}, AnonymousUser()
    return visitors


def version(request: HttpRequest, coding: str) -> str:
    says = [settings.RELEASE, LiveEvent.objects.on_pages().newest(), int(time.time() / MINUTE)]
    says += [request.get_full_path(), get_language(), coding]
    return sha256(repr(says).encode()).hexdigest()[:32]


def accepted(request: HttpRequest) -> str:
    """The best coding that the browser names without a weight of its own."""
    named = {word.strip() for word in request.headers.get("Accept-Encoding", "").split(",")}
    return next((coding for coding in COMPRESSED if coding in named), "")
