"""One person at the desk: the record, private notes, measures, and everything of a period."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.http import HttpRequest, number
from accounts.models import Sighting, User
from comments.desk.cards import record
from comments.desk.deeds import NOT_BELOW, ReasonForm, SuspendForm, against
from comments.desk.door import for_moderators
from comments.desk.pages import answer
from comments.models import Comment, Decision, Note, Sanction
from comments.models.comment import Stale
from comments.models.decision import Decided
from comments.models.rank import NotBelow, is_below
from newsroom.live import publishing

AT_ONCE = 500  # comments removed by one press; more are asked for again


class NoteForm(forms.ModelForm):
    class Meta:
        model = Note
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}


class EverythingForm(ReasonForm):
    """Everything that a person said in a period, under one reason."""

    since = forms.DateTimeField(
        label=gettext_lazy("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    until = forms.DateTimeField(
        label=gettext_lazy("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    field_order = ["since", "until", "clause", "saved", "facts"]


@for_moderators
@require_http_methods(["GET", "HEAD"])
def person(request: HttpRequest, id: int) -> HttpResponse:
    return show(request, get_object_or_404(User, pk=id))


def show(
    request: HttpRequest, whom: User, status: int = 200, email: str = "", **forms_: Any
) -> HttpResponse:
    now = timezone.localtime().replace(second=0, microsecond=0)
    period = {"since": now - timedelta(days=1), "until": now + timedelta(minutes=1)}
    context = {
        "title": whom.name,
        "person": whom,
        "email": email,
        "is_below": is_below(whom, request.user),
        "record": record(whom),
        "note": NoteForm(prefix="note"),
        "suspend": SuspendForm(prefix="suspend"),
        "everything": EverythingForm(prefix="everything", initial=period),
        "decisions": whom.decisions_about.select_related("by", "statement").order_by("-pk")[:50],
        "comments": Comment.objects.filter(author=whom)
        .select_related("current", "discussion__article")
        .order_by("-pk")[:20],
    }
    return answer(request, "person", context | forms_, status)


@for_moderators
@require_POST
def note(request: HttpRequest, id: int) -> HttpResponse:
    whom = get_object_or_404(User, pk=id)
    form = NoteForm(request.POST, instance=Note(person=whom, by=request.user), prefix="note")
    if not form.is_valid():
        return show(request, whom, 400, note=form)
    form.save()
    messages.success(request, _("Noted. Only moderators read it."))
    return redirect("desk-person", id)


@for_moderators
@require_POST
def measure(request: HttpRequest, id: int) -> HttpResponse:
    whom = get_object_or_404(User, pk=id)
    form = SuspendForm(request.POST, prefix="suspend")
    if not form.is_valid():
        return show(request, whom, 400, suspend=form)
    try:
        against(whom, request.user, form.cleaned_data, form.until)
        messages.success(request, _("Done, and the person is told why."))
    except Decided:
        messages.warning(request, _("Somebody decided this before you. Nothing was done twice."))
    except NotBelow:
        return show(request, whom, 403, not_below=NOT_BELOW)
    return redirect("desk-person", id)


@for_moderators
@require_POST
def lift(request: HttpRequest, id: int, sanction: int) -> HttpResponse:
    held = get_object_or_404(Sanction, pk=sanction, person=id)
    try:
        Decision.objects.all().lift(held, request.user, request.POST.get("facts", "")[:2000])
        messages.success(request, _("The sanction is lifted."))
    except Decided:
        messages.warning(request, _("Somebody decided this before you. Nothing was done twice."))
    except NotBelow:
        return show(request, held.person, 403, not_below=NOT_BELOW)
    return redirect("desk-person", id)


@for_moderators
@require_POST
def email(request: HttpRequest, id: int) -> HttpResponse:
    """The person's address, for once; that it was seen is on the record."""
    whom = get_object_or_404(User, pk=id)
    Sighting.objects.create(person=whom, by=request.user)
    return show(request, whom, email=whom.email)


@for_moderators
@require_POST
def everything(request: HttpRequest, id: int) -> HttpResponse:
    """First how many that are, then, confirmed, their removal one by one."""
    whom = get_object_or_404(User, pk=id)
    form = EverythingForm(request.POST, prefix="everything")
    if not form.is_valid():
        return show(request, whom, 400, everything=form)
    said = form.cleaned_data
    found = Comment.objects.filter(
        author=whom,
        created_at__gte=said["since"],
        created_at__lte=said["until"],
    ).exclude(state=Comment.State.REMOVED)
    count = found.count()
    if number(request.POST.get("confirmed", "")) != count or not count:
        context = {"title": _("Remove everything of a period"), "person": whom, "form": form}
        return answer(request, "everything", context | {"count": count, "at_once": AT_ONCE})
    removed = 0
    for comment in found.select_related("current", "author").order_by("pk")[:AT_ONCE]:
        try:
            with publishing():
                Decision.objects.all().remove(
                    comment, request.user, comment.current.n, said["clause"], said["facts"]
                )
            removed += 1
        except (Stale, Decided):
            continue  # somebody was at it meanwhile
    told = ngettext(
        "%(count)d comment removed; its author is told why.",
        "%(count)d comments removed; their author is told why.",
        removed,
    )
    messages.success(request, told % {"count": removed})
    return redirect("desk-person", id)
