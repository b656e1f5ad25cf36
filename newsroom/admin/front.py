from django.contrib import admin

from newsroom.models import Placement


@admin.register(Placement)
class PlacementAdmin(admin.ModelAdmin):
    list_display = ["article", "order", "until"]
    list_editable = ["order", "until"]
    list_select_related = ["article"]
    autocomplete_fields = ["article"]
