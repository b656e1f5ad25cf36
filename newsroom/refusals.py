"""The pages that say no: each with the next step, and with what was typed."""

import errno
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

from newsroom.visitors import is_visitor


def refuse(
    request: HttpRequest, status: int, title: str, sentence: str, text: str | None = None
) -> HttpResponse:
    """A page of its own for a refusal; what was typed in `text` stands on it, to be copied.

    htmx puts it beside what it was asked for: a form stays as it is, with all that was typed.
    """
    if text is None:
        text = request.POST.get("text", "")
    context = {"title": title, "sentence": sentence, "text": text}
    by_htmx = "HX-Request" in request.headers
    if not by_htmx or (is_visitor(request) and request.method != "POST"):  # a page is as all see it
        return render(request, "refusal.html", context, status=status)
    response = render(request, "_refusal.html", context, status=status)
    response["HX-Retarget"], response["HX-Reswap"] = "#refusal", "innerHTML"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refuse(
        request,
        403,
        _("This page had been open too long"),
        _(
            "For your safety the form was not sent. Go back, reload the page and send it again; "
            "if cookies are switched off for this site, please allow them."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        sentence = _("What you sent is larger than one megabyte. Please send less at once.")
        return refuse(request, 413, _("Too large"), sentence, text="")
    sentence = _("Something in this address or form cannot be read. Please go back and try again.")
    return refuse(request, 400, _("That did not make sense to us"), sentence)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _("Your account may not do this. If you think it should, write to the newsroom.")
    return refuse(request, 403, _("This is not open to you"), sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = _(
        "There is nothing at this address, or no longer. "
        "The front page and the newsfeed have everything that is published."
    )
    return refuse(request, 404, _("Page not found"), sentence)


def failed(request: HttpRequest) -> HttpResponse:
    """Where the database is away, busy or full: 503, asking neither it nor anything that does."""
    error = sys.exception()
    if not isinstance(error, OperationalError | InterfaceError) and not is_full(error):
        return server_error(request)
    text = request.POST.get("text", "")
    response = HttpResponse(render_to_string("503.html", {"text": text}), status=503)
    response["Retry-After"] = "5"
    response["Cache-Control"] = "no-store"
    return response


def is_full(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
