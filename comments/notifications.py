"""What I was told, whether I read it, and how I want to be told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.http import HttpRequest
from accounts.models import User
from comments.models import Follow, Notification, NotificationChoice
from comments.models.notification import OF_A_DECISION, Kind, Pace
from newsroom.keyset import cursor, read_cursor

PAGE = 30


# /me/notifications/


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    mine = mine_to_see(request).order_by("-id")
    last = read_cursor(request.GET.get("after", ""), "notifications", int)
    if last:
        mine = mine.filter(pk__lt=last[0])
    found = list(mine.whole()[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        "notifications": shown,
        "older": cursor("notifications", shown[-1].pk) if len(found) > PAGE else None,
    }
    return render(request, "comments/notifications.html", context)


@login_required
@require_POST
def open_one(request: HttpRequest, id: int) -> HttpResponse:
    """A click on it: it is read, and leads to what it tells of."""
    found = get_object_or_404(mine_to_see(request).select_related("statement"), pk=id)
    Notification.objects.filter(pk=found.pk).read(request.user)
    return redirect(found)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.all().read(request.user)
    return redirect("notifications")


def mine_to_see(request: HttpRequest) -> Any:
    return Notification.objects.visible().filter(person=request.user, shown=True)


def look(kind: str, subject: int) -> dict[str, Any]:
    """What this person's own pages are told by the stream."""
    told: dict[str, Any] = {"kind": kind}
    if kind == "notification":
        told["unread"] = User.objects.values_list("unread", flat=True).get(pk=subject)
    return told


# /me/notifications/settings/


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        choose(request)
        messages.success(request, _("Saved."))
        return redirect("notification-settings")
    mine = NotificationChoice.objects.of(request.user)
    context = {
        "rows": [(kind, *mine[kind], kind in OF_A_DECISION) for kind in Kind],
        "paces": Pace,
        "follows": Follow.objects.filter(person=request.user)
        .select_related("discussion__article", "followed")
        .order_by("-id")[:200],
    }
    return render(request, "comments/notification_settings.html", context)


def choose(request: HttpRequest) -> None:
    """What was sent, of each kind; what makes no sense leaves it as it was."""
    for kind in Kind:
        pace = request.POST.get(f"mail-{kind}")
        if pace in Pace.values:
            shown = f"shown-{kind}" in request.POST or kind in OF_A_DECISION
            NotificationChoice.objects.choose(request.user, kind, shown=shown, mail=pace)
