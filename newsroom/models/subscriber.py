import secrets

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.models.section import Section
from newsroom.models.topic import Topic


def new_token() -> str:
    return secrets.token_urlsafe(24)


class Subscriber(models.Model):
    """An address that asked for mail; it gets some once its owner has confirmed that."""

    email = models.EmailField()
    token = models.CharField(max_length=40, unique=True, default=new_token)
    language = models.CharField(max_length=10, default="en")
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_subscriber_per_address")]

    def __str__(self) -> str:
        return self.email


class Subscription(models.Model):
    """What a subscriber gets: the whole paper, a section or a topic; daily or at once."""

    class Pace(models.TextChoices):
        DAILY = "daily", _("once a day")
        BREAKING = "breaking", _("when something breaks")

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="subscriptions")
    section = models.ForeignKey(Section, models.CASCADE, null=True)
    topic = models.ForeignKey(Topic, models.CASCADE, null=True)
    pace = models.CharField(max_length=10, choices=Pace.choices, default=Pace.DAILY)

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


class Edition(models.Model):
    """One sending: the digest of a day, or one breaking article."""

    key = models.CharField(max_length=60, unique=True)  # "daily 2026-11-24", "breaking 12"
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """That this address gets this edition: written before it is sent, so that it goes once."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE)
    begun_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "subscriber"], name="one_delivery_per_address_and_edition"
            )
        ]
