from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.keyset import EPOCH
from newsroom.live import announce, publishing
from newsroom.models import Article, Section

SLOW = {
    0: _("off"),
    30: _("30 seconds"),
    60: _("1 minute"),
    300: _("5 minutes"),
    900: _("15 minutes"),
}
LOOKED_BACK = timedelta(days=1)  # by the clock: longer than nobody is awake
GATHERING = timedelta(seconds=1)  # so long recommends may wait to be counted on the pages


def runs_discussions(person: Any) -> bool:
    """Whether this person picks, pins, moves, opens and closes: an editor's work."""
    return person.is_staff and person.has_perm("comments.change_discussion")


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

    def turn(self) -> None:
        """Commit what the time has changed, so that pages are made anew and readers are told."""
        now = timezone.now()
        for pk in self.due(now):
            with publishing():
                found = self.begun(Article.objects.get(pk=pk))
                Discussion.objects.filter(pk=pk).update(turned_at=now)
                found.move()
                announce(found.topic, "state", pk)

    def due(self, now: datetime) -> set[int]:
        """Those for which a moment has come since the clock last turned them."""
        lately = (now - LOOKED_BACK, now)
        moments = models.Q()
        for name in ("opens_at", "closes_at", "recommends_close_at", "author_here_until"):
            moments |= models.Q(**{f"{name}__range": lately, f"{name}__gt": F("turned_at")})
        due = set(self.filter(moments).values_list("pk", flat=True))
        for section in Section.objects.exclude(discussion_days=None):
            days = timedelta(days=section.discussion_days or 0)
            over = Article.objects.published().filter(
                section=section, published_at__range=(lately[0] - days, now - days)
            )
            by_itself = models.Q(
                discussion__closes_at=None,
                discussion__stays_open=False,
                discussion__turned_at__lt=F("published_at") + days,
            )
            unturned = over.filter(models.Q(discussion=None) | by_itself)
            due |= set(unturned.values_list("pk", flat=True))
        return due

    def bump(self) -> None:
        """Let the pages of these be made anew: something they show looks different now."""
        with publishing():
            self.update(version=F("version") + 1)
            announce("paper", "bump", 0)

    def count_recommends(self) -> int:
        """Have the pages of these made anew, but where recommends had it done a moment ago.
        Returns of how many."""
        now = timezone.now()
        just_now = (
            now - GATHERING,
            now + GATHERING,
        )  # by a clock that was put back, it may be never
        anew = self.exclude(counted_at__range=just_now).update(
            version=F("version") + 1, counted_at=now, has_uncounted=False
        )
        if anew:
            announce("paper", "bump", 0)
        return anew

    def count_the_rest(self) -> None:
        """The same for what was put off. Mostly nothing was, and this is one short query."""
        put_off = self.filter(has_uncounted=True)
        for pk in put_off.order_by("pk").values_list("pk", flat=True):
            with publishing():
                put_off.filter(pk=pk).count_recommends()

    def alive(self, days: int = 2) -> "Discussions":
        """Those in which somebody spoke lately, the latest first."""
        return (
            self.filter(
                Exists(Article.objects.published().filter(pk=OuterRef("pk"))),
                last_comment_at__gte=timezone.now() - timedelta(days=days),
                comment_count__gt=0,
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
        Article,
        models.CASCADE,
        primary_key=True,
        related_name="discussion",
        verbose_name=_("article"),
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, blank=True, default="")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("closes"), null=True, blank=True, help_text=_("Empty: as the section says.")
    )
    stays_open = models.BooleanField(
        _("does not close by itself"), default=False, help_text=_("Whatever the section says.")
    )
    closed_because = models.CharField(
        _("closed because"), max_length=200, blank=True, help_text=_("Readers see it.")
    )
    recommends_close_at = models.DateTimeField(
        _("recommending closes"), null=True, blank=True, help_text=_("Empty: never.")
    )
    slow_seconds = models.PositiveSmallIntegerField(
        _("slow mode"), choices=SLOW, default=0, help_text=_("One comment a person in this time.")
    )
    author_here_until = models.DateTimeField(_("the author is here until"), null=True, blank=True)
    pinned = models.ForeignKey(
        "comments.Comment", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    comment_count = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    last_comment_at = models.DateTimeField(_("last comment"), null=True, editable=False)
    # Raised by every public change: the key of the cached thread.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    # Recommends raise it once in GATHERING; those that came meanwhile have it raised by the next
    # deed, or by the clock.
    counted_at = models.DateTimeField(default=EPOCH, editable=False)
    has_uncounted = models.BooleanField(default=False, editable=False)
    # Up to here the clock's changes (it opened, it closed, the author left) have raised it too.
    turned_at = models.DateTimeField(default=timezone.now, editable=False)

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
                violation_error_message=_("A discussion closes after it opens."),
            )
        ]
        indexes = [
            models.Index(fields=["-last_comment_at"], name="discussions_by_last_comment"),
            models.Index(
                fields=["article"],
                condition=models.Q(has_uncounted=True),
                name="uncounted_recommends",
            ),
        ]

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
        published = self.article.published_at
        if not self.closes_by_itself or days is None or published is None:
            return self.closes_at
        return published + timedelta(days=days)

    @property
    def closes_by_itself(self) -> bool:
        """Whether its section's time is its time."""
        days = self.article.section.discussion_days
        return self.closes_at is None and not self.stays_open and days is not None

    @property
    def is_yet_to_open(self) -> bool:
        return self.opens_at is not None and timezone.now() < self.opens_at

    @property
    def is_open(self) -> bool:
        now = timezone.now()
        return (
            self.moderation != Section.Moderation.CLOSED
            and not self.is_yet_to_open
            and (self.closing is None or now < self.closing)
        )

    @property
    def takes_recommends(self) -> bool:
        return self.recommends_close_at is None or timezone.now() < self.recommends_close_at

    @property
    def has_its_author(self) -> bool:
        """Whether the article's author has said to be here now, to be asked."""
        return self.author_here_until is not None and timezone.now() < self.author_here_until

    def host(self, until: datetime | None) -> None:
        """The article's author is here until then, or no longer."""
        with publishing():
            Discussion.objects.filter(pk=self.pk).update(author_here_until=until)
            self.move()
            announce(self.topic, "state", self.pk)

    def move(self, comments: int = 0) -> None:
        """Change the count and the version; the last step before the transaction's events."""
        latest = self.comments.filter(is_public=True).order_by("-id")
        Discussion.objects.filter(pk=self.pk).update(
            comment_count=F("comment_count") + comments,
            version=F("version") + 1,
            has_uncounted=False,
            last_comment_at=models.Subquery(latest.values("created_at")[:1]),
        )

    def recommended(self) -> None:
        """Have the pages made anew after a recommend: now, or soon where they just were.

        That it was put off is written even where it is written already: so this waits for whoever
        has the pages made anew at this moment, and may not have seen this one.
        """
        mine = Discussion.objects.filter(pk=self.pk)
        if not mine.count_recommends():
            mine.update(has_uncounted=True)
