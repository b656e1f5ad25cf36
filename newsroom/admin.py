"""The newsroom's own desk: articles, sections, photos."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom import photos
from newsroom.models import Article, Photo, Section

# One door, with one set of limits.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.enable_nav_sidebar = False
admin.site.index_title = _("Newsroom")


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "order", "moderation", "discussion_days"]
    prepopulated_fields = {"slug": ["name"]}


class PhotoForm(forms.ModelForm):
    class Meta:
        model = Photo
        fields = ["file", "alt", "caption", "credit", "focal_x", "focal_y"]

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data:
            file, self.instance.width, self.instance.height = photos.take_in(upload, upload.size)
            return file
        return upload


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    form = PhotoForm
    list_display = ["alt", "credit", "width", "height", "added_at"]
    search_fields = ["alt", "caption"]
    show_full_result_count = False


READ = {"headline", "standfirst", "body"}  # what readers who came early may want to read again


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    list_display = ["headline", "section", "byline", "status", "published_at"]
    list_filter = ["status", "section"]
    list_select_related = ["section"]
    search_fields = ["headline", "standfirst"]
    ordering = ["-id"]
    show_full_result_count = False
    autocomplete_fields = ["lead_photo"]
    readonly_fields = ["author"]
    fieldsets = [
        (None, {"fields": ["section", "headline", "standfirst", "body", "lead_photo"]}),
        (_("Where it comes from"), {"fields": ["dateline", "byline", "author", "source"]}),
        (_("Publication"), {"fields": ["status", "published_at", "slug", "language"]}),
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
        mine_to_say = [] if self.may_publish(request) else ["published_at", "slug"]
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
