from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Clause, User
from comments.models.comment import Comment, Revision
from comments.models.discussion import Discussion
from comments.models.draft import Draft
from comments.models.notification import Kind, Notification
from comments.models.rank import NotBelow, is_below
from comments.models.report import Report
from comments.models.sanction import Sanction
from comments.models.statement import StatementOfReasons
from newsroom.live import announce, publishing
from newsroom.models import Article

UNDO = timedelta(seconds=30)  # what slipped is taken back before its mail leaves
APPEAL = timedelta(days=183)  # art. 20 of the Digital Services Act: six months at least


class Decided(Exception):
    """Somebody has decided this already; `state` is what the comment is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class Decisions(models.QuerySet["Decision"]):
    """Each word of the desk: one transaction of state, row, statement, reports and event."""

    # About a comment

    def approve(
        self, comment: Comment, by: User, revision: int, last: int | None = None, **more: Any
    ) -> "Decision":
        """Let a waiting comment be read, or say that a reported one may stay.

        `last` is the newest decision on it that was seen, 0 for none; a newer one is respected.
        """
        with self.deciding(comment, "approve", revision, last):
            held = self.holding(comment)
            decision = self.on(comment, by, Decision.Action.APPROVE, **more)
            comment.set_state(Comment.State.PUBLIC)
            self.close_reports(decision, Report.Outcome.DISMISSED)
            if held:
                self.tell_its_person(held, decision, "reversed")
            return decision

    def remove(
        self,
        comment: Comment,
        by: User,
        revision: int,
        clause: Clause | None,
        facts: str,
        last: int | None = None,
        **more: Any,
    ) -> "Decision":
        """Take the comment from the page, under a clause, with a statement to its author."""
        with self.deciding(comment, "remove", revision, last):
            more.setdefault("source", self.source_of(comment))
            held = self.holding(comment)
            decision = self.on(
                comment, by, Decision.Action.REMOVE, clause=clause, facts=facts, **more
            )
            comment.set_state(Comment.State.REMOVED)
            self.close_reports(decision, Report.Outcome.UPHELD)
            decision.state_reasons()
            if held:
                self.end_appeals(held, decision, "upheld")
            return decision

    def hold(self, comment: Comment, why: str) -> "Decision":
        """The machine's: hide a public comment until a moderator has read it, and tell so."""
        with comment.in_hand("hold"):
            if comment.state != Comment.State.PUBLIC:
                raise Decided(comment.state)
            decision = self.on(
                comment,
                None,
                Decision.Action.HOLD,
                facts=why,
                automated=True,
                detected=True,
                source=Decision.Source.NOTIFICATION,
            )
            comment.set_state(Comment.State.PENDING, why)
            decision.state_reasons()
            return decision

    def restore(self, comment: Comment, by: User, facts: str = "") -> "Decision":
        """Put a removed comment back in its place; it reverses the removal."""
        with comment.in_hand("restore"):
            if comment.state != Comment.State.REMOVED:
                raise Decided(comment.state)
            removal = self.filter(comment=comment, action=Decision.Action.REMOVE).latest("id")
            decision = self.on(comment, by, Decision.Action.RESTORE, facts=facts, reverses=removal)
            comment.set_state(Comment.State.PUBLIC)
            self.reversal(decision, Report.Outcome.DISMISSED)
            return decision

    # About a person

    def warn(
        self, person: User, by: User, clause: Clause, facts: str, comment: Comment | None = None
    ) -> "Decision":
        """Say that this was too much, and what comes next; nothing is restricted.

        Against those below oneself alone, as every measure: raises NotBelow.
        """
        self.must_be_below(person, by)
        with publishing():
            decision = self.about(
                person, by, Decision.Action.WARN, comment, clause=clause, facts=facts
            )
            decision.state_reasons()
            announce(f"person:{person.pk}", "warn", person.pk)
            return decision

    def suspend(
        self,
        person: User,
        by: User,
        clause: Clause,
        facts: str,
        until: datetime | None,
        comment: Comment | None = None,
        kind: str = Sanction.Kind.SUSPENSION,
    ) -> "Decision":
        """Keep a person from commenting until then; None: permanently, which is a ban."""
        self.must_be_below(person, by)
        with publishing():
            User.objects.select_for_update().get(pk=person.pk)
            if Sanction.objects.in_force().filter(person=person, kind=kind).exists():
                raise Decided("suspended")
            action = Decision.Action.SUSPEND if until else Decision.Action.BAN
            if kind == Sanction.Kind.PREMODERATION:
                action = Decision.Action.PREMODERATE
            decision = self.about(person, by, action, comment, clause=clause, facts=facts)
            Sanction.objects.create(person=person, kind=kind, decision=decision, ends_at=until)
            if action == Decision.Action.BAN:
                person.wear("")
            decision.state_reasons(until)
            announce(f"person:{person.pk}", "suspend", person.pk)
            return decision

    def lift(self, sanction: Sanction, by: User, facts: str = "") -> "Decision":
        """End a sanction before its time: anybody's but one's own."""
        if sanction.person_id == by.pk:
            raise NotBelow
        with publishing():
            held = Sanction.objects.filter(pk=sanction.pk, lifted_at__isnull=True)
            if not held.update(lifted_at=timezone.now(), lifted_by=by):
                raise Decided("lifted")
            announce(f"person:{sanction.person_id}", "lift", sanction.person_id)
            decision = self.create(
                person=sanction.person,
                by=by,
                action=Decision.Action.LIFT,
                facts=facts,
                reverses=sanction.decision,
            )
            self.reversal(decision)
            return decision

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

    # About a decision

    def undo(self, decision: "Decision", by: User) -> "Decision":
        """Take back what slipped, within UNDO and by whoever did it: as if it had not been done.

        Raises Decided where the time is over, or where something was decided since.
        """
        with publishing():
            self.select_for_update().get(pk=decision.pk)
            if not self.undoable(by).filter(pk=decision.pk).exists():
                raise Decided("too late")
            told = Notification.objects.filter(
                Q(statement__decision=decision) | Q(decision=decision)
            )
            people = list(told.values_list("person", flat=True))
            told.delete()  # its mail has not left yet
            Notification.objects.recount(people)
            if decision.comment is None or decision.action in Decision.ABOUT_A_PERSON:
                undone = self.create(
                    person=decision.person, by=by, action=Decision.Action.UNDO, reverses=decision
                )
                Sanction.objects.filter(decision=decision, lifted_at__isnull=True).update(
                    lifted_at=timezone.now(), lifted_by=by
                )
                if decision.person:
                    announce(f"person:{decision.person.pk}", "lift", decision.person.pk)
                return undone
            return self.undo_on(decision, decision.comment, by)

    def undo_on(self, decision: "Decision", comment: Comment, by: User) -> "Decision":
        with comment.in_hand("undo"):
            if self.newer(comment, decision.pk):
                raise Decided(comment.state)
            undone = self.on(comment, by, Decision.Action.UNDO, reverses=decision)
            if decision.action in (Decision.Action.PICK, Decision.Action.UNPICK):
                was_picked = decision.action == Decision.Action.UNPICK
                comment.picked_at = timezone.now() if was_picked else None
                comment.save(update_fields=["picked_at"])
            else:
                comment.set_state(decision.state_was, decision.held_because)
            decision.reports.update(outcome=Report.Outcome.OPEN, decision=None)
            decision.answered.update(outcome="", answer=None)
            return undone

    def make_good(self, decision: "Decision", by: User, facts: str) -> "Decision":
        """What an appeal gets that is right: the comment in its place, or the sanction over."""
        comment = decision.comment
        if comment and decision.action == Decision.Action.HOLD and comment.state == "pending":
            return self.approve(comment, by, comment.current.n, facts=facts)
        if comment and decision.action not in Decision.ABOUT_A_PERSON:
            return self.restore(comment, by, facts)
        sanction = Sanction.objects.filter(decision=decision).first()
        if sanction and sanction.lifted_at is None:
            return self.lift(sanction, by, facts)
        if self.filter(reverses=decision).exists():
            raise Decided("reversed")
        person = decision.person
        return self.create(
            person=person, by=by, action=Decision.Action.LIFT, facts=facts, reverses=decision
        )

    def uphold(self, decision: "Decision", by: User, facts: str) -> "Decision":
        """The answer to an appeal that changes nothing."""
        return self.create(
            comment=decision.comment,
            revision=decision.revision,
            person=decision.person,
            by=by,
            action=Decision.Action.UPHOLD,
            facts=facts,
        )

    def undoable(self, by: User) -> "Decisions":
        """What this person did just now, and may still take back; the latest first."""
        return self.filter(
            by=by,
            at__gt=timezone.now() - UNDO,
            action__in=Decision.UNDOABLE,
            reversed_by__isnull=True,
        ).order_by("-id")

    def in_force(self) -> "Decisions":
        return self.filter(~Exists(Decision.objects.filter(reverses=OuterRef("pk"))))

    # Helpers

    def must_be_below(self, person: User, by: User) -> None:
        if not is_below(person, by):
            raise NotBelow

    @contextmanager
    def deciding(
        self, comment: Comment, kind: str, revision: int, last: int | None
    ) -> Iterator[None]:
        with comment.in_hand(kind, revision):
            if comment.state == Comment.State.REMOVED or self.newer(comment, last):
                raise Decided(comment.state)
            yield

    def newer(self, comment: Comment, last: int | None) -> bool:
        """Whether somebody decided on the comment after the decision that was seen last."""
        about_it = self.filter(comment=comment, action__in=Decision.ABOUT_A_STATE)
        return last is not None and about_it.filter(pk__gt=last).exists()

    def on(self, comment: Comment, by: User | None, action: str, **more: Any) -> "Decision":
        clause = more.get("clause")
        more.setdefault("detected", bool(comment.held_because))
        return self.create(
            comment=comment,
            revision=comment.current,
            person=comment.author,
            by=by,
            action=action,
            state_was=comment.state,
            held_because=comment.held_because,
            clause_text=clause.as_it_reads if clause else "",
            **more,
        )

    def about(
        self, person: User, by: User, action: str, comment: Comment | None, **more: Any
    ) -> "Decision":
        return self.create(
            person=person,
            by=by,
            comment=comment,
            revision=comment.current if comment else None,
            action=action,
            clause_text=more["clause"].as_it_reads,
            source=self.source_of(comment) if comment else Decision.Source.VOLUNTARY,
            **more,
        )

    def source_of(self, comment: Comment) -> str:
        was_reported = comment.reports.exclude(outcome=Report.Outcome.DISMISSED).exists()
        return Decision.Source.NOTIFICATION if was_reported else Decision.Source.VOLUNTARY

    def holding(self, comment: Comment) -> "Decision | None":
        """Where a machine hid it and nobody has decided since: the decision that did."""
        if comment.state != Comment.State.PENDING:
            return None
        return self.filter(comment=comment, action=Decision.Action.HOLD).order_by("-pk").first()

    def close_reports(self, decision: "Decision", outcome: str) -> None:
        """Each reporter is told, and finds the outcome, and its decision, at the report."""
        decision.comment.opinions.all().delete()
        is_open = Report.objects.filter(comment=decision.comment, outcome=Report.Outcome.OPEN)
        self.answer_reports(is_open, decision, outcome)

    def answer_reports(
        self, reports: models.QuerySet[Report], decision: "Decision", outcome: str
    ) -> None:
        reporters = [pk for pk in reports.values_list("reporter", flat=True) if pk]
        reports.update(outcome=outcome, decision=decision)
        if reporters:
            Notification.objects.tell(Kind.REPORT, reporters, decision=decision)

    def reversal(self, decision: "Decision", outcome: str = "") -> None:
        """Whoever was told of what is reversed now is told of that, and no appeal stays open."""
        was = cast("Decision", decision.reverses)
        if outcome:
            self.answer_reports(was.reports.all(), decision, outcome)
        self.tell_its_person(was, decision, "reversed")

    def tell_its_person(self, was: "Decision", decision: "Decision", outcome: str) -> None:
        """Whoever has a statement about what does not hold any more; whoever appealed, by that."""
        told = StatementOfReasons.objects.filter(decision=was, person__isnull=False).first()
        if told is None or told.person_id is None or self.end_appeals(was, decision, outcome):
            return
        Notification.objects.tell(Kind.DECISION, [told.person_id], decision=decision)
        if Notification.objects.filter(statement=told, mail_at__isnull=False).exists():
            # The mail that would have told it has not left: neither does one that takes it back.
            of_both = Q(statement=told) | Q(decision=decision, kind=Kind.DECISION)
            Notification.objects.filter(of_both).update(mail_at=None)

    def end_appeals(self, was: "Decision", decision: "Decision", outcome: str) -> bool:
        """Whether its person had an appeal open: it is answered by this decision."""
        appeals = was.appeals.filter(outcome="")
        appealed = [pk for pk in appeals.values_list("person", flat=True) if pk == was.person_id]
        appeals.update(outcome=outcome, answer=decision)
        if appealed:
            Notification.objects.tell(Kind.APPEAL, appealed, statement=was.statement)
        return bool(appealed)


class Decision(models.Model):
    """Who decided what about whom, under which clause as it read that day.

    Only ever added to: the database itself refuses anything else (accounts/record.py).
    """

    class Action(models.TextChoices):
        APPROVE = "approve", _("approved")
        REMOVE = "remove", _("removed")
        RESTORE = "restore", _("restored")
        HOLD = "hold", _("hidden until it is read")
        PICK = "pick", _("picked")
        UNPICK = "unpick", _("no longer picked")
        PIN = "pin", _("pinned")
        UNPIN = "unpin", _("no longer pinned")
        MOVE = "move", _("thread moved")
        RUN = "run", _("discussion changed")
        WARN = "warn", _("warned")
        PREMODERATE = "premoderate", _("pre-moderated")
        SUSPEND = "suspend", _("suspended")
        BAN = "ban", _("banned")
        LIFT = "lift", _("sanction lifted")
        UNDO = "undo", _("undone")
        UPHOLD = "uphold", _("upheld on appeal")
        REFUSE = "refuse", _("notice not followed")

    class Source(models.TextChoices):
        VOLUNTARY = "voluntary", _("the newsroom’s own reading")
        NOTIFICATION = "report", _("a reader’s report")
        NOTICE = "notice", _("a notice of illegal content")
        TRUSTED = "trusted", _("a trusted flagger’s notice")

    ABOUT_A_PERSON = (Action.WARN, Action.PREMODERATE, Action.SUSPEND, Action.BAN)
    ABOUT_A_STATE = (Action.APPROVE, Action.REMOVE, Action.RESTORE, Action.HOLD, Action.UNDO)
    RESTRICTIONS = (
        Action.REMOVE,
        Action.HOLD,
        Action.PREMODERATE,
        Action.SUSPEND,
        Action.BAN,
    )
    UNDOABLE = (
        *ABOUT_A_PERSON,
        Action.APPROVE,
        Action.REMOVE,
        Action.PICK,
        Action.UNPICK,
    )

    comment = models.ForeignKey(
        Comment, models.PROTECT, null=True, related_name="decisions", verbose_name=_("comment")
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, null=True, related_name="+", verbose_name=_("version")
    )
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
    action = models.CharField(_("action"), max_length=20, choices=Action.choices)
    clause = models.ForeignKey(Clause, models.PROTECT, null=True, verbose_name=_("clause"))
    clause_text = models.TextField(_("clause as it read"), blank=True)
    facts = models.TextField(_("reason"), blank=True)
    legal_ground = models.CharField(_("law"), max_length=500, blank=True)
    source = models.CharField(
        _("brought up by"), max_length=10, choices=Source.choices, default=Source.VOLUNTARY
    )
    automated = models.BooleanField(_("automated"), default=False)
    detected = models.BooleanField(_("found by a check"), default=False)
    state_was = models.CharField(_("state before"), max_length=10, blank=True)
    held_because = models.CharField(_("held because"), max_length=200, blank=True)
    notice = models.ForeignKey(
        "comments.Notice",
        models.PROTECT,
        null=True,
        related_name="decisions",
        verbose_name=_("notice"),
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name=_("reverses")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = Decisions.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [
            models.Index(fields=["person", "-at"], name="decisions_about_a_person"),
            models.Index(fields=["at"], name="decisions_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.at:%Y-%m-%d %H:%M}"

    @property
    def appealable_until(self) -> datetime:
        return self.at + APPEAL

    @property
    def undoable_until(self) -> datetime:
        return self.at + UNDO

    @property
    def ended_by(self) -> "Decision | None":
        """What was decided about a comment that a machine had hidden: with it that is over."""
        if self.action != Decision.Action.HOLD or self.pk is None:
            return None
        later = Decision.objects.filter(
            comment=self.comment_id,
            pk__gt=self.pk,
            action__in=[Decision.Action.APPROVE, Decision.Action.REMOVE],
        )
        undone = Q(reversed_by__action=Decision.Action.UNDO)
        return later.exclude(undone).order_by("pk").first()

    @property
    def is_over(self) -> bool:
        """Reversed, or decided about by a person meanwhile."""
        return Decision.objects.filter(reverses=self).exists() or self.ended_by is not None

    def state_reasons(self, ends_at: datetime | None = None) -> None:
        """Tell the person concerned; nobody is there to tell when the account is gone."""
        if self.person:
            statement = StatementOfReasons.objects.create(
                decision=self, person=self.person, ends_at=ends_at
            )
            Notification.objects.tell(Kind.DECISION, [self.person.pk], statement=statement)
