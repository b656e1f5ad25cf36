from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Clause, User
from comments.models.comment import Comment, Revision
from comments.models.decision import Decided, Decision
from comments.models.statement import new_reference
from newsroom.live import announce, publishing


class Notice(models.Model):
    """Anybody's word that something here is against the law (art. 16), and what became of it."""

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        FOLLOWED = "followed", _("acted upon")
        REFUSED = "refused", _("not followed")

    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    address = models.CharField(_("address of the content"), max_length=500)
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="notices")
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    # What it said when the notice came: it stays when the comment or its author goes.
    evidence = models.TextField(_("the content, frozen"), blank=True)
    reasons = models.TextField(_("why it is illegal"), max_length=5000)
    law = models.CharField(_("the law it breaks, if you know"), max_length=300, blank=True)
    name = models.CharField(_("your name"), max_length=120, blank=True)
    email = models.EmailField(_("your email address"), blank=True)
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    is_open = models.GeneratedField(
        expression=Q(outcome=""),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    answer = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("notice of illegal content")
        verbose_name_plural = _("notices of illegal content")
        indexes = [models.Index(fields=["id"], condition=Q(is_open=True), name="open_notices")]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("notice", args=[self.reference])

    def follow(
        self,
        by: User,
        facts: str,
        law: str,
        clause: Clause | None,
        source: str = Decision.Source.NOTICE,
    ) -> Decision:
        """It is illegal: what can be removed here is removed."""
        with publishing():
            self.lock()
            decisions = Decision.objects.all()
            told: dict[str, Any] = {
                "facts": facts,
                "legal_ground": law,
                "source": source,
                "notice": self,
            }
            comment = self.comment
            if comment and comment.state != Comment.State.REMOVED:
                answer = decisions.remove(comment, by, comment.current.n, clause, **told)
            else:  # an article is an editor's to change, and what is removed stays so
                answer = decisions.create(by=by, action=Decision.Action.UPHOLD, **told)
            return self.close(answer, Notice.Outcome.FOLLOWED)

    def refuse(self, by: User, facts: str) -> Decision:
        with publishing():
            self.lock()
            answer = Decision.objects.create(
                comment=self.comment,
                revision=self.revision,
                person=self.comment.author if self.comment else None,
                by=by,
                action=Decision.Action.REFUSE,
                facts=facts,
                source=Decision.Source.NOTICE,
                notice=self,
            )
            return self.close(answer, Notice.Outcome.REFUSED)

    def lock(self) -> None:
        if Notice.objects.select_for_update().get(pk=self.pk).outcome:
            raise Decided("notice")

    def close(self, answer: Decision, outcome: str) -> Decision:
        self.answer, self.outcome = answer, outcome
        self.save(update_fields=["answer", "outcome"])
        announce("desk", "notice", self.pk)
        return answer
