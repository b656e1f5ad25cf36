from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.admin import ToBeRead
from accounts.http import number
from newsroom import mistakes
from newsroom.models import ArticleVersion, Mistake


@admin.register(Mistake)
class MistakeAdmin(ToBeRead):
    """What readers say is wrong, for those who can correct it."""

    list_display = ["text", "article", "editor", "reader", "at", "outcome"]
    list_display_links = ["text"]
    list_filter = ["outcome"]
    list_select_related = ["article", "reader"]
    ordering = ["outcome", "-id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mistake]:
        out = ArticleVersion.objects.filter(
            article=OuterRef("article"), deed=ArticleVersion.Deed.PUBLISHED
        )
        editor = Subquery(out.order_by("-n").values("by__name")[:1])
        return super().get_queryset(request).annotate(published_by=editor)

    @admin.display(description=_("published by"))
    def editor(self, mistake: Any) -> str | None:
        return mistake.published_by

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("newsroom.publish_article")

    def change_view(
        self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = Mistake.objects.select_related("article", "reader", "correction")
        mistake = get_object_or_404(found, pk=number(object_id))
        context = self.admin_site.each_context(request) | {"opts": self.opts}
        return mistakes.answer(request, mistake, context)
