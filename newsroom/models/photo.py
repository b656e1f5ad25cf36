import re
import secrets
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from newsroom import markup, renditions
from newsroom.models.announced import Announced

IN_A_TEXT = "(min-width: 700px) 640px, 100vw"  # how wide a photo stands there


def photo_path(photo: "Photo", filename: str) -> str:
    """A name of our own: nothing of what an uploader called the file survives."""
    return f"photos/{secrets.token_hex(12)}.jpg"


class Photo(Announced):
    file = models.FileField(_("file"), upload_to=photo_path)
    alt = models.CharField(
        _("description"),
        max_length=300,
        help_text=_("What the picture shows, for people who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=120, blank=True)
    # Plain columns: Django's own width_field would open the file on every load of a row.
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    focal_x = models.PositiveSmallIntegerField(_("focal point, % from the left"), default=50)
    focal_y = models.PositiveSmallIntegerField(_("focal point, % from the top"), default=50)
    # The widths that exist beside the original, each as AVIF, WebP and JPEG.
    renditions = models.JSONField(default=list, editable=False)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(focal_x__lte=100, focal_y__lte=100), name="focal_point_inside"
            )
        ]

    def __str__(self) -> str:
        return self.alt

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new file has its renditions made, soon; the file that it replaces goes."""
        if "file" not in (kwargs.get("update_fields") or ["file"]):
            return super().save(*args, **kwargs)
        with transaction.atomic():
            before = Photo.objects.select_for_update().filter(pk=self.pk).first()
            if before and before.file != self.file:
                self.renditions = []
            super().save(*args, **kwargs)
            if before is None or before.file != self.file:
                renditions.make_renditions.enqueue(self.pk, str(self.file))
                if before:
                    before.discard_files()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            self.discard_files()
        return deleted

    def discard_files(self) -> None:
        transaction.on_commit(partial(renditions.discard, str(self.file), self.width))

    @property
    def srcset(self) -> dict[str, str]:
        """By the ending of a format, what a `srcset` says; nothing until the renditions exist."""
        return {
            end: ", ".join(f"{self.address(width, end)} {width}w" for width in self.renditions)
            for end in renditions.FORMATS
        }

    @property
    def smallest(self) -> str:
        """The address of the narrowest JPEG."""
        return self.address(min(self.renditions, default=self.width), "jpg")

    def address(self, width: int, end: str) -> str:
        if (width, end) == (self.width, "jpg"):
            return self.file.url
        return default_storage.url(renditions.named(str(self.file), width, end))

    @property
    def focal(self) -> str:
        """The classes that keep the focal point in sight where a picture is cropped. The content
        security policy allows no style of its own, so it is rounded to tens."""
        if (self.focal_x, self.focal_y) == (50, 50):
            return ""
        return f"focal-x-{round(self.focal_x / 10)} focal-y-{round(self.focal_y / 10)}"


def in_sizes(html: str) -> str:
    """A rendered text, with each photo of ours in it in all the formats and widths that exist.
    One query; none where there is no photo."""
    names = markup.OUR_PHOTO.findall(html)
    photos = {str(photo.file): photo for photo in Photo.objects.filter(file__in=names)}

    def picture(tag: re.Match[str]) -> str:
        found = markup.OUR_PHOTO.search(tag[0])
        photo = photos.get(found[1]) if found else None
        if photo is None or not photo.renditions:
            return tag[0]
        source = '<source type="{}" srcset="{}" sizes="{}">'
        rows = ((renditions.TYPES[end], srcset, IN_A_TEXT) for end, srcset in photo.srcset.items())
        return f"<picture>{format_html_join('', source, rows)}{tag[0]}</picture>"

    return re.sub(r"<img [^>]*>", picture, html) if names else html
