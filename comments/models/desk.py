"""What moderators keep for themselves and each other: claims, notes, questions, saved reasons."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models.comment import Comment
from newsroom.live import announce, publishing

CLAIMED = timedelta(minutes=2)  # long enough to read a thread, short enough to be no lock


class Claims(models.QuerySet["Claim"]):
    def held(self) -> "Claims":
        return self.filter(at__gt=timezone.now() - CLAIMED)

    def take(self, comment: Comment, person: User) -> "Claim":
        """It is this person's for a while, unless it is another's still."""
        with publishing():
            claim, new = self.select_for_update().get_or_create(
                comment=comment, defaults={"person": person}
            )
            is_over = claim.at <= timezone.now() - CLAIMED
            if not new and (claim.person_id == person.pk or is_over):
                new = claim.person_id != person.pk
                claim.person, claim.at = person, timezone.now()
                claim.save(update_fields=["person", "at"])
            if new:
                announce("desk", "claim", comment.pk)
            return claim


class Claim(models.Model):
    """Who is at work on a comment just now. It shows, and locks nothing."""

    comment = models.OneToOneField(Comment, models.CASCADE, related_name="claim")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = Claims.as_manager()


class Note(models.Model):
    """What moderators remember of a person, for moderators alone."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(_("note"), max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note on a person")
        verbose_name_plural = _("notes on people")


class Opinion(models.Model):
    """A second opinion, asked of a colleague or of all; whoever decides has answered."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="opinions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="asked_of_me"
    )
    question = models.CharField(_("question"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("second opinion")
        verbose_name_plural = _("second opinions")


class SavedReason(models.Model):
    """Words to an author that are often the right ones."""

    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("reason told to the author"), max_length=2000)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("saved reason")
        verbose_name_plural = _("saved reasons")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title
