"""Who joins or leaves the staff wears another badge wherever they spoke."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from comments.models import Comment


def changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **_: Any) -> None:
    """Django's word that groups of a person, or people of a group, changed."""
    if action not in ("post_add", "post_remove", "pre_clear", "post_clear"):
        return
    if not reverse:
        people = Q(author=instance)
    elif pk_set is not None:
        people = Q(author__in=pk_set)
    else:
        people = Q(author__in=User.objects.filter(groups=instance))
    Comment.objects.filter(people).shown_anew()
