"""What the paper knows of a person: what they wrote for it, and what it sends to their address."""

from typing import Any

from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.participants import Part
from newsroom.models import Article, ArticleVersion, Correction, Subscriber, Subscription
from newsroom.models.version import Autosave


def subscribers(person: Any) -> QuerySet[Subscriber]:
    """The subscriptions to addresses that are known to be theirs."""
    theirs = EmailAddress.objects.filter(user=person, verified=True).values("email")
    return Subscriber.objects.filter(email__in=[row["email"].lower() for row in theirs])


PARTS = [
    Part(
        "articles",
        _("Articles"),
        Article,
        [
            ("headline", _("Headline")),
            ("address", _("Address"), "get_absolute_url"),
            ("status", _("Status"), "get_status_display"),
            ("published_at", _("Published")),
            ("standfirst", _("Standfirst")),
            ("body", _("Text")),
        ],
        whose="author",
    ),
    Part(
        "unsaved-articles",
        _("Typed into an article and not saved yet"),
        Autosave,
        [("at", _("When")), ("fields", _("What"))],
    ),
    Part(
        "subscriptions",
        _("News by mail"),
        Subscription,
        [
            ("email", _("Email"), "subscriber.email"),
            ("since", _("Asked for"), "subscriber.asked_at"),
            ("what", _("What"), "__str__"),
        ],
        find=lambda person: Subscription.objects.filter(
            subscriber__in=subscribers(person)
        ).select_related("section", "topic"),
    ),
]
NOT_EXPORTED: dict[type[models.Model], str] = {
    ArticleVersion: "the paper's record of its own texts, which belong to it",
    Correction: "the paper's word about an article, whoever of its staff wrote it down",
}


def shown_differently(person: Any) -> None:
    """Bylines are text of their own: an article says who wrote it as it was then."""


def held(person: Any) -> list[str]:
    return []


def erase(person: Any, words_stay: bool) -> None:
    """What waits to be sent to them goes with the address."""
    subscribers(person).delete()
