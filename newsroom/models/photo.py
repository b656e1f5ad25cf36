import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


def photo_path(photo: "Photo", filename: str) -> str:
    """A name of our own: nothing of what an uploader called the file survives."""
    return f"photos/{secrets.token_hex(12)}.jpg"


class Photo(models.Model):
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
