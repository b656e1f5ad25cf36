"""Who may read and write an article, and the pages beside its form."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from accounts.http import number
from newsroom import autosaving, picking, previewing, versions, withdrawing
from newsroom.models import Article


class ArticleDoors(admin.ModelAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return super().get_queryset(request).defer("body_html")

    # Who may

    def may_publish(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsroom.publish_article")

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """An author changes what is theirs and not out yet; an editor changes everything."""
        if not super().has_change_permission(request, obj):
            return False
        is_open = obj and obj.status in (Article.Status.DRAFT, Article.Status.SUBMITTED)
        return (
            obj is None
            or self.may_publish(request)
            or bool(is_open and obj.author_id == request.user.pk)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Nothing that was read is deleted: it is withdrawn, and its address says so."""
        return False

    def view_on_site(self, article: Article) -> str | None:
        """Of what is stored: the one in hand may hold what was typed, which is no address yet."""
        stored = Article.objects.published().filter(pk=article.pk).first()
        return stored.get_absolute_url() if stored else None

    def may_write(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, article)

    def may_read(self, request: HttpRequest, article: Article | None) -> bool:
        if article is None:
            return self.has_add_permission(request)
        return self.has_view_or_change_permission(request, article)

    def may_withdraw(self, request: HttpRequest, article: Article | None) -> bool:
        return self.may_publish(request) and self.may_write(request, article)

    # The pages beside the form

    def get_urls(self) -> list[Any]:
        rooms: list[Any] = [
            ("autosave", autosaving.keep, self.may_write, True),
            ("discard", autosaving.discard, self.may_write, True),
            ("preview", previewing.preview, self.may_read, True),
            ("page", previewing.page, self.may_read, True),
            ("versions", versions.versions, self.may_read, False),
            ("withdraw", withdrawing.withdraw, self.may_withdraw, False),
        ]
        photos = self.admin_site.admin_view(self.photos)
        return [
            path("photos/", photos, name="newsroom_article_photos"),
            *(
                path(f"<slug:id>/{name}/", self.door(*room), name=f"newsroom_article_{name}")
                for name, *room in rooms
            ),
            *super().get_urls(),
        ]

    def door(self, room: Callable, may: Callable, also_new: bool) -> Callable:
        """To a page about an article (`new`: about one that is not stored yet): it is found and
        allowed here, and answered in its own room."""

        def page(request: HttpRequest, id: str) -> HttpResponse:
            article = None
            if id != "new":
                article = get_object_or_404(self.get_queryset(request), pk=number(id))
            elif not also_new:
                raise Http404
            if not may(request, article):
                raise PermissionDenied
            context = self.admin_site.each_context(request)
            return room(request, article, context | {"may_write": self.may_write(request, article)})

        return self.admin_site.admin_view(page)

    def photos(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return picking.photos(request, self.admin_site.each_context(request))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("admin:newsroom_article_versions", number(object_id))
