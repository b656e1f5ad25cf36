"""Who listens to a stream: found like Django's middleware finds a person, and asked again."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from newsroom.models import Article
from newsroom.visitors import address_of

SessionStore: Any = import_module(settings.SESSION_ENGINE).SessionStore
PUBLIC = {"newsfeed", "chats"}


@dataclass(frozen=True)
class Listener:
    address: str
    session: str = ""  # the key of the session, empty for a visitor
    person: int | None = None
    published: frozenset[str] = frozenset()  # the discussions among those asked for

    def may_hear(self, topic: str) -> bool:
        return (
            topic in PUBLIC
            or topic in self.published
            or (self.person is not None and topic == f"person:{self.person}")
        )


def listener_of(request: HttpRequest) -> Listener:
    """The person behind the session cookie, with the session's own proof that it still holds."""
    asked = request.GET.get("topics", "").split(",")[:10]
    numbers = {int(n) for name, _, n in (t.partition(":") for t in asked) if valid(name, n)}
    published = Article.objects.published().filter(pk__in=numbers).values_list("pk", flat=True)
    topics = frozenset(f"discussion:{pk}" for pk in published)
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    user = user_of(key) if key else None
    if user is None:
        return Listener(address_of(request), published=topics)
    return Listener(address_of(request), key, user.pk, topics)


def valid(name: str, number: str) -> bool:
    return name == "discussion" and number.isdigit() and len(number) < 19


def user_of(key: str) -> Any:
    request = HttpRequest()
    request.session = SessionStore(key)
    user = get_user(request)
    return user if user.is_authenticated and user.is_active else None


def no_longer_entitled(listeners: set[Listener]) -> set[Listener]:
    """Those of them whose session is over, or is no longer theirs."""
    users = {listener: user_of(listener.session) for listener in listeners}
    return {each for each, user in users.items() if user is None or user.pk != each.person}
