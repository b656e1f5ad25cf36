from typing import Any

from django import forms
from django.contrib import admin

from newsroom import photos
from newsroom.models import Photo


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
