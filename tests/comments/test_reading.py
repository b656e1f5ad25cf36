"""Reading a discussion: every comment in its place, nothing hidden anywhere, and fast."""

import base64
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from comments import thread
from comments.counters import recount
from comments.models import Comment, Discussion
from newsroom.keyset import cursor
from newsroom.models import Article
from tests import cast
from tests.comments.acting import HTMX, a_crowd, acting, do, in_days, later, read, removed, say

pytestmark = pytest.mark.django_db

SORTS = ["recommended", "newest", "oldest", "replies"]
CANARY = "Canary-7731"


def shown(html: str) -> list[int]:
    """The comments of a page, in its order."""
    return [int(id) for id in re.findall(r'<article class="comment[^"]*" id="c(\d+)"', html)]


def replies_of(root: Comment) -> list[int]:
    return list(Comment.objects.filter(root=root).order_by("id").values_list("pk", flat=True))


# As many questions to the database for a thousand as for ten


def ten_and_a_thousand(by: User) -> list[tuple[Article, Comment]]:
    cast.an_article("What is read next", published_at=in_days(-1))
    few, many = cast.an_article("Few words"), cast.an_article("Many words")
    return [(few, a_crowd(few, by, 2, 4)[0]), (many, a_crowd(many, by, 40, 24)[0])]


def queries(address: str, person: User | None = None) -> int:
    browser = acting(person)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        read(browser, address)
    return len(captured)


@pytest.mark.attack("A44")
def test_a_discussion_of_a_thousand_costs_what_one_of_ten_costs(
    reader: User, stranger: User
) -> None:
    addresses: list[Callable[[Article, Comment], str]] = [
        lambda article, root: article.get_absolute_url(),
        lambda article, root: f"/discussions/{article.pk}/?sort=replies",
        lambda article, root: f"/comments/{root.pk}/",
        lambda article, root: f"/comments/{root.pk}/replies/",
        lambda article, root: f"/discussions/{article.pk}/?sort=picks",
        lambda article, root: f"/comments/{Comment.objects.filter(root=root)[0].pk}/",
    ]
    small, large = ten_and_a_thousand(reader)
    Comment.objects.filter(pk__gt=small[1].pk).update(picked_at=in_days(-1))
    for person in (None, stranger, reader):
        for address in addresses:
            few, many = queries(address(*small), person), queries(address(*large), person)
            assert many == few < 30, address(*large)


def test_a_list_of_many_costs_what_a_list_of_few_costs(reader: User) -> None:
    """The chats, and one's own comments."""
    a_crowd(cast.an_article("One"), reader, 2)
    few = [queries("/chats/"), queries("/me/", reader)]
    for number in range(8):
        a_crowd(cast.an_article(f"Another {number}"), reader, 12)
    assert [queries("/chats/"), queries("/me/", reader)] == few


def test_a_thread_that_was_read_is_not_made_again(reader: User, article: Article) -> None:
    a_crowd(article, reader, 5, 2)
    address = article.get_absolute_url()
    first = queries(address)
    with CaptureQueriesContext(connection) as captured:
        read(acting(), address)
    assert len(captured) < first
    assert not [query for query in captured if "comments_revision" in query["sql"]]


# Page by page


def pages(address: str) -> Iterator[str]:
    """The pages of a list, as somebody reads who always asks for more."""
    following: str | None = address
    while following:
        html = read(acting(), following)
        yield html
        link = re.search(r'rel="next" href="([^"#]+)', html)
        following = address.partition("?")[0] + link[1].replace("&amp;", "&") if link else None


@pytest.mark.parametrize("sort", SORTS)
def test_every_root_is_on_exactly_one_page(sort: str, reader: User, article: Article) -> None:
    roots, chance = a_crowd(article, reader, 65), random.Random(7)
    for root in roots:  # many of a kind, so that the id has to decide
        numbers = {"recommends": chance.choice([0, 0, 1, 2]), "replies": chance.choice([0, 1])}
        Comment.objects.filter(pk=root.pk).update(**numbers)
    found = [id for html in pages(f"/discussions/{article.pk}/?sort={sort}") for id in shown(html)]
    assert sorted(found) == [root.pk for root in roots]
    order = {
        "recommended": lambda c: (-c.recommends, -c.pk),
        "newest": lambda c: -c.pk,
        "oldest": lambda c: c.pk,
        "replies": lambda c: (-c.replies, -c.pk),
    }
    assert found == [comment.pk for comment in sorted(Comment.objects.all(), key=order[sort])]


def test_what_is_said_while_one_reads_moves_nothing(reader: User, article: Article) -> None:
    roots = a_crowd(article, reader, 45)
    found: list[int] = []
    for html in pages(f"/discussions/{article.pk}/?sort=newest"):
        found += shown(html)
        a_crowd(article, reader, 3)
    assert found == [root.pk for root in reversed(roots)]


def test_a_page_without_javascript_follows_a_thread_to_its_end(
    reader: User, article: Article
) -> None:
    (root,) = a_crowd(article, reader, 1, 120)
    html = read(acting(), article.get_absolute_url())
    assert len(shown(html)) == 1 + 3
    assert "117 more replies" in html
    found, following = shown(html)[1:], f"/comments/{root.pk}/replies/"
    link = re.search(rf'href="({following}\?after=[^"]+)"', html)
    while link:
        html = read(acting(), following + "?after=" + link[1].rpartition("=")[2])
        found += shown(html)[1:]
        link = re.search(rf'class="more" href="({following}\?after=[^"]+)"', html)
    assert found == list(
        Comment.objects.filter(root=root).order_by("id").values_list("pk", flat=True)
    )


def test_htmx_is_given_the_next_replies_alone(reader: User, article: Article) -> None:
    (root,) = a_crowd(article, reader, 1, 60)
    html = acting().get(f"/comments/{root.pk}/replies/", headers=HTMX).content.decode()
    assert len(shown(html)) == 50
    assert root.pk not in shown(html)
    assert "<html" not in html


def encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


BAD_CURSORS = [
    "x",
    "====",
    "é",
    "\0",
    "%00",
    "../../etc/passwd",
    "A" * 20_000,
    encoded("newest"),
    encoded(["newest"]),
    encoded(["newest", None]),
    encoded(["newest", "1"]),
    encoded(["newest", 1.5]),
    encoded(["newest", True]),
    encoded(["newest", [1]]),
    encoded(["newest", {"_connector": "OR"}]),
    encoded(["newest", 1, 1]),
    encoded(["newest", 2**63]),
    encoded(["newest", -(2**63)]),
    encoded(["newest", float("inf")]),
    encoded({"newest": 1}),
    encoded(["oldest", 1]),
    encoded(["replies-of", 1]),
    encoded(["mine", 1]),
    base64.urlsafe_b64encode(b'["newest",' + b"9" * 5000 + b"]").decode(),
    base64.urlsafe_b64encode(b"[" * 20_000).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
]


@pytest.mark.attack("A45")
@pytest.mark.parametrize("after", BAD_CURSORS, ids=range(len(BAD_CURSORS)))
def test_a_cursor_that_we_never_gave_is_refused(after: str, reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    query = f"?sort=newest&after={quote(after)}"
    read(acting(), f"/discussions/{article.pk}/{query}", status=400)
    if after != encoded(["replies-of", 1]):
        read(acting(), f"/comments/{comment.pk}/replies/{query}", status=400)
    if after != encoded(["mine", 1]):
        read(acting(reader), f"/me/{query}", status=400)


@pytest.mark.parametrize("sort", SORTS)
def test_a_cursor_belongs_to_its_sort(sort: str, reader: User, article: Article) -> None:
    cast.a_comment(article, reader)
    for other in SORTS:
        keys = [1, 1] if other in ("recommended", "replies") else [1]
        status = 200 if other == sort else 400
        address = f"/discussions/{article.pk}/?sort={sort}&after={cursor(other, *keys)}"
        read(acting(), address, status=status)


@pytest.mark.attack("A45")
@pytest.mark.parametrize("number", [-1, -(2**63) + 1, 2**63 - 1, 2**31, 0])
@pytest.mark.parametrize("sort", SORTS)
def test_a_number_that_no_row_has_is_harmless(
    sort: str, number: int, reader: User, article: Article
) -> None:
    cast.a_comment(article, reader)
    keys = [number] * (2 if sort in ("recommended", "replies") else 1)
    address = f"/discussions/{article.pk}/?sort={sort}&after={cursor(sort, *keys)}"
    assert acting().get(address).status_code == (400 if number < 0 else 200)


@pytest.mark.attack("A45")
@pytest.mark.parametrize(
    "sort", ["best", "-id", "author__password", "created_at;--", "%00", "newest,id", "Newest"]
)
def test_a_sort_that_is_none_is_refused(sort: str, article: Article) -> None:
    read(acting(), f"{article.get_absolute_url()}?sort={sort}", status=400)


def test_what_a_sort_remembers_is_not_what_another_shows(reader: User, article: Article) -> None:
    first, last = cast.a_comment(article, reader, "A."), cast.a_comment(article, reader, "B.")
    assert shown(read(acting(), f"/discussions/{article.pk}/?sort=oldest")) == [first.pk, last.pk]
    assert shown(read(acting(), f"/discussions/{article.pk}/?sort=newest")) == [last.pk, first.pk]


# A link to one comment


def test_a_link_to_the_deepest_reply_shows_it_below_its_root(
    reader: User, article: Article
) -> None:
    (root,) = a_crowd(article, reader, 1, 200)
    deepest = Comment.objects.filter(root=root).latest("id")
    page = read(acting(), f"/comments/{deepest.pk}/")
    assert shown(page)[0] == root.pk
    assert shown(page)[-1] == deepest.pk
    assert len(shown(page)) == 1 + 10 + 1
    assert re.search(rf'class="comment here" id="c{deepest.pk}"', page)
    assert "Earlier replies" in page
    assert "More replies" not in page


def test_a_link_into_the_middle_shows_both_sides(reader: User, article: Article) -> None:
    (root,) = a_crowd(article, reader, 1, 100)
    replies = replies_of(root)
    page = read(acting(), f"/comments/{replies[50]}/")
    assert shown(page) == [root.pk, *replies[40:61]]


def test_from_the_middle_one_reads_on_to_both_ends(reader: User, article: Article) -> None:
    (root,) = a_crowd(article, reader, 1, 150)
    replies = replies_of(root)
    page = read(acting(), f"/comments/{replies[75]}/")
    for way, label in (("before", "Earlier replies"), ("after", "More replies")):
        html, found = page, shown(page)[1:]
        while link := re.search(rf'href="(/comments/\d+/replies/\?{way}=[^"]+)"', html):
            assert label in html
            html = acting().get(link[1], headers=HTMX).content.decode()
            found += shown(html)
            assert ("?after=" if way == "before" else "?before=") not in html
        wanted = replies[:86] if way == "before" else replies[65:]
        assert sorted(found) == wanted


def test_what_a_reply_answers_is_in_view_however_far_apart(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    (root,) = a_crowd(article, reader, 1, 40)
    answered = Comment.objects.get(pk=replies_of(root)[3])
    late = cast.a_comment(article, stranger, "To the fourth.", answered)
    words = f"Word {answered.pk}."
    page = read(acting(), f"/comments/{late.pk}/")
    assert answered.pk not in shown(page)
    assert page.count(words) == 2  # above it, and where it names whom it answers
    removed(answered, moderator)
    page = read(acting(), f"/comments/{late.pk}/")
    assert words not in page
    assert "A moderator removed the comment that this answers." in page


def test_a_link_lands_on_its_comment_with_and_without_javascript(
    reader: User, article: Article
) -> None:
    (root,) = a_crowd(article, reader, 1, 2)
    for id in (root.pk, *replies_of(root)):
        page = read(acting(), f"/comments/{id}/")
        assert re.findall(r'id="c(\d+)" tabindex="-1" autofocus', page) == [str(id)]


# Whom a reply answers


@pytest.mark.parametrize("hide", ["remove", "withdraw", "edit"])
def test_the_line_that_is_quoted_goes_with_the_comment(
    hide: str, reader: User, stranger: User, moderator: User, article: Article
) -> None:
    root = cast.a_comment(article, reader, f"{CANARY} <b>bold</b>.")
    reply = cast.a_comment(article, stranger, "An answer.", root)
    addresses = [article.get_absolute_url(), f"/comments/{reply.pk}/"]
    for address in addresses:
        page = read(acting(), address)
        assert f'<a class="to" href="/comments/{root.pk}/" aria-describedby="q{reply.pk}">' in page
        assert page.count(f'id="q{reply.pk}"') == 1
        assert f"{CANARY} &lt;b&gt;bold&lt;/b&gt;.</span>" in page
    if hide == "remove":
        removed(root, moderator)
    elif hide == "withdraw":
        root.withdraw()
    else:
        root.edit("Other words.", 1)
    for address in addresses:
        assert f"{CANARY} &lt;b" not in read(acting(), address)


def test_who_works_here_is_told_from_readers(
    reader: User, author: User, editor: User, moderator: User, article: Article
) -> None:
    article.author = author
    article.save()
    for person in (reader, author, editor, moderator):
        cast.a_comment(article, person)
    page = read(acting(), article.get_absolute_url())
    said = re.findall(
        r'<b dir="auto"><a [^>]+>([^<]+)</a></b>\s*(?:<span class="badge \w+">(\w+)</span>)?', page
    )
    assert sorted(said) == [
        ("Anna Author", "Author"),
        ("Edgar Editor", "Editor"),
        ("Mona Moderator", "Moderator"),
        ("Rita Reader", ""),
    ]


def test_a_badge_goes_with_its_office(moderator: User, article: Article) -> None:
    """On the page that is kept, too."""
    cast.a_comment(article, moderator)
    badge = '<span class="badge staff">'
    assert badge in read(acting(), article.get_absolute_url())
    moderator.groups.clear()
    assert badge not in read(acting(), article.get_absolute_url())
    Group.objects.get(name="Editor").user_set.add(moderator)
    assert badge in read(acting(), article.get_absolute_url())


# What the editors picked


def test_the_picks_have_a_tab_of_their_own_once_there_are_some(
    reader: User, stranger: User, article: Article
) -> None:
    address = article.get_absolute_url()
    root = cast.a_comment(article, reader, "The root.")
    reply = cast.a_comment(article, stranger, "The reply.", root)
    cast.a_comment(article, reader, "Another.")
    assert "Editors’ picks" not in read(acting(), address)
    for hours, comment in ((2, root), (1, reply)):
        Comment.objects.filter(pk=comment.pk).update(picked_at=in_days(-hours / 24))
    Discussion.objects.all().bump()
    page = read(acting(), address)
    assert page.index("Editors’ picks") < page.index(">Recommended<")
    picks = read(acting(), f"{address}?sort=picks")
    assert shown(picks) == [reply.pk, root.pk]
    assert picks.count(f'id="replies-{root.pk}"') == 1
    reply.withdraw()
    assert shown(read(acting(), f"{address}?sort=picks")) == [root.pk]


def test_every_pick_is_on_exactly_one_page(reader: User, article: Article) -> None:
    roots, then = a_crowd(article, reader, 45), in_days(-1)
    Comment.objects.filter(root=None).update(picked_at=then)
    Comment.objects.filter(pk=roots[7].pk).update(picked_at=in_days(-2))
    found = [id for html in pages(f"/discussions/{article.pk}/?sort=picks") for id in shown(html)]
    assert found == [root.pk for root in reversed(roots) if root != roots[7]] + [roots[7].pk]


@pytest.mark.parametrize(
    "after", [encoded(["picks", 2**62, 1]), encoded(["picks", 1]), encoded(["picks", "x", 1])]
)
def test_a_pick_of_a_time_that_no_calendar_has_is_refused(after: str, article: Article) -> None:
    read(acting(), f"/discussions/{article.pk}/?sort=picks&after={after}", status=400)


@pytest.mark.parametrize("id", ["0", "999999", str(2**63), "9" * 40])
def test_there_is_nothing_at_a_number_that_no_comment_has(id: str, reader: User) -> None:
    for page in ("", "replies/", "history/", "reply/", "edit/", "withdraw/", "recommend/"):
        read(acting(reader), f"/comments/{id}/{page}", status=404)


# What is hidden


def pending(comment: Comment, moderator: User) -> None:
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.PENDING)


def taken_down(comment: Comment, moderator: User) -> None:
    removed(comment, moderator)


def withdrawn(comment: Comment, moderator: User) -> None:
    comment.withdraw()


def article_withdrawn(comment: Comment, moderator: User) -> None:
    comment.article.status = Article.Status.WITHDRAWN
    comment.article.save()


def article_scheduled(comment: Comment, moderator: User) -> None:
    comment.article.published_at = in_days(1)
    comment.article.save()


HIDDEN = [pending, taken_down, withdrawn, article_withdrawn, article_scheduled]


def surfaces(comment: Comment, reply: Comment) -> list[str]:
    """Every address on which somebody could look for it."""
    article, pages = comment.article, ["", "replies/", "history/", "reply/", "report/"]
    return (
        [f"/comments/{comment.pk}/{page}" for page in pages]
        + [f"/comments/{comment.thread_id}/replies/", f"/comments/{reply.pk}/"]
        + [article.get_absolute_url(), f"{article.get_absolute_url()}?sort=newest"]
        + [f"/discussions/{article.pk}/?sort={sort}" for sort in ("oldest", "replies")]
        + ["/", "/newsfeed/", "/chats/", "/feeds/atom/", "/me/"]
        + [f"/feeds/discussions/{article.pk}/rss/"]
        + [cast.an_article("Another").get_absolute_url()]
    )


@pytest.mark.attack("A38")
@pytest.mark.parametrize(
    ("hide", "as_root"), [(hide, True) for hide in HIDDEN] + [(pending, False), (taken_down, False)]
)
def test_what_is_hidden_is_nowhere(
    hide: Callable[[Comment, User], None], as_root: bool, reader: User, moderator: User
) -> None:
    """Neither for a visitor nor for another reader, and not on a page kept from before."""
    article, stranger = cast.an_article(), cast.a_stranger()
    above = None if as_root else cast.a_comment(article, stranger, "The root of it.")
    comment = cast.a_comment(article, reader, f"First {CANARY}.", above)
    do(acting(reader), comment, "edit", text=f"Then {CANARY}.", revision=1)
    reply = cast.a_comment(article, stranger, "An answer.", comment)
    visitor, other = acting(), acting(stranger)
    addresses = surfaces(comment, reply)
    for address in (addresses[0], f"/comments/{comment.pk}/history/", article.get_absolute_url()):
        assert CANARY in read(visitor, address)

    hide(Comment.objects.whole().get(pk=comment.pk), moderator)
    recount()

    looks: list[tuple[Client, str, dict[str, str]]] = [
        (visitor, address, {}) for address in addresses
    ]
    looks += [(other, address, {}) for address in [*addresses[:8], "/me/"]]
    looks += [(other, address, HTMX) for address in addresses[:7]]
    for browser, address, headers in looks:
        response = browser.get(address, headers=headers, follow=True)
        assert response.status_code in (200, 403, 404, 410), address
        assert CANARY not in response.content.decode(), address
    for deed in ("reply", "edit", "withdraw", "recommend", "unrecommend", "report"):
        answer = do(other, comment, deed, text="Words.", kind="spam", revision=2)
        assert answer.status_code == 404, deed
        assert CANARY not in answer.content.decode(), deed


@pytest.mark.attack("A14", "A38")
def test_what_is_hidden_looks_like_what_never_was(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    removed(comment, moderator)
    for page in ("", "history/", "reply/", "report/", "recommend/", "edit/"):
        hidden = read(acting(stranger), f"/comments/{comment.pk}/{page}", status=404)
        never = read(acting(stranger), f"/comments/{comment.pk + 999}/{page}", status=404)
        assert re.sub(r"\d+|csrf\S+ value=\S+", "", hidden) == re.sub(
            r"\d+|csrf\S+ value=\S+", "", never
        )


def test_a_removed_root_keeps_its_place_above_its_answers(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    root = cast.a_comment(article, reader, f"{CANARY}.")
    reply = cast.a_comment(article, stranger, "An answer.", root)
    removed(root, moderator)
    for address in (article.get_absolute_url(), f"/comments/{reply.pk}/"):
        page = read(acting(), address)
        assert "A moderator removed this comment." in page
        assert shown(page) == [root.pk, reply.pk]
        assert CANARY not in page
    assert CANARY not in read(acting(), f"/comments/{root.pk}/replies/")


def test_a_removed_root_without_answers_leaves_no_trace(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    root = cast.a_comment(article, reader, f"{CANARY}.")
    reply = cast.a_comment(article, stranger, "An answer.", root)
    removed(root, moderator)
    removed(reply, moderator)
    page = read(acting(), article.get_absolute_url())
    assert shown(page) == []
    assert "Nobody has said anything yet." in page
    read(acting(), f"/comments/{root.pk}/replies/", status=404)


def test_the_chats_quote_the_latest_word_that_may_be_read(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    cast.a_comment(article, reader, "The word before.")
    latest = cast.a_comment(article, stranger, f"{CANARY}.")
    assert CANARY in read(acting(), "/chats/")
    removed(latest, moderator)
    chats = read(acting(), "/chats/")
    assert CANARY not in chats
    assert "The word before." in chats
    assert "1 comment<" in chats


def test_a_discussion_that_fell_silent_is_no_chat(reader: User, article: Article) -> None:
    cast.a_comment(article, reader)
    with later(days=3):
        assert article.headline not in read(acting(), "/chats/")


def test_nobody_reads_another_persons_page(reader: User, stranger: User, article: Article) -> None:
    cast.a_comment(article, reader, f"{CANARY}.", held_because="a link")
    assert CANARY in read(acting(reader), "/me/")
    assert CANARY not in read(acting(stranger), "/me/")
    assert acting().get("/me/")["Location"] == "/accounts/login/?next=/me/"


# What may be kept, and by whom

PUBLIC = ["/", "/newsfeed/", "/chats/", "/world/"]


def public(comment: Comment) -> list[str]:
    article = comment.article
    own = [f"/comments/{comment.pk}/{page}" for page in ("", "replies/", "history/", "reply/")]
    return [*PUBLIC, article.get_absolute_url(), f"/discussions/{article.pk}/", *own]


@pytest.mark.attack("A37")
def test_a_visitors_pages_may_be_kept_and_hold_nothing_personal(
    reader: User, article: Article
) -> None:
    for address in public(cast.a_comment(article, reader)):
        response = acting().get(address)
        assert response["Cache-Control"] == "public, no-cache", address
        assert not response.cookies, address
        assert "csrfmiddlewaretoken" not in response.content.decode(), address
        assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", ")), address


@pytest.mark.attack("A37")
def test_a_signed_in_readers_pages_are_theirs_alone(
    reader: User, stranger: User, article: Article
) -> None:
    for address in [*public(cast.a_comment(article, reader)), "/me/"]:
        response = acting(stranger).get(address)
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", ")), address
        assert "ETag" not in response, address


@pytest.mark.attack("A37")
def test_what_a_reader_sees_of_themselves_is_not_kept_for_others(
    reader: User, stranger: User, article: Article
) -> None:
    mine = cast.a_comment(article, reader, "Mine.")
    theirs = cast.a_comment(article, stranger, "Theirs.")
    before = read(acting(), article.get_absolute_url())
    do(acting(reader), theirs, "recommend")
    cache.clear()
    page = read(acting(reader), article.get_absolute_url())
    assert f'href="/comments/{mine.pk}/edit/"' in page
    assert 'aria-pressed="true"' in page
    after = read(acting(), article.get_absolute_url())
    assert after.replace("▲ 1", "▲ 0").replace("Recommend 1", "Recommend 0").count("▲ 0") == 2
    for personal in ("/edit/", "/withdraw/", 'aria-pressed="true"', "csrf", 'class="quiet who"'):
        assert personal not in after
        assert personal not in before
    kept = thread.thread(Discussion.objects.of(article), "recommended").html
    assert "csrf" not in kept
    assert "/edit/" not in kept


def test_a_page_that_did_not_change_is_not_sent_again(reader: User, article: Article) -> None:
    comment = cast.a_comment(article, reader)
    for address in (article.get_absolute_url(), f"/comments/{comment.pk}/", "/chats/"):
        tag = acting().get(address)["ETag"]
        response = acting().get(address, headers={"If-None-Match": tag})
        assert (response.status_code, response.content) == (304, b""), address
        assert response["Cache-Control"] == "public, no-cache"


@pytest.mark.attack("A38")
@pytest.mark.parametrize("hide", HIDDEN, ids=lambda hide: hide.__name__)
def test_a_page_of_what_is_hidden_now_is_made_anew(
    hide: Callable[[Comment, User], None], reader: User, moderator: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader, f"{CANARY}.")
    addresses = [article.get_absolute_url(), f"/comments/{comment.pk}/", "/chats/"]
    tags = [acting().get(address)["ETag"] for address in addresses]
    hide(Comment.objects.whole().get(pk=comment.pk), moderator)
    recount()
    for address, tag in zip(addresses, tags, strict=True):
        response = acting().get(address, headers={"If-None-Match": tag})
        assert response.status_code != 304
        assert CANARY not in response.content.decode()


def test_a_new_word_makes_the_page_anew(reader: User, article: Article) -> None:
    address = article.get_absolute_url()
    tag = acting().get(address)["ETag"]
    say(acting(reader), article, "A new word.")
    response = acting().get(address, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "A new word." in response.content.decode()


@pytest.mark.parametrize("cookie", ["sid=x", "sid=", "sid=" + "a" * 32])
def test_a_session_that_is_none_reads_as_a_visitor_does(
    cookie: str, reader: User, article: Article
) -> None:
    cast.a_comment(article, reader)
    response = acting().get(article.get_absolute_url(), HTTP_COOKIE=cookie)
    assert "To participate in the discussion, log in or register." in response.content.decode()
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
