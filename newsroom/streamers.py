"""Who listens to a stream: found like Django's middleware finds a person, and asked again."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from newsroom.live import announce, publishing
from newsroom.models import Article
from newsroom.retelling import renderer
from newsroom.speaking import is_spoken
from newsroom.visitors import address_of

MOST = 10  # topics of one stream
SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, eq=False)
class Listener:
    """An address, the person where there is one, and the topics that they may hear, in which
    language."""

    address: str
    topics: frozenset[str]
    language: str = settings.LANGUAGE_CODE
    session: str = ""  # its key; empty for a visitor
    person: int | None = None

    @property
    def ears(self) -> list[tuple[str, str]]:
        return [(topic, self.language) for topic in self.topics]


def listener_of(request: HttpRequest) -> Listener:
    asked = request.GET.get("topics", "").split(",")[:MOST]
    page_speaks = request.GET.get("language", "")
    language = page_speaks if is_spoken(page_speaks) else settings.LANGUAGE_CODE
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    user = people({key}).get(key) if key else None
    topics = granted(asked, user, published(asked))
    if user is None:
        return Listener(address_of(request), topics, language)
    return Listener(address_of(request), topics, language, key, user.pk)


def no_longer_entitled(listeners: Iterable[Listener]) -> list[Listener]:
    """Those whose session is over or no longer theirs, or who hear what they may hear no more."""
    listeners = list(listeners)
    users = people({each.session for each in listeners if each.session})
    out = published({topic for each in listeners for topic in each.topics})

    @cache
    def entitled(session: str, person: int | None, topics: frozenset[str]) -> bool:
        user = users.get(session)
        return person == (user.pk if user else None) and topics == granted(topics, user, out)

    return [each for each in listeners if not entitled(each.session, each.person, each.topics)]


def granted(asked: Iterable[str], user: User | None, out: set[str]) -> frozenset[str]:
    """Those of the topics that this person may hear. `person` is one's own, with its number."""
    return frozenset(
        f"person:{user.pk}" if topic == "person" and user else topic
        for topic in asked
        if may_hear(topic, user, out)
    )


def may_hear(topic: str, user: User | None, out: set[str]) -> bool:
    name, _, number = topic.partition(":")
    if name == "discussion":
        return topic in out
    if name == "person":
        return user is not None and number in ("", str(user.pk))
    render = None if number else renderer(topic)
    permission = getattr(render, "permission", None)
    return bool(render) and (not permission or (user is not None and user.has_perm(permission)))


def published(topics: Iterable[str]) -> set[str]:
    """The topics of those discussions whose article is out."""
    numbers = {
        int(number)
        for name, _, number in (topic.partition(":") for topic in topics)
        if name == "discussion" and number.isascii() and number.isdigit() and len(number) < 19
    }
    if not numbers:
        return set()
    found = Article.objects.published().filter(pk__in=numbers)
    return {f"discussion:{pk}" for pk in found.values_list("pk", flat=True)}


def people(keys: set[str]) -> dict[str, User]:
    """Whose these sessions are: what `auth.get_user` says of one, for all in two queries."""
    rows = SessionStore.get_model_class().objects.filter(
        session_key__in=keys, expire_date__gt=timezone.now()
    )
    said = {row.session_key: SessionStore().decode(row.session_data) for row in rows}
    ids = {data[auth.SESSION_KEY] for data in said.values() if auth.SESSION_KEY in data}
    users = {str(pk): user for pk, user in User.objects.filter(is_active=True).in_bulk(ids).items()}
    return {
        key: users[data[auth.SESSION_KEY]]
        for key, data in said.items()
        if data.get(auth.SESSION_KEY) in users and holds(data, users[data[auth.SESSION_KEY]])
    }


def holds(data: dict[str, Any], user: User) -> bool:
    """Whether the session was made with the password that the person has today."""
    proof = data.get(auth.HASH_SESSION_KEY, "")
    valid = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(proof, each) for each in valid)


def session_ended(instance: Session, **_signal: Any) -> None:
    """In the transaction that deletes the session: every hub learns of it, and ends its streams."""
    person = instance.get_decoded().get(auth.SESSION_KEY)
    if person and instance.expire_date > timezone.now():
        with publishing():
            announce(f"person:{person}", "session", int(person))
