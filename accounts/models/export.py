from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=7)
PATIENCE = timedelta(hours=1)  # an export takes a minute: after this it is lost


class Exports(models.QuerySet["Export"]):
    def forget(self) -> None:
        self.filter(asked_at__lte=timezone.now() - KEPT).delete()


class Export(models.Model):
    """Everything about a person in one file. It is kept here and in no folder, so that it goes
    with its row: after days, and at once with the person."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="export")
    asked_at = models.DateTimeField(default=timezone.now)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    archive = models.BinaryField(null=True)
    made_at = models.DateTimeField(null=True)

    objects = Exports.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")

    def __str__(self) -> str:
        return f"{self.person}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_lost(self) -> bool:
        return self.made_at is None and timezone.now() > self.asked_at + PATIENCE

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT
