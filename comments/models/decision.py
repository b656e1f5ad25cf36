import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Clause, User
from comments.models.comment import Comment, Revision
from comments.models.discussion import Discussion
from comments.models.draft import Draft
from comments.models.report import Report
from comments.models.sanction import Sanction
from newsroom.live import announce, publishing
from newsroom.models import Article


class Decided(Exception):
    """Somebody has decided this already; `state` is what the comment is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Decisions(models.QuerySet["Decision"]):
    """Each word of the desk: one transaction of state, row, statement, reports and event."""

    def approve(
        self, comment: Comment, by: User, revision: int, last: int | None = None
    ) -> "Decision":
        """Let a waiting comment be read, or say that a reported one may stay.

        `last` is the newest decision on it that was seen, 0 for none; a newer one is respected.
        """
        with comment.in_hand("approve", revision):
            if comment.state == Comment.State.REMOVED or self.newer(comment, last):
                raise Decided(comment.state)
            comment.set_state(Comment.State.PUBLIC)
            self.close_reports(comment, Report.Outcome.DISMISSED)
            return self.on(comment, by, Decision.Action.APPROVE)

    def remove(
        self,
        comment: Comment,
        by: User,
        revision: int,
        clause: Clause,
        facts: str,
        last: int | None = None,
    ) -> "Decision":
        """Take the comment from the page, under a clause, with a statement to its author."""
        with comment.in_hand("remove", revision):
            if comment.state == Comment.State.REMOVED or self.newer(comment, last):
                raise Decided(comment.state)
            comment.set_state(Comment.State.REMOVED)
            self.close_reports(comment, Report.Outcome.UPHELD)
            decision = self.on(comment, by, Decision.Action.REMOVE, clause=clause, facts=facts)
            decision.state_reasons()
            return decision

    def restore(self, comment: Comment, by: User, facts: str = "") -> "Decision":
        """Put a removed comment back in its place; it reverses the removal."""
        with comment.in_hand("restore"):
            if comment.state != Comment.State.REMOVED:
                raise Decided(comment.state)
            comment.set_state(Comment.State.PUBLIC)
            removal = self.filter(comment=comment, action=Decision.Action.REMOVE).latest("id")
            return self.on(comment, by, Decision.Action.RESTORE, facts=facts, reverses=removal)

    def suspend(
        self,
        person: User,
        by: User,
        clause: Clause,
        facts: str,
        until: datetime | None,
        comment: Comment | None = None,
    ) -> "Decision":
        """Keep a person from commenting until then; None: permanently."""
        with publishing():
            User.objects.select_for_update().get(pk=person.pk)
            if Sanction.objects.suspending(person):
                raise Decided("suspended")
            decision = self.create(
                person=person,
                by=by,
                comment=comment,
                revision=comment.current if comment else None,
                action=Decision.Action.SUSPEND,
                clause=clause,
                clause_text=clause.as_it_reads,
                facts=facts,
            )
            Sanction.objects.create(person=person, decision=decision, ends_at=until)
            decision.state_reasons(until)
            announce(f"person:{person.pk}", "suspend", person.pk)
            return decision

    def lift(self, sanction: Sanction, by: User, facts: str = "") -> "Decision":
        """End a sanction before its time."""
        with publishing():
            now = timezone.now()
            held = Sanction.objects.filter(pk=sanction.pk, lifted_at__isnull=True)
            if not held.update(lifted_at=now, lifted_by=by):
                raise Decided("lifted")
            announce(f"person:{sanction.person_id}", "lift", sanction.person_id)
            return self.create(
                person=sanction.person,
                by=by,
                action=Decision.Action.LIFT,
                facts=facts,
                reverses=sanction.decision,
            )

    # What an editor does with a discussion. Said again, it is done already and no second row.

    def pick(self, comment: Comment, by: User, is_picked: bool = True) -> None:
        """Show it among the editors' picks, or no longer."""
        with comment.in_hand("pick"):
            if comment.is_public and (comment.picked_at is not None) != is_picked:
                comment.picked_at = timezone.now() if is_picked else None
                comment.save(update_fields=["picked_at"])
                self.on(comment, by, Decision.Action.PICK if is_picked else Decision.Action.UNPICK)

    def pin(self, comment: Comment, by: User, is_pinned: bool = True) -> None:
        """Keep it above its discussion, in the place of the one there; or no longer."""
        with comment.in_hand("pin"):
            held = Discussion.objects.filter(pk=comment.discussion_id)
            held = held.exclude(pinned=comment) if is_pinned else held.filter(pinned=comment)
            if comment.is_public and held.update(pinned=comment if is_pinned else None):
                self.on(comment, by, Decision.Action.PIN if is_pinned else Decision.Action.UNPIN)

    def move(self, root: Comment, to: Article, by: User) -> None:
        """Bring a misplaced thread to the article that it is about."""
        with publishing():
            root = Comment.objects.whole().select_for_update(of=("self",)).get(pk=root.pk)
            was = root.article
            if was != to:
                root.move_thread(Discussion.objects.begun(to))
                below = Q(reply_to=root) | Q(reply_to__root=root)
                Draft.objects.filter(below, article=was).update(article=to)
                self.on(root, by, Decision.Action.MOVE, facts=f"{was} → {to}")

    def run(self, discussion: Discussion, by: User, changed: list[str], facts: str) -> None:
        """Open, close, slow down, pre-moderate: keep these changed fields, and tell readers."""
        with publishing():
            discussion.save(update_fields=changed)
            discussion.move()
            announce(discussion.topic, "state", discussion.pk)
            self.create(discussion=discussion, by=by, action=Decision.Action.RUN, facts=facts)

    def newer(self, comment: Comment, last: int | None) -> bool:
        """Whether somebody decided on the comment after the decision that was seen last."""
        about_it = self.filter(comment=comment, action__in=Decision.ABOUT_A_STATE)
        return last is not None and about_it.filter(pk__gt=last).exists()

    def on(self, comment: Comment, by: User, action: str, **more) -> "Decision":
        clause = more.get("clause")
        return self.create(
            comment=comment,
            revision=comment.current,
            person=comment.author,
            by=by,
            action=action,
            clause_text=clause.as_it_reads if clause else "",
            **more,
        )

    def close_reports(self, comment: Comment, outcome: str) -> None:
        Report.objects.filter(comment=comment, outcome=Report.Outcome.OPEN).update(outcome=outcome)


class Decision(models.Model):
    """Who decided what about whom, under which clause as it read that day. Only ever added to."""

    class Action(models.TextChoices):
        APPROVE = "approve", _("approved")
        REMOVE = "remove", _("removed")
        RESTORE = "restore", _("restored")
        SUSPEND = "suspend", _("suspended")
        LIFT = "lift", _("suspension lifted")
        PICK = "pick", _("picked")
        UNPICK = "unpick", _("no longer picked")
        PIN = "pin", _("pinned")
        UNPIN = "unpin", _("no longer pinned")
        MOVE = "move", _("thread moved")
        RUN = "run", _("discussion changed")

    ABOUT_A_STATE = [Action.APPROVE, Action.REMOVE, Action.RESTORE]

    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, related_name="decisions", verbose_name=_("comment")
    )
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    discussion = models.ForeignKey(
        Discussion, models.PROTECT, null=True, related_name="+", verbose_name=_("discussion")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="decisions_about",
        verbose_name=_("about"),
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="decisions",
        verbose_name=_("by"),
        help_text=_("Empty: the machine."),
    )
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, verbose_name=_("clause"))
    clause_text = models.TextField(_("clause as it read"), blank=True)
    facts = models.TextField(_("reason"), blank=True)
    automated = models.BooleanField(_("automated"), default=False)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = Decisions.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["person", "-at"], name="decisions_about_a_person")]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.at:%Y-%m-%d %H:%M}"

    def state_reasons(self, ends_at: datetime | None = None) -> None:
        """Tell the person concerned; nobody is there to tell when the account is gone."""
        if self.person:
            StatementOfReasons.objects.create(decision=self, person=self.person, ends_at=ends_at)


def new_reference() -> str:
    return f"{timezone.now():%Y}-{secrets.token_hex(5)}"


class StatementOfReasons(models.Model):
    """What the person concerned is told about a decision (EU Digital Services Act, art. 17)."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="statement")
    reference = models.CharField(max_length=40, unique=True, default=new_reference)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="statements"
    )
    ends_at = models.DateTimeField(null=True, help_text=_("Empty: for good."))
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("statement of reasons")
        verbose_name_plural = _("statements of reasons")

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("decision", args=[self.reference])
