import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone

from comments.models.comment import LONGEST, Comment
from newsroom.keyset import microseconds
from newsroom.models import Article

LONGEST_DRAFT = 2 * LONGEST  # what is too long to post is still worth keeping


def new_key() -> str:
    return secrets.token_urlsafe(24)


class Newer(Exception):
    """Another device was here since: this is the `text` it left, and its `version`."""

    def __init__(self, draft: "Draft | None") -> None:
        super().__init__()
        self.text, self.version = (draft.text, draft.version) if draft else ("", 0)


class Drafts(models.QuerySet["Draft"]):
    def keep(
        self, article: Article, text: str, reply_to: Comment | None = None, **whose
    ) -> "Draft":
        """Keep the latest text of this person (`person=`) or visitor (`key=`) in its place."""
        draft, _new = self.update_or_create(
            article=article,
            reply_to=reply_to,
            **whose,
            defaults={"text": text[:LONGEST_DRAFT], "updated_at": timezone.now()},
        )
        return draft

    def autosave(
        self, article: Article, text: str, reply_to: Comment | None, person, seen: int
    ) -> int:
        """Keep this text in place of the version that was `seen`, 0 for none; its version.

        Raises Newer where another device has kept something since, or sent it.
        """
        with transaction.atomic():
            mine = self.filter(article=article, reply_to=reply_to, person=person)
            draft = mine.select_for_update().first()
            if (draft.text if draft else "") == text:
                return draft.version if draft else 0
            if (draft.version if draft else 0) != seen:
                raise Newer(draft)
            if not text:
                mine.delete()
                return 0
            return self.keep(article, text, reply_to, person=person).version

    def claim(self, key: str, person) -> None:
        """What a visitor wrote under this key is this person's from now on."""
        for draft in self.filter(key=key):
            self.keep(draft.article, draft.text, draft.reply_to, person=person)
            draft.delete()

    def done(self, article: Article, reply_to: Comment | None, person) -> None:
        self.filter(article=article, reply_to=reply_to, person=person).delete()


class Draft(models.Model):
    """Words not sent yet: a person's, or a visitor's, known by a key in a cookie."""

    article = models.ForeignKey(Article, models.CASCADE)
    reply_to = models.ForeignKey(Comment, models.CASCADE, null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    key = models.CharField(max_length=40, null=True)
    text = models.TextField()
    updated_at = models.DateTimeField(default=timezone.now)

    objects = Drafts.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, key__isnull=True)
                | Q(person__isnull=True, key__isnull=False),
                name="drafts_are_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(LessThanOrEqual(Length("text"), LONGEST_DRAFT)),
                name="drafts_are_bounded",
            ),
        ] + [
            models.UniqueConstraint(
                fields=[whose, "article"] + (["reply_to"] if reply else []),
                condition=Q(reply_to__isnull=not reply),
                name=f"one_draft_per_{whose}_and_{'reply' if reply else 'article'}",
            )
            for whose in ("person", "key")
            for reply in (False, True)
        ]

    @property
    def version(self) -> int:
        """No two states of a draft have the same."""
        return microseconds(self.updated_at)
