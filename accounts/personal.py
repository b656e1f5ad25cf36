"""What this app knows of a person."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import avatars
from accounts.models import Departure, Export, Mail, NameHistory, RulesAcceptance, Sighting, User
from accounts.participants import Part

PARTS = [
    Part(
        "you",
        _("You"),
        User,
        [
            ("name", _("Name")),
            ("address", _("Page"), "get_absolute_url"),
            ("email", _("Email")),
            ("about", _("About"), "bio"),
            ("language", _("Language")),
            ("joined_at", _("Joined"), "date_joined"),
            ("last_login_at", _("Last log-in"), "last_login"),
            ("shows_joined", _("Others see since when you are here")),
            ("shows_comments", _("Others see the list of your comments")),
            ("shows_recommends", _("Others see what you recommend")),
        ],
        whose="pk",
    ),
    Part(
        "addresses",
        _("Email addresses"),
        EmailAddress,
        [
            ("email", _("Email")),
            ("verified", _("Confirmed")),
            ("primary", _("We write to this one")),
        ],
        whose="user",
    ),
    Part(
        "former-names",
        _("Former names"),
        NameHistory,
        [
            ("name", _("Name")),
            ("handle", _("Handle"), "username"),
            ("until", _("Until")),
        ],
    ),
    Part(
        "sessions",
        _("Where you are logged in"),
        UserSession,
        [
            ("since", _("Since"), "created_at"),
            ("last_seen_at", _("Last seen")),
            ("ip", _("Network address")),
            ("browser", _("Browser"), "user_agent"),
        ],
        whose="user",
    ),
    Part(
        "factors",
        _("Passkeys, authenticator apps and recovery codes"),
        Authenticator,
        [
            ("kind", _("Kind"), "get_type_display"),
            ("since", _("Since"), "created_at"),
            ("last_used_at", _("Last used")),
        ],
        whose="user",
    ),
    Part(
        "connections",
        _("Accounts elsewhere that you log in with"),
        SocialAccount,
        [
            ("provider", _("Where")),
            ("number", _("Number there"), "uid"),
            ("since", _("Since"), "date_joined"),
        ],
        whose="user",
    ),
    Part(
        "sightings",
        _("When somebody of the staff looked at your address"),
        Sighting,
        [("at", _("When"))],
    ),
    Part(
        "rules",
        _("House rules that you accepted"),
        RulesAcceptance,
        [
            ("version", _("Version"), "rulebook.version"),
            ("accepted_at", _("Accepted")),
        ],
    ),
]
NOT_EXPORTED: dict[type[models.Model], str] = {
    Departure: "it says only that they are leaving, which their page says too",
    Export: "the file itself",
    LogEntry: "the paper's record of what its staff did in the admin",
}


def shown_differently(person: Any) -> None:
    """No page of this app is kept."""


def held(person: Any) -> list[str]:
    return []


def erase(person: Any, words_stay: bool) -> None:
    if person.avatar:
        avatars.discard.enqueue(person.avatar)
    addresses = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    for address in addresses:  # what was written to them and has not left
        Mail.objects.filter(to__iexact=address).delete()
    person.delete()
