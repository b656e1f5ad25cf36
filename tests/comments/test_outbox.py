"""What is committed is announced, in order; what is not, is not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from django.db import connection, transaction

from accounts.models import User
from comments.models import Comment, Discussion
from newsroom.live import LiveEvent, announce, publishing
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, read

pytestmark = pytest.mark.django_db


class Mishap(Exception):
    pass


def told() -> list[tuple[str, str, int]]:
    return list(LiveEvent.objects.order_by("id").values_list("topic", "kind", "subject"))


def test_a_deed_and_its_event_are_one(article: Article, reader: User) -> None:
    LiveEvent.objects.all().delete()
    comment = cast.a_comment(article, reader)
    assert told() == [
        (f"discussion:{article.pk}", "comment", comment.pk),
        ("chats", "chat", article.pk),
    ]


def test_an_event_says_that_and_never_what() -> None:
    fields = {field.name for field in LiveEvent._meta.get_fields()}
    assert fields == {"id", "topic", "kind", "subject", "at"}


def test_nothing_is_told_of_what_was_rolled_back(article: Article, reader: User) -> None:
    LiveEvent.objects.all().delete()
    with suppress(Mishap), publishing():
        cast.a_comment(article, reader)
        raise Mishap
    assert told() == []
    assert not Comment.objects.exists()
    assert "Nobody has said anything yet." in read(acting(), article.get_absolute_url())


def test_nothing_is_told_when_the_writing_itself_fails(article: Article, reader: User) -> None:
    LiveEvent.objects.all().delete()
    with suppress(Mishap), transaction.atomic():
        cast.a_comment(article, reader)
        raise Mishap
    assert told() == []


def test_a_block_inside_another_joins_it() -> None:
    with publishing():
        announce("one", "first", 1)
        with publishing():
            announce("one", "second", 2)
        assert told() == []
        announce("two", "third", 3)
    assert told() == [("one", "first", 1), ("one", "second", 2), ("two", "third", 3)]


def test_an_inner_block_that_fails_takes_its_own_events_along() -> None:
    with publishing():
        announce("one", "first", 1)
        with suppress(Mishap), publishing():
            announce("one", "second", 2)
            with publishing():
                announce("one", "third", 3)
            raise Mishap
        announce("one", "fourth", 4)
    assert told() == [("one", "first", 1), ("one", "fourth", 4)]


def test_an_outer_block_that_fails_takes_all_along() -> None:
    with suppress(Mishap), publishing():
        with publishing():
            announce("one", "first", 1)
        raise Mishap
    assert told() == []
    with publishing():
        announce("one", "second", 2)
    assert told() == [("one", "second", 2)]


def test_an_announcement_needs_a_block() -> None:
    with pytest.raises(RuntimeError):
        announce("one", "first", 1)
    with publishing():
        pass
    with pytest.raises(RuntimeError):
        announce("one", "first", 1)


def test_threads_do_not_hear_each_other() -> None:
    with publishing(), ThreadPoolExecutor(1) as pool, pytest.raises(RuntimeError):
        pool.submit(announce, "one", "first", 1).result()


@pytest.mark.django_db(transaction=True)
def test_events_become_visible_in_the_order_of_their_ids() -> None:
    """The first writer holds its event back; the second can only come after it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: there is no order to lose")
    written, commit = Event(), Event()

    def first() -> None:
        try:
            with transaction.atomic():
                with publishing():
                    announce("one", "first", 1)
                written.set()
                assert commit.wait(10)
        finally:
            connection.close()

    def second() -> None:
        try:
            assert written.wait(10)
            with publishing():
                announce("one", "second", 2)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(first), pool.submit(second)]
        try:
            assert written.wait(10)
            until_somebody_waits_for_the_lock()
            assert told() == []
        finally:
            commit.set()
        for done in both:
            done.result(10)
    assert told() == [("one", "first", 1), ("one", "second", 2)]


def until_somebody_waits_for_the_lock() -> None:
    with connection.cursor() as cursor:
        for _look in range(10_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
            if cursor.fetchone() == (1,):
                return
    raise AssertionError("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_many_writers_lose_nothing_and_lock_nobody_out() -> None:
    reader, articles = cast.a_reader(), [cast.an_article("One"), cast.an_article("Two")]
    LiveEvent.objects.all().delete()

    def post(number: int) -> None:
        try:
            cast.a_comment(articles[number % 2], reader, f"Word {number}.")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(post, range(40)))
    assert LiveEvent.objects.filter(kind="comment").count() == Comment.objects.count() == 40
    assert set(Discussion.objects.values_list("comment_count", flat=True)) == {20}
