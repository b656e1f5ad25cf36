from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models import Article, Section


class Discussions(models.QuerySet["Discussion"]):
    def of(self, article: Article) -> "Discussion":
        """The article's discussion. One that nobody has begun is an empty one, not stored."""
        found = self.filter(pk=article.pk).first() or Discussion(pk=article.pk)
        found.article = article
        return found

    def begun(self, article: Article) -> "Discussion":
        """The article's discussion, stored: what the first deed on it asks for."""
        found, _created = self.get_or_create(pk=article.pk)
        found.article = article
        return found

    def alive(self, days: int = 2) -> "Discussions":
        """Those in which somebody spoke lately, the latest first."""
        return (
            self.filter(
                last_comment_at__gte=timezone.now() - timedelta(days=days),
                comment_count__gt=0,
                article__in=Article.objects.published(),
            )
            .select_related("article__section")
            .order_by("-last_comment_at", "-pk")
        )


class Discussion(models.Model):
    """What readers say under one article; its number is the article's number."""

    class Mode(models.TextChoices):
        SECTION = "", _("as the section says")
        OPEN = Section.Moderation.OPEN.value, _("comments appear at once")
        PREMODERATED = (
            Section.Moderation.PREMODERATED.value,
            _("a moderator reads each comment first"),
        )
        CLOSED = Section.Moderation.CLOSED.value, _("closed")

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="discussion"
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, blank=True, default="")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Empty: as the section says.")
    )
    closed_because = models.CharField(_("closed because"), max_length=200, blank=True)
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    last_comment_at = models.DateTimeField(_("last comment"), null=True, editable=False)
    # Raised by every public change: the key of the cached thread.
    version = models.PositiveBigIntegerField(default=0, editable=False)

    objects = Discussions.as_manager()

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=F("opens_at")),
                name="discussions_close_after_they_open",
            )
        ]
        indexes = [models.Index(fields=["-last_comment_at"], name="discussions_by_last_comment")]

    def __str__(self) -> str:
        return str(self.article)

    @property
    def topic(self) -> str:
        """Its topic in the live stream."""
        return f"discussion:{self.pk}"

    @property
    def moderation(self) -> str:
        return self.mode or self.article.section.moderation

    @property
    def is_premoderated(self) -> bool:
        by_topic = not self.mode and self.article.topics.filter(premoderated=True).exists()
        return self.moderation == Section.Moderation.PREMODERATED or by_topic

    @property
    def closing(self) -> datetime | None:
        """When it closes or closed by the clock; None: never."""
        days = self.article.section.discussion_days
        if self.closes_at or days is None or not self.article.published_at:
            return self.closes_at
        return self.article.published_at + timedelta(days=days)

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.moderation != Section.Moderation.CLOSED
            and (self.opens_at is None or self.opens_at <= now)
            and (self.closing is None or now < self.closing)
        )

    def move(self, comments: int = 0) -> None:
        """Change the count and the version; the last step before the transaction's events."""
        latest = self.comments.filter(is_public=True).order_by("-id")
        Discussion.objects.filter(pk=self.pk).update(
            comment_count=F("comment_count") + comments,
            version=F("version") + 1,
            last_comment_at=models.Subquery(latest.values("created_at")[:1]),
        )
