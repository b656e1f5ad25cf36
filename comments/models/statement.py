import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_reference() -> str:
    return f"{timezone.now():%Y}-{secrets.token_hex(5)}"


class StatementOfReasons(models.Model):
    """What the person concerned is told about a decision (EU Digital Services Act, art. 17)."""

    decision = models.OneToOneField("comments.Decision", models.PROTECT, related_name="statement")
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="statements"
    )
    ends_at = models.DateTimeField(null=True, help_text=_("Empty: for good."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("statement of reasons")
        verbose_name_plural = _("statements of reasons")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("decision", args=[self.reference])

    @property
    def appealable_until(self) -> datetime:
        return self.decision.appealable_until
