from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from newsroom.models import Correction


@admin.register(Correction)
class CorrectionAdmin(admin.ModelAdmin):
    """A correction is made once and stands: whoever erred in one makes another."""

    list_display = ["at", "article", "text", "by"]
    list_select_related = ["article", "by"]
    autocomplete_fields = ["article"]
    search_fields = ["text", "article__headline"]

    def save_model(self, request: Any, obj: Correction, form: Any, change: bool) -> None:
        obj.by = request.user
        obj.publish()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
