from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from newsroom import photos
from newsroom.models import Photo

ACCEPTED = "image/jpeg,image/png,image/webp"


class PhotoForm(forms.ModelForm):
    class Meta:
        model = Photo
        fields = ["file", "alt", "caption", "credit", "focal_x", "focal_y"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if "file" in self.changed_data:
            file, self.instance.width, self.instance.height = photos.take_in(upload, upload.size)
            return file
        return upload


@admin.register(Photo)
class PhotoAdmin(admin.ModelAdmin):
    form = PhotoForm
    list_display = ["thumbnail", "alt", "credit", "size", "added_at"]
    list_display_links = ["thumbnail", "alt"]
    search_fields = ["alt", "caption"]
    readonly_fields = ["preview"]
    fields = ["preview", "file", "alt", "caption", "credit", "focal_x", "focal_y"]
    show_full_result_count = False

    @admin.display(description="")
    def thumbnail(self, photo: Photo) -> SafeString:
        return shown(photo, 96)

    @admin.display(description=_("preview"), empty_value="")
    def preview(self, photo: Photo) -> SafeString | None:
        return shown(photo, 320) if photo.pk else None

    @admin.display(description=_("size"))
    def size(self, photo: Photo) -> str:
        return f"{photo.width} × {photo.height}"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Without the admin's one transaction: a picture may take seconds to open, in which nobody
        else could write to SQLite. Photo.save() has its own."""
        return self._changeform_view(  # type: ignore[attr-defined]
            request, object_id, form_url, extra_context
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        for photo in queryset:
            photo.delete()  # with its files


def shown(photo: Photo, width: int) -> SafeString:
    return format_html(
        '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
        photo.smallest,
        width,
        round(width * photo.height / photo.width),
        photo.alt,
    )
