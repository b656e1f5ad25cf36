"""The desk asks itself: some decided comments are put before another moderator who is not told
what was decided. The answer changes nothing; it tells how far the desk agrees with itself."""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models.decision import UNDO, Decided, Decision
from newsroom.live import publishing

ONE_IN = 50  # decisions: 2 %, by their number, so that nobody chooses which
LATEST = 200  # of those are looked at, by their keys: however long the record is, it costs the same
ASKED_FOR = timedelta(days=14)  # what nobody has judged again by then, nobody is asked


class Agreement(NamedTuple):
    agreed: int
    asked: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.agreed / self.asked) if self.asked else None


class Rejudgements(models.QuerySet["Rejudgement"]):
    def to_judge(self, by: User) -> models.QuerySet[Decision]:
        """The decisions of others that this moderator may judge again, without what was decided.

        One that was reversed on appeal stays among them: else the desk looked better than it is.
        """
        now = timezone.now()
        newest = Decision.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        turns = range(newest - newest % ONE_IN, 0, -ONE_IN)[:LATEST]
        decided = Decision.objects.filter(
            pk__in=turns,
            at__range=(now - ASKED_FOR, now - UNDO),
            action__in=Rejudgement.Answer.values,
            automated=False,
            revision__isnull=False,
            comment__withdrawn_at__isnull=True,
            rejudgement=None,
        )
        undone = Q(reversed_by__action=Decision.Action.UNDO)
        return decided.exclude(undone).exclude(by=by).exclude(person=by)

    def judge(self, decision: Decision, by: User, answer: str) -> "Rejudgement":
        """Raises Decided where a colleague has answered, or where it is not this person's to."""
        with publishing():
            Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
            if not self.to_judge(by).filter(pk=decision.pk).exists():
                raise Decided("judged")
            return self.create(decision=decision, by=by, answer=answer)

    def agreement(self) -> Agreement:
        """Of the judgements of this queryset, those that said what had been decided."""
        same = Q(answer=F("decision__action"))
        return Agreement(**self.aggregate(agreed=Count("pk", same), asked=Count("pk")))


class Rejudgement(models.Model):
    """What another moderator would have decided. Only ever added to, as the decision is."""

    class Answer(models.TextChoices):
        APPROVE = Decision.Action.APPROVE.value, _("approve")
        REMOVE = Decision.Action.REMOVE.value, _("remove")

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="rejudgement")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    at = models.DateTimeField(default=timezone.now)

    objects = Rejudgements.as_manager()

    class Meta:
        verbose_name = _("blind judgement")
        verbose_name_plural = _("blind judgements")
        indexes = [models.Index(fields=["at"], name="rejudgements_by_time")]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_answer_display()}"
