"""The deeds of the desk: their forms, and what each does and says."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Clause, Rulebook, User
from comments.models import Comment, Decision, Opinion, Sanction, SavedReason
from comments.models.decision import Decided
from newsroom.live import announce, publishing

DURATIONS = {
    "1h": (timedelta(hours=1), gettext_lazy("1 hour")),
    "1d": (timedelta(days=1), gettext_lazy("1 day")),
    "3d": (timedelta(days=3), gettext_lazy("3 days")),
    "7d": (timedelta(days=7), gettext_lazy("1 week")),
    "30d": (timedelta(days=30), gettext_lazy("30 days")),
    "90d": (timedelta(days=90), gettext_lazy("90 days")),
    "365d": (timedelta(days=365), gettext_lazy("1 year")),
    "ever": (None, gettext_lazy("permanently")),
}
MEASURES = {
    "suspend": gettext_lazy("May not comment"),
    "premoderate": gettext_lazy("A moderator reads each comment first"),
    "warn": gettext_lazy("Only a warning"),
}
NOT_BELOW = gettext_lazy(
    "That is not yours to decide: measures are taken against those who stand below oneself, and "
    "nobody lifts a sanction of their own. Nothing was done. Ask an editor or the site’s admin."
)


class ReasonForm(forms.Form):
    """Under which clause, and in which words to the author: saved ones, or one's own."""

    clause = forms.ModelChoiceField(
        Clause.objects.none(), label=gettext_lazy("House rule"), empty_label=gettext_lazy("choose")
    )
    saved = forms.ModelChoiceField(
        SavedReason.objects.all(),
        label=gettext_lazy("Saved reason"),
        empty_label=gettext_lazy("none: in your own words"),
        required=False,
    )
    facts = forms.CharField(
        label=gettext_lazy("Reason told to the author"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clause = cast(forms.ModelChoiceField, self.fields["clause"])
        clause.queryset = Clause.objects.filter(rulebook=Rulebook.objects.in_force())

    def clean(self) -> dict[str, Any]:
        """What stands in the field goes before what is saved; one of the two is there."""
        cleaned = super().clean() or {}
        saved = cleaned.get("saved")
        cleaned["facts"] = cleaned.get("facts") or (saved.text if saved else "")
        if not cleaned["facts"] and "facts" not in self.errors:
            self.add_error("facts", _("Choose a saved reason, or write one."))
        return cleaned


class SuspendForm(ReasonForm):
    measure = forms.ChoiceField(
        label=gettext_lazy("What"), choices=list(MEASURES.items()), required=False
    )
    duration = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        choices=[(key, label) for key, (_length, label) in DURATIONS.items()],
        initial="1d",
    )
    field_order = ["measure", "duration", "clause", "saved", "facts"]

    @property
    def until(self) -> datetime | None:
        length, _label = DURATIONS[self.cleaned_data["duration"]]
        return timezone.now() + length if length else None


class AskForm(forms.Form):
    """A second opinion, of one colleague or of whoever comes by."""

    of = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Whom"),
        empty_label=gettext_lazy("any colleague"),
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("Question"), max_length=300, required=False, widget=forms.TextInput
    )

    def __init__(self, *args: Any, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["of"]).queryset = colleagues


class AnswerForm(forms.Form):
    """Reasons always; a clause or a law where something is removed by the answer."""

    facts = forms.CharField(
        label=gettext_lazy("Reasons"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )
    clause = forms.ModelChoiceField(
        Clause.objects.none(),
        label=gettext_lazy("House rule, where it is removed"),
        required=False,
    )
    law = forms.CharField(
        label=gettext_lazy("Law, where it is illegal"), max_length=500, required=False
    )
    trusted = forms.BooleanField(
        label=gettext_lazy("It came from a trusted flagger"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_force = Clause.objects.filter(rulebook=Rulebook.objects.in_force())
        self.fields["clause"].queryset = in_force  # type: ignore[attr-defined]

    def of_an_author(self) -> list[forms.BoundField]:
        """What an appeal against a restriction asks for: nothing is removed by its answer."""
        return [self["facts"]]

    def of_a_reporter(self) -> list[forms.BoundField]:
        return [self["facts"], self["clause"]]


@dataclass(frozen=True)
class Seen:
    """What stood before whoever decides: the text's revision, and the last decision on it."""

    revision: int
    last: int


@dataclass(frozen=True)
class Deed:
    do: Callable[[Comment, User, Seen, dict[str, Any], Any], Any]
    said: Any
    form: type[forms.Form] | None = None
    leaves: bool = False  # whether the comment is decided with it


def approve(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    return Decision.objects.all().approve(comment, by, seen.revision, seen.last)


def remove(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    clause, facts = reason["clause"], reason["facts"]
    return Decision.objects.all().remove(comment, by, seen.revision, clause, facts, seen.last)


def restore(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    return Decision.objects.all().restore(comment, by)


def pick(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    return Decision.objects.all().pick(comment, by)


def unpick(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    return Decision.objects.all().pick(comment, by, is_picked=False)


def suspend(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    return against(comment.author, by, reason, form.until, comment)


def against(
    person: User | None,
    by: User,
    reason: dict[str, Any],
    until: datetime | None,
    comment: Comment | None = None,
) -> Decision:
    """The measure that was chosen, against a person."""
    if person is None:
        raise Decided("gone")
    decisions, clause, facts = Decision.objects.all(), reason["clause"], reason["facts"]
    if reason.get("measure") == "warn":
        return decisions.warn(person, by, clause, facts, comment)
    kind = Sanction.Kind.SUSPENSION
    if reason.get("measure") == "premoderate":
        kind = Sanction.Kind.PREMODERATION
    return decisions.suspend(person, by, clause, facts, until, comment, kind)


def lift(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    sanction = Sanction.objects.in_force().filter(person=comment.author).order_by("-pk").first()
    if sanction is None:
        raise Decided("lifted")
    return Decision.objects.all().lift(sanction, by)


def ask(comment: Comment, by: User, seen: Seen, reason: dict[str, Any], form: Any) -> Any:
    with publishing():
        Opinion.objects.create(comment=comment, by=by, **reason)
        announce("desk", "asked", comment.pk)


DEEDS = {
    "approve": Deed(approve, gettext_lazy("Approved: everybody can read it now."), leaves=True),
    "remove": Deed(
        remove, gettext_lazy("Removed, and the author is told why."), ReasonForm, leaves=True
    ),
    "restore": Deed(restore, gettext_lazy("Restored to its place.")),
    "pick": Deed(pick, gettext_lazy("Picked: it stands among the editors’ picks.")),
    "unpick": Deed(unpick, gettext_lazy("It is no pick any longer.")),
    "suspend": Deed(suspend, gettext_lazy("Done, and the author is told why."), SuspendForm),
    "lift": Deed(lift, gettext_lazy("The sanction is lifted.")),
    "ask": Deed(ask, gettext_lazy("Asked. It stands in your colleague’s own queue."), AskForm),
}
