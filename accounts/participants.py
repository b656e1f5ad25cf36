"""The apps that know something of a person, named in settings.PERSONAL_DATA from the top down.

The one way from here upwards: each name is a module with what `Participant` lists.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import Model, QuerySet


@dataclass(frozen=True)
class Part:
    """One kind of thing that is a person's: `of` finds the rows, and each of `fields` is a key, a
    heading, and where in the row it stands (as in a template, with dots)."""

    name: str
    title: Any  # like the headings, translated when it is read
    model: type[Model]
    of: Callable[[Any], QuerySet[Any]]
    fields: list[tuple[str, Any, str]]


class Participant(Protocol):
    PARTS: list[Part]
    # The tables that name a person and are in no part, each with the reason why.
    NOT_EXPORTED: dict[type[Model], str]

    def shown_differently(self, person: Any) -> None:
        """Their name or avatar changed, or they are gone: make anew what shows it."""

    def held(self, person: Any) -> list[str]:
        """A sentence for each thing that must outlive them for a while, and why."""

    def erase(self, person: Any, words_stay: bool) -> None:
        """Take them out of this app; done again after it was broken off, it ends the work."""


def participants() -> Iterator[Participant]:
    for name in settings.PERSONAL_DATA:
        yield cast(Participant, import_module(name))


def shown_differently(person: Any) -> None:
    for app in participants():
        app.shown_differently(person)
