"""The discussion in the admin: the record to be read, and what the desk is set up with.

Deciding has its own place, the desk (comments/desk/).
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from accounts.admin import ToBeRead
from accounts.http import number
from comments.models import (
    Appeal,
    CheckSetting,
    Comment,
    Decision,
    Discussion,
    Likeness,
    Report,
    Sanction,
    SavedReason,
)
from comments.models.likeness import FEWEST
from comments.running import RunForm


@admin.register(Comment)
class CommentAdmin(ToBeRead):
    """Comments are read and decided at the desk; these addresses lead there."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return redirect("desk")

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kw: Any) -> Any:
        return redirect("desk-comment", number(object_id))


@admin.register(Discussion)
class DiscussionAdmin(admin.ModelAdmin):
    """Run here as on its own page; whoever begins one here does so before the first comment."""

    form = RunForm
    fields = ["article", *RunForm.Meta.fields]
    formfield_overrides = {DateTimeField: {"form_class": forms.DateTimeField}}
    list_display = ["article", "mode", "closes_at", "comment_count", "last_comment_at"]
    list_filter = ["mode"]
    list_select_related = ["article"]
    raw_id_fields = ["article"]
    search_fields = ["article__headline"]
    show_full_result_count = False
    ordering = ["-last_comment_at"]

    def save_model(self, request: HttpRequest, obj: Discussion, form: Any, change: bool) -> None:
        """Only what was changed: comments that came meanwhile have moved the counts."""
        if not change:
            super().save_model(request, obj, form, change)
        form.keep(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Discussion | None = None) -> list[str]:
        return ["article"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Decision)
class DecisionAdmin(ToBeRead):
    list_display = [
        "at",
        "action",
        "under",
        "person",
        "by",
        "clause_text",
        "facts",
        "source",
        "automated",
    ]
    list_filter = ["action", "source", "automated"]
    list_select_related = ["person", "by", "discussion__article", "comment__discussion__article"]
    ordering = ["-id"]

    @admin.display(description=_("discussion"))
    def under(self, decision: Decision) -> str:
        within = decision.discussion or (decision.comment and decision.comment.discussion)
        return str(within) if within else ""


@admin.register(Report)
class ReportAdmin(ToBeRead):
    list_display = ["at", "kind", "note", "comment", "reporter", "outcome"]
    list_filter = ["outcome", "kind"]
    list_select_related = ["comment__author", "comment__current", "reporter"]
    ordering = ["-id"]


@admin.register(Sanction)
class SanctionAdmin(ToBeRead):
    list_display = ["person", "kind", "starts_at", "ends_at", "lifted_at"]
    list_filter = ["kind"]
    list_select_related = ["person"]
    ordering = ["-id"]


@admin.register(Appeal)
class AppealAdmin(ToBeRead):
    list_display = ["at", "decision", "person", "text", "outcome", "reasons"]
    list_filter = ["outcome"]
    list_select_related = ["decision", "person", "answer"]
    ordering = ["-id"]

    @admin.display(description=_("answer"))
    def reasons(self, appeal: Appeal) -> str:
        return appeal.answer.facts if appeal.answer else ""


@admin.register(SavedReason)
class SavedReasonAdmin(admin.ModelAdmin):
    list_display = ["title", "text", "order"]
    list_editable = ["order"]


@admin.register(CheckSetting)
class CheckSettingAdmin(admin.ModelAdmin):
    list_display = ["name", "enabled", "number", "reason", "measured"]
    list_display_links = ["name"]
    fields = ["enabled", "number", "words", "reason", "measured"]
    readonly_fields = ["measured"]

    @admin.display(description=_("how right it was"))
    def measured(self, check: CheckSetting) -> str:
        """Of likeness, which alone has learnt what it says."""
        if check.name != "likeness":
            return ""
        learnt = Likeness.objects.all().learnt()
        too_few = _("silent: it learns each night, from %(fewest)d decisions on")
        return learnt.measured if learnt else too_few % {"fewest": FEWEST}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
