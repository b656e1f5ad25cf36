"""Pages for people who are logged in, where a session that ended meanwhile costs nobody a word."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.http import HttpRequest
from newsroom.refusals import refuse

Page = Callable[..., HttpResponse]


def signed_in(page: Page) -> Page:
    """A visitor is asked to log in, and comes back. What was typed meanwhile stays in its form, or
    stands on a page from which it can be copied."""

    @wraps(page)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return page(request, *args, **kwargs)
        text = request.POST.get("text") or request.POST.get("note", "")
        if not text and not (request.htmx and request.method == "POST"):
            return redirect_to_login(request.get_full_path())
        sentence = _("You were logged out, so this was not sent. Log in again, then send it again.")
        return refuse(request, 403, _("You are logged out"), sentence, text)

    return asked
