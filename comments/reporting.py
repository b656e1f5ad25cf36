"""Telling the moderators about a comment."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from accounts.models import Allowance, TooFast
from comments.decisions import about_the_appeal, appeal
from comments.models import Comment, Decision, Report
from comments.models.check_setting import settings
from comments.models.decision import Decided
from comments.signing_in import signed_in
from newsroom.live import announce, publishing
from newsroom.refusals import refuse

NEW_ACCOUNT = timedelta(days=7)


class ReportForm(forms.ModelForm):
    kind = forms.ChoiceField(choices=Report.Kind.choices, widget=forms.RadioSelect)

    class Meta:
        model = Report
        fields = ["kind", "note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, id: int) -> HttpResponse:
    """Said again by the same reader it replaces nothing and counts once; what became of it, and
    an appeal against that, have this address too."""
    made = Report.objects.filter(comment=id, reporter=request.user).first()
    if made and made.decision:
        return outcome(request, made)
    comment = get_object_or_404(Comment.objects.public().whole(), pk=id)
    if comment.author_id == request.user.pk:
        sentence = _("This comment is your own. You can withdraw it at any time.")
        return refuse(request, 403, _("That is yours"), sentence)
    form = ReportForm(request.POST or None)
    if request.method != "POST":
        return ask(request, comment, form)
    if not form.is_valid():
        return ask(request, comment, form, 400)
    try:
        with publishing():
            Allowance.objects.spend("report", f"person:{request.user.pk}")
            _report, new = Report.objects.get_or_create(
                comment=comment,
                reporter=request.user,
                defaults={"revision": comment.current, **form.cleaned_data},
            )
            if new:
                announce("desk", "report", comment.pk)
                hide_if_many(comment)
    except TooFast as too_fast:
        form.add_error("note", too_fast.sentence)
        return ask(request, comment, form, 429)
    if request.htmx:
        return render(request, "comments/_reported.html", {"comment": comment})
    messages.success(request, _("Thank you. A moderator will look at it."))
    return redirect(f"{comment.get_absolute_url()}#c{comment.pk}")


def outcome(request: HttpRequest, made: Report) -> HttpResponse:
    """What became of a report, for whoever made it; who was refused may appeal."""
    decision = made.decision
    refused = decision is not None and made.outcome == Report.Outcome.DISMISSED
    if request.method == "POST" and decision and refused and "text" in request.POST:
        return appeal(request, decision, {}, person=request.user)
    context = {"report": made, "decision": decision, "article": made.comment.article}
    if decision and refused:
        context |= about_the_appeal(decision, person=request.user)
    return render(request, "comments/report_outcome.html", context)


def ask(
    request: HttpRequest, comment: Comment, form: ReportForm, status: int = 200
) -> HttpResponse:
    """What is wrong with it? With what was said already, where it could not be taken."""
    template = "comments/_report.html" if request.htmx else "comments/report.html"
    context = {"comment": comment, "article": comment.article, "form": form}
    return render(request, template, context, status=status)


def hide_if_many(comment: Comment) -> None:
    """Reports weigh by what became of their reporters' earlier ones; new accounts weigh nothing."""
    setting = settings().get("reports")
    reports = Report.objects.filter(comment=comment, is_open=True).select_related("reporter")
    if setting and sum(weights([each.reporter for each in reports])) >= setting.number:
        try:
            Decision.objects.all().hold(comment, setting.reason)
        except Decided:
            return  # it is not public any more


def weights(reporters: list[Any]) -> list[float]:
    """Of each: the share of their reports that was right, a half where nothing is known yet."""
    known = [
        each.pk for each in reporters if each and each.date_joined < timezone.now() - NEW_ACCOUNT
    ]
    made = Report.objects.filter(reporter__in=known, is_open=False).values("reporter")
    shares = dict.fromkeys(known, 0.5)
    for row in made.annotate(all=Count("pk"), right=Count("pk", Q(outcome="upheld"))):
        shares[row["reporter"]] = (row["right"] + 1) / (row["all"] + 2)
    return list(shares.values())
