"""Showing what is worth reading: an editor's pick, and the one comment pinned above the others."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from comments.models import Comment, Decision
from comments.models.discussion import runs_discussions
from comments.thread import fragment
from newsroom.door import behind_the_door


@login_required
@behind_the_door
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, id: int, undo: bool = False) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.public().whole(), pk=id)
    if not runs_discussions(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return ask(request, comment, "unpick" if undo else "pick")
    Decision.objects.all().pick(comment, request.user, not undo)
    return done(request, comment)


@login_required
@behind_the_door
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: HttpRequest, id: int, undo: bool = False) -> HttpResponse:
    """Editors do it, and the author of the article with an answer of theirs."""
    comment = get_object_or_404(Comment.objects.public().whole(), pk=id)
    is_theirs = request.user.pk == comment.author_id == comment.article.author_id
    if not is_theirs and not runs_discussions(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return ask(request, comment, "unpin" if undo else "pin")
    Decision.objects.all().pin(comment, request.user, not undo)
    return done(request, comment)


def ask(request: HttpRequest, comment: Comment, deed: str) -> HttpResponse:
    context = {"comment": comment, "article": comment.article, "deed": deed}
    return render(request, "comments/highlight.html", context)


def done(request: HttpRequest, comment: Comment) -> HttpResponse:
    if not request.htmx:
        return redirect(f"{comment.get_absolute_url()}#c{comment.pk}")
    fresh = Comment.objects.whole().get(pk=comment.pk)
    return HttpResponse(fragment("_comment", request.user, comment=fresh))
