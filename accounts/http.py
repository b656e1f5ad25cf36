"""A request as our middleware leaves it, for annotations."""

import re
from typing import Any

from django.http import HttpRequest as DjangoRequest
from django_htmx.middleware import HtmxDetails


class HttpRequest(DjangoRequest):
    htmx: HtmxDetails
    user: Any  # a User or nobody yet: asked where it matters


def number(raw: str) -> int:
    """The number in a hidden field or address; 0 for what is none, or more than a row can have."""
    return int(raw) if re.fullmatch("[0-9]{1,18}", raw) else 0
