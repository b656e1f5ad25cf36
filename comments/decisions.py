"""One statement of reasons with its appeal, for the person it concerns and those who moderate."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from comments.dsa import as_data
from comments.models import Appeal, Decision, StatementOfReasons
from comments.models.decision import Decided
from newsroom.door import behind_the_door
from newsroom.language import papers_own
from newsroom.refusals import refuse


class AppealForm(forms.ModelForm):
    class Meta:
        model = Appeal
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5, "maxlength": 5000})}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """GET: the statement, also as JSON. POST: the appeal against it."""
    found = StatementOfReasons.objects.filter(reference=reference).select_related(
        "decision__comment__discussion__article__section",
        "decision__revision",
        "decision__clause",
        "person",
    )
    if request.user.has_perm("comments.moderate_comment"):
        of_others = found.exclude(person=request.user).first()
        if of_others:
            return behind_the_door(answer)(request, of_others)
    return answer(request, get_object_or_404(found, person=request.user))


def answer(request: HttpRequest, statement: StatementOfReasons) -> HttpResponse:
    if request.method == "POST":
        if statement.person_id != request.user.pk:
            sentence = _("Only the person it is about can appeal against a decision.")
            return refuse(request, 403, _("This is not open to you"), sentence)
        return appeal(request, statement.decision, {"statement": statement}, person=request.user)
    as_json = "application/json" in request.headers.get("Accept", "")
    if as_json or request.GET.get("format") == "json":
        with papers_own():
            data = as_data(statement)
        return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    return show(request, statement)


def show(
    request: HttpRequest, statement: StatementOfReasons, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "statement": statement,
        "mine": statement.person_id == request.user.pk,
        "ended": statement.decision.ended_by,
        **about_the_appeal(statement.decision, person=statement.person),
    }
    return render(request, "comments/decision.html", context | more, status=status)


def about_the_appeal(decision: Decision, **whose: Any) -> dict[str, Any]:
    """What is to be said of it: the appeal and its answer, or the form for one."""
    made = Appeal.objects.filter(decision=decision, **whose).select_related("answer__by").first()
    is_open = not made and not decision.is_over and timezone.now() <= decision.appealable_until
    return {
        "appeal": made,
        "appeal_form": AppealForm() if is_open else None,
        "same_moderator": bool(
            made and made.answer and decision.by_id and made.answer.by_id == decision.by_id
        ),
    }


def appeal(
    request: HttpRequest, decision: Decision, context: dict[str, Any], **whose: Any
) -> HttpResponse:
    """Take what somebody says against a decision; they come back to the page they were on."""
    form = AppealForm(request.POST)
    if not form.is_valid():
        sentence = _("Please write why the decision is wrong: a sentence is enough.")
        return refuse(request, 400, _("Your appeal has no words yet"), sentence)
    try:
        Appeal.objects.all().make(decision, form.cleaned_data["text"], **whose)
    except Decided:
        sentence = _(
            "The time for an appeal is over, or the decision has been reversed already. "
            "The page of the decision says which."
        )
        return refuse(request, 409, _("There is nothing to appeal against any more"), sentence)
    if request.user.is_authenticated:
        messages.success(
            request, _("Your appeal is with the newsroom. Somebody else will decide about it.")
        )
    return redirect(request.path)
