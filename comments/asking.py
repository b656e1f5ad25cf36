"""The article's author among the readers: here until a time, and what they are asked."""

from datetime import datetime, timedelta

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from comments.models import Comment, Discussion
from comments.models.comment import Comments
from comments.models.discussion import runs_discussions
from newsroom.door import behind_the_door
from newsroom.models import Article

QUESTIONS = 50
STAYS = {
    "": _("not here"),
    "30": _("for half an hour"),
    "60": _("for an hour"),
    "120": _("for two hours"),
    "240": _("for four hours"),
}


class HereForm(forms.Form):
    minutes = forms.ChoiceField(label=_("I am here"), required=False, choices=STAYS)


@login_required
@behind_the_door
@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, id: int) -> HttpResponse:
    """For the author, who says here to be here; editors look on. To others there is nothing."""
    article = get_object_or_404(Article.objects.published().select_related("section"), pk=id)
    is_author = article.author_id == request.user.pk
    if not is_author and not runs_discussions(request.user):
        raise Http404
    form = HereForm(request.POST if request.method == "POST" else None)
    if is_author and form.is_valid():
        minutes = form.cleaned_data["minutes"]
        Discussion.objects.begun(article).host(until(int(minutes)) if minutes else None)
        return redirect("questions", article.pk)
    discussion = Discussion.objects.of(article)
    context = {
        "article": article,
        "discussion": discussion,
        "is_author": is_author,
        "form": form,
        "questions": unanswered(discussion)[:QUESTIONS],
    }
    return render(request, "comments/questions.html", context, status=400 if form.errors else 200)


def until(minutes: int) -> datetime:
    """So long from now, to the next five minutes, as people say it."""
    then = timezone.now() + timedelta(minutes=minutes + 4)
    return then.replace(minute=then.minute // 5 * 5, second=0, microsecond=0)


def unanswered(discussion: Discussion) -> Comments:
    """What ends in a question mark and has no answer of the article's author; most wanted first."""
    author = discussion.article.author_id
    answers = Comment.objects.filter(root=OuterRef("pk"), author=author, is_public=True)
    ends = Q()
    for mark in ("?", "？", "؟"):
        ends |= Q(current__text__endswith=mark)
    return (
        Comment.objects.whole()
        .filter(ends, ~Exists(answers), discussion=discussion, root__isnull=True)
        .filter(has_place=True, is_public=True)
        .exclude(author=author)
        .order_by("-recommends", "-id")
    )
