"""Answers of the desk: to appeals and notices, once and with reasons; and what is judged again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.http import HttpRequest
from comments.desk.deeds import AnswerForm
from comments.desk.door import for_moderators
from comments.desk.pages import answer
from comments.desk.queues import QUEUES
from comments.models import Appeal, Decision, Notice, Rejudgement
from comments.models.comment import Stale
from comments.models.decision import Decided
from comments.notices import write


@for_moderators
@require_POST
def appeal(request: HttpRequest, id: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.select_related("decision__comment"), pk=id)
    form = AnswerForm(request.POST)
    outcome = request.POST.get("outcome", "")
    removes = outcome == "reverse" and found.by_a_reporter and found.decision.comment
    if form.is_valid() and removes and not form.cleaned_data["clause"]:
        form.add_error("clause", _("Choose the rule under which it is removed."))
    if not form.is_valid() or outcome not in ("uphold", "reverse"):
        return again(request, "appeal", found, form)
    if not found.may_be_decided_by(request.user):
        messages.error(
            request, _("Who took a decision does not decide the appeal. A colleague has to.")
        )
        return redirect("desk-queue", "appeals")
    said = form.cleaned_data
    try:
        if outcome == "uphold":
            found.uphold(request.user, said["facts"])
        else:
            found.reverse(request.user, said["facts"], said["clause"])
        messages.success(request, _("Answered, and everybody concerned is told."))
    except (Decided, Stale):
        messages.warning(request, _("Somebody decided this before you. Nothing was done twice."))
    return redirect("desk-queue", "appeals")


@for_moderators
@require_POST
def notice(request: HttpRequest, id: int) -> HttpResponse:
    found = get_object_or_404(Notice.objects.select_related("comment"), pk=id)
    form = AnswerForm(request.POST)
    outcome = request.POST.get("outcome", "")
    if form.is_valid() and outcome == "follow" and not form.cleaned_data["law"]:
        form.add_error("law", _("Name the law: the author is told it."))
    if not form.is_valid() or outcome not in ("follow", "refuse"):
        return again(request, "notice", found, form)
    said = form.cleaned_data
    try:
        if outcome == "follow":
            source = Decision.Source.TRUSTED if said["trusted"] else Decision.Source.NOTICE
            found.follow(request.user, said["facts"], said["law"], said["clause"], source)
        else:
            found.refuse(request.user, said["facts"])
        if found.email:
            outcome_told = _(
                "Your notice %(reference)s has been decided about, by a person. The outcome, the "
                "reasons and how to appeal are here:\n\n%(address)s\n"
            )
            write(found, _("Your notice %(reference)s: the outcome"), outcome_told)
        messages.success(request, _("Answered, and everybody concerned is told."))
    except (Decided, Stale):
        messages.warning(request, _("Somebody decided this before you. Nothing was done twice."))
    return redirect("desk-queue", "notices")


@for_moderators
@require_POST
def again_blind(request: HttpRequest, id: int) -> HttpResponse:
    """What this moderator would have decided. It is kept, and changes nothing."""
    decision = get_object_or_404(Decision, pk=id)
    said = request.POST.get("answer", "")
    status = 200
    try:
        if said not in Rejudgement.Answer.values:
            told, status = _("There is no such deed here. Please choose one below."), 400
        else:
            Rejudgement.objects.all().judge(decision, request.user, said)
            told = _("Kept. It changes nothing for the comment.")
    except Decided:
        told, status = _("Somebody decided this before you. Nothing was done twice."), 409
    if request.htmx:
        return answer(request, "_done", {"said": told, "queue": QUEUES["again"]}, status)
    messages.add_message(request, messages.SUCCESS if status == 200 else messages.WARNING, told)
    return redirect("desk-queue", "again")


def again(request: HttpRequest, kind: str, found: Any, form: AnswerForm) -> HttpResponse:
    context = {"title": found, "kind": kind, "shown": found, "form": form}
    return answer(request, "answering", context, 400)
