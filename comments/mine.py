"""/me/: what is mine here, each kind under a tab of its own, in every state and with reasons."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.http import HttpRequest
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Follow,
    Mute,
    Recommendation,
    Report,
    Sanction,
    StatementOfReasons,
)
from newsroom.keyset import cursor, read_cursor
from newsroom.models import Article

PAGE = 30


def comments(person: Any) -> QuerySet[Any]:
    removals = Decision.objects.filter(action=Decision.Action.REMOVE, reversed_by__isnull=True)
    removals = removals.select_related("statement").order_by("-id")
    theirs = Comment.objects.whole().filter(author=person)
    return theirs.prefetch_related(Prefetch("decisions", removals, "removals"))


def recommends(person: Any) -> QuerySet[Any]:
    on_pages = Article.objects.published()
    return Recommendation.objects.filter(
        person=person, comment__discussion__article__in=on_pages
    ).select_related("comment__author", "comment__current", "comment__discussion__article__section")


def follows(person: Any) -> QuerySet[Any]:
    theirs = Follow.objects.filter(person=person)
    return theirs.select_related("discussion__article__section", "followed")


def mutes(person: Any) -> QuerySet[Any]:
    return Mute.objects.filter(person=person).select_related("muted")


def reports(person: Any) -> QuerySet[Any]:
    theirs = Report.objects.filter(reporter=person)
    return theirs.select_related("revision", "comment__discussion__article__section")


def decisions(person: Any) -> QuerySet[Any]:
    theirs = StatementOfReasons.objects.filter(person=person)
    appeals = Prefetch("decision__appeals", Appeal.objects.filter(person=person), "my_appeals")
    theirs = theirs.select_related("decision__reversed_by", "decision__revision")
    return theirs.prefetch_related(appeals)


TABS: dict[str, tuple[Any, Callable[[Any], QuerySet[Any]], Any]] = {
    "comments": (_("Comments"), comments, _("You have not said anything yet.")),
    "recommends": (_("Recommends"), recommends, _("You have not recommended anything yet.")),
    "follows": (_("Follows"), follows, _("You do not follow anything or anybody.")),
    "mutes": (_("Muted"), mutes, _("You have muted nobody.")),
    "reports": (_("Reports"), reports, _("You have not reported anything.")),
    "decisions": (
        _("Decisions"),
        decisions,
        _("No moderator has decided anything about you or your comments."),
    ),
}


@login_required
def me(request: HttpRequest, tab: str = "comments") -> HttpResponse:
    _label, rows, nothing = TABS[tab]
    found = rows(request.user).order_by("-id")
    last = read_cursor(request.GET.get("after", ""), tab, int)
    if last:
        found = found.filter(pk__lt=last[0])
    shown = list(found[: PAGE + 1])
    context = {
        "rows": shown[:PAGE],
        "older": cursor(tab, shown[PAGE - 1].pk) if len(shown) > PAGE else None,
        "after": last,
        "nothing": nothing,
        "row": f"comments/mine/_{tab}.html",
        "tabs": [(label, address(name), name == tab) for name, (label, *_more) in TABS.items()],
        "sanction": Sanction.objects.suspending(request.user),
    }
    return render(request, "comments/me.html", context)


def address(tab: str) -> str:
    return reverse("me") if tab == "comments" else reverse(f"my-{tab}")
