"""Following a discussion, or a person: to be told of what is said there, or by them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast, User
from comments.models import Discussion, Follow
from newsroom.models import Article
from newsroom.refusals import refuse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_discussion(request: HttpRequest, id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().select_related("section"), pk=id)
    if request.method == "POST":
        back = f"{article.get_absolute_url()}#discussion"
        return answer(request, back, discussion=Discussion.objects.begun(article))
    return ask(request, {"article": article}, discussion=id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def follow_person(request: HttpRequest, username: str) -> HttpResponse:
    person = get_object_or_404(User, username=username, is_active=True)
    if person == request.user:
        sentence = _("What you say yourself is no news to you. You are told of answers anyway.")
        return refuse(request, 403, _("That is you"), sentence)
    if request.method == "POST":
        return answer(request, request.path, followed=person)
    return ask(request, {"person": person}, followed=person.pk)


def ask(request: HttpRequest, context: dict[str, Any], **what: Any) -> HttpResponse:
    follows = Follow.objects.filter(person=request.user, **what).exists()
    return render(request, "comments/follow.html", context | {"follows": follows})


def answer(request: HttpRequest, back: str, **what: Any) -> HttpResponse:
    """Follow it, or with `undo` no longer; said twice, it is said once."""
    if request.POST.get("undo"):
        Follow.objects.end(request.user, **what)
    else:
        try:
            Allowance.objects.spend("follow", f"person:{request.user.pk}")
        except TooFast as too_fast:
            return refuse(request, 429, _("One moment, please"), too_fast.sentence)
        Follow.objects.begin(request.user, **what)
    if request.htmx:
        context = {"follow": request.path, "follows": not request.POST.get("undo")}
        return render(request, "comments/_follow.html", context)
    if request.POST.get("undo"):
        messages.success(request, _("You are told nothing more of it."))
    else:
        messages.success(request, _("You are told of what is new there."))
    return redirect(back)
