"""What is new to somebody since they were last here: counted, led through, and seen."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.http import HttpRequest, number
from comments.models import Comment, Discussion, LastRead, Mute, Recommendation
from comments.thread import beyond
from newsroom.keyset import cursor, microseconds, moment, read_cursor
from newsroom.models import Article

MOST = 1000  # of each kind; a page needs far fewer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, id: int) -> HttpResponse:
    """GET: what is mine in this discussion. POST: I have seen what had appeared `until` then."""
    article = get_object_or_404(Article.objects.published(), pk=id)
    if request.method == "POST":
        until = min(moment(number(request.POST.get("until", ""))), timezone.now())
        LastRead.objects.seen(request.user, Discussion.objects.begun(article), until)
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            return redirect(f"{article.get_absolute_url()}#discussion")
        return HttpResponse(status=204)
    news = news_in(article.pk, request.user)
    said = Comment.objects.filter(discussion=id, author=request.user).order_by("-id")
    recommended = Recommendation.objects.filter(person=request.user, comment__discussion=id)
    muted = Mute.objects.filter(person=request.user).order_by("id")
    return JsonResponse(
        {
            "new": news.new if news else 0,
            "since": news.until if news else None,
            "comments": list(said.values_list("pk", flat=True)[:MOST]),
            "recommended": list(recommended.values_list("comment", flat=True)[:MOST]),
            "muted": list(muted.values_list("muted__username", flat=True)[:MOST]),
        }
    )


@login_required
@require_safe
def next_new(request: HttpRequest, id: int) -> HttpResponse:
    """The first comment that appeared after `since`, or the next one after that."""
    article = get_object_or_404(Article.objects.published(), pk=id)
    since = moment(number(request.GET.get("since", "")))
    new = Comment.objects.filter(discussion=id, appeared_at__gt=since).new_to(request.user)
    last = read_cursor(request.GET.get("after", ""), "new", int, int)
    order = ("appeared_at", "id")
    if last:
        new = new.filter(beyond(order, last))
    found = new.order_by(*order).first()
    if found is None:
        messages.info(request, _("That was everything new."))
        return redirect(f"{article.get_absolute_url()}#discussion")
    return redirect(f"{found.get_absolute_url()}?since={microseconds(since)}#c{found.pk}")


def after(comment: Comment) -> str:
    """The cursor of what is new after this one."""
    return cursor("new", microseconds(comment.appeared_at or comment.created_at), comment.pk)


def news_in(discussion: int, person: Any) -> Any:
    """Since when this person was away, and how much is `new`; None for who was never here."""
    if not person.is_authenticated:
        return None
    return LastRead.objects.with_news(person).filter(discussion=discussion).first()


def asked_since(request: HttpRequest) -> datetime | None:
    """Where a page leads through what is new: since when."""
    asked = request.GET.get("since")
    return moment(number(asked)) if asked and request.user.is_authenticated else None
