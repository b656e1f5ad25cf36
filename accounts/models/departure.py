import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

GRACE = timedelta(days=30)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def after_the_grace() -> datetime:
    return timezone.now() + GRACE


class Departure(models.Model):
    """Somebody wants to be deleted, on that day. Whoever has the token has read their mail, and
    may call it off."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="departure"
    )
    words_stay = models.BooleanField(_("comments stay, without the name"))
    due_at = models.DateTimeField(pgettext_lazy("a day", "on"), default=after_the_grace)
    token = models.CharField(max_length=40, unique=True, default=new_token)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")

    def __str__(self) -> str:
        return f"{self.person}, {self.due_at:%Y-%m-%d}"
