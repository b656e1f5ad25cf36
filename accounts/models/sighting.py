from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Sighting(models.Model):
    """Somebody on the staff saw a person's email address. Only ever added to, see record.py."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="sightings",
        verbose_name=_("whose address"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("seen by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("look at an address")
        verbose_name_plural = _("looks at addresses")

    def __str__(self) -> str:
        return f"{self.by} → {self.person}, {self.at:%Y-%m-%d %H:%M}"
