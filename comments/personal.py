"""What the discussions know of a person."""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.participants import Part
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Draft,
    FeedKey,
    Follow,
    LastRead,
    Mention,
    Mute,
    Note,
    Notification,
    NotificationChoice,
    Opinion,
    Recommendation,
    Report,
    Revision,
    Sanction,
    StatementOfReasons,
)
from comments.models.comment import Revisions
from newsroom.live import announce, publishing

BATCH = 100  # comments of one transaction: others write in between
SCRUBBED = "…"

PARTS = [
    Part(
        "comments",
        _("Comments"),
        Comment,
        lambda person: (
            Comment.objects.filter(author=person)
            .select_related("current", "discussion__article")
            .order_by("pk")
        ),
        [
            ("id", _("Number"), "pk"),
            ("written_at", _("Written"), "created_at"),
            ("article", _("Article"), "article.headline"),
            ("address", _("Address"), "get_absolute_url"),
            ("text", _("Text"), "current.text"),
            ("state", _("State"), "get_state_display"),
            ("withdrawn_at", _("Withdrawn"), "withdrawn_at"),
            ("edited_at", _("Edited"), "edited_at"),
            ("recommends", _("Recommended by"), "recommends"),
            ("answers", _("Answers the comment"), "reply_to_id"),
        ],
    ),
    Part(
        "revisions",
        _("What your comments said before you changed them"),
        Revision,
        lambda person: (
            Revision.objects.filter(comment__author=person)
            .exclude(pk=F("comment__current"))
            .order_by("comment", "n")
        ),
        [
            ("comment", _("Comment"), "comment_id"),
            ("n", _("Version"), "n"),
            ("written_at", _("Written"), "written_at"),
            ("text", _("Text"), "text"),
        ],
    ),
    Part(
        "recommended",
        _("Comments that you recommended"),
        Recommendation,
        lambda person: (
            Recommendation.objects.filter(person=person).select_related("comment").order_by("pk")
        ),
        [("at", _("When"), "at"), ("address", _("Comment"), "comment.get_absolute_url")],
    ),
    Part(
        "drafts",
        _("Written and not sent yet"),
        Draft,
        lambda person: Draft.objects.filter(person=person).select_related("article").order_by("pk"),
        [
            ("article", _("Article"), "article.headline"),
            ("updated_at", _("Written"), "updated_at"),
            ("text", _("Text"), "text"),
        ],
    ),
    Part(
        "followed",
        _("Discussions and people that you follow"),
        Follow,
        lambda person: (
            Follow.objects.filter(person=person)
            .select_related("discussion__article", "followed")
            .order_by("pk")
        ),
        [
            ("at", _("Since"), "at"),
            ("article", _("Discussion"), "discussion.article.headline"),
            ("name", _("Person"), "followed.name"),
        ],
    ),
    Part(
        "notifications",
        _("What you were told of"),
        Notification,
        lambda person: (
            Notification.objects.filter(person=person).select_related("comment").order_by("pk")
        ),
        [
            ("at", _("When"), "at"),
            ("kind", _("What"), "get_kind_display"),
            ("address", _("Comment"), "comment.get_absolute_url"),
            ("read_at", _("Read"), "read_at"),
        ],
    ),
    Part(
        "notification-settings",
        _("How you want to be told"),
        NotificationChoice,
        lambda person: NotificationChoice.objects.filter(person=person).order_by("pk"),
        [
            ("kind", _("What"), "get_kind_display"),
            ("shown", _("Here"), "shown"),
            ("mail", _("By mail"), "get_mail_display"),
        ],
    ),
    Part(
        "muted",
        _("People you muted"),
        Mute,
        lambda person: Mute.objects.filter(person=person).select_related("muted").order_by("pk"),
        [("at", _("When"), "at"), ("name", _("Name"), "muted.name")],
    ),
    Part(
        "mentions",
        _("Comments that mention you"),
        Mention,
        lambda person: (
            Mention.objects.filter(person=person, comment__is_public=True)
            .select_related("comment")
            .order_by("pk")
        ),
        [("address", _("Comment"), "comment.get_absolute_url")],
    ),
    Part(
        "read",
        _("Up to when you have read the discussions"),
        LastRead,
        lambda person: (
            LastRead.objects.filter(person=person)
            .select_related("discussion__article")
            .order_by("pk")
        ),
        [
            ("article", _("Article"), "discussion.article.headline"),
            ("until", _("Until"), "until"),
        ],
    ),
    Part(
        "reports",
        _("Your reports to the moderators"),
        Report,
        lambda person: (
            Report.objects.filter(reporter=person).select_related("comment").order_by("pk")
        ),
        [
            ("at", _("When"), "at"),
            ("address", _("Comment"), "comment.get_absolute_url"),
            ("kind", _("What is wrong"), "get_kind_display"),
            ("note", _("In your words"), "note"),
            ("outcome", _("Outcome"), "get_outcome_display"),
        ],
    ),
    Part(
        "decisions",
        _("Decisions of the moderators about you"),
        Decision,
        lambda person: Decision.objects.filter(person=person).order_by("pk"),
        [
            ("at", _("When"), "at"),
            ("decision", _("Decision"), "get_action_display"),
            ("comment", _("Comment"), "comment_id"),
            ("rule", _("House rule, as it read"), "clause_text"),
            ("reason", _("Reason"), "facts"),
            ("automated", _("By a machine"), "automated"),
        ],
    ),
    Part(
        "statements",
        _("Statements of reasons"),
        StatementOfReasons,
        lambda person: StatementOfReasons.objects.filter(person=person).order_by("pk"),
        [
            ("at", _("When"), "created_at"),
            ("address", _("Statement"), "get_absolute_url"),
            ("until", _("Until"), "ends_at"),
        ],
    ),
    Part(
        "appeals",
        _("Your appeals"),
        Appeal,
        lambda person: Appeal.objects.filter(person=person).order_by("pk"),
        [
            ("at", _("When"), "at"),
            ("text", _("Text"), "text"),
            ("outcome", _("Outcome"), "get_outcome_display"),
        ],
    ),
    Part(
        "sanctions",
        _("Sanctions"),
        Sanction,
        lambda person: Sanction.objects.filter(person=person).order_by("pk"),
        [
            ("kind", _("What you may not do"), "get_kind_display"),
            ("from", _("From"), "starts_at"),
            ("until", _("Until"), "ends_at"),
            ("lifted_at", _("Lifted"), "lifted_at"),
        ],
    ),
]
NOT_EXPORTED: dict[type[models.Model], str] = {
    FeedKey: "a secret address, which whoever found the export could read from",
    Note: "what moderators tell each other while they work; decisions are exported",
    Opinion: "what moderators ask each other before they decide; decisions are exported",
}


def shown_differently(person: Any) -> None:
    Comment.objects.filter(author=person).shown_anew()


def held(person: Any) -> list[str]:
    count = Revision.objects.filter(comment__author=person).held().count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d text of yours was reported and is not decided yet. It is kept, and shown to "
        "moderators alone, until it is.",
        "%(count)d texts of yours were reported and are not decided yet. They are kept, and shown "
        "to moderators alone, until they are.",
        count,
    )
    return [sentence % {"count": count}]


def erase(person: Any, words_stay: bool) -> None:
    """Nothing of theirs keeps a name. Where words stay, those that everybody reads do, and what
    nobody sees goes all the same. 50,000 comments take a minute or two."""
    take_back_recommends(person)
    theirs = Comment.objects.filter(author=person)
    going = theirs.filter(is_public=False) if words_stay else theirs
    order = ("discussion", "pk")
    ids = list(going.filter(withdrawn_at=None).order_by(*order).values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        with publishing():
            for comment in theirs.filter(pk__in=ids[start : start + BATCH]).order_by(*order):
                comment.withdraw()
    scrub(Revision.objects.filter(comment__author=person))
    shown_differently(person)
    with publishing():
        announce(f"person:{person.pk}", "leave", person.pk)  # ends the streams they have open


def take_back_recommends(person: Any) -> None:
    given = Recommendation.objects.filter(person=person)
    with publishing():
        recommended = Comment.objects.filter(pk__in=given.values("comment"))
        recommended.shown_anew()
        recommended.update(recommends=F("recommends") - 1)
        given.delete()


def sweep() -> None:
    """What was held when its author left goes when that is decided."""
    scrub(Revision.objects.filter(comment__author=None))


def scrub(revisions: Revisions) -> None:
    """Take the words out of withdrawn comments, but of those that are held."""
    withdrawn = revisions.filter(comment__withdrawn_at__isnull=False).exclude(text=SCRUBBED)
    going = withdrawn.exclude(pk__in=Revision.objects.held().values("pk"))
    going.update(text=SCRUBBED, html="")
