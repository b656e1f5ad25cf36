from django.contrib import admin

from newsroom.models import Section, Topic


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "order", "moderation", "discussion_days"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "premoderated"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
