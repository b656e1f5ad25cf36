"""A misplaced thread goes to its article: whole, counted on both sides, and found by its links."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection

from accounts.models import User
from comments import thread
from comments.counters import drifts
from comments.models import Comment, Decision, Discussion, Draft
from newsroom.models import Article, LiveEvent
from newsroom.retelling import look
from tests import cast
from tests.comments.acting import acting, do, read, removed, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Article:
    return cast.an_article("The lamps are dark")


@pytest.fixture
def root(article: Article, reader: User, stranger: User, moderator: User) -> Comment:
    """With a reply that is read, one that waits, and one that was removed."""
    root = cast.a_comment(article, reader, "Who pays for the lamps?")
    cast.a_comment(article, stranger, "The town does.", root)
    cast.a_comment(article, stranger, "See here.", root, held_because="a link")
    removed(cast.a_comment(article, stranger, "You fool.", root), moderator)
    cast.a_comment(article, reader, "The bridge is fine.")
    return root


def counts(*articles: Article) -> list[int]:
    return [Discussion.objects.of(article).comment_count for article in articles]


def to(article: Article) -> dict[str, Any]:
    return {"newest": article.pk}


def test_the_whole_thread_is_there_and_no_longer_here(
    root: Comment, article: Article, other: Article, editor: User
) -> None:
    assert counts(article, other) == [3, 0]
    response = do(acting(editor), root, "move", **to(other))
    assert response["Location"] == f"/comments/{root.pk}/#c{root.pk}"
    assert counts(article, other) == [1, 2]
    assert list(drifts()) == []
    assert set(Comment.objects.filter(discussion=other.pk)) == {root, *root.thread.all()}
    here, there = (read(acting(), each.get_absolute_url()) for each in (article, other))
    assert "The town does." in there
    assert "The town does." not in here
    assert "The bridge is fine." in here
    assert Discussion.objects.of(other).last_comment_at == root.thread.order_by("id")[0].created_at


@pytest.mark.attack("A15")
@pytest.mark.parametrize("sort", thread.SORTS)
def test_every_sort_finds_it_in_its_new_place(
    sort: str, root: Comment, article: Article, other: Article, editor: User
) -> None:
    do(acting(editor), root, "pick")
    do(acting(editor), root, "move", **to(other))
    address = f'id="c{root.pk}"'
    assert address in read(acting(), f"{other.get_absolute_url()}?sort={sort}")
    assert address not in read(acting(), f"{article.get_absolute_url()}?sort={sort}")


def test_its_links_work_as_before(
    root: Comment, other: Article, editor: User, stranger: User
) -> None:
    reply = root.thread.order_by("id")[0]
    do(acting(editor), root, "move", **to(other))
    for address in (
        root.get_absolute_url(),
        f"/comments/{root.pk}/replies/",
        f"/comments/{reply.pk}/",
    ):
        html = read(acting(), address)
        assert "The town does." in html
        assert other.headline in html


def test_it_is_on_the_record_and_once(
    root: Comment, article: Article, other: Article, editor: User
) -> None:
    Decision.objects.filter(by=editor).delete()
    for _time in range(2):
        do(acting(editor), root, "move", **to(other))
    decision = Decision.objects.get(by=editor)
    assert (decision.action, decision.comment) == ("move", root)
    assert decision.facts == f"{article.headline} → {other.headline}"


def test_readers_of_both_are_told(
    root: Comment, article: Article, other: Article, editor: User
) -> None:
    LiveEvent.objects.all().delete()
    do(acting(editor), root, "move", **to(other))
    told = {e.topic: look(e) for e in LiveEvent.objects.all()}
    left, came = (told[f"discussion:{each.pk}"] for each in (article, other))
    assert left
    assert (left["kind"], left["html"], left["count"]) == ("gone", "", 1)
    assert came
    assert (came["kind"], came["id"], came["count"]) == ("comment", root.pk, 2)


def test_a_pin_and_a_draft_do_not_stay_behind(
    root: Comment, article: Article, other: Article, editor: User, stranger: User
) -> None:
    do(acting(editor), root, "pin")
    Draft.objects.keep(article, "Half a sentence", root, person=stranger)
    do(acting(editor), root, "move", **to(other))
    assert Discussion.objects.get(pk=article.pk).pinned is None
    assert "Half a sentence" in read(acting(stranger), f"/comments/{root.pk}/reply/")


@pytest.mark.attack("A15")
def test_an_answer_typed_before_the_move_follows_the_thread(
    root: Comment, article: Article, other: Article, editor: User, reader: User
) -> None:
    do(acting(editor), root, "move", **to(other))
    do(acting(reader), root, "reply", text="Then let them.", discussion=article.pk)
    assert Comment.objects.latest("id").discussion_id == other.pk
    assert list(drifts()) == []


@pytest.mark.attack("A15")
def test_a_reply_alone_does_not_move(root: Comment, other: Article, editor: User) -> None:
    reply = root.thread.order_by("id")[0]
    assert do(acting(editor), reply, "move", **to(other)).status_code == 404


@pytest.mark.attack("A16")
@pytest.mark.parametrize("who", ["reader", "author", "moderator"])
def test_others_move_nothing(
    who: str, root: Comment, article: Article, other: Article, request: pytest.FixtureRequest
) -> None:
    browser = acting(request.getfixturevalue(who))
    assert do(browser, root, "move", **to(other)).status_code == 403
    read(browser, f"/comments/{root.pk}/move/", status=403)
    assert acting().get(f"/comments/{root.pk}/move/").status_code == 302
    assert counts(article, other) == [3, 0]


def test_it_goes_only_where_readers_are(
    root: Comment, article: Article, other: Article, editor: User
) -> None:
    unpublished = cast.an_article("Not yet", status=Article.Status.DRAFT)
    for wrong in (
        {},
        to(article),
        to(unpublished),
        {"newest": "x"},
        {"address": unpublished.get_absolute_url()},
        {"address": "/2026/01/01/nothing-here/"},
        {"address": "https://[bad"},
        {"address": "/" * 300},
        {"address": "/2026/01/01/nothing%00here/"},
        {"address": "'; DROP TABLE"},
    ):
        response = do(acting(editor), root, "move", **wrong)
        assert response.status_code == 400
        assert "Move this thread" in seen(response)
    assert counts(article, other) == [3, 0]


def test_an_article_is_named_by_its_address(root: Comment, other: Article, editor: User) -> None:
    address = f"https://news.example{quote(other.get_absolute_url())}?sort=newest#discussion"
    do(acting(editor), root, "move", address=address)
    assert Comment.objects.get(pk=root.pk).discussion_id == other.pk


@pytest.mark.attack("A48")
@pytest.mark.django_db(transaction=True)
def test_who_answers_while_it_moves_answers_in_one_place() -> None:
    article, other = cast.an_article(), cast.an_article("The lamps are dark")
    root = cast.a_comment(article, cast.a_reader())
    people = [acting(cast.a_reader(f"Reader {name}")) for name in "Abel Bea Cora".split()]
    editor = acting(cast.an_admin())

    def work(number: int) -> int:
        try:
            if number == 2:
                return do(editor, root, "move", **to(other)).status_code
            return do(people[number % 3], root, "reply", text=f"Word {number}.").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(work, range(7))) == {302}
    assert set(Comment.objects.values_list("discussion", flat=True)) == {other.pk}
    assert list(drifts()) == []
