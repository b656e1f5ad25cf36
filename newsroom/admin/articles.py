from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models import Article

READ = {"headline", "standfirst", "body"}  # what readers who came early may want to read again


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["headline", "section", "byline", "status", "published_at"]
    list_filter = ["status", "section"]
    list_select_related = ["section"]
    search_fields = ["headline", "standfirst"]
    ordering = ["-id"]
    show_full_result_count = False
    autocomplete_fields = ["lead_photo", "topics"]
    readonly_fields = ["author"]
    fieldsets = [
        (None, {"fields": ["section", "headline", "standfirst", "body", "lead_photo", "topics"]}),
        (_("Where it comes from"), {"fields": ["dateline", "byline", "author", "source"]}),
        (
            _("Publication"),
            {"fields": ["status", "published_at", "embargo_until", "breaking", "slug", "language"]},
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body_html")

    def may_publish(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """An author changes what is theirs and not out yet; an editor changes everything."""
        if not super().has_change_permission(request, obj):
            return False
        return (
            obj is None
            or self.may_publish(request)
            or (obj.author_id == request.user.pk and obj.published_at is None)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        mine_to_say = (
            []
            if self.may_publish(request)
            else ["published_at", "embargo_until", "breaking", "slug"]
        )
        return [*super().get_readonly_fields(request, obj), *mine_to_say]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "status" and not self.may_publish(request):
            kwargs["choices"] = [
                choice
                for choice in Article.Status.choices
                if choice[0] in (Article.Status.DRAFT, Article.Status.SUBMITTED)
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def save_model(self, request: Any, article: Article, form: Any, change: bool) -> None:
        if not change:
            article.author = request.user
            article.byline = article.byline or request.user.name
        elif "status" not in form.changed_data and READ & set(form.changed_data):
            article.updated_at = timezone.now()
        super().save_model(request, article, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Nothing that was read is deleted: it is withdrawn, and its address says so."""
        return False

    def view_on_site(self, article: Article) -> str | None:
        return article.get_absolute_url() if article.is_published else None
