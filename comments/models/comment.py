import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan, LessThanOrEqual
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from comments.models import comment_words
from comments.models.discussion import Discussion
from comments.models.mention import Mention, addresses
from comments.models.mute import Mute
from comments.models.report import Report
from newsroom import markup
from newsroom.live import announce, publishing
from newsroom.models import Article

LONGEST = 5000  # code points, after tidying: an essay, and short of where renderers get slow
BADGES = ["Editor", "Moderator"]  # the groups whose members are told from readers
ANSWERED = 1000  # of somebody's comments are looked at for answers: older ones are closed
# What the desk hears of a comment, besides everything about one that waits.
AT_THE_DESK = {"approve", "remove", "restore", "hold", "undo", "pick"}
EDIT_WINDOW = timedelta(minutes=15)  # long enough for a typo, too short to change one's story


class Stale(Exception):
    """What somebody was about to decide or edit has changed meanwhile."""


class Comments(models.QuerySet["Comment"]):
    def in_print(self) -> "Comments":
        """Those under articles that readers may see. Asked row by row: a page shows few comments
        of a paper with many articles."""
        return self.filter(Exists(Article.objects.published().filter(pk=OuterRef("discussion"))))

    def public(self) -> "Comments":
        """What every reader may see; page, feed, stream and search ask this."""
        return self.in_print().filter(is_public=True)

    def visible_to(self, user) -> "Comments":
        """Public ones and, whatever became of them, one's own."""
        if not user.is_authenticated:
            return self.public()
        return self.in_print().filter(Q(is_public=True) | Q(author=user))

    def answering(self, person) -> "Comments":
        """What others answered to this person's latest comments."""
        mine = Comment.objects.filter(author=person).order_by("-id")
        return self.filter(reply_to__in=mine.values("pk")[:ANSWERED]).exclude(author=person)

    def listed_for(self, person) -> "Comments":
        """What this person's page lists of theirs: nothing, where they want that."""
        return self.public().filter(author=person) if person.shows_comments else self.none()

    def recommended_by(self, person) -> "Comments":
        """What their page lists as recommended, each with the number of the `recommendation`."""
        if not person.shows_recommends:
            return self.none()
        theirs = self.public().filter(recommendations__person=person)
        return theirs.annotate(recommendation=F("recommendations__pk"))

    def waiting(self) -> "Comments":
        return self.filter(is_waiting=True)

    def reported(self) -> "Comments":
        return self.filter(
            pk__in=Report.objects.filter(is_open=True).values("comment"), is_public=True
        )

    def new_to(self, person) -> "Comments":
        """Public ones of others, but of those whom this person muted."""
        muted = Mute.objects.filter(person=person, muted=OuterRef("author"))
        return self.filter(~Exists(muted), is_public=True).exclude(author=person)

    def post(
        self,
        author,
        discussion: Discussion,
        text: str,
        reply_to: "Comment | None" = None,
        key: uuid.UUID | None = None,
        held_because: str = "",
    ) -> "Comment":
        """Write a comment: public, or waiting where there is a reason to hold it."""
        with publishing():
            comment = self.create(
                discussion=discussion,
                author=author,
                root_id=reply_to.thread_id if reply_to else None,
                reply_to=reply_to,
                key=key or uuid.uuid4(),
                state=Comment.State.PENDING if held_because else Comment.State.PUBLIC,
                held_because=held_because,
            )
            comment.write(text)
            comment.save(update_fields=["current"])
            comment.count(0 if held_because else 1, "comment")
            return comment

    def shown_anew(self) -> None:
        """Have every page made anew on which one of these stands."""
        Discussion.objects.filter(pk__in=self.values("discussion")).bump()

    def whole(self) -> "Comments":
        """With all that showing one needs."""
        return self.select_related(
            "author",
            "current",
            "reply_to__author",
            "reply_to__current",
            "discussion__article__section",
        ).prefetch_related("author__groups")


class Comment(models.Model):
    """One contribution to a discussion: a root, or a reply in the thread of its root."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting for a moderator")
        PUBLIC = "public", _("public")
        REMOVED = "removed", _("removed")

    # No index of its own on these keys: it would win over the partial ones below and cost 600 ms.
    discussion = models.ForeignKey(
        Discussion, models.PROTECT, related_name="comments", db_index=False
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="comments",
        db_index=False,
        help_text=_("Empty when the account was deleted."),
    )
    root = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="thread", db_index=False
    )
    reply_to = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="answers", db_index=False
    )
    current = models.OneToOneField("Revision", models.PROTECT, null=True, related_name="+")
    # The desk's word and the author's word: undoing one never undoes the other.
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLIC)
    withdrawn_at = models.DateTimeField(null=True)
    held_because = models.CharField(max_length=200, blank=True)
    recommends = models.PositiveIntegerField(default=0)
    replies = models.PositiveIntegerField(default=0, help_text=_("Public replies, on a root."))
    picked_at = models.DateTimeField(null=True)
    key = models.UUIDField(default=uuid.uuid4, help_text=_("Sent twice, it is one comment."))
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    appeared_at = models.DateTimeField(
        null=True, help_text=_("When it first was public: to readers it is new since then.")
    )
    # Booleans of the database: a condition without a parameter is what lets SQLite use an index.
    is_public = models.GeneratedField(
        expression=Q(state="public", withdrawn_at__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_waiting = models.GeneratedField(
        expression=Q(state="pending", withdrawn_at__isnull=True),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )
    has_place = models.GeneratedField(
        expression=Q(state="public", withdrawn_at__isnull=True) | Q(replies__gt=0),  # type: ignore[arg-type]
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = Comments.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can decide on comments and people"))]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="one_comment_per_key"),
            models.CheckConstraint(
                condition=Q(root__isnull=True, reply_to__isnull=True)
                | Q(root__isnull=False, reply_to__isnull=False),
                name="replies_answer_somebody",
            ),
        ]
        indexes = [
            models.Index(
                F("discussion"),
                *order,
                condition=Q(root__isnull=True, has_place=True),
                name=f"roots_by_{name}",
            )
            for name, order in {
                "id": [F("id")],
                "recommends": [F("recommends").desc(), F("id").desc()],
                "replies": [F("replies").desc(), F("id").desc()],
            }.items()
        ] + [
            models.Index(
                F("discussion"),
                F("picked_at").desc(),
                F("id").desc(),
                condition=Q(picked_at__isnull=False, is_public=True),
                name="picks",
            ),
            models.Index(
                F("root"),
                F("id"),
                condition=Q(root__isnull=False, is_public=True),
                name="replies_of_a_root",
            ),
            models.Index(
                F("discussion"), F("id"), condition=Q(is_public=True), name="public_comments"
            ),
            models.Index(
                F("discussion"),
                F("appeared_at"),
                condition=Q(is_public=True, appeared_at__isnull=False),
                name="comments_as_they_appeared",
            ),
            models.Index(F("id"), condition=Q(is_waiting=True), name="waiting_comments"),
            models.Index(
                F("discussion"), F("author"), condition=Q(is_public=False), name="hidden_comments"
            ),
            models.Index(
                F("reply_to"),
                F("id"),
                condition=Q(reply_to__isnull=False, is_public=True),
                name="answers_to_a_comment",
            ),
            models.Index(F("author"), F("id"), name="comments_of_a_person"),
            models.Index(F("author"), F("created_at"), name="of_a_person_by_time"),
            models.Index(
                F("author"),
                F("id"),
                condition=Q(is_public=True),
                name="public_comments_of_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.author or _('deleted account')}: {self.excerpt}"

    def get_absolute_url(self) -> str:
        return reverse("comment", args=[self.pk])

    @property
    def article(self) -> Article:
        return self.discussion.article

    @property
    def html(self) -> SafeString:
        return markup.trusted(self.current.html)

    @property
    def excerpt(self) -> str:
        return self.current.excerpt if self.current else ""

    @property
    def badge(self) -> str:
        """For whom its author works here, of BADGES; nothing for a reader."""
        groups = {group.name for group in self.author.groups.all()} if self.author else set()
        return next((badge for badge in BADGES if badge in groups), "")

    @property
    def thread_id(self) -> int:
        return self.root_id or self.pk

    @property
    def editable_until(self):
        return self.created_at + EDIT_WINDOW

    @property
    def may_be_edited(self) -> bool:
        """By its author; whose it is, is asked by whoever finds it."""
        return (
            self.withdrawn_at is None
            and self.state != self.State.REMOVED
            and timezone.now() < self.editable_until
        )

    @contextmanager
    def in_hand(self, kind: str, revision: int | None = None) -> Iterator[None]:
        """This comment locked, fresh, and its counts right when the block ends.

        Everything that changes a comment goes through here. Raises Stale where `revision`
        is given and is no longer the one that readers see.
        """
        with publishing():
            self.refresh_from_db(
                from_queryset=Comment.objects.select_related("discussion").select_for_update(
                    of=("self",)
                )
            )
            if revision is not None and revision != self.current.n:
                raise Stale
            was = self.is_public
            yield
            now = self.state == self.State.PUBLIC and self.withdrawn_at is None
            if now != was:
                comment_words.keep(self)
            self.count(int(now) - int(was), kind)

    def count(self, delta: int, kind: str) -> None:
        """Bring the counters along with `delta` public comments, and announce it."""
        if delta and self.root_id:
            Comment.objects.filter(pk=self.root_id).update(replies=F("replies") + delta)
        self.discussion.move(delta)
        if delta > 0:  # holding the discussion's row: nothing appears before what was seen already
            first = Comment.objects.filter(pk=self.pk, appeared_at__isnull=True)
            first.update(appeared_at=timezone.now())
        announce(self.discussion.topic, kind, self.pk)
        announce("chats", "chat", self.discussion_id)
        if self.state == self.State.PENDING or kind in AT_THE_DESK:
            announce("desk", kind, self.pk)

    def write(self, text: str) -> None:
        """Give it a next revision, which becomes the current one."""
        n = self.current.n + 1 if self.current else 1
        people = Mention.objects.named(text, self.discussion_id)
        self.current = Revision.objects.create(
            comment=self,
            n=n,
            text=text,
            html=markup.render_comment(text, addresses(people)),
            renderer=markup.RENDERER,
        )
        Mention.objects.keep(self, people)
        comment_words.keep(self)

    def edit(self, text: str, revision: int, held_because: str = "") -> None:
        """Raises Stale where it is no longer what its author looked at, or no longer shown."""
        with self.in_hand("edit", revision):
            if self.state == self.State.REMOVED or self.withdrawn_at:
                raise Stale
            self.write(text)
            self.edited_at = timezone.now()
            if held_because and self.state == self.State.PUBLIC:
                self.state, self.held_because = self.State.PENDING, held_because
            self.save(update_fields=["current", "edited_at", "state", "held_because"])

    def withdraw(self) -> None:
        if self.withdrawn_at:
            return
        with self.in_hand("withdraw"):
            if self.withdrawn_at is None:
                self.withdrawn_at = timezone.now()
                self.save(update_fields=["withdrawn_at"])

    def move_thread(self, to: Discussion) -> None:
        """Bring this root and all below it to another discussion, with both counts. The desk's
        word, said by Decision alone."""
        was, below = self.discussion, Comment.objects.filter(root=self)
        count = below.filter(is_public=True).count() + int(self.is_public)
        # In parts, each by an index of its own: the root, what is public, what is not.
        for part in (
            Comment.objects.filter(pk=self.pk),
            below.filter(is_public=True),
            below.filter(is_public=False, discussion=was),
        ):
            part.update(discussion=to)
        Discussion.objects.filter(pk=was.pk, pinned__discussion=to).update(pinned=None)
        self.discussion = to
        if to.article.language != was.article.language:
            for comment in Comment.objects.whole().filter(Q(pk=self.pk) | Q(root=self)):
                comment_words.keep(comment)
        for discussion, delta in sorted([(was, -count), (to, count)], key=lambda each: each[0].pk):
            discussion.move(delta)
            announce("chats", "chat", discussion.pk)
        announce(was.topic, f"left {was.pk}", self.pk)
        announce(to.topic, "comment", self.pk)

    def set_state(self, state: str, held_because: str = "") -> None:
        """The desk's word, said by Decision alone, inside `in_hand`."""
        self.state, self.held_because = state, held_because
        self.save(update_fields=["state", "held_because"])


class Revisions(models.QuerySet["Revision"]):
    def held(self) -> "Revisions":
        """Those that somebody has yet to decide about: nobody's leaving takes them away."""
        reports = Report.objects.filter(outcome=Report.Outcome.OPEN)
        about = Q(pk__in=reports.values("revision")) | Q(comment__notices__is_open=True)
        return self.filter(about).distinct()


class Revision(models.Model):
    """What a comment said at one time: reports, decisions and appeals point here."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="revisions")
    n = models.PositiveSmallIntegerField()
    text = models.TextField()
    html = models.TextField()
    renderer = models.PositiveSmallIntegerField()
    written_at = models.DateTimeField(default=timezone.now)

    objects = Revisions.as_manager()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "n"], name="one_revision_per_number"),
            models.CheckConstraint(
                condition=Q(
                    LessThanOrEqual(Length("text"), LONGEST), GreaterThan(Length("text"), 0)
                ),
                name="comments_have_a_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id}/{self.n}"

    @property
    def excerpt(self) -> str:
        words = markup.text_of(self.html)
        return words if len(words) <= 120 else words[:119].rstrip() + "…"

    @property
    def shown(self) -> SafeString:
        return markup.trusted(self.html)
