"""An article's form, from being opened to being on the record."""

from typing import Any

from csp.constants import NONCE
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from js_asset import Media  # type: ignore[import-untyped]

from accounts.http import number
from newsroom import autosaving, differences, versions
from newsroom.admin.article_doors import ArticleDoors
from newsroom.live import publishing
from newsroom.models import Article, ArticleVersion
from newsroom.writing import ArticleForm, buttons

# What readers who came early may want to read again.
READ = {"headline", "standfirst", "body", "substantive"}
Deed = ArticleVersion.Deed

# The editor's import map carries a nonce, and the one style that it puts into the page is known by
# its hash. A new release may bring another style: tests/browser/test_writing.py would tell.
EDITOR_STYLE = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"

SAID = {
    Deed.SAVED: _("Saved."),
    Deed.SUBMITTED: _("Submitted: an editor decides now."),
    Deed.SCHEDULED: _("Scheduled: it appears by itself at its minute."),
    Deed.PUBLISHED: _("Published."),
    Deed.CHANGED: _("Saved. Readers see the change now."),
}


@admin.register(Article)
class ArticleAdmin(ArticleDoors):
    form = ArticleForm
    list_display = ["headline", "section", "byline", "status", "published_at"]
    list_filter = ["status", "section"]
    list_select_related = ["section"]
    search_fields = ["headline", "standfirst"]
    ordering = ["-id"]
    show_full_result_count = False
    autocomplete_fields = ["lead_photo", "topics"]
    readonly_fields = ["author"]
    fieldsets = [
        (None, {"fields": ["headline", "standfirst", "body"]}),
        (_("Place"), {"fields": ["section", "lead_photo", "topics"]}),
        (_("Where it comes from"), {"fields": ["dateline", "byline", "author", "source"]}),
        (
            _("Publication"),
            {"fields": ["status", "published_at", "embargo_until", "breaking", "slug", "language"]},
        ),
    ]

    class Media:
        css = {"all": ["css/writing.css"]}
        js = [Script("js/editor.js", type="module"), Script("js/autosave.js", type="module")]

    def changeform_view(self, request: HttpRequest, object_id: Any = None, *args: Any, **kw: Any):
        if request.method != "POST":
            return super().changeform_view(request, object_id, *args, **kw)
        with publishing():
            # Locked until it is saved: of two who save at once, the second is told of the first.
            list(Article.objects.select_for_update().filter(pk=number(object_id or "")))
            return super().changeform_view(request, object_id, *args, **kw)

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.is_editor = self.may_publish(request)
        if request.method == "GET" and self.may_write(request, obj):
            form.taken = autosaving.taken(request, obj, form.base_fields)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        fixed = [*super().get_readonly_fields(request, obj)]
        if not self.may_publish(request):
            fixed += ["published_at", "embargo_until", "breaking", "slug"]
        if obj and obj.status in (Article.Status.PUBLISHED, Article.Status.WITHDRAWN):
            fixed += ["status"]  # what was out is withdrawn, and what was withdrawn published again
        return fixed

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> list[Any]:
        sets = list(super().get_fieldsets(request, obj))
        if obj and obj.status == Article.Status.PUBLISHED and self.may_write(request, obj):
            name, options = sets[-1]
            sets[-1] = (name, {"fields": ["substantive", *options["fields"]]})
        return sets

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "status":
            editors = [Article.Status.SCHEDULED, Article.Status.PUBLISHED]
            offered = [Article.Status.DRAFT, Article.Status.SUBMITTED]
            offered += editors if self.may_publish(request) else []
            kwargs["choices"] = [(each.value, each.label) for each in offered]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Of other tables' rows an article's form only adds."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
            field.widget.can_view_related = False
            field.widget.can_add_related &= db_field.name != "section"
        return field

    def render_change_form(
        self, request: Any, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, article = context["adminform"].form, context["original"]
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        if article:
            context["subtitle"] = Article.Status(form.was).label
        if self.may_write(request, article):
            context |= self.at_work(request, form, article)
        response: Any = super().render_change_form(request, context, *args, **kwargs)
        response._csp_update = {"script-src": [NONCE], "style-src": [EDITOR_STYLE]}
        if form.conflict:
            response.status_code = 409
        return response

    def at_work(self, request: Any, form: ArticleForm, article: Article | None) -> dict[str, Any]:
        """What whoever writes is told: of their unsaved words, of others at work, of a conflict."""
        kept = autosaving.of(request, article) if request.method == "GET" else None
        is_taken = bool(kept and request.GET.get("take") == "unsaved")
        if kept and not is_taken and not autosaving.says_more(kept, form):
            kept = None
        now = article.version if article else 0
        told: dict[str, Any] = {
            "id": article.pk if article else "new",
            "buttons": buttons(form.was, form.is_editor),
            "may_withdraw": form.was == Article.Status.PUBLISHED and form.is_editor,
            "opened_at": kept.based_on if kept and is_taken else now,
            "unsaved": None if is_taken else kept,
            "others": autosaving.of_others(request, article) if article else [],
            "conflict": form.conflict,
        }
        if form.conflict:
            told["differences"] = differences.between(versions.words(form.conflict), form.typed)
        elif kept and article:
            told["differences"] = differences.between(
                versions.words(article), autosaving.typed(kept)
            )
        return told

    # Saving

    def save_model(self, request: Any, article: Article, form: Any, change: bool) -> None:
        if not change:
            article.author = request.user
            article.byline = article.byline or request.user.name
        elif form.was == Article.Status.PUBLISHED and READ & set(form.changed_data):
            article.updated_at = timezone.now()
            if form.cleaned_data["substantive"]:
                article.substantive_at = article.updated_at
        if change and article.version == 0:
            before = Article.objects.get(pk=article.pk)
            before.record(before.author, Deed.SAVED, before.updated_at or before.published_at)
            article.version = before.version
        super().save_model(request, article, form, change)
        if form.changed_data or article.status != form.was or not change:
            article.record(request.user, form.deed)
        autosaving.forget(request, article if change else None)
        messages.success(request, said(article, form.deed))

    def response_add(self, request: Any, obj: Article, post_url_continue: Any = None) -> Any:
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return redirect("admin:newsroom_article_change", obj.pk)

    def response_change(self, request: Any, obj: Article) -> Any:
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return redirect("admin:newsroom_article_change", obj.pk)


def said(article: Article, deed: str) -> str:
    """What saving it did, with a link to where readers see that."""
    if not article.is_published:
        return str(SAID[Deed(deed)])
    link = format_html('<a href="{}">{}</a>', article.get_absolute_url(), _("See it"))
    return format_html("{} {}", SAID[Deed(deed)], link)
