from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ArticleVersion(models.Model):
    """An article as it was saved once, by whom, and what that did: the record of the paper."""

    class Deed(models.TextChoices):
        SAVED = "saved", _("saved")
        SUBMITTED = "submitted", _("submitted")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        CHANGED = "changed", _("changed after publication")
        CORRECTED = "corrected", _("corrected")
        WITHDRAWN = "withdrawn", _("withdrawn")

    WORDS = ("headline", "standfirst", "body", "slug")  # what is kept of an article

    article = models.ForeignKey("Article", models.CASCADE, related_name="versions")
    n = models.PositiveIntegerField()
    deed = models.CharField(max_length=10, choices=Deed.choices, default=Deed.SAVED)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Empty: the clock."),
    )
    at = models.DateTimeField(default=timezone.now)
    headline = models.CharField(max_length=160)
    standfirst = models.CharField(max_length=500, blank=True)
    body = models.TextField()
    slug = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["-n"]
        constraints = [
            models.UniqueConstraint(fields=["article", "n"], name="one_version_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.n}"


class Autosave(models.Model):
    """What one person has typed into an article's form and not saved yet."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(
        "Article", models.CASCADE, null=True, help_text=_("Empty: a new one.")
    )
    fields = models.JSONField()
    based_on = models.PositiveIntegerField(default=0)  # the version that was open
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "article"],
                condition=Q(article__isnull=False),
                name="one_autosave_per_article",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(article__isnull=True), name="one_autosave_of_a_new"
            ),
        ]
