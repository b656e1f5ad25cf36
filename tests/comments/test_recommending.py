"""Recommending: one word a reader and comment, never about oneself, and it can be taken back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.models import User
from comments.counters import drifts
from comments.models import Comment, Discussion, Recommendation
from newsroom import clock
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.comments.acting import acting, do, later, often, read, removed, seen

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article: Article, stranger: User) -> Comment:
    return cast.a_comment(article, stranger)


def count(comment: Comment) -> int:
    """As a visitor reads it, a moment later."""
    with later(seconds=9):
        clock.tick()
        page = read(acting(), comment.article.get_absolute_url())
    return int(page.partition(f'id="r{comment.pk}"')[2].partition("▲")[2].partition("<")[0])


def test_everybody_sees_that_one_more_recommends_it(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "recommend")
    assert response["Location"] == f"/comments/{comment.pk}/#c{comment.pk}"
    assert count(comment) == 1


def test_said_twice_it_counts_once(comment: Comment, reader: User) -> None:
    for _time in range(2):
        do(acting(reader), comment, "recommend")
    assert count(comment) == 1
    assert LiveEvent.objects.filter(kind="recommend").count() == 1


def test_it_can_be_taken_back_and_said_again(comment: Comment, reader: User) -> None:
    browser = acting(reader)
    do(browser, comment, "recommend")
    for _time in range(2):
        assert do(browser, comment, "unrecommend").status_code == 302
    assert count(comment) == 0
    do(browser, comment, "recommend")
    assert count(comment) == 1


def test_nobody_takes_back_what_another_said(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "recommend")
    do(acting(cast.a_reader("Tom Third")), comment, "unrecommend")
    assert count(comment) == 1


def test_one_sees_what_one_recommended_and_nobody_else_does(comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "recommend")
    pressed = 'aria-pressed="true"'
    address = comment.article.get_absolute_url()
    assert pressed in read(acting(reader), address)
    assert pressed not in read(acting(cast.a_reader("Tom Third")), address)
    assert pressed not in read(acting(), address)


@pytest.mark.attack("A22")
def test_nobody_recommends_their_own_words(comment: Comment, stranger: User) -> None:
    response = do(acting(stranger), comment, "recommend")
    assert response.status_code == 403
    assert "others may recommend it" in seen(response)
    assert count(comment) == 0
    assert "/recommend/" not in read(acting(stranger), comment.article.get_absolute_url())


@pytest.mark.attack("A22")
def test_an_unverified_reader_does_not_count(comment: Comment) -> None:
    response = do(acting(cast.a_reader(verified=False)), comment, "recommend")
    assert response.status_code == 403
    assert "Please confirm your email address first" in seen(response)
    assert count(comment) == 0


@pytest.mark.attack("A22")
@pytest.mark.parametrize("deed", ["recommend", "unrecommend"])
def test_what_is_hidden_is_not_recommended(
    deed: str, comment: Comment, reader: User, stranger: User, moderator: User
) -> None:
    article = comment.article
    waiting = cast.a_comment(article, stranger, "Later.", held_because="a link")
    withdrawn = cast.a_comment(article, stranger, "Never.")
    withdrawn.withdraw()
    removed(comment, moderator)
    elsewhere = cast.an_article("Elsewhere", status=Article.Status.WITHDRAWN)
    for hidden in (comment, waiting, withdrawn, cast.a_comment(elsewhere, stranger)):
        assert do(acting(reader), hidden, deed).status_code == 404
        read(acting(reader), f"/comments/{hidden.pk}/{deed}/", status=404)
    assert not Recommendation.objects.exists()


@pytest.mark.attack("A22")
@pytest.mark.parametrize("value", ["999", "-0", "1e3", "-1", "[]"])
def test_there_is_no_weight_to_a_recommendation(value: str, comment: Comment, reader: User) -> None:
    do(acting(reader), comment, "recommend", value=value, person=999, recommends=value)
    assert count(comment) == 1
    assert Recommendation.objects.get().person == reader


def test_a_visitor_is_asked_to_log_in_first(comment: Comment) -> None:
    for send in (acting().get, acting().post):
        response = send(f"/comments/{comment.pk}/recommend/")
        assert response["Location"] == f"/accounts/login/?next=/comments/{comment.pk}/recommend/"
    assert count(comment) == 0


def test_it_needs_the_token_of_the_page(comment: Comment, reader: User) -> None:
    browser = acting(reader, enforce_csrf_checks=True)
    assert do(browser, comment, "recommend").status_code == 403
    assert count(comment) == 0


def test_htmx_gets_the_comment_with_its_new_count(comment: Comment, reader: User) -> None:
    html = do(acting(reader), comment, "recommend", htmx=True).content.decode()
    assert "▲ 1" in html
    assert f'formaction="/comments/{comment.pk}/unrecommend/"' in html
    assert "<html" not in html


def test_it_has_a_limit(comment: Comment, reader: User) -> None:
    often(reader, "recommend", 59)
    do(acting(reader), comment, "recommend")
    for deed in ("recommend", "unrecommend"):
        response = do(acting(reader), comment, deed)
        assert response.status_code == 429
        assert "Please wait" in seen(response)
    assert count(comment) == 1


@pytest.mark.attack("A22")
def test_the_database_holds_one_row_a_person(comment: Comment, reader: User) -> None:
    Recommendation.objects.create(person=reader, comment=comment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.create(person=reader, comment=comment)


@pytest.mark.attack("A48")
@pytest.mark.django_db(transaction=True)
def test_the_count_is_right_after_many_toggles_at_once() -> None:
    comment = cast.a_comment(cast.an_article(), cast.a_stranger())
    readers = [acting(cast.a_reader(f"Reader {name}")).cookies for name in "Abel Bea Cora".split()]

    def toggle(number: int) -> int:
        try:
            browser = Client()
            browser.cookies = readers[number % 3]
            deed = "unrecommend" if number % 5 in (1, 3) else "recommend"
            return do(browser, comment, deed).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(toggle, range(60))) == {302}
    assert list(drifts()) == []
    assert count(comment) == Recommendation.objects.filter(comment=comment).count()


# How often pages are made anew for it


def versions(article: Article) -> int:
    return Discussion.objects.get(pk=article.pk).version


def test_recommends_within_a_second_make_the_pages_anew_once(
    comment: Comment, reader: User
) -> None:
    before, first, second = versions(comment.article), acting(reader), acting(cast.a_reader("Tom"))
    with later(seconds=0):
        do(first, comment, "recommend")
        do(second, comment, "recommend")
        do(first, comment, "unrecommend")
        Discussion.objects.all().count_the_rest()
    assert versions(comment.article) == before + 1
    assert list(drifts()) == []


def test_the_last_of_them_is_on_the_pages_a_second_later(comment: Comment, reader: User) -> None:
    address, browsers = comment.article.get_absolute_url(), [acting(), acting(cast.a_reader("Una"))]
    second = acting(cast.a_reader("Tom"))
    with later(seconds=0):
        do(acting(reader), comment, "recommend")
        for browser in browsers:
            assert "▲ 1" in read(browser, address)
        do(second, comment, "recommend")
        clock.tick()
        for browser in browsers:
            assert "▲ 1" in read(browser, address)
    with later(seconds=1):
        clock.tick()
        for browser in browsers:
            assert "▲ 2" in read(browser, address)
        raised = versions(comment.article)
    with later(seconds=9):
        clock.tick()
    assert versions(comment.article) == raised


def test_the_next_deed_brings_them_along(comment: Comment, reader: User, stranger: User) -> None:
    address, second = comment.article.get_absolute_url(), acting(cast.a_reader("Tom"))
    with later(seconds=0):
        do(acting(reader), comment, "recommend")
        do(second, comment, "recommend")
        cast.a_comment(comment.article, stranger, "And so on.")
        assert "▲ 2" in read(acting(), address)
        assert not Discussion.objects.filter(has_uncounted=True).exists()


def test_a_clock_that_was_put_back_delays_nothing(comment: Comment, reader: User) -> None:
    with later(hours=2):
        do(acting(cast.a_reader("Tom")), comment, "recommend")
    do(acting(reader), comment, "recommend")
    assert "▲ 2" in read(acting(), comment.article.get_absolute_url())


def test_who_recommends_sees_it_at_once(comment: Comment, reader: User) -> None:
    second, address = acting(cast.a_reader("Tom")), comment.article.get_absolute_url()
    with later(seconds=0):
        do(acting(reader), comment, "recommend")
        read(second, address)
        assert "▲ 2" in do(second, comment, "recommend", htmx=True).content.decode()
        assert "▲ 2" in read(second, address)


def test_each_of_them_is_told_live(comment: Comment, reader: User) -> None:
    second = acting(cast.a_reader("Tom"))
    with later(seconds=0):
        do(acting(reader), comment, "recommend")
        do(second, comment, "recommend")
    assert LiveEvent.objects.filter(kind="recommend", subject=comment.pk).count() == 2


@pytest.mark.attack("A48")
@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_none_stays_uncounted() -> None:
    comment = cast.a_comment(cast.an_article(), cast.a_stranger())
    readers = [acting(cast.a_reader(f"Reader {name}")).cookies for name in "ABCDEFGH"]

    def recommend(cookies: Any) -> int:
        try:
            browser = Client()
            browser.cookies = cookies
            Discussion.objects.all().count_the_rest()
            return do(browser, comment, "recommend").status_code
        finally:
            connection.close()

    read(acting(), comment.article.get_absolute_url())
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(recommend, readers)) == {302}
    assert count(comment) == 8
