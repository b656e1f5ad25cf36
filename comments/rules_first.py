"""Before the next deed a person accepts the rules of today. What they were sending is not lost."""

import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from accounts.http import HttpRequest
from accounts.models import Rulebook
from accounts.rules import accept_as_shown, ask
from newsroom.visitors import is_visitor

# To take back one's own, or to report, nobody has to accept anything.
DEED = re.compile(r"/(discussions/\d+/|comments/\d+/(?!withdraw/|unrecommend/|report/)\w+/)")
NOT_KEPT = {"csrfmiddlewaretoken", "rules"}


class RulesFirst:
    """As a middleware, so that no deed can forget it; after the check of the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        if request.method != "POST" or not DEED.fullmatch(request.path) or is_visitor(request):
            return None
        if not request.user.is_authenticated:
            return None
        if "rules" in request.POST:
            accept_as_shown(request)
        rulebook = Rulebook.objects.awaiting(request.user)
        if rulebook is None:
            return None
        fields = request.POST.lists()
        kept = [(name, value) for name, all in fields if name not in NOT_KEPT for value in all]
        response = ask(request, rulebook, kept=kept, action=request.get_full_path())
        response.status_code = 403
        if request.htmx:
            response.headers["HX-Retarget"] = "#main"
            response.headers["HX-Reswap"] = "innerHTML show:top"
        return response
