"""A moderator at work in the admin: one comment with all that bears on it, and the deeds."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.http import HttpRequest, number
from accounts.models import Clause, Rulebook
from comments.models import Comment, Decision, Sanction
from comments.models.comment import Stale
from comments.models.decision import Decided

DURATIONS = {
    "1h": (timedelta(hours=1), gettext_lazy("1 hour")),
    "1d": (timedelta(days=1), gettext_lazy("1 day")),
    "3d": (timedelta(days=3), gettext_lazy("3 days")),
    "7d": (timedelta(days=7), gettext_lazy("1 week")),
    "30d": (timedelta(days=30), gettext_lazy("30 days")),
    "365d": (timedelta(days=365), gettext_lazy("1 year")),
    "ever": (None, gettext_lazy("permanently")),
}


class ReasonForm(forms.Form):
    """Under which clause, and in which words to the author."""

    clause = forms.ModelChoiceField(
        Clause.objects.none(), label=gettext_lazy("House rule"), empty_label=gettext_lazy("choose")
    )
    facts = forms.CharField(
        label=gettext_lazy("Reason told to the author"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clause = cast(forms.ModelChoiceField, self.fields["clause"])
        clause.queryset = Clause.objects.filter(rulebook=Rulebook.objects.in_force())


class SuspendForm(ReasonForm):
    duration = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        choices=[(key, label) for key, (_length, label) in DURATIONS.items()],
        initial="1d",
    )

    @property
    def until(self) -> Any:
        length, _label = DURATIONS[self.cleaned_data["duration"]]
        return timezone.now() + length if length else None


def may_moderate(request: HttpRequest) -> None:
    if not request.user.has_perm("comments.moderate_comment"):
        raise PermissionDenied


def desk(request: HttpRequest, id: int, site: dict[str, Any]) -> HttpResponse:
    """The comment as readers see it, what it answers, who said what about it, and the deeds."""
    comment = get_object_or_404(Comment.objects.whole(), pk=id)
    forms_ = {"remove": ReasonForm(prefix="remove"), "suspend": SuspendForm(prefix="suspend")}
    status = 200
    if request.method == "POST":
        may_moderate(request)
        deed = request.POST.get("deed", "")
        if deed in forms_:
            forms_[deed] = type(forms_[deed])(request.POST, prefix=deed)
        form = forms_.get(deed)
        if form is None or form.is_valid():
            decide(request, comment, deed, form)
            return redirect("admin:comments_comment_change", comment.pk)
        status = 400
    context = site | {
        "title": _("Comment by %(name)s") % {"name": comment.author or _("deleted account")},
        "comment": comment,
        "reports": comment.reports.select_related("reporter", "revision"),
        "decisions": list(comment.decisions.select_related("by").order_by("-id")),
        "sanction": Sanction.objects.suspending(comment.author) if comment.author else None,
        "record": record(comment.author),
        "may_moderate": request.user.has_perm("comments.moderate_comment"),
        "opts": Comment._meta,
        **forms_,
    }
    return TemplateResponse(request, "admin/comments/comment/desk.html", context, status=status)


def decide(request: HttpRequest, comment: Comment, deed: str, form: Any) -> None:
    """Do the deed, and say what became of it; what somebody else did meanwhile is said too."""
    seen = number(request.POST.get("revision", ""))
    last = number(request.POST.get("last", ""))
    reason = form.cleaned_data if form else {}
    decisions = Decision.objects.all()
    try:
        if deed == "approve":
            decisions.approve(comment, request.user, seen, last)
            said = _("Approved: everybody can read it now.")
        elif deed == "remove":
            clause, facts = reason["clause"], reason["facts"]
            decisions.remove(comment, request.user, seen, clause, facts, last)
            said = _("Removed, and the author is told why.")
        elif deed == "restore":
            decisions.restore(comment, request.user)
            said = _("Restored to its place.")
        elif deed == "suspend" and comment.author:
            clause, facts = reason["clause"], reason["facts"]
            decisions.suspend(comment.author, request.user, clause, facts, form.until, comment)
            said = _("Suspended, and told why.")
        elif deed == "lift":
            sanction = Sanction.objects.suspending(comment.author)
            if sanction is None:
                raise Decided("lifted")
            decisions.lift(sanction, request.user)
            said = _("The suspension is lifted.")
        else:
            messages.error(request, _("There is no such deed here. Please choose one below."))
            return
    except Stale:
        messages.error(
            request,
            _(
                "The author changed this comment while you read it. Nothing was decided: "
                "please read what it says now."
            ),
        )
    except Decided:
        messages.warning(request, _("Somebody decided this before you. Nothing was done twice."))
    else:
        messages.success(request, said)


def record(author: Any) -> dict[str, int]:
    """What is known of a reader's last 90 days here."""
    if author is None:
        return {}
    recent = Comment.objects.filter(
        author=author, created_at__gt=timezone.now() - timedelta(days=90)
    )
    return {
        "accepted": recent.filter(is_public=True).count(),
        "removed": recent.filter(state=Comment.State.REMOVED).count(),
        "sanctions": Sanction.objects.filter(person=author).count(),
    }
