"""One statement of reasons, for the person it concerns and for those who moderate."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.http import HttpRequest
from comments.models import StatementOfReasons


@login_required
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    found = StatementOfReasons.objects.select_related(
        "decision__comment__discussion__article", "decision__revision", "person"
    )
    if not request.user.has_perm("comments.moderate_comment"):
        found = found.filter(person=request.user)
    statement = get_object_or_404(found, reference=reference)
    return render(request, "comments/decision.html", {"statement": statement})
