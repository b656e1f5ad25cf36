"""What a text goes through before it is a comment: named checks, in this order, in one list.

Each passes by returning nothing, holds by returning the reason a moderator will read, or refuses
by raising Refused with the sentence that the writer reads. Those that the newsroom sets for itself
have a row in CheckSetting. An edit goes through all of them again.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Allowance, TooFast
from comments import phrases
from comments.models import CheckSetting, Comment, Likeness, Report, Sanction
from comments.models.comment import LONGEST
from comments.nudges import NUDGES
from comments.post import Post, Refused
from newsroom import markup
from newsroom.language import guess, papers_own

REASONS = 200  # characters that a comment keeps of why it waits
RECORD = timedelta(days=7)
RECORD_BEGINS = 3  # comments of that time that make a record
BLANK = "\u115f\u1160\u3164\uffa0"  # letters to Unicode, and nothing to the eye


class Nudged(Refused):
    """The writer is asked to think again; `told` is what to send back to insist."""

    def __init__(self, found: dict[str, str]) -> None:
        insist = _("Or send it again as it is: then a moderator reads it first.")
        super().__init__(" ".join([*found.values(), insist]), 409)
        self.told = " ".join(found)


def check(post: Post) -> str:
    """The reasons to hold the text, in one line; empty when it may appear. Raises Refused."""
    return "; ".join(filter(None, [named(post) for named in CHECKS]))[:REASONS]


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


def hasty(post: Post) -> str | None:
    """A friendly word first; its writer may send the text again, and then a moderator reads it."""
    found = {name: sentence for name, nudge in NUDGES.items() if (sentence := nudge(post))}
    if found.keys() - post.told:
        raise Nudged(found)
    with papers_own():
        return "; ".join(_("it looks like %(what)s") % {"what": name} for name in found)


def not_too_fast(post: Post) -> None:
    try:
        Allowance.objects.spend("edit" if post.comment else "comment", f"person:{post.author.pk}")
    except TooFast as too_fast:
        raise Refused(too_fast.sentence, 429) from too_fast


def premoderated(post: Post) -> str | None:
    if post.discussion.is_premoderated:
        with papers_own():
            return _("the discussion is pre-moderated")
    watched = Sanction.objects.in_force().filter(
        person=post.author, kind=Sanction.Kind.PREMODERATION
    )
    with papers_own():
        return _("the reader is pre-moderated") if watched.exists() else None


def refused_phrases(post: Post) -> None:
    setting = post.settings.get("refused phrases")
    try:
        refused = setting and said(post, setting)
    except phrases.TookTooLong:
        return  # the phrases that are held take as long, and hold it
    if setting and refused:
        raise Refused(setting.reason)


def held_phrases(post: Post) -> str | None:
    setting = post.settings.get("held phrases")
    try:
        phrase = said(post, setting) if setting else None
    except phrases.TookTooLong:
        with papers_own():
            return _("looking for phrases took too long")
    return f"{setting.reason}: “{phrase}”"[:200] if setting and phrase else None


def said(post: Post, setting: CheckSetting) -> str | None:
    return phrases.found(post.text, setting.lines) if setting.lines else None


def refused_domains(post: Post) -> None:
    setting = post.settings.get("refused domains")
    if setting and any(is_of(host, setting.lines) for host in post.hosts):
        raise Refused(setting.reason)


def new_domain(post: Post) -> str | None:
    setting = post.settings.get("new domain")
    if setting and not all(is_of(host, setting.lines) for host in post.hosts):
        return setting.reason
    return None


def is_of(host: str, domains: list[str]) -> bool:
    return any(host == each or host.endswith(f".{each}") for each in map(str.lower, domains))


def first_links(post: Post) -> str | None:
    setting = post.settings.get("first links")
    return setting.reason if setting and post.hosts and post.is_known < setting.number else None


def first_comments(post: Post) -> str | None:
    setting = post.settings.get("first comments")
    return setting.reason if setting and post.is_known < setting.number else None


def recent_record(post: Post) -> str | None:
    setting = post.settings.get("recent record")
    if setting is None:
        return None
    lately = Comment.objects.filter(author=post.author, created_at__gt=timezone.now() - RECORD)
    states = list(lately.values_list("state", flat=True)[:200])
    removed = states.count(Comment.State.REMOVED)
    much = removed * 100 >= setting.number * len(states)
    return setting.reason if len(states) >= RECORD_BEGINS and removed and much else None


def heat(post: Post) -> None:
    """Between two replies of one reader in a thread with reports: a pause, longer by each."""
    setting = post.settings.get("heat")
    if setting is None or post.reply_to is None or post.comment:
        return
    thread = post.reply_to.thread_id
    above = Comment.objects.filter(pk=thread) | Comment.objects.filter(root=thread)
    reports = Report.objects.filter(is_open=True, comment__in=above).count()
    wait = timedelta(minutes=setting.number + reports)
    just_now = Comment.objects.filter(
        author=post.author, root=thread, created_at__gt=timezone.now() - wait
    )
    if reports and just_now.exists():
        raise Refused(setting.reason, 429)


def language(post: Post) -> str | None:
    setting = post.settings.get("language")
    ours = post.discussion.article.language
    return setting.reason if setting and guess(post.text, ours) != ours else None


def likeness(post: Post) -> str | None:
    setting = post.settings.get("likeness")
    learnt = Likeness.objects.all().learnt() if setting else None
    if setting is None or learnt is None:
        return None
    score, words = learnt.score(post.text)
    if score * 100 < setting.number:
        return None
    told = ", ".join(f"“{word}”" for word in words)
    return f"{setting.reason}: {score:.2f} ({told}); {learnt.measured}"[:200]


CHECKS: list[Callable[[Post], str | None]] = [
    not_too_long,  # first: the others render the text, which takes more than linear time
    has_words,
    verified,
    not_suspended,
    discussion_open,
    not_in_slow_mode,
    hasty,
    premoderated,
    refused_phrases,
    held_phrases,
    refused_domains,
    new_domain,
    first_links,
    first_comments,
    recent_record,
    heat,
    language,
    likeness,
    not_too_fast,
]
