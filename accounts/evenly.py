"""Answers that tell nothing by their time: whoever asks whether somebody is here waits the same."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Longer than any of these answers takes: hashing a password is most of it. The work done for an
# address that is known and for one that is not is much the same; what differs is a row or two.
STEP = 0.25  # seconds
ASKED = (
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/signup/",
    "/accounts/signup/passkey/",
    "/accounts/password/reset/",
    "/accounts/3rdparty/signup/",
)


def evenly(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """The outermost middleware, so that saving the session is in it too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.path not in ASKED:
            return get_response(request)
        came = time.perf_counter()
        response = get_response(request)
        if STEP:
            time.sleep(STEP - (time.perf_counter() - came) % STEP)
        return response

    return middleware
