"""`/transparency/log/`: each deed of the moderators, for everybody, where the paper wants that.

What was done, under which rule, by a person or a machine, and when: of nobody, and without a word
of what was said, since neither is everybody's.
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.models import Decision
from comments.models.decision import UNDO
from newsroom.keyset import cursor, read_cursor

PAGE = 50
TOLD = [
    Decision.Action.APPROVE,
    Decision.Action.REMOVE,
    Decision.Action.RESTORE,
    Decision.Action.HOLD,
    *Decision.ABOUT_A_PERSON,
    Decision.Action.LIFT,
    Decision.Action.UPHOLD,
    Decision.Action.REFUSE,
]
SHOWN = ["pk", "action", "clause__number", "clause__title", "automated", "at", "reversed_by__at"]


@require_safe
def public_log(request: HttpRequest) -> HttpResponse:
    """The latest first; what was undone at once was not done."""
    if not settings.PUBLIC_LOG:
        raise Http404
    told = Decision.objects.filter(action__in=TOLD, at__lte=timezone.now() - UNDO)
    told = told.exclude(reversed_by__action=Decision.Action.UNDO)
    last = read_cursor(request.GET.get("after", ""), "log", int)
    if last:
        told = told.filter(pk__lt=last[0])
    rows: list[dict[str, Any]] = list(told.order_by("-pk").values(*SHOWN)[: PAGE + 1])
    older = cursor("log", rows[PAGE - 1]["pk"]) if len(rows) > PAGE else None
    for row in rows:
        row["what"] = Decision.Action(row["action"]).label
    return render(
        request, "comments/public_log.html", {"rows": rows[:PAGE], "older": older, "after": last}
    )
