"""What a person is told of, and in which way they want it."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from comments.models.comment import Comment
from comments.models.mute import Mute
from newsroom.live import announce, publishing
from newsroom.models import Article

GATHERING = timedelta(seconds=30)  # what comes within it is one mail; and the desk can undo
MORNING = time(7)  # of the newsroom's day: when a day's mail leaves
KEPT = timedelta(days=90)


class Kind(models.TextChoices):
    REPLY = "reply", _("Somebody answers me")
    MENTION = "mention", _("Somebody mentions me")
    PICK = "pick", _("An editor picks a comment of mine")
    DECISION = "decision", _("A moderator decides about a comment of mine or about me")
    APPEAL = "appeal", _("An appeal of mine is decided")
    REPORT = "report", _("Something that I reported is decided")
    DISCUSSION = "discussion", _("Something new in a discussion that I follow")
    PERSON = "person", _("A person whom I follow comments")


SENTENCES = {
    Kind.REPLY: gettext_noop("%(name)s answered you under “%(headline)s”"),
    Kind.MENTION: gettext_noop("%(name)s mentioned you under “%(headline)s”"),
    Kind.PICK: gettext_noop("An editor picked your comment under “%(headline)s”"),
    Kind.DECISION: gettext_noop("A moderator decided about your comment under “%(headline)s”"),
    Kind.REPORT: gettext_noop("Your report under “%(headline)s” was decided"),
    Kind.DISCUSSION: gettext_noop("New in the discussion of “%(headline)s”, from %(name)s on"),
    Kind.PERSON: gettext_noop("%(name)s commented under “%(headline)s”"),
}
DECIDED_ANEW = gettext_noop("What you reported under “%(headline)s” was decided anew")
REVERSED = gettext_noop("A decision about your comment under “%(headline)s” was reversed")
SHOWN_AGAIN = gettext_noop("Your comment under “%(headline)s” can be read again")
OF_A_DECISION = (Kind.DECISION, Kind.APPEAL)  # always shown: the law has them told


class Pace(models.TextChoices):
    ONCE = "once", _("at once")
    DAILY = "daily", _("once a day")
    NEVER = "never", _("never")


RARELY = (Kind.PICK, Kind.REPORT, Kind.DISCUSSION, Kind.PERSON)
USUAL = {kind: (True, Pace.DAILY if kind in RARELY else Pace.ONCE) for kind in Kind}


class Choices(models.Manager["NotificationChoice"]):
    def of(self, person: Any) -> dict[str, tuple[bool, str]]:
        """For each kind: whether this person wants to see it here, and how often by mail."""
        mine = self.filter(person=person).values_list("kind", "shown", "mail")
        return USUAL | {kind: (shown, mail) for kind, shown, mail in mine}

    def among(self, people: Iterable[int], kind: str) -> dict[int, tuple[bool, str]]:
        """The same of many people, for one kind."""
        chosen = self.filter(person__in=people, kind=kind).values_list("person", "shown", "mail")
        return {pk: USUAL[Kind(kind)] for pk in people} | {
            pk: (shown, mail) for pk, shown, mail in chosen
        }

    def choose(self, person: Any, kind: str, **choice: Any) -> None:
        shown, mail = self.of(person)[kind]
        self.update_or_create(
            person=person, kind=kind, defaults={"shown": shown, "mail": mail} | choice
        )
        if choice.get("mail") == Pace.NEVER:
            Notification.objects.filter(person=person, kind=kind).update(mail_at=None)


class NotificationChoice(models.Model):
    """How a person wants to be told of one kind of thing, where it is not the usual way."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    shown = models.BooleanField()
    mail = models.CharField(max_length=5, choices=Pace.choices)

    objects = Choices()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_choice_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind} {self.mail}"


class Notifications(models.QuerySet["Notification"]):
    def tell(self, kind: str, people: Iterable[int], **about: Any) -> None:
        """Tell these people of a `comment=`, `statement=` or `decision=`, each as they chose, and
        never twice.

        Whoever was told of the comment already, for a stronger reason, is not told again.
        """
        now = timezone.now()
        whom = set(people) - self.not_to_be_told(kind, **about)
        choices = NotificationChoice.objects.among(whom, kind)
        rows = [
            Notification(
                person_id=person, kind=kind, shown=shown, mail_at=mail_at(mail, now), **about
            )
            for person, (shown, mail) in choices.items()
            if shown or mail != Pace.NEVER
        ]
        with publishing():
            Notification.objects.bulk_create(rows, ignore_conflicts=True)
            self.recount(row.person_id for row in rows)

    def not_to_be_told(
        self, kind: str, comment: Comment | None = None, **about: Any
    ) -> set[int | None]:
        """Its writer, who mutes them, and who knows of it for a stronger reason."""
        if comment is None or kind == Kind.PICK:
            return set()
        known = Notification.objects.filter(comment=comment).exclude(kind=Kind.PICK)
        mutes = Mute.objects.filter(muted=comment.author_id)
        return {comment.author_id}.union(
            known.values_list("person", flat=True), mutes.values_list("person", flat=True)
        )

    def visible(self) -> "Notifications":
        """What its person may still read: not of a comment that is hidden meanwhile, or that
        nobody stands by any more, or of somebody they mute."""
        said = Comment.objects.public().filter(pk=OuterRef("comment"), author__isnull=False)
        muted = Mute.objects.filter(person=OuterRef("person"), muted=OuterRef("comment__author"))
        decided = Q(statement__isnull=False) | Q(decision__isnull=False)
        return self.filter(decided | Exists(said) & ~Exists(muted))

    def whole(self) -> "Notifications":
        """With all that showing one needs."""
        return self.select_related(
            "comment__author",
            "comment__current",
            "comment__discussion__article",
            "statement__decision__comment__discussion__article",
            "decision__comment__discussion__article",
            "decision__reverses__statement",
        )

    def unread(self) -> "Notifications":
        return self.visible().filter(shown=True, read_at__isnull=True)

    def read(self, person: Any) -> None:
        """These of this person's are read."""
        with publishing():
            self.filter(person=person, read_at__isnull=True).update(read_at=timezone.now())
            self.recount([person.pk])

    def recount(self, people: Iterable[int]) -> None:
        """Bring the number on each of these people to what the rows say, and tell their pages.

        The people are locked first and counted afterwards, so that of two who do this at the same
        time the second sees what the first wrote.
        """
        with publishing():
            those = User.objects.filter(pk__in=list(people)).order_by("pk")
            list(those.select_for_update(no_key=True).values_list("pk"))
            counts = those.values_list("pk", "unread", unread_count())
            changed = [pk for pk, was, now in counts if was != now]
            User.objects.filter(pk__in=changed).update(unread=unread_count())
            for pk in changed:
                announce(f"person:{pk}", "notification", pk)

    def forget_old(self) -> None:
        old = Notification.objects.filter(at__lt=timezone.now() - KEPT)
        people = set(old.filter(read_at__isnull=True).values_list("person", flat=True))
        old.delete()
        self.recount(people)


def unread_count() -> Coalesce:
    """How many unread ones a person has, as an expression on people."""
    theirs = Notification.objects.unread().filter(person=OuterRef("pk")).order_by()
    count = theirs.values("person").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(count), 0)


def mail_at(pace: str, now: datetime) -> datetime | None:
    """When what happens now may be in a mail."""
    if pace == Pace.NEVER:
        return None
    if pace == Pace.ONCE:
        return now + GATHERING
    local = timezone.localtime(now)
    day = local.date() + timedelta(days=local.time() >= MORNING)
    return timezone.make_aware(datetime.combine(day, MORNING))


class Notification(models.Model):
    """That a person is told of something; what it looks like is asked when it is shown."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, related_name="notifications")
    statement = models.ForeignKey(
        "comments.StatementOfReasons", models.CASCADE, null=True, related_name="notifications"
    )
    # Of one about a report, or of one that reverses what its person was told by a statement.
    decision = models.ForeignKey(
        "comments.Decision", models.CASCADE, null=True, related_name="notifications"
    )
    shown = models.BooleanField(default=True, help_text=_("Otherwise it is for a mail alone."))
    at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail_at = models.DateTimeField(null=True, help_text=_("Empty: in no mail, or in one already."))

    objects = Notifications.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False)
                | Q(statement__isnull=False)
                | Q(decision__isnull=False),
                name="notifications_are_about_something",
            ),
        ] + [
            models.UniqueConstraint(
                fields=["person", about, "kind"],
                condition=Q(**{f"{about}__isnull": False}),
                name=f"one_notification_per_{about}_and_kind",
            )
            for about in ("comment", "statement", "decision")
        ]
        indexes = [
            models.Index(F("person"), F("id").desc(), name="notifications_of_a_person"),
            models.Index(
                fields=["person"],
                condition=Q(shown=True, read_at__isnull=True),
                name="unread_notifications",
            ),
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notifications_to_mail"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.kind}"

    def get_absolute_url(self) -> str:
        reversed_ = self.decision.reverses if self.decision else None
        statement = self.statement or getattr(reversed_, "statement", None)
        if self.kind == Kind.REPORT and self.decision:
            return reverse("report", args=[self.decision.comment_id])
        if statement:
            return statement.get_absolute_url()
        comment = self.comment_id or self.decision.comment_id
        return f"{reverse('comment', args=[comment])}#c{comment}"

    @property
    def sentence(self) -> str:
        """In plain words, for a page as for a mail; names stand isolated, whatever they hold."""
        if self.kind == Kind.APPEAL:
            return gettext("Your appeal was decided")
        if not self.article:
            if self.decision:
                return gettext("A decision about your account was reversed")
            return gettext("A moderator decided about your account")
        facts = {"headline": self.article.known_as}
        if self.comment and self.comment.author:
            facts["name"] = f"\u2068{self.comment.author.name}\u2069"
        return gettext(self.saying) % facts

    @property
    def saying(self) -> str:
        if self.decision and self.kind == Kind.DECISION:
            return REVERSED if self.decision.reverses_id else SHOWN_AGAIN
        if self.decision and self.decision.reverses_id:
            return DECIDED_ANEW
        return SENTENCES[Kind(self.kind)]

    @property
    def decided(self) -> Any:
        """The decision that it tells of, if it tells of one."""
        return self.decision or (self.statement and self.statement.decision)

    @property
    def article(self) -> Article | None:
        comment = self.comment or (self.decided and self.decided.comment)
        return comment.article if comment else None
