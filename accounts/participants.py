"""The apps that know something of a person, named in settings.PERSONAL_DATA from the top down.

The one way from here upwards: each name is a module with what `Participant` lists.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db.models import Model, Q, QuerySet

Field = tuple[str, Any] | tuple[str, Any, str]


@dataclass(frozen=True)
class Part:
    """One kind of thing that is a person's: the rows that name them in `whose`, or that `find`
    finds.

    Each of `fields` is a key, a heading, and where in the row it stands, as in a template with
    dots, when it is not called like the key. Headings are translated when they are read.
    """

    name: str
    title: Any
    model: type[Model]
    fields: list[Field]
    whose: str = "person"
    find: Callable[[Any], QuerySet[Any]] | None = None
    only: Q = field(default_factory=Q)
    order: tuple[str, ...] = ("pk",)

    def of(self, person: Any) -> QuerySet[Any]:
        rows = self.model._default_manager
        found = self.find(person) if self.find else rows.filter(**{self.whose: person.pk})
        return found.filter(self.only).select_related(*self.along).order_by(*self.order)

    @property
    def columns(self) -> list[tuple[str, Any, str]]:
        return [(key, heading, *(path or [key])) for key, heading, *path in self.fields]

    @cached_property
    def along(self) -> list[str]:
        """The rows of other tables that the fields lead through."""
        return [found for _k, _h, path in self.columns if (found := followed(self.model, path))]


def followed(model: type[Model], path: str) -> str:
    """“discussion__article” of “discussion.article.headline”: as far as one row leads to one."""
    first, _dot, rest = path.partition(".")
    field = next((f for f in model._meta.concrete_fields if f.name == first), None)
    if field is None or field.related_model is None:
        return ""
    further = followed(field.related_model, rest)
    return f"{first}__{further}" if further else first


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
