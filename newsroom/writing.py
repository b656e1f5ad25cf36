"""The form in which an article is written, and what its buttons do."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.http import number
from newsroom.language import named
from newsroom.models import Article, ArticleVersion
from newsroom.rich_text import BodyField

Status, Deed = Article.Status, ArticleVersion.Deed
DRAFT, SUBMITTED, SCHEDULED, PUBLISHED, WITHDRAWN = Status


class Button(NamedTuple):
    deed: str
    label: str | Promise
    becomes: str
    after: tuple[str, ...]  # the states in which it is offered
    editors: bool


BUTTONS = [
    Button("submit", _("Submit to an editor"), SUBMITTED, (DRAFT,), False),
    Button("draft", _("Take it back"), DRAFT, (SUBMITTED,), False),
    Button("publish", _("Publish now"), PUBLISHED, (DRAFT, SUBMITTED, SCHEDULED), True),
    Button("schedule", _("Schedule"), SCHEDULED, (DRAFT, SUBMITTED), True),
    Button("draft", _("Send back to the author"), DRAFT, (SUBMITTED,), True),
    Button("draft", _("Do not publish"), DRAFT, (SCHEDULED,), True),
    Button("publish", _("Publish again"), PUBLISHED, (WITHDRAWN,), True),
]


def buttons(status: str, is_editor: bool) -> list[Button]:
    """Those beside Save that this person is offered for an article of this status."""
    return [each for each in BUTTONS if status in each.after and each.editors == is_editor]


class ArticleForm(forms.ModelForm):
    """An article as one person writes it, over the version they have opened."""

    body = BodyField(
        label=_("Text"),
        help_text=_("Without the editor’s buttons: an empty line makes a paragraph."),
    )

    language = forms.ChoiceField(label=_("Language"), choices=named)

    substantive = forms.BooleanField(
        label=_("What it says has changed"),
        required=False,
        help_text=_("Marks the comments that were written before this update."),
    )

    # The admin sets these on the class it makes for a request.
    is_editor = False
    taken: dict[str, Any] = {}  # what is to stand in the form instead of what is stored

    class Meta:
        widgets = {"standfirst": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**self.initial, **self.taken}
        self.was: str = self.instance.status if self.instance.pk else DRAFT
        self.conflict: ArticleVersion | None = None
        if self.was != PUBLISHED:
            del self.fields["substantive"]
        was_in = self.instance.language
        if "language" in self.fields and was_in not in dict(named()):  # a feed brought it
            languages = [*named(), (was_in, was_in)]
            self.fields["language"].choices = languages  # type: ignore[attr-defined]
        if "status" in self.fields:
            self.fields["status"].required = False

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.instance.version > number(self.data.get("version", "")):
            self.conflict = self.instance.versions.select_related("by").first()
            raise ValidationError(_("Somebody saved this article while you were writing."))
        if "body" in data and "body" not in self.changed_data:
            data["body"] = self.instance.body  # as it was typed or imported
        data["standfirst"] = " ".join(data.get("standfirst", "").split())
        data["status"] = self.instance.status = self.asked_status(data.get("status"))
        if self.is_editor:
            data["published_at"] = self.asked_date(data.get("published_at"))
        return data

    def asked_status(self, chosen: str | None) -> str:
        """What the pressed button says, or the list of states; Save alone changes nothing."""
        deed = self.data.get("deed")
        if not deed:
            return chosen or self.was
        for button in buttons(self.was, self.is_editor):
            if button.deed == deed:
                return button.becomes
        raise ValidationError(_("Your account may not do this, or the article has moved on."))

    def asked_date(self, date: Any) -> Any:
        now, status = timezone.now(), self.instance.status
        if date and "published_at" not in self.changed_data:
            date = self.initial["published_at"]  # to the microsecond, which the form does not show
        if self.was == PUBLISHED:
            if date and date > now:
                self.add_error("published_at", _("It is out already: this date is in the future."))
            return date or self.initial.get("published_at")
        if self.data.get("deed") == "publish" and date and date > now:
            return now
        is_asked = self.was != SCHEDULED or "published_at" in self.changed_data
        if status == SCHEDULED and is_asked and date and date <= now:
            self.add_error(
                "published_at", _("This moment has passed. Choose a later one, or publish now.")
            )
        return date

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            self.instance.status = self.was  # what the page says is what is stored

    @property
    def typed(self) -> dict[str, str]:
        """Headline, standfirst, text and address as they were sent."""
        return {name: self.data[name] for name in ArticleVersion.WORDS if name in self.data}

    @property
    def else_changed(self) -> list[str]:
        """The labels of the other fields in which what was sent and what is stored differ."""
        others = (name for name in self.changed_data if name not in ArticleVersion.WORDS)
        return [str(self.fields[name].label) for name in others]

    @property
    def deed(self) -> str:
        """What saving it does, for the record."""
        now = self.instance.status
        if now != self.was and now in (SUBMITTED, SCHEDULED, PUBLISHED):
            return Deed(now)
        return Deed.CHANGED if now == PUBLISHED else Deed.SAVED
