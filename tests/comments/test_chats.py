"""The discussions that are alive, by their latest word: what it was, how lively, what is new."""

import re

import pytest
from django.db.models import Value

from accounts.models import User
from comments.models import Comment, Discussion
from newsroom.keyset import cursor, microseconds
from newsroom.models import Article
from tests import cast
from tests.comments.acting import a_crowd, acting, in_days, later, read, removed
from tests.comments.test_reading import BAD_CURSORS, encoded, pages, queries

pytestmark = pytest.mark.django_db


def talks(html: str) -> list[str]:
    return re.findall(r'<h2><a data-headline href="[^"]+#discussion">([^<]+)</a>', html)


def said(html: str) -> list[str]:
    return re.findall(r'<p class="said".*?<a data-what href="[^"]+">([^<]+)</a>', html)


def test_the_latest_word_comes_first_and_is_read_there(reader: User) -> None:
    one, other = cast.an_article("One"), cast.an_article("Other")
    for article, text in ((one, "First."), (other, "Second."), (one, "Third.")):
        cast.a_comment(article, reader, text)
    cast.an_article("Nobody talks")
    html = read(acting(), "/chats/")
    assert talks(html) == ["One", "Other"]
    assert said(html) == ["Third.", "Second."]


def test_how_lively_it_is(article: Article, reader: User) -> None:
    for days in (-1.1, -0.5, -0.4, -0.01, 0):
        comment = cast.a_comment(article, reader, f"Word {days}.")
        Comment.objects.filter(pk=comment.pk).update(appeared_at=in_days(days))
    html = read(acting(), "/chats/")
    for numbers in ("5 comments", "4 in 24 hours", "2 in the last hour"):
        assert numbers in html


def test_what_was_quiet_for_two_days_is_not_alive(article: Article, reader: User) -> None:
    cast.a_comment(article, reader)
    with later(days=2, seconds=1):
        assert talks(read(acting(), "/chats/")) == []
        assert "All quiet at the moment." in read(acting(), "/chats/")


@pytest.mark.attack("A38")
def test_the_last_word_is_one_that_is_shown(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    cast.a_comment(article, reader, "Still here.")
    removed(cast.a_comment(article, stranger, "Removed."), moderator)
    cast.a_comment(article, stranger, "Waiting.", held_because="a link")
    cast.a_comment(article, stranger, "Withdrawn.").withdraw()
    elsewhere = cast.an_article("Gone")
    cast.a_comment(elsewhere, stranger, "Of a withdrawn article.")
    Article.objects.filter(pk=elsewhere.pk).update(status=Article.Status.WITHDRAWN)
    for person in (None, reader, stranger, moderator):
        assert said(read(acting(person), "/chats/")) == ["Still here."]


@pytest.mark.attack("A38")
def test_a_word_that_goes_between_two_questions_is_not_told(
    article: Article, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = cast.a_comment(article, reader, "Just going.")
    Comment.objects.filter(pk=comment.pk).update(state=Comment.State.REMOVED)
    as_it_was = {"last": Value(comment.pk), "hour": Value(1), "day": Value(1)}
    monkeypatch.setattr("comments.chats.with_numbers", lambda talks: talks.annotate(**as_it_was))
    html = read(acting(), "/chats/")
    assert talks(html) == [article.headline]
    assert said(html) == []


def test_whom_i_muted_has_no_last_word_for_me(
    article: Article, reader: User, stranger: User
) -> None:
    cast.a_comment(article, reader, "Me again.")
    acting(stranger).post(f"/people/{reader.username}/mute/")
    assert said(read(acting(stranger), "/chats/")) == []
    assert said(read(acting(), "/chats/")) == ["Me again."]


def test_my_unread_is_mine(article: Article, reader: User, stranger: User) -> None:
    cast.a_comment(article, reader)
    acting(stranger).post(f"/discussions/{article.pk}/mine/", {"until": microseconds(in_days(0))})
    with later(minutes=1):
        cast.a_comment(article, reader, "And more.")
        assert "1 new" in read(acting(stranger), "/chats/")
        assert "1 new" not in read(acting(), "/chats/")


def test_every_talk_is_on_one_page(reader: User) -> None:
    for number in range(35):
        cast.a_comment(cast.an_article(f"No. {number:02}"), reader)
    same = Discussion.objects.order_by("pk")[4].last_comment_at
    Discussion.objects.filter(pk__lt=9).update(last_comment_at=same)
    found = [headline for html in pages("/chats/") for headline in talks(html)]
    assert len(found) == len(set(found)) == 35


@pytest.mark.attack("A45")
@pytest.mark.parametrize("after", BAD_CURSORS, ids=range(len(BAD_CURSORS)))
def test_a_cursor_that_we_never_gave_is_refused(after: str) -> None:
    assert acting().get("/chats/", {"after": after}).status_code == 400


@pytest.mark.attack("A45")
def test_a_time_that_no_calendar_has_is_refused() -> None:
    for time in (2**62, -(2**62)):
        assert acting().get("/chats/", {"after": cursor("chats", time, 1)}).status_code == 400
    assert acting().get("/chats/", {"after": encoded(["chats", 1, -1])}).status_code == 400
    assert acting().get("/chats/", {"after": cursor("chats", 0, 1)}).status_code == 200


@pytest.mark.attack("A44")
def test_many_talks_cost_what_few_cost(reader: User, stranger: User) -> None:
    a_crowd(cast.an_article("One"), reader, 2)
    few = [queries("/chats/", person) for person in (None, stranger)]
    for number in range(9):
        a_crowd(cast.an_article(f"Another {number}"), reader, 110)
    assert [queries("/chats/", person) for person in (None, stranger)] == few
