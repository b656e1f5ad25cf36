"""Where a person is logged in, and ending it there."""

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest

# The first that is found is meant: most browsers say that they are some others too.
BROWSERS = "Edg Opera Firefox Chrome Safari".split()
SYSTEMS = "Android iPhone iPad Windows Macintosh Linux".split()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    mine = UserSession.objects.purge_and_list(request.user)
    if request.method == "POST":
        which = request.POST.get("end", "")
        others = [session for session in mine if not session.is_current()]
        ended = [session for session in others if which in ("others", str(session.pk))]
        get_adapter().end_sessions(ended)
        if ended:
            messages.success(request, _("Done. There one has to log in again."))
        return redirect("usersessions_list")
    for session in mine:
        session.device = device(session.user_agent)
    mine.sort(key=lambda session: (not session.is_current(), -session.created_at.timestamp()))
    return render(request, "usersessions/usersession_list.html", {"sessions": mine})


def device(user_agent: str) -> str:
    """“Firefox, Linux”: what its owner would call it."""
    found = (next((w for w in words if w in user_agent), "") for words in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found)).replace("Edg", "Edge") or _("Unknown browser")
