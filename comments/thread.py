"""A page of a discussion: the part that is everybody's, made once, and what marks it as mine."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import BadRequest
from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy

from comments.machines import thread_data
from comments.models import Comment, Discussion, LastRead, Mute, Recommendation
from comments.models.discussion import runs_discussions
from newsroom import markup
from newsroom.keyset import EPOCH, cursor, microseconds, moment, read_cursor

ROOTS = 20  # threads a page
FIRST_REPLIES = 3  # shown of each before "12 more replies"
REPLIES = 50  # a page of one thread

# Every sort ends in the id, so that a cursor names exactly one place in it.
SORTS = {
    "picks": (gettext_lazy("Editors’ picks"), ("-picked_at", "-id")),
    "recommended": (gettext_lazy("Recommended"), ("-recommends", "-id")),
    "newest": (gettext_lazy("Newest"), ("-id",)),
    "oldest": (gettext_lazy("Oldest"), ("id",)),
    "replies": (gettext_lazy("Most replied"), ("-replies", "-id")),
}
DEFAULT_SORT = "recommended"
CLOSED_SORT = "oldest"  # a closed discussion is read as it went


@dataclass(frozen=True)
class Page:
    """One page of a discussion: its HTML for everybody, and its comments as data."""

    html: str
    data: list[dict[str, Any]]
    has_picks: bool


def chosen_sort(discussion: Discussion, wanted: str | None) -> str:
    sort = wanted or (DEFAULT_SORT if discussion.is_open else CLOSED_SORT)
    if sort not in SORTS:
        raise BadRequest("no such sort")
    return sort


def thread(discussion: Discussion, sort: str, after: str = "") -> Page:
    """The page after this cursor. Kept until the discussion's next public change."""
    says = [settings.RELEASE, discussion.pk, discussion.version, discussion.article.substantive_at]
    says += [sort, after, get_language()]
    key = "thread:" + sha256(repr(says).encode()).hexdigest()
    page = cache.get(key)
    if page is None:
        page = render(discussion, sort, after)
        cache.set(key, page, timeout=3600)
    return page


def render(discussion: Discussion, sort: str, after: str) -> Page:
    latest_said = latest(discussion)  # before the others are read: what comes between is not seen
    _label, order = SORTS[sort]
    listed = in_order(discussion, sort)
    last = read_cursor(after, sort, *[int] * len(order))
    if last:
        listed = listed.filter(beyond(order, last))
    first = Comment.objects.filter(root=OuterRef("pk"), is_public=True).order_by("id").values("id")
    replies_shown = 0 if sort == "picks" else FIRST_REPLIES
    found = list(
        listed.order_by(*order)
        .select_related("author", "current", "reply_to__author", "reply_to__current")
        .annotate(**{f"reply_{n}": Subquery(first[n : n + 1]) for n in range(replies_shown)})[
            : ROOTS + 1
        ]
    )
    shown = found[:ROOTS]
    ids = [getattr(root, f"reply_{n}") for root in shown for n in range(replies_shown)]
    below = list(
        Comment.objects.filter(pk__in=[pk for pk in ids if pk])
        .select_related("author", "current", "reply_to__author", "reply_to__current")
        .order_by("id")
    )
    replies: dict[int, list[Comment]] = {}
    for reply in below:
        replies.setdefault(reply.thread_id, []).append(reply)
    for comment in shown + below:
        comment.discussion = discussion
    prefetch_related_objects(shown + below, "author__groups")
    threads = [(root, replies.get(root.pk, [])) for root in shown]
    rooms: dict[int, int] = {}  # the one place in which a thread's new replies appear
    on_top = None if after else pinned(discussion)
    context = {
        "until": latest_said,
        "threads": [
            {
                "root": root,
                "replies": replies,
                "has_room": rooms.setdefault(root.thread_id, root.pk) == root.pk,
                "more": root.replies - len(replies),
                "after": cursor("replies-of", replies[-1].pk) if replies else "",
            }
            for root, replies in threads
        ],
        "discussion": discussion,
        "article": discussion.article,
        "sort": sort,
        "pinned": on_top,
        "next": cursor(sort, *keys(shown[-1], order)) if len(found) > ROOTS else None,
    }
    return Page(
        render_to_string("comments/_thread.html", context),
        [said for root, replies in threads for said in thread_data(root, replies)],
        in_order(discussion, "picks").exists(),
    )


def latest(discussion: Discussion) -> int:
    """When its latest comment appeared; in one without any, when the article did."""
    appeared = Comment.objects.filter(
        discussion=discussion, is_public=True, appeared_at__isnull=False
    ).order_by("-appeared_at")
    at = appeared.values_list("appeared_at", flat=True).first()
    return microseconds(at or discussion.article.published_at or EPOCH)


def in_order(discussion: Discussion, sort: str) -> QuerySet[Comment]:
    """What this sort orders: the roots, or the comments that editors picked, wherever they are."""
    said = Comment.objects.filter(discussion=discussion)
    if sort == "picks":
        return said.filter(picked_at__isnull=False, is_public=True)
    return said.filter(root__isnull=True, has_place=True)


def pinned(discussion: Discussion) -> Comment | None:
    """What stands above all others; what is hidden meanwhile does not."""
    held = Comment.objects.whole().filter(pk=discussion.pinned_id, is_public=True)
    return held.first() if discussion.pinned_id else None


def keys(comment: Comment, order: tuple[str, ...]) -> list[int]:
    values = [getattr(comment, name.lstrip("-")) for name in order]
    return [microseconds(value) if isinstance(value, datetime) else value for value in values]


def beyond(order: tuple[str, ...], last: list[int]) -> Q:
    """The rows after `last` in this order: (a, id) < (x, y), said so that an index can tell."""
    way = "lt" if order[0].startswith("-") else "gt"
    names = [name.lstrip("-") for name in order]
    if len(names) == 1:
        return Q(**{f"{names[0]}__{way}": last[0]})
    value = moment(last[0]) if names[0].endswith("_at") else last[0]
    return Q(**{f"{names[0]}__{way}e": value}) & (
        Q(**{f"{names[0]}__{way}": value}) | Q(**{f"{names[1]}__{way}": last[1]})
    )


def replies_page(
    root: Comment, after: str = "", before: str = ""
) -> tuple[list[Comment], str | None, str | None]:
    """A page of a root's replies in time order, and the cursors of the pages before and after."""
    replies = Comment.objects.whole().filter(root=root, is_public=True)
    edge = read_cursor(before or after, "replies-of", int)
    if before and edge:
        found = list(replies.filter(pk__lt=edge[0]).order_by("-id")[: REPLIES + 1])
        shown = found[REPLIES - 1 :: -1]
    else:
        rest = replies.filter(pk__gt=edge[0]) if edge else replies
        found = list(rest.order_by("id")[: REPLIES + 1])
        shown = found[:REPLIES]
    more = len(found) > REPLIES
    return shown, *edges(shown, more if before else bool(after), more or bool(before))


def edges(shown: list[Comment], earlier: bool, later: bool) -> tuple[str | None, str | None]:
    """The cursors of what is before and after these replies, where there is something."""
    return (
        cursor("replies-of", shown[0].pk) if shown and earlier else None,
        cursor("replies-of", shown[-1].pk) if shown and later else None,
    )


COMMENT = re.compile(
    r'<article class="comment(?P<more>[^"]*)" id="c(?P<id>\d+)".*?</article>', re.DOTALL
)
ANSWERED = re.compile(
    r'<blockquote class="answered" id="a(?P<id>\d+)".*?</blockquote><!--/answered-->', re.DOTALL
)
QUOTED = re.compile(r' aria-describedby="q\d+"|<span class="quoted".*?</span>', re.DOTALL)
PINNED = re.compile(r'<aside class="pinned" id="p(?P<id>\d+)".*?</aside>', re.DOTALL)
SHOWN = re.compile(r'<\w+ class="(?:comment|pinned|answered)[^"]*" id="[cpa](\d+)"')
UNTIL = re.compile(r'<div id="thread" data-until="(\d+)"')
DEEDS = re.compile(r"<!--deeds-->.*?<!--/deeds-->", re.DOTALL)


def until(html: str) -> int:
    """When the latest comment had appeared as this thread was made, in microseconds."""
    found = UNTIL.search(html)
    return int(found[1]) if found else 0


def for_person(html: str, person: Any, since: datetime | None = None) -> SafeString:
    """The same HTML with what is this person's: their deeds, what is new to them, whom they muted.

    New is what appeared after `since`, or after they last were here; every comment is an editor's
    to pick, pin and move. At most two queries, whatever the page holds.
    """
    if not person.is_authenticated:
        return markup.trusted(html)
    is_editor = runs_discussions(person)
    ids = [int(id) for id in SHOWN.findall(html)]
    mine = {each.pk: each for each in marked(ids, person, since, all_of_them=is_editor)}

    def may_pin(each: Any) -> bool:
        return is_editor or each.author == each.told_by == person.pk

    def has_other_deeds(each: Any) -> bool:
        is_mine = each.author == person.pk
        return is_mine or is_editor or each.is_recommended or each.is_muted

    touched = [pk for pk, each in mine.items() if has_other_deeds(each)]
    comments = Comment.objects.select_related("author", "discussion").in_bulk(touched)

    def as_seen(match: re.Match[str]) -> str:
        each, html = mine.get(int(match["id"])), match[0]
        if each is None or "gone" in match["more"]:
            return html
        if each.answers_muted:
            html = QUOTED.sub("", html)
        is_mine = each.author == person.pk
        if each.pk in comments:
            context = {
                "comment": comments[each.pk],
                "mine": is_mine,
                "recommended": each.is_recommended,
                "muted": each.is_muted,
                "is_editor": is_editor,
                "may_pin": may_pin(each),
            }
            html = DEEDS.sub(lambda _: render_to_string("comments/_deeds.html", context), html)
        if each.is_muted:
            return folded(comments[each.pk], html)
        is_new = each.is_new and not is_mine
        return html.replace('class="comment', 'class="comment new', 1) if is_new else html

    def unless_muted(match: re.Match[str]) -> str:
        each = mine.get(int(match["id"]))
        return "" if each and each.is_muted else match[0]

    def answered(match: re.Match[str]) -> str:
        each = mine.get(int(match["id"]))
        return folded(comments[each.pk], match[0]) if each and each.is_muted else match[0]

    if mine:
        html = PINNED.sub(unless_muted, ANSWERED.sub(answered, COMMENT.sub(as_seen, html)))
    return markup.trusted(html)


def folded(comment: Comment, html: str) -> str:
    context = {"comment": comment, "html": markup.trusted(html)}
    return render_to_string("comments/_muted.html", context)


FLAGS = ["is_recommended", "is_muted", "answers_muted", "is_new"]


def marked(
    ids: list[int], person: Any, since: datetime | None, all_of_them: bool = False
) -> QuerySet[Any]:
    """Those of these comments that this person's page shows otherwise than everybody's."""
    recommended = Recommendation.objects.filter(person=person, comment=OuterRef("pk"))
    mutes = Mute.objects.filter(person=person)
    here = LastRead.objects.filter(person=person, discussion=OuterRef("discussion"))
    found: QuerySet[Any] = (
        Comment.objects.filter(pk__in=ids)
        .annotate(
            told_by=F("discussion__article__author"),
            is_recommended=Exists(recommended),
            is_muted=Exists(mutes.filter(muted=OuterRef("author"))),
            answers_muted=Exists(mutes.filter(muted=OuterRef("reply_to__author"))),
            since=Value(since) if since else Subquery(here.values("until")),
            is_new=ExpressionWrapper(Q(appeared_at__gt=F("since")), BooleanField()),
        )
        .values_list("pk", "author", "told_by", *FLAGS, named=True)
    )
    if all_of_them:
        return found
    is_theirs = Q(author=person) | Q(is_recommended=True) | Q(is_new=True)
    return found.filter(is_theirs | Q(is_muted=True) | Q(answers_muted=True))


def fragment(name: str, person: Any, since: datetime | None = None, **context: Any) -> SafeString:
    """One partial of the thread, such as `_comment`, as this person sees it."""
    return for_person(render_to_string(f"comments/{name}.html", context), person, since)
