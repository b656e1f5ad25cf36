from urllib.parse import quote

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from comments.models.mute import Mute
from newsroom.markup import MENTION

MOST = 5  # who names more people than that answers none of them


class Mentions(models.QuerySet["Mention"]):
    def named(self, text: str, discussion: int) -> list[User]:
        """Whom a text names with an @, of those who spoke publicly in this discussion.

        Who did not, whom there never was and who is gone read the same: as plain words.
        """
        handles = list(dict.fromkeys(found.lower() for found in MENTION.findall(text)))[: 4 * MOST]
        if not handles:
            return []
        there = User.objects.filter(
            username__in=handles,
            is_active=True,
            comments__discussion=discussion,
            comments__is_public=True,
        ).distinct()
        return sorted(there, key=lambda person: handles.index(person.username))[:MOST]

    def keep(self, comment, people: list[User]) -> None:
        """The comment names these people now; who was named before and still is, stays so."""
        comment.mentions.exclude(person__in=people).delete()
        for person in people:
            self.get_or_create(comment=comment, person=person)

    def to_tell(self, comment) -> "Mentions":
        """Those who want to know: neither the writer, nor who muted the writer."""
        muted = Mute.objects.filter(person=OuterRef("person"), muted=comment.author_id)
        return self.filter(~Exists(muted), comment=comment).exclude(person=comment.author_id)


class Mention(models.Model):
    """A comment names this person."""

    comment = models.ForeignKey(
        "comments.Comment", models.CASCADE, related_name="mentions", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mentions")

    objects = Mentions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="one_mention_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}: {self.person}"


def addresses(people: list[User]) -> tuple[tuple[str, str], ...]:
    """Handles and where their links lead, as the renderer takes them."""
    return tuple((person.username, f"/people/{quote(person.username)}/") for person in people)
