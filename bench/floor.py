"""The floor: an answer of 200 bytes behind the site's own middleware, on the same server.

What Django and the middleware cost before a page of ours does anything. It has the site's other
addresses as well, since its server goes on with the site's work.
"""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

WORDS = "The floor. ".ljust(200, ".")


def floor(request: HttpRequest) -> HttpResponse:
    return HttpResponse(WORDS)


urlpatterns = [path("floor/", floor), path("", include("newsroom.urls"))]
