from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Clause, Rulebook, Sighting, User
from accounts.participants import shown_differently


class ToBeRead(admin.ModelAdmin):
    """Rows that nobody adds, changes or deletes by hand."""

    list_display_links: Any = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["name", "username", "date_joined", "is_staff"]
    list_filter = ["is_staff", "groups"]
    search_fields = ["name", "username"]
    ordering = ["-date_joined"]
    show_full_result_count = False
    fieldsets = [
        (None, {"fields": ["username", "name", "bio", "language"]}),
        (_("Log-in"), {"fields": ["email", "password"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["username", "name", "email", "usable_password", "password1", "password2"]},
        )
    ]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            shown_differently(obj)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None):
        """Who only looks people up sees what readers see: no address, no permissions."""
        sets = super().get_fieldsets(request, obj)
        return sets if self.has_change_permission(request, obj) or obj is None else sets[:1]

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> User | None:
        """Who opens a form with an email address in it is on the record."""
        person = super().get_object(request, *args, **kwargs)
        if person and request.method == "GET" and self.has_change_permission(request, person):
            Sighting.objects.create(person=person, by=request.user)
        return person


@admin.register(Sighting)
class SightingAdmin(ToBeRead):
    """The record of who saw whose address."""

    list_display = ["at", "by", "person"]
    list_select_related = ["by", "person"]
    ordering = ["-id"]


class ClauseInline(admin.TabularInline):
    model = Clause
    extra = 0


@admin.register(Rulebook)
class RulebookAdmin(admin.ModelAdmin):
    """A version in force stays as people accepted it; a change is a new version."""

    list_display = ["version", "published_at"]
    inlines = [ClauseInline]

    def has_change_permission(self, request: HttpRequest, obj: Rulebook | None = None) -> bool:
        published = obj is not None and obj.published_at is not None
        return super().has_change_permission(request, obj) and not published

    def has_delete_permission(self, request: HttpRequest, obj: Rulebook | None = None) -> bool:
        return False
