import itertools
from datetime import datetime
from urllib.parse import unquote

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom import markup, posters
from newsroom.live import announce, publishing
from newsroom.models.article_words import ARTICLE_WORDS, FOUND_BY, entry
from newsroom.models.photo import Photo, in_sizes
from newsroom.models.redirect import Redirect
from newsroom.models.section import Section
from newsroom.models.topic import Topic
from newsroom.models.version import ArticleVersion


class Articles(models.QuerySet["Article"]):
    def published(self) -> "Articles":
        """What readers may see; every page, feed and search asks this."""
        return self.filter(is_out=True, published_at__lte=timezone.now())

    def publish_due(self) -> int:
        """Publish what was scheduled for now or before; how many that were. The clock asks."""
        due = self.filter(status=Article.Status.SCHEDULED, published_at__lte=timezone.now())
        published = 0
        for pk in due.values_list("pk", flat=True):
            with publishing():
                article = due.select_for_update().filter(pk=pk).first()
                if article:
                    article.status = Article.Status.PUBLISHED
                    article.save(update_fields=["status"])
                    article.record(None, ArticleVersion.Deed.PUBLISHED)
                    published += 1
        return published

    def newest_first(self) -> "Articles":
        return self.order_by("-published_at", "-id")

    def cards(self) -> "Articles":
        """With what a list of articles shows, and without their bodies."""
        return self.select_related("section", "lead_photo").defer("body", "body_html")

    def free_slug(self, headline: str) -> str:
        """The last word of an address, made from the headline, that no article has or had."""
        wanted = slugify(headline, allow_unicode=True)[:90].strip("-") or "article"
        taken = set(self.filter(slug__startswith=wanted).values_list("slug", flat=True))
        former = Redirect.objects.filter(path__contains=f"/{wanted}")
        taken |= {path.split("/")[-2] for path in former.values_list("path", flat=True)}
        numbered = (f"{wanted}-{number}" for number in itertools.count(2))
        return next(slug for slug in itertools.chain([wanted], numbered) if slug not in taken)

    def before(self, moment: datetime, id: int) -> "Articles":
        """Those after this one in a newest-first list."""
        return self.filter(published_at__lte=moment).filter(
            Q(published_at__lt=moment) | Q(published_at=moment, id__lt=id)
        )


class Article(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted to an editor")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="articles", verbose_name=_("section")
    )
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        allow_unicode=True,
        blank=True,
        help_text=_("The last word of the address. Empty: made from the headline."),
    )
    headline = models.CharField(_("headline"), max_length=160)
    standfirst = models.CharField(_("standfirst"), max_length=500, blank=True)
    dateline = models.CharField(
        _("dateline"), max_length=80, blank=True, help_text=_("For example: MOSCOW, 1 November")
    )
    source = models.CharField(
        _("source"), max_length=120, blank=True, help_text=_("The agency or office it came from.")
    )
    byline = models.CharField(_("byline"), max_length=120, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("author's account"),
    )
    body = models.TextField(
        _("body"), help_text=_("An empty line makes a paragraph. Simple HTML is kept.")
    )
    body_html = models.TextField(editable=False)
    lead_photo = models.ForeignKey(
        Photo, models.PROTECT, null=True, blank=True, verbose_name=_("lead photo")
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="articles", verbose_name=_("topics")
    )
    breaking = models.BooleanField(
        _("breaking news"), default=False, help_text=_("Mailed at once to those who asked for it.")
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True, editable=False)
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True, help_text=_("Not to be published before.")
    )
    # When an update changed what the article says: earlier comments are marked.
    substantive_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # the latest ArticleVersion.n
    source_url = models.URLField(_("address at the source"), max_length=500, blank=True)
    external_id = models.CharField(max_length=500, null=True, blank=True, editable=False)
    imported = models.CharField(max_length=64, blank=True, editable=False)  # see importing.digest
    poster = models.CharField(max_length=60, blank=True, editable=False)  # a file, see posters

    # A boolean of the database: a condition without a parameter lets SQLite use the indexes.
    is_out = models.GeneratedField(
        expression=Q(status="published"),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = Articles.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [("publish_article", _("Can publish and withdraw articles"))]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="one_article_per_external_id"),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "scheduled"]) | Q(published_at__isnull=False),
                name="published_articles_have_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "scheduled"])
                | Q(embargo_until__isnull=True)
                | Q(published_at__gte=F("embargo_until")),
                name="an_embargo_is_kept",
            ),
        ]
        indexes = [
            models.Index(
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(is_out=True),
                name="newsfeed",
            ),
            models.Index(
                F("section"),
                F("published_at").desc(),
                F("id").desc(),
                condition=Q(is_out=True),
                name="section_newsfeed",
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def save(self, *args, **kwargs) -> None:
        """Render the body, and tell those who read live when what they may see has changed."""
        self.body_html = markup.clean_article(self.body)
        self.slug = self.slug or Article.objects.free_slug(self.headline)
        with publishing():
            before = (
                Article.objects.filter(pk=self.pk).only("status", "published_at", "slug").first()
            )
            super().save(*args, **kwargs)
            if FOUND_BY.intersection(kwargs.get("update_fields") or FOUND_BY):
                ARTICLE_WORDS.put([entry(self)])
            if before and before.is_known and before.path != self.path:
                Redirect.objects.update_or_create(path=before.path, defaults={"article": self})
                self.redirects.filter(path=self.path).delete()
            if self.is_known:
                announce("newsfeed", self.status, self.pk)
                posters.keep_poster.enqueue(self.pk)

    def get_absolute_url(self) -> str:
        day = self.published_at or timezone.now()
        return reverse("article", args=[f"{day:%Y}", f"{day:%m}", f"{day:%d}", self.slug])

    def withdraw(self, by: User | None) -> None:
        """Take it from the readers; its address says that it was withdrawn."""
        with publishing():
            self.status = self.Status.WITHDRAWN
            self.save(update_fields=["status"])
            self.record(by, ArticleVersion.Deed.WITHDRAWN)

    def record(self, by: User | None, deed: str, at: datetime | None = None) -> None:
        """Write down what it says now, and who made it say so by which deed: one more version."""
        with transaction.atomic():
            list(Article.objects.select_for_update().filter(pk=self.pk).values_list("pk"))
            last = self.versions.aggregate(n=Max("n"))["n"]
            self.version = (last or 0) + 1
            Article.objects.filter(pk=self.pk).update(version=self.version)
            words = {name: getattr(self, name) for name in ArticleVersion.WORDS}
            ArticleVersion.objects.create(
                article=self, n=self.version, by=by, deed=deed, at=at or timezone.now(), **words
            )

    @property
    def path(self) -> str:
        """Its address as a request says it: with its letters, where a link has `%D0%BC`."""
        return unquote(self.get_absolute_url())

    def clean(self) -> None:
        """What is published without a date is published now, and with a later one then."""
        now = timezone.now()
        if self.status == self.Status.PUBLISHED and self.published_at is None:
            self.published_at = now
        elif self.status == self.Status.PUBLISHED and self.published_at and self.published_at > now:
            self.status = self.Status.SCHEDULED
        if self.status == self.Status.SCHEDULED and self.published_at is None:
            raise ValidationError({"published_at": _("Please say when it is to be published.")})
        is_going_out = self.status in (self.Status.PUBLISHED, self.Status.SCHEDULED)
        date, embargo = self.published_at, self.embargo_until
        if is_going_out and date and embargo and date < embargo:
            raise ValidationError(
                {"published_at": _("This article is under an embargo: choose a later time.")}
            )
        if is_going_out and self.lead_photo and not self.lead_photo.alt.strip():
            sentence = _(
                "This photo has no description, for people who cannot see it. Please add one to "
                "the photo before you publish."
            )
            raise ValidationError({"lead_photo": sentence})
        if is_going_out and markup.has_unspoken_photo(self.body):
            sentence = _(
                "A photo in the text has no description, for people who cannot see it. Please "
                "add one before you publish: choose the photo, then the photo’s button."
            )
            raise ValidationError({"body": sentence})

    @property
    def is_published(self) -> bool:
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )

    @property
    def known_as(self) -> str:
        """Its headline while readers may see it. Pages about what somebody did under it stay."""
        return self.headline if self.is_published else gettext("This article was withdrawn")

    @property
    def is_known(self) -> bool:
        """Whether readers have seen its address: it is out, or was."""
        return self.is_published or self.status == self.Status.WITHDRAWN

    @property
    def html(self) -> SafeString:
        return markup.trusted(in_sizes(self.body_html))

    @property
    def notes(self) -> models.QuerySet:
        """Its corrections, each with whom it thanks."""
        return self.corrections.select_related("thanks_to")

    @property
    def was_updated(self) -> bool:
        """Whether readers who came early have something to look at again."""
        return bool(self.updated_at and self.published_at and self.updated_at > self.published_at)

    @property
    def last_changed(self) -> datetime | None:
        return self.updated_at if self.was_updated else self.published_at
