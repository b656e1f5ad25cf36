from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """A reader's word to the moderators about what a comment said."""

    class Kind(models.TextChoices):
        INSULT = "insult", _("It insults somebody")
        HATRED = "hatred", _("Hatred, threats or incitement")
        SPAM = "spam", _("Advertising or repeated text")
        OFF_TOPIC = "off-topic", _("It is not about the subject")
        PRIVATE = "private", _("Private data, or somebody pretending to be another")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        UPHELD = "upheld", _("the comment was removed")
        DISMISSED = "dismissed", _("the comment stays")

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="reports", verbose_name=_("comment")
    )
    revision = models.ForeignKey(
        "comments.Revision", models.PROTECT, related_name="+", verbose_name=_("version")
    )
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="reports",
        verbose_name=_("reader"),
    )
    kind = models.CharField(_("what is wrong"), max_length=12, choices=Kind.choices)
    note = models.CharField(_("in your words"), max_length=500, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    is_open = models.GeneratedField(
        expression=models.Q(outcome=""),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    decision = models.ForeignKey(
        "comments.Decision",
        models.PROTECT,
        null=True,
        related_name="reports",
        verbose_name=_("decision"),
    )

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["reporter", "comment"], name="one_report_per_person")
        ]
        indexes = [
            models.Index(fields=["comment"], condition=models.Q(is_open=True), name="open_reports")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.comment}"
