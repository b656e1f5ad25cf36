"""/me/: what I wrote here, in every state, with the reason where there is one."""

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render

from accounts.http import HttpRequest
from comments.models import Comment, Decision, Sanction
from newsroom.keyset import cursor, read_cursor

PAGE = 30


@login_required
def me(request: HttpRequest) -> HttpResponse:
    mine = Comment.objects.whole().filter(author=request.user).order_by("-id")
    last = read_cursor(request.GET.get("after", ""), "mine", int)
    if last:
        mine = mine.filter(pk__lt=last[0])
    removals = Decision.objects.filter(action=Decision.Action.REMOVE, reversed_by__isnull=True)
    mine = mine.prefetch_related(
        Prefetch("decisions", removals.select_related("statement").order_by("-id"), "removals")
    )
    shown = list(mine[: PAGE + 1])
    context = {
        "comments": shown[:PAGE],
        "older": cursor("mine", shown[PAGE - 1].pk) if len(shown) > PAGE else None,
        "sanction": Sanction.objects.suspending(request.user),
    }
    return render(request, "comments/me.html", context)
