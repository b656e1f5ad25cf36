"""Who stands above whom: measures are taken against those below oneself, and never upwards."""

from typing import Any

from comments.models.discussion import runs_discussions


class NotBelow(Exception):
    """The person stands as high as whoever would act, or higher."""


def rank(person: Any) -> int:
    """Readers and authors 0, who moderates 1, who runs the paper 2, who runs the site 3.

    By what they may do, and not by the names of groups, which a newsroom makes as it likes.
    """
    steps = (person.has_perm("comments.moderate_comment"), runs_discussions(person))
    return 3 if person.is_superuser else sum(steps)


def is_below(person: Any, by: Any) -> bool:
    return rank(person) < rank(by)
