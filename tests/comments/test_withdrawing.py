"""Taking back what one said: it is gone for everybody, and answers to it stay."""

import pytest

from accounts.models import User
from comments.models import Comment, Discussion
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.comments.acting import acting, do, later, read, removed, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "I never liked the pier.")


def test_it_is_gone_for_everybody_else(comment: Comment, reader: User, stranger: User) -> None:
    assert do(acting(reader), comment, "withdraw").status_code == 302
    for other in (acting(), acting(stranger)):
        assert "never liked" not in read(other, comment.article.get_absolute_url())
        assert "All quiet at the moment." in read(other, "/chats/")
        read(other, f"/comments/{comment.pk}/", status=404)
        read(other, f"/comments/{comment.pk}/history/", status=404)


def test_its_author_still_finds_it(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "withdraw")
    assert "withdrawn by you" in read(acting(reader), "/me/")
    assert "only you see it" in read(acting(reader), f"/comments/{comment.pk}/")


def test_answers_to_it_stay(comment: Comment, reader: User, stranger: User) -> None:
    cast.a_comment(comment.article, stranger, "I did.", comment)
    do(acting(reader), comment, "withdraw")
    page = read(acting(), comment.article.get_absolute_url())
    assert "I did." in page
    assert "This comment is not shown." in page
    assert "never liked" not in page
    assert Discussion.objects.get().comment_count == 1


def test_it_can_be_withdrawn_at_any_time(comment: Comment, reader: User) -> None:
    with later(days=20):
        assert do(acting(reader), comment, "withdraw").status_code == 302
    read(acting(), f"/comments/{comment.pk}/", status=404)


def test_said_twice_it_is_withdrawn_once(comment: Comment, reader: User) -> None:
    for _time in range(2):
        assert do(acting(reader), comment, "withdraw").status_code == 302
    assert Discussion.objects.get().comment_count == 0
    assert LiveEvent.objects.filter(kind="withdraw").count() == 1


def test_htmx_says_so_in_its_place(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "withdraw", htmx=True)
    assert response["HX-Retarget"] == f"#c{comment.pk}"
    assert "You withdrew this comment." in response.content.decode()
    assert "never liked" not in response.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_withdraws_what_another_wrote(
    method: str, comment: Comment, stranger: User, moderator: User, admin: User
) -> None:
    for other in (stranger, moderator, admin):
        send = getattr(acting(other), method)
        assert send(f"/comments/{comment.pk}/withdraw/").status_code == 404
    assert "never liked" in read(acting(), comment.article.get_absolute_url())


def test_a_visitor_is_asked_to_log_in_first(comment: Comment) -> None:
    response = do(acting(), comment, "withdraw")
    assert response["Location"].startswith("/accounts/login/?next=")
    assert "never liked" in read(acting(), comment.article.get_absolute_url())


def test_a_restored_comment_stays_withdrawn(
    comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    do(acting(reader), comment, "withdraw")
    desk = f"/admin/desk/comment/{comment.pk}/"
    assert acting(moderator).post(desk, {"deed": "restore"}).status_code == 302
    read(acting(), f"/comments/{comment.pk}/", status=404)
    assert Discussion.objects.get().comment_count == 0


def test_an_approved_comment_stays_withdrawn(
    reader: User, moderator: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader, held_because="a link")
    do(acting(reader), comment, "withdraw")
    desk = f"/admin/desk/comment/{comment.pk}/"
    acting(moderator).post(desk, {"deed": "approve", "revision": 1})
    read(acting(), f"/comments/{comment.pk}/", status=404)
    assert Discussion.objects.get().comment_count == 0


def test_a_withdrawn_reply_leaves_the_count_of_its_thread(
    comment: Comment, reader: User, stranger: User
) -> None:
    reply = cast.a_comment(comment.article, stranger, "I did.", comment)
    do(acting(stranger), reply, "withdraw")
    comment.refresh_from_db()
    assert comment.replies == 0
    assert "I did." not in read(acting(), f"/comments/{comment.pk}/replies/")


def test_a_withdrawn_comment_waits_for_no_moderator(
    reader: User, moderator: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader, "Buy here.", held_because="a link")
    do(acting(reader), comment, "withdraw")
    queue = read(acting(moderator), "/admin/desk/waiting/")
    assert "Buy here." not in queue


def test_there_is_room_for_another_word(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "withdraw")
    assert say(acting(reader), comment.article, "I like the pier.").status_code == 302
    assert "I like the pier." in read(acting(), comment.article.get_absolute_url())
