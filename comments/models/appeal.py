from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Clause, User
from comments.models.comment import Comment
from comments.models.decision import Decided, Decision
from comments.models.notification import Kind, Notification
from comments.models.statement import StatementOfReasons
from newsroom.live import announce, publishing

BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


class Appeals(models.QuerySet["Appeal"]):
    def open(self) -> "Appeals":
        return self.filter(is_open=True)

    def make(self, decision: Decision, text: str, **whose: Any) -> "Appeal":
        """This person (`person=`) or notifier (`notice=`) disagrees. One of each, said once.

        Raises Decided where the six months are over or the decision does not hold any more.
        """
        with publishing():
            if decision.is_over or timezone.now() > decision.appealable_until:
                raise Decided("over")
            appeal, new = self.get_or_create(decision=decision, **whose, defaults={"text": text})
            if new:
                announce("desk", "appeal", appeal.pk)
            return appeal


class Appeal(models.Model):
    """Somebody told of a decision says that it is wrong (art. 20): the author of a comment, or
    whoever reported it."""

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        UPHELD = "upheld", _("the decision stands")
        REVERSED = "reversed", _("the decision is reversed")

    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="appeals", verbose_name=_("decision")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="appeals",
        verbose_name=_("person"),
    )
    notice = models.ForeignKey(
        "comments.Notice",
        models.PROTECT,
        null=True,
        related_name="appeals",
        verbose_name=_("notice"),
    )
    text = models.TextField(_("why the decision is wrong"), max_length=5000)
    at = models.DateTimeField(_("when"), default=timezone.now)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome.choices, blank=True, default=""
    )
    is_open = models.GeneratedField(
        expression=Q(outcome=""),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    # The decision that answers it: by whom, when and why stand there.
    answer = models.ForeignKey(
        Decision, models.PROTECT, null=True, related_name="answered", verbose_name=_("answer")
    )

    objects = Appeals.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "person"],
                condition=Q(person__isnull=False),
                name="one_appeal_per_person",
            ),
            models.UniqueConstraint(
                fields=["decision", "notice"],
                condition=Q(notice__isnull=False),
                name="one_appeal_per_notice",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(is_open=True), name="open_appeals")]

    def __str__(self) -> str:
        return f"{self.decision}: {self.get_outcome_display()}"

    @property
    def by_a_reporter(self) -> bool:
        """Of a comment that stayed, where the appeal asks for its removal."""
        return self.decision.action in (Decision.Action.APPROVE, Decision.Action.REFUSE)

    def others(self) -> "models.QuerySet[User]":
        """Who may decide besides whoever took the decision."""
        everybody = User.objects.with_perm(
            "comments.moderate_comment", backend=BACKEND, include_superusers=True
        )
        return everybody.exclude(pk=self.decision.by_id).exclude(pk=self.person_id)

    def may_be_decided_by(self, user: User) -> bool:
        """Not by whoever took the decision, unless the paper has nobody else."""
        if user.pk == self.person_id:
            return False
        return user.pk != self.decision.by_id or not self.others().exists()

    def uphold(self, by: User, facts: str) -> Decision:
        """The decision stands."""
        with publishing():
            self.lock(by)
            return self.close(Decision.objects.all().uphold(self.decision, by, facts), "upheld")

    def reverse(self, by: User, facts: str, clause: Clause | None = None) -> Decision:
        """The decision was wrong: all is put back, or what had stayed is removed after all."""
        with publishing():
            self.lock(by)
            decisions = Decision.objects.all()
            comment: Comment | None = self.decision.comment
            if not self.by_a_reporter:
                answer = decisions.make_good(self.decision, by, facts)
            elif comment is None:
                answer = decisions.uphold(self.decision, by, facts)
            else:
                source = Decision.Source.NOTICE if self.notice else Decision.Source.NOTIFICATION
                answer = decisions.remove(
                    comment, by, comment.current.n, clause, facts, source=source
                )
                decisions.answer_reports(self.decision.reports.all(), answer, "upheld")
            return self.close(answer, "reversed")

    def lock(self, by: User) -> None:
        fresh = Appeal.objects.select_for_update().get(pk=self.pk)
        if fresh.outcome or not fresh.may_be_decided_by(by):
            raise Decided(fresh.outcome or "not by you")

    def close(self, answer: Decision, outcome: str) -> Decision:
        self.answer, self.outcome = answer, outcome
        self.save(update_fields=["answer", "outcome"])
        statement = StatementOfReasons.objects.filter(decision=self.decision).first()
        if self.person_id and statement and statement.person_id == self.person_id:
            Notification.objects.tell(Kind.APPEAL, [self.person_id], statement=statement)
        announce("desk", "appeal", self.pk)
        return answer
