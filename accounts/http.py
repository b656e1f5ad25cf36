"""A request as our middleware leaves it, for annotations."""

from typing import Any

from django.http import HttpRequest as DjangoRequest
from django_htmx.middleware import HtmxDetails


class HttpRequest(DjangoRequest):
    htmx: HtmxDetails
    user: Any  # a User or nobody yet: asked where it matters
