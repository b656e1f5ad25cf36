"""The discussion in the admin: to be read there, and decided, never edited by hand."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import ToBeRead
from accounts.http import number
from comments.models import Comment, Decision, Discussion, Report, Sanction
from comments.models.comment import Stale
from comments.models.decision import Decided
from comments.moderating import ReasonForm, desk
from comments.running import RunForm


class Queue(admin.SimpleListFilter):
    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", _("waiting")),
            ("reported", _("reported")),
            ("public", _("public")),
            ("removed", _("removed")),
        ]

    def queryset(self, request: HttpRequest, comments: Any) -> QuerySet[Comment]:
        match self.value():
            case "waiting":
                return comments.waiting()
            case "reported":
                return comments.reported()
            case "public":
                return comments.filter(is_public=True)
            case "removed":
                return comments.filter(state=Comment.State.REMOVED)
        return comments


@admin.register(Comment)
class CommentAdmin(ToBeRead):
    list_display = ["excerpt", "author", "article", "state", "why", "created_at"]
    list_display_links = ["excerpt"]
    list_filter = [Queue]
    list_select_related = ["author", "current", "discussion__article"]
    list_per_page = 50
    ordering = ["-id"]
    actions = ["approve", "remove"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        is_open = Q(reports__outcome=Report.Outcome.OPEN)
        decisions = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id")
        return (
            super()
            .get_queryset(request)
            .annotate(
                open_reports=Count("reports", is_open),
                last_decision=Subquery(decisions.values("pk")[:1]),
            )
        )

    def action_checkbox(self, comment: Comment) -> SafeString:
        """The box, and what stood beside it: nobody decides on what they did not see."""
        last: int = comment.last_decision or 0  # type: ignore[attr-defined]
        return format_html(
            '{}<input type="hidden" name="revision-{}" value="{}">'
            '<input type="hidden" name="last-{}" value="{}">',
            super().action_checkbox(comment),
            *(comment.pk, comment.current.n, comment.pk, last),
        )

    @admin.display(description=_("article"))
    def article(self, comment: Comment) -> str:
        return comment.article.headline

    @admin.display(description=_("why it is here"))
    def why(self, comment: Comment) -> str:
        count: int = comment.open_reports  # type: ignore[attr-defined]
        reports = ngettext("%(count)d report", "%(count)d reports", count) % {"count": count}
        return "; ".join(filter(None, [comment.held_because, reports if count else ""]))

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("comments.moderate_comment")

    def change_view(
        self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return desk(request, number(object_id), self.admin_site.each_context(request))

    @admin.action(description=_("Approve"), permissions=["moderate"])
    def approve(self, request: Any, comments: QuerySet[Comment]) -> None:
        done = 0
        for comment in comments.select_related("current", "author"):
            seen, last = self.seen(request, comment)
            try:
                Decision.objects.all().approve(comment, request.user, seen, last)
                done += 1
            except (Stale, Decided):
                self.message_user(request, self.passed_over(comment), messages.WARNING)
        said = ngettext("%(count)d comment approved.", "%(count)d comments approved.", done)
        self.message_user(request, said % {"count": done})

    @admin.action(description=_("Remove…"), permissions=["moderate"])
    def remove(self, request: Any, comments: QuerySet[Comment]) -> HttpResponse | None:
        """Asks for the clause and the reason first; what changed meanwhile is left alone."""
        form = ReasonForm(request.POST if "apply" in request.POST else None)
        chosen = list(comments.select_related("current", "author", "discussion__article"))
        if not form.is_valid():
            context = self.admin_site.each_context(request) | {
                "title": _("Remove comments"),
                "comments": chosen,
                "form": form,
                "opts": self.opts,
            }
            status = 400 if form.is_bound else 200
            return TemplateResponse(
                request, "admin/comments/comment/remove.html", context, status=status
            )
        done = 0
        for comment in chosen:
            seen, last = self.seen(request, comment)
            clause, facts = form.cleaned_data["clause"], form.cleaned_data["facts"]
            try:
                Decision.objects.all().remove(comment, request.user, seen, clause, facts, last)
                done += 1
            except (Stale, Decided):
                self.message_user(request, self.passed_over(comment), messages.WARNING)
        said = ngettext(
            "%(count)d comment removed; its author is told why.",
            "%(count)d comments removed; their authors are told why.",
            done,
        )
        self.message_user(request, said % {"count": done})
        return None

    def seen(self, request: HttpRequest, comment: Comment) -> tuple[int, int]:
        """The revision and the last decision that stood beside the box, or 0 where none did."""
        revision = request.POST.get(f"revision-{comment.pk}", "")
        return number(revision), number(request.POST.get(f"last-{comment.pk}", ""))

    def passed_over(self, comment: Comment) -> str:
        return _("Left alone, since it was changed or decided meanwhile: “%(text)s”") % {
            "text": comment.excerpt
        }


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
    list_display = ["at", "action", "person", "by", "clause_text", "facts", "automated"]
    list_filter = ["action", "automated"]
    list_select_related = ["person", "by"]
    ordering = ["-id"]


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
