"""Recommending a comment, and taking it back. Said twice, it is said once."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast
from comments.models import Comment, Recommendation
from comments.signing_in import signed_in
from comments.thread import fragment
from newsroom.live import publishing
from newsroom.refusals import refuse


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def recommend(request: HttpRequest, id: int, take_back: bool = False) -> HttpResponse:
    comment = get_object_or_404(Comment.objects.public().whole(), pk=id)
    if request.method != "POST":
        context = {
            "comment": comment,
            "article": comment.article,
            "take_back": take_back,
        }
        return render(request, "comments/recommend.html", context)
    if comment.author_id == request.user.pk:
        sentence = _("Your own comment has your word already: others may recommend it.")
        return refuse(request, 403, _("That is yours"), sentence)
    if not comment.discussion.takes_recommends:
        sentence = _("Recommending has closed in this discussion. What was recommended stays.")
        return refuse(request, 403, _("Recommending is over here"), sentence)
    if not request.user.is_verified:
        sentence = _("Please confirm your email address first, with the link in our mail to you.")
        return refuse(request, 403, _("Not yet"), sentence)
    try:
        with publishing():
            Allowance.objects.spend("recommend", f"person:{request.user.pk}")
            if take_back:
                Recommendation.objects.take_back(request.user, comment)
            else:
                Recommendation.objects.add(request.user, comment)
    except TooFast as too_fast:
        return refuse(request, 429, _("One moment, please"), too_fast.sentence)
    if request.htmx:
        comment.refresh_from_db(fields=["recommends"])
        return HttpResponse(fragment("_comment", request.user, comment=comment))
    return redirect(f"{comment.get_absolute_url()}#c{comment.pk}")
