from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class Mute(models.Model):
    """This person would rather not read that one: a fold on their own pages, told to nobody."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mutes", db_index=False
    )
    muted = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_by")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "muted"], name="one_mute_per_person"),
            models.CheckConstraint(condition=~Q(person=F("muted")), name="nobody_mutes_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.muted}"
