"""The floor: an answer of 200 bytes behind the site's own middleware, on the same server.

What Django and the middleware cost before a page of ours does anything.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsroom.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
WORDS = "The floor. ".ljust(200, ".")


def floor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORDS)


urlpatterns = [path("", floor)]
