"""What a text goes through before it is a comment: named checks, in this order, in one list.

Each passes by returning nothing, holds by returning the reason a moderator will read, or refuses
by raising Refused with the sentence that the writer reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Allowance, TooFast, User
from comments.models import Comment, Discussion, Sanction
from comments.models.comment import LONGEST
from newsroom import markup

NEWCOMER = 2  # comments until a reader is known well enough to post links unread
REPEAT_WINDOW = timedelta(hours=24)
BLANK = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, and nothing to the eye


class Refused(Exception):
    """The text cannot be posted. `sentence` says why and what to do; `status` is HTTP's."""

    def __init__(self, sentence: str, status: int = 403) -> None:
        super().__init__(sentence)
        self.sentence, self.status = sentence, status


@dataclass(frozen=True)
class Post:
    """A text on its way: `comment` is the one being edited, None for a new one."""

    author: User
    discussion: Discussion
    text: str
    comment: Comment | None = None


def check(post: Post) -> str:
    """The reasons to hold the text, in one line; empty when it may appear. Raises Refused."""
    return "; ".join(filter(None, [named(post) for named in CHECKS]))


def not_too_long(post: Post) -> None:
    if len(post.text) > LONGEST:
        sentence = _(
            "This comment has %(length)d characters; the limit is %(limit)d. Please shorten it."
        )
        raise Refused(sentence % {"length": len(post.text), "limit": LONGEST}, 400)


def has_words(post: Post) -> None:
    words = markup.text_of(markup.render_comment(post.text))
    if not any(character.isalnum() and character not in BLANK for character in words):
        raise Refused(_("There is nothing to read in it yet. Please write a few words."), 400)


def verified(post: Post) -> None:
    if not post.author.is_verified:
        raise Refused(
            _(
                "Please confirm your email address first: the link is in our mail to you, and your "
                "account's email page sends a new one. Your text is kept here."
            )
        )


def not_suspended(post: Post) -> None:
    sanction = Sanction.objects.suspending(post.author)
    if sanction and sanction.ends_at:
        until = date_format(timezone.localtime(sanction.ends_at), "DATETIME_FORMAT")
        raise Refused(
            _("You may comment again from %(until)s. Your text is kept.") % {"until": until}
        )
    if sanction:
        raise Refused(
            _("Your account may not comment any more. Your statement says how to appeal.")
        )


def discussion_open(post: Post) -> None:
    if not post.discussion.is_open:
        raise Refused(
            _(
                "This discussion has closed meanwhile, so the comment was not posted. "
                "Your text is kept here in case you want to use it elsewhere."
            )
        )


def not_in_slow_mode(post: Post) -> None:
    """Those who answer for the paper are not slowed down."""
    pause = timedelta(seconds=post.discussion.slow_seconds)
    is_asked = post.author.is_staff or post.author.pk == post.discussion.article.author_id
    if not pause or post.comment or is_asked:
        return
    said = Comment.objects.filter(
        author=post.author, discussion=post.discussion, created_at__gt=timezone.now() - pause
    )
    last = said.order_by("-created_at").first()
    if last:
        at = date_format(timezone.localtime(last.created_at + pause), "H:i:s")
        sentence = _(
            "This discussion is in slow mode: each reader says one thing in %(pause)s. You may "
            "post this from %(at)s; it is kept here."
        )
        pause_said = post.discussion.get_slow_seconds_display()
        raise Refused(sentence % {"pause": pause_said, "at": at}, 429)


def not_repeated(post: Post) -> None:
    said = Comment.objects.filter(
        author=post.author, created_at__gt=timezone.now() - REPEAT_WINDOW, current__text=post.text
    )
    if said.exclude(pk=post.comment.pk if post.comment else None).exists():
        raise Refused(
            _(
                "You have said exactly this already today. If something is to be added, please "
                "say it in other words."
            ),
            409,
        )


def not_too_fast(post: Post) -> None:
    try:
        Allowance.objects.spend("edit" if post.comment else "comment", f"person:{post.author.pk}")
    except TooFast as too_fast:
        raise Refused(too_fast.sentence, 429) from too_fast


def premoderated(post: Post) -> str | None:
    if post.discussion.is_premoderated:
        return _("the discussion is pre-moderated")
    watched = Sanction.objects.in_force().filter(
        person=post.author, kind=Sanction.Kind.PREMODERATION
    )
    return _("the reader is pre-moderated") if watched.exists() else None


def link_from_a_newcomer(post: Post) -> str | None:
    if "<a href" not in markup.render_comment(post.text):
        return None
    known = Comment.objects.filter(author=post.author, is_public=True)[:NEWCOMER].count()
    return _("a link in one of a reader's first comments") if known < NEWCOMER else None


CHECKS: list[Callable[[Post], str | None]] = [
    not_too_long,  # first: the others render the text, which takes more than linear time
    has_words,
    verified,
    not_suspended,
    discussion_open,
    not_in_slow_mode,
    not_repeated,
    premoderated,
    link_from_a_newcomer,
    not_too_fast,
]
