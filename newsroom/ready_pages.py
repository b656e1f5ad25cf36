"""A visitor's page, kept ready for the next one until something public changes.

Every public change is an event of the outbox, so the newest one's number is the version of all
that visitors see. A page is kept, compressed, under its address, language and that version; the
same words are its ETag, so that who has it is told so by one query. What goes by the clock alone
is at most a minute behind.
"""

import gzip
import time
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from threading import Lock
from typing import Any

import brotli
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from newsroom.live import LiveEvent
from newsroom.visitors import is_visitor

View = Callable[..., HttpResponse]

# A visitor's page holds no token and nothing of a person, so its length tells nobody anything.
COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda page: brotli.compress(page, quality=5),  # 11 takes 50 times as long
    "gzip": lambda page: gzip.compress(page, 6),
}
ASKS = {"sort", "after", "before", "section", "topic"}  # what our own links ask; the rest is noise
MINUTE = 60

# Of many who ask for a page that nobody has made yet, one makes it and the others wait.
making = [Lock() for _ in range(64)]


def ready(view: View) -> View:
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_visitor(request) or request.method not in ("GET", "HEAD"):
            return view(request, *args, **kwargs)
        if request.headers.get("HX-Request") or not ASKS.issuperset(request.GET):
            return view(request, *args, **kwargs)
        coding = accepted(request)
        key = version(request, coding)
        etag = f'W/"{key}"'
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            response: HttpResponse = HttpResponseNotModified()
        else:
            kept = cache.get(key)
            if kept is None:
                with making[hash(key) % len(making)]:
                    kept = cache.get(key)
                    if kept is None:
                        made = view(request, *args, **kwargs)
                        if made.status_code != 200 or made.cookies:
                            return made
                        kept = COMPRESSED.get(coding, bytes)(made.content)
                        cache.set(key, kept, timeout=2 * MINUTE)
            response = HttpResponse(kept)
            if coding:
                response["Content-Encoding"] = coding
        response["ETag"] = etag
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    return page


def version(request: HttpRequest, coding: str) -> str:
    says = [settings.RELEASE, LiveEvent.objects.on_pages().newest(), int(time.time() / MINUTE)]
    says += [request.get_full_path(), get_language(), coding]
    return sha256(repr(says).encode()).hexdigest()[:32]


def accepted(request: HttpRequest) -> str:
    """The best coding that the browser names without a weight of its own."""
    named = {word.strip() for word in request.headers.get("Accept-Encoding", "").split(",")}
    return next((coding for coding in COMPRESSED if coding in named), "")
