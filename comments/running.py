"""How a discussion is run: open or closed, until when, read first, slowed down."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.http import HttpRequest
from comments.models import Decision, Discussion
from comments.models.discussion import runs_discussions
from newsroom.door import behind_the_door
from newsroom.language import papers_own
from newsroom.models import Article


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, format="%Y-%m-%dT%H:%M", **kwargs)


class RunForm(forms.ModelForm):
    class Meta:
        model = Discussion
        fields = [
            "mode",
            "closes_at",
            "stays_open",
            "closed_because",
            "opens_at",
            "recommends_close_at",
            "slow_seconds",
            "author_here_until",
        ]
        widgets = dict.fromkeys(
            ["closes_at", "opens_at", "recommends_close_at", "author_here_until"], Moment
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = {name: getattr(self.instance, name) for name in RunForm.Meta.fields}

    def clean(self) -> dict[str, Any]:
        """Closing has its time, and what is opened again is not closed by the time it had."""
        data: dict[str, Any] = super().clean() or {}
        now, until = timezone.now(), data.get("closes_at")
        is_over = until is not None and until <= now
        if data.get("mode") == Discussion.Mode.CLOSED:
            data["closes_at"] = until if is_over else now
        elif is_over and self.before["mode"] == Discussion.Mode.CLOSED:
            data["closes_at"] = until if "closes_at" in self.changed_data else None
        return data

    def keep(self, by: Any) -> None:
        """Store what was changed, for the record too; nothing: nothing happens."""
        changed = [n for n in self.before if getattr(self.instance, n) != self.before[n]]
        with papers_own():
            said = [f"{self.fields[name].label}: {self.in_words(name)}" for name in changed]
        if changed:
            Decision.objects.all().run(self.instance, by, changed, "; ".join(said))

    def in_words(self, name: str) -> str:
        value = getattr(self.instance, name)
        if isinstance(self.fields[name], forms.TypedChoiceField):
            return getattr(self.instance, f"get_{name}_display")()
        return str(value if value not in (None, "") else "–")


@login_required
@behind_the_door
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, id: int) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().select_related("section"), pk=id)
    if not runs_discussions(request.user):
        raise PermissionDenied
    if request.method == "POST":
        form = RunForm(request.POST, instance=Discussion.objects.begun(article))
    else:
        form = RunForm(instance=Discussion.objects.of(article))
    if not form.is_valid():
        context = {"article": article, "form": form, "discussion": form.instance}
        return render(request, "comments/run.html", context, status=400 if form.is_bound else 200)
    form.keep(request.user)
    messages.success(request, _("Saved. Readers see it at once."))
    return redirect(f"{article.get_absolute_url()}#discussion")
