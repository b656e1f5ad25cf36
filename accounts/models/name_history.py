from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=90)  # nobody else takes a name while people still know another by it


class NameHistories(models.QuerySet["NameHistory"]):
    def kept(self) -> "NameHistories":
        return self.filter(until__gt=timezone.now() - KEPT)

    def forget(self) -> None:
        self.filter(until__lte=timezone.now() - KEPT).delete()


class NameHistory(models.Model):
    """What somebody was called, until then, and the address it had."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_names"
    )
    name = models.CharField(_("name"), max_length=30)
    name_skeleton = models.CharField(max_length=90, db_index=True)
    username = models.CharField(_("handle"), max_length=30, db_index=True)
    username_skeleton = models.CharField(max_length=90, db_index=True)
    until = models.DateTimeField(_("until"), default=timezone.now)

    objects = NameHistories.as_manager()

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")

    def __str__(self) -> str:
        return self.name
