from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from newsroom.live import publishing
from newsroom.models.article import Article
from newsroom.models.correction import Correction


class Mistake(models.Model):
    """What a reader thinks is wrong in an article: told to its editors, not to the moderators."""

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        ACCEPTED = "accepted", _("corrected")
        DISMISSED = "dismissed", _("no error")

    article = models.ForeignKey(
        Article, models.CASCADE, related_name="mistakes", verbose_name=_("article")
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reader"),
    )
    text = models.CharField(_("what is wrong"), max_length=1000)
    at = models.DateTimeField(_("when"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    correction = models.ForeignKey(Correction, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("possible error")
        verbose_name_plural = _("possible errors")
        indexes = [
            models.Index(fields=["at"], condition=models.Q(outcome=""), name="open_mistakes")
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def accept(self, by: User, text: str) -> bool:
        """Publish the correction, with thanks to the reader; False: somebody decided before."""
        with publishing():
            if not self.decide(by, self.Outcome.ACCEPTED):
                return False
            note = Correction(article=self.article, text=text, by=by, thanks_to=self.reader)
            note.publish()
            Mistake.objects.filter(pk=self.pk).update(correction=note)
            return True

    def decide(self, by: User, outcome: str) -> bool:
        still_open = Mistake.objects.filter(pk=self.pk, outcome=self.Outcome.OPEN)
        return bool(still_open.update(outcome=outcome, decided_by=by))
