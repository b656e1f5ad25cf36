"""What the discussions know of a person."""

from typing import Any

from django.db import models
from django.db.models import F, Q
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
        [
            ("id", _("Number"), "pk"),
            ("written_at", _("Written"), "created_at"),
            ("article", _("Article"), "discussion.article.known_as"),
            ("address", _("Address"), "get_absolute_url"),
            ("text", _("Text"), "current.text"),
            ("state", _("State"), "get_state_display"),
            ("withdrawn_at", _("Withdrawn")),
            ("edited_at", _("Edited")),
            ("recommends", _("Recommended by")),
            ("answers", _("Answers the comment"), "reply_to_id"),
        ],
        whose="author",
    ),
    Part(
        "revisions",
        _("What your comments said before you changed them"),
        Revision,
        [
            ("comment", _("Comment"), "comment_id"),
            ("n", _("Version")),
            ("written_at", _("Written")),
            ("text", _("Text")),
        ],
        whose="comment__author",
        only=~Q(pk=F("comment__current")),
        order=("comment", "n"),
    ),
    Part(
        "recommended",
        _("Comments that you recommended"),
        Recommendation,
        [("at", _("When")), ("address", _("Comment"), "comment.get_absolute_url")],
    ),
    Part(
        "drafts",
        _("Written and not sent yet"),
        Draft,
        [
            ("article", _("Article"), "article.known_as"),
            ("updated_at", _("Written")),
            ("text", _("Text")),
        ],
    ),
    Part(
        "followed",
        _("Discussions and people that you follow"),
        Follow,
        [
            ("at", _("Since")),
            ("article", _("Discussion"), "discussion.article.known_as"),
            ("name", _("Person"), "followed.name"),
        ],
    ),
    Part(
        "notifications",
        _("What you were told of"),
        Notification,
        [
            ("at", _("When")),
            ("kind", _("What"), "get_kind_display"),
            ("address", _("Comment"), "comment.get_absolute_url"),
            ("read_at", _("Read")),
        ],
    ),
    Part(
        "notification-settings",
        _("How you want to be told"),
        NotificationChoice,
        [
            ("kind", _("What"), "get_kind_display"),
            ("shown", _("Here")),
            ("mail", _("By mail"), "get_mail_display"),
        ],
    ),
    Part(
        "muted",
        _("People you muted"),
        Mute,
        [("at", _("When")), ("name", _("Name"), "muted.name")],
    ),
    Part(
        "mentions",
        _("Comments that mention you"),
        Mention,
        [("address", _("Comment"), "comment.get_absolute_url")],
        only=Q(comment__is_public=True),
    ),
    Part(
        "read",
        _("Up to when you have read the discussions"),
        LastRead,
        [
            ("article", _("Article"), "discussion.article.known_as"),
            ("until", _("Until")),
        ],
    ),
    Part(
        "reports",
        _("Your reports to the moderators"),
        Report,
        [
            ("at", _("When")),
            ("address", _("Comment"), "comment.get_absolute_url"),
            ("kind", _("What is wrong"), "get_kind_display"),
            ("note", _("In your words")),
            ("outcome", _("Outcome"), "get_outcome_display"),
        ],
        whose="reporter",
    ),
    Part(
        "decisions",
        _("Decisions of the moderators about you"),
        Decision,
        [
            ("at", _("When")),
            ("decision", _("Decision"), "get_action_display"),
            ("comment", _("Comment"), "comment_id"),
            ("rule", _("House rule, as it read"), "clause_text"),
            ("reason", _("Reason"), "facts"),
            ("automated", _("By a machine")),
        ],
    ),
    Part(
        "statements",
        _("Statements of reasons"),
        StatementOfReasons,
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
        [
            ("at", _("When")),
            ("text", _("Text")),
            ("outcome", _("Outcome"), "get_outcome_display"),
        ],
    ),
    Part(
        "sanctions",
        _("Sanctions"),
        Sanction,
        [
            ("kind", _("What you may not do"), "get_kind_display"),
            ("from", _("From"), "starts_at"),
            ("until", _("Until"), "ends_at"),
            ("lifted_at", _("Lifted")),
        ],
    ),
    # Not who wrote them: that is the moderators'.
    Part(
        "notes",
        _("What moderators noted about you"),
        Note,
        [("at", _("When")), ("text", _("Note"))],
    ),
    Part(
        "opinions",
        _("What moderators asked each other about your comments"),
        Opinion,
        [
            ("at", _("When")),
            ("comment", _("Comment"), "comment_id"),
            ("question", _("Question")),
        ],
        whose="comment__author",
    ),
]
NOT_EXPORTED: dict[type[models.Model], str] = {
    FeedKey: "a secret address, which whoever found the export could read from",
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
