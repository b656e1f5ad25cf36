from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Sanctions(models.QuerySet["Sanction"]):
    def in_force(self) -> "Sanctions":
        now = timezone.now()
        return self.filter(starts_at__lte=now, lifted_at__isnull=True).filter(
            Q(ends_at__isnull=True) | Q(ends_at__gt=now)
        )

    def suspensions(self, person) -> "Sanctions":
        """What keeps this person from commenting now."""
        return self.in_force().filter(person=person, kind=Sanction.Kind.SUSPENSION)

    def suspending(self, person) -> "Sanction | None":
        """The longest of these."""
        return (
            self.suspensions(person)
            .select_related("decision__statement")
            .order_by(F("ends_at").desc(nulls_first=True))
            .first()
        )


class Sanction(models.Model):
    """What a person may not do for a while. Whether it holds is asked, never stored."""

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("may not comment")
        PREMODERATION = "premoderation", _("a moderator reads each comment first")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="sanctions", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.SUSPENSION)
    decision = models.OneToOneField(
        "comments.Decision", models.PROTECT, related_name="sanction", verbose_name=_("decision")
    )
    starts_at = models.DateTimeField(_("from"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("until"), null=True, blank=True, help_text=_("Empty: permanently.")
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lifted by"),
    )

    objects = Sanctions.as_manager()

    class Meta:
        verbose_name = _("sanction")
        verbose_name_plural = _("sanctions")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="sanctions_end_after_they_start",
            )
        ]
        indexes = [
            models.Index(
                fields=["person", "ends_at"],
                condition=Q(lifted_at__isnull=True),
                name="sanctions_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"
