from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from comments.models.discussion import Discussion


class Follows(models.Manager["Follow"]):
    def begin(self, person: Any, **what: Any) -> None:
        """Tell this person of a `discussion=`, or of what `followed=` says, from now on."""
        self.get_or_create(person=person, **what)

    def end(self, person: Any, **what: Any) -> None:
        self.filter(person=person, **what).delete()


class Follow(models.Model):
    """Somebody wants to be told of what is said in a discussion, or by a person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follows")
    discussion = models.ForeignKey(Discussion, models.CASCADE, null=True, db_index=False)
    followed = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="followers",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)

    objects = Follows()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(discussion__isnull=False, followed__isnull=True)
                | Q(discussion__isnull=True, followed__isnull=False),
                name="a_discussion_or_a_person_is_followed",
            ),
            models.CheckConstraint(
                condition=Q(followed__isnull=True) | ~Q(person=F("followed")),
                name="nobody_follows_themselves",
            ),
        ] + [
            # The followed first, so that the same index finds who follows it.
            models.UniqueConstraint(
                fields=[what, "person"],
                condition=Q(**{f"{what}__isnull": False}),
                name=f"one_follow_per_{what}",
            )
            for what in ("discussion", "followed")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.discussion or self.followed}"
