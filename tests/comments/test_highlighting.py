"""Picks and the pinned comment: an editor's deeds, each on the record and to be undone."""

import pytest

from accounts.models import User
from comments.models import Comment, Decision, Discussion
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.comments.acting import acting, do, read, removed, suspended

pytestmark = pytest.mark.django_db

UNDONE = {"pick": "unpick", "pin": "unpin"}
BADGE = {"pick": "Editor’s pick</span>", "pin": "Pinned</span>"}


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "The pier *stands* since 1896.")


def page(comment: Comment) -> str:
    """As a visitor reads it."""
    return read(acting(), comment.article.get_absolute_url())


@pytest.mark.parametrize("deed", UNDONE)
def test_everybody_sees_what_an_editor_chose_until_it_is_taken_back(
    deed: str, comment: Comment, editor: User
) -> None:
    browser = acting(editor)
    response = do(browser, comment, deed)
    assert response["Location"] == f"/comments/{comment.pk}/#c{comment.pk}"
    assert BADGE[deed] in page(comment)
    do(browser, comment, UNDONE[deed])
    assert BADGE[deed] not in page(comment)


@pytest.mark.parametrize("deed", UNDONE)
def test_said_again_it_is_one_decision(deed: str, comment: Comment, editor: User) -> None:
    browser = acting(editor)
    for said in (deed, deed, UNDONE[deed], UNDONE[deed]):
        assert do(browser, comment, said).status_code == 302
    record = Decision.objects.order_by("id").values_list("action", "by__name", "comment")
    assert list(record) == [(said, "Edgar Editor", comment.pk) for said in (deed, UNDONE[deed])]


@pytest.mark.attack("A16")
@pytest.mark.parametrize("deed", [*UNDONE, *UNDONE.values()])
def test_only_editors_choose(deed: str, comment: Comment, author: User) -> None:
    address = f"/comments/{comment.pk}/{deed}/"
    others = [comment.author, cast.a_stranger(), author, cast.a_moderator()]
    others += [cast.a_reader("Una Unverified", verified=False)]
    for person in others:
        assert do(acting(person), comment, deed).status_code == 403
        read(acting(person), address, status=403)
        assert f'"{address}"' not in read(acting(person), comment.article.get_absolute_url())
    assert do(acting(), comment, deed)["Location"] == f"/accounts/login/?next={address}"
    assert acting(cast.an_editor()).delete(address).status_code == 405
    assert not Decision.objects.exists()
    assert BADGE["pick"] not in page(comment)


@pytest.mark.parametrize("deed", [*UNDONE, *UNDONE.values()])
def test_a_get_asks_and_changes_nothing(deed: str, comment: Comment, editor: User) -> None:
    assert "stands" in read(acting(editor), f"/comments/{comment.pk}/{deed}/")
    assert not Decision.objects.exists()
    browser = acting(editor, enforce_csrf_checks=True)
    assert do(browser, comment, deed).status_code == 403


def test_an_editor_finds_the_deeds_beside_every_comment_and_nobody_else_does(
    comment: Comment, editor: User, reader: User
) -> None:
    address = comment.article.get_absolute_url()
    for deed in ("pick", "pin", "move"):
        assert f"/comments/{comment.pk}/{deed}/" in read(acting(editor), address)
        for other in (None, reader):
            assert f"/comments/{comment.pk}/{deed}/" not in read(acting(other), address)


def test_htmx_gets_the_comment_with_the_other_deed(comment: Comment, editor: User) -> None:
    html = do(acting(editor), comment, "pick", htmx=True).content.decode()
    assert BADGE["pick"] in html
    assert f"/comments/{comment.pk}/unpick/" in html
    assert "<html" not in html


def test_what_is_hidden_is_neither_picked_nor_pinned(
    comment: Comment, editor: User, moderator: User
) -> None:
    do(acting(editor), comment, "pick")
    do(acting(editor), comment, "pin")
    removed(comment, moderator)
    for deed in ("pick", "pin", "unpick", "unpin"):
        assert do(acting(editor), comment, deed).status_code == 404
    assert "1896" not in page(comment)


def test_a_pin_takes_the_place_of_the_one_before(
    comment: Comment, editor: User, reader: User
) -> None:
    other = cast.a_comment(comment.article, reader, "And the lamps?")
    for each in (comment, other):
        do(acting(editor), each, "pin")
    do(acting(editor), comment, "unpin")  # it is not any more: nothing happens
    assert Discussion.objects.get().pinned == other
    assert page(comment).count('class="pinned"') == 1


def test_a_pinned_comment_stands_on_top_of_every_first_page(
    comment: Comment, editor: User, reader: User
) -> None:
    cast.a_comment(comment.article, reader, "A newer word.")
    do(acting(editor), comment, "pin")
    for sort in ("newest", "oldest", "recommended", "replies"):
        html = read(acting(), f"{comment.article.get_absolute_url()}?sort={sort}")
        assert html.index('class="pinned"') < html.index('id="threads"')
        assert html.count(f'id="c{comment.pk}"') == 1


def test_the_author_pins_an_answer_of_theirs_and_nothing_else(reader: User, author: User) -> None:
    article = cast.an_article(author=author)
    question = cast.a_comment(article, reader, "How long?")
    answer = cast.a_comment(article, author, "A year.", question)
    assert f"/comments/{answer.pk}/pin/" in read(acting(author), article.get_absolute_url())
    do(acting(author), answer, "pin")
    assert "A year." in page(question).partition('class="pinned"')[2].partition("</aside>")[0]
    for comment, deed in ((question, "pin"), (answer, "pick"), (question, "move")):
        assert do(acting(author), comment, deed).status_code == 403
    elsewhere = cast.a_comment(cast.an_article("Of another"), author, "Mine too.")
    assert do(acting(author), elsewhere, "pin").status_code == 403
    assert do(acting(author), answer, "unpin").status_code == 302
    assert Discussion.objects.get(pk=article.pk).pinned is None


def test_only_picks_may_be_quoted_by_search_engines(comment: Comment, editor: User) -> None:
    assert "data-nosnippet" in page(comment).partition(f'id="c{comment.pk}"')[2]
    do(acting(editor), comment, "pick")
    assert "data-nosnippet" not in page(comment).partition(f'id="c{comment.pk}"')[2]


def test_a_pick_does_not_come_between_a_moderator_and_a_comment(
    comment: Comment, editor: User, moderator: User
) -> None:
    """Who saw no decision on it before the pick may still decide."""
    do(acting(editor), comment, "pick")
    Decision.objects.all().approve(comment, moderator, comment.current.n, last=0)
    assert Decision.objects.latest("id").action == "approve"


def test_readers_who_are_here_are_told(comment: Comment, editor: User) -> None:
    LiveEvent.objects.all().delete()
    do(acting(editor), comment, "pick")
    topic = f"discussion:{comment.article.pk}"
    assert LiveEvent.objects.get(topic=topic).kind == "pick"


def test_an_editor_who_may_not_comment_still_edits(
    comment: Comment, editor: User, admin: User
) -> None:
    suspended(editor, admin)
    assert do(acting(editor), comment, "pick").status_code == 302


def test_who_is_muted_is_not_on_top_either(
    comment: Comment, editor: User, stranger: User, reader: User
) -> None:
    do(acting(editor), comment, "pin")
    acting(stranger).post(f"/people/{reader.username}/mute/", {"mute": "1"})
    assert 'class="pinned"' not in read(acting(stranger), comment.article.get_absolute_url())
    assert 'class="pinned"' in page(comment)
