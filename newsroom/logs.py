"""What the process writes about itself: a line for each event, with the request it is of."""

import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from http import HTTPMethod
from secrets import token_hex

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from newsroom.metrics import ANSWERS
from newsroom.visitors import address_of

current: ContextVar[HttpRequest | None] = ContextVar("current", default=None)
security = logging.getLogger("security")


def of_a_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Give the request a name, `X-Request-ID`, and count its answer.

    A trusted proxy's name for it is taken over; what a client sends by itself is not.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        said = request.headers.get("X-Request-ID", "") if settings.TRUSTED_PROXY_COUNT else ""
        request.id = said if re.fullmatch(r"[\w-]{8,64}", said) else token_hex(8)  # type: ignore[attr-defined]
        token = current.set(request)
        came = time.perf_counter()
        try:
            response = get_response(request)
            response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
            room = request.resolver_match.view_name if request.resolver_match else ""
            seconds = time.perf_counter() - came
            # A stranger may name any method, and each label is kept for ever.
            method = request.method if request.method in HTTPMethod.__members__ else "other"
            ANSWERS.labels(room, method, response.status_code).observe(seconds)
            if response.status_code == 403:
                security.warning("authz_fail")
            return response
        finally:
            current.reset(token)

    return middleware


class OfARequest(logging.Filter):
    """Adds the request's name, method and path (an address may hold a secret: no query), the
    client's address and the person's number."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = current.get()
        if request is not None:
            record.request_id = request.id  # type: ignore[attr-defined]
            record.method, record.path = request.method, request.path
            record.address = address_of(request)
            user = request.__dict__.get("_cached_user")  # asks no database for the log's sake
            record.person = getattr(user, "pk", None)
        return True
