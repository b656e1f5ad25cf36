"""A comment in its place, its replies page by page, and what it said before it was changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.http import HttpRequest
from comments import unread
from comments.models import Comment
from comments.thread import edges, fragment, replies_page
from newsroom.keyset import microseconds

AROUND = 10  # replies shown on either side of the one that a link leads to


@require_safe
def comment(request: HttpRequest, id: int) -> HttpResponse:
    """The comment with its root and what it answers above it, and its neighbours around it."""
    found = get_object_or_404(Comment.objects.whole().visible_to(request.user), pk=id)
    root = Comment.objects.whole().get(pk=found.root_id) if found.root_id else found
    replies = Comment.objects.whole().filter(root=root, is_public=True)
    before = list(replies.filter(pk__lt=found.pk).order_by("-id")[: AROUND + 1])[::-1]
    after = list(replies.filter(pk__gt=found.pk).order_by("id")[: AROUND + 1])
    near = before[-AROUND:] + ([found] if found.root_id else []) + after[:AROUND]
    earlier, later = edges(near, len(before) > AROUND, len(after) > AROUND)
    in_view = {root.pk, *(reply.pk for reply in near)}
    since = unread.asked_since(request)
    thread: dict[str, Any] = {
        "root": root,
        "replies": near,
        "earlier": earlier,
        "later": later,
        "answered": None if found.reply_to_id in in_view else found.reply_to,
        "here": found,
    }
    context = {
        "comment": found,
        "article": found.article,
        "thread": fragment("_around", request.user, since, **thread),
        "since": since and microseconds(since),
        "next_new": unread.after(found),
    }
    return render(request, "comments/comment.html", context)


@require_safe
def replies(request: HttpRequest, id: int) -> HttpResponse:
    """A page of a root's replies, going on after a cursor."""
    root = get_object_or_404(
        Comment.objects.whole().in_print(), pk=id, has_place=True, root__isnull=True
    )
    shown, earlier, later = replies_page(
        root, request.GET.get("after", ""), request.GET.get("before", "")
    )
    context: dict[str, Any] = {"root": root, "replies": shown, "earlier": earlier, "later": later}
    if request.htmx:  # the page it is put into has what lies on the other side
        context["later" if "before" in request.GET else "earlier"] = None
        return HttpResponse(fragment("_replies", request.user, **context))
    html = fragment("_around", request.user, **context)
    context = {"article": root.article, "thread": html}
    return render(request, "comments/replies.html", context)


@require_safe
def history(request: HttpRequest, id: int) -> HttpResponse:
    found = get_object_or_404(Comment.objects.whole().visible_to(request.user), pk=id)
    context = {
        "comment": found,
        "article": found.article,
        "revisions": found.revisions.order_by("-n"),
    }
    return render(request, "comments/history.html", context)
