import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.article import Article, Articles
from newsroom.models.section import Section
from newsroom.models.topic import Topic

FORGOTTEN_AFTER = timedelta(days=7)  # an address that was never confirmed, or has left


def new_token() -> str:
    return secrets.token_urlsafe(24)


def masked(email: str) -> str:
    """Enough for its owner to know it by, and too little for anybody else: “r…@example.com”."""
    name, _at, host = email.rpartition("@")
    return f"{name[:1]}…@{host}"


class Subscribers(models.QuerySet["Subscriber"]):
    def confirmed(self) -> "Subscribers":
        return self.filter(confirmed_at__isnull=False)

    def at(self, email: str) -> "Subscribers":
        return self.alias(lower=Lower("email")).filter(lower=email.lower())

    def asking(self, email: str, language: str) -> "Subscriber":
        """Whom this address belongs to, new or known. Nothing is sent before they confirm."""
        now = timezone.now()
        new = self.model(email=email.lower(), language=language, asked_at=now)
        self.bulk_create([new], ignore_conflicts=True)  # two at once: one of them is made
        self.at(email).filter(confirmed_at=None).update(asked_at=now)
        return self.at(email).get()

    def wanting(self, articles: Articles, pace: str) -> "Subscribers":
        """Those with a confirmed subscription to one of these articles at least."""
        if not articles.exists():
            return self.none()
        theirs = Subscription.objects.filter(subscriber=OuterRef("pk"), pace=pace)
        return self.confirmed().filter(Exists(theirs.to_one_of(articles)))

    def forget_unconfirmed(self) -> None:
        since = timezone.now() - FORGOTTEN_AFTER
        self.filter(confirmed_at=None, asked_at__lt=since).delete()


class Subscriber(models.Model):
    """An address that asked for mail; it gets some once its owner has confirmed that.

    Whoever knows the token has read a mail to the address, and may do everything with it.
    """

    email = models.EmailField(_("email"))  # in lower case
    token = models.CharField(
        _("secret of the links"), max_length=40, unique=True, default=new_token
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)

    objects = Subscribers.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_subscriber_per_address")]

    def __str__(self) -> str:
        return masked(self.email)

    def subscribe(self, item: Section | Topic | None, pace: str) -> None:
        """Confirm the address, and send it this too from now on."""
        with transaction.atomic():
            self.confirm()
            Subscription.objects.get_or_create(subscriber=self, pace=pace, **about(item))

    def choose(self, wanted: Iterable[tuple[Section | Topic | None, str]]) -> None:
        """Send exactly this from now on: each item at its pace."""
        with transaction.atomic():
            self.confirm()
            self.subscriptions.all().delete()
            Subscription.objects.bulk_create(
                Subscription(subscriber=self, pace=pace, **about(item)) for item, pace in wanted
            )

    def confirm(self) -> None:
        """Locks the row, so that two answers to one form come one after the other."""
        self.confirmed_at = self.confirmed_at or timezone.now()
        if not Subscriber.objects.filter(pk=self.pk).update(confirmed_at=self.confirmed_at):
            raise Subscriber.DoesNotExist  # forgotten a moment ago

    def leave(self) -> None:
        """No mail from now on. The address is forgotten like one that never confirmed.

        Until then its links still know it, and an old one works again if its owner comes back.
        """
        with transaction.atomic():
            now = timezone.now()
            Subscriber.objects.filter(pk=self.pk).update(confirmed_at=None, asked_at=now)
            self.subscriptions.all().delete()

    def asked_for(self, articles: Articles, pace: str) -> Articles:
        """Those of these articles that this subscriber gets at this pace."""
        mine = self.subscriptions.filter(pace=pace, subscriber__confirmed_at__isnull=False)
        if mine.filter(section=None, topic=None).exists():
            return articles
        about = Article.topics.through.objects.filter(topic__in=mine.values("topic"))
        return articles.filter(
            Q(section__in=mine.values("section")) | Q(pk__in=about.values("article"))
        )


class Subscriptions(models.QuerySet["Subscription"]):
    def to_one_of(self, articles: Articles) -> "Subscriptions":
        topics = Article.topics.through.objects.filter(article__in=articles.values("pk"))
        return self.filter(
            Q(section=None, topic=None)
            | Q(section__in=articles.values("section"))
            | Q(topic__in=topics.values("topic"))
        )


class Subscription(models.Model):
    """What a subscriber gets: the whole paper, a section or a topic; daily or at once."""

    class Pace(models.TextChoices):
        DAILY = "daily", _("once a day")
        BREAKING = "breaking", _("when something breaks")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    section = models.ForeignKey(Section, models.CASCADE, null=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.DAILY)

    objects = Subscriptions.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(section__isnull=True) | Q(topic__isnull=True),
                name="a_section_or_a_topic_or_everything",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "pace"],
                condition=Q(section__isnull=True, topic__isnull=True),
                name="one_subscription_to_the_paper",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "pace", "section"],
                condition=Q(section__isnull=False),
                name="one_subscription_per_section",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "pace", "topic"],
                condition=Q(topic__isnull=False),
                name="one_subscription_per_topic",
            ),
        ]

    def __str__(self) -> str:
        return f"{name_of(self.section or self.topic)}, {self.get_pace_display()}"


def about(item: Section | Topic | None) -> dict[str, Any]:
    """The columns that say what a subscription is to; nothing stands for the whole paper."""
    return {
        "section": item if isinstance(item, Section) else None,
        "topic": item if isinstance(item, Topic) else None,
    }


def name_of(item: Section | Topic | None) -> str:
    return item.name if item else _("Everything in %(paper)s") % {"paper": settings.SITE_NAME}
