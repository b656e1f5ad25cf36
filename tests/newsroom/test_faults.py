"""What readers are told when what the site stands on is away, and that it comes back."""

import errno
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.core.cache.backends.redis import RedisCache
from django.db import InterfaceError, OperationalError
from django.test import Client
from redis.exceptions import ConnectionError, TimeoutError

from accounts.models import User
from bench.site import free_port
from newsroom.caches import Redis
from tests import cast
from tests.comments.acting import acting, say

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fault",
    [
        OperationalError("could not connect to server at 10.0.0.7"),
        OperationalError("database or disk is full"),
        InterfaceError("connection already closed"),
        OSError(errno.ENOSPC, "No space left on device", "/srv/newsroom/media"),
    ],
    ids=str,
)
def test_without_what_it_keeps_a_page_says_so_and_keeps_the_words(
    fault: Exception, reader: User
) -> None:
    article = cast.an_article()
    browser = acting(reader, raise_request_exception=False)
    with patch("comments.models.comment.Comments.post", side_effect=fault):
        answer = say(browser, article, "The river <b>was</b> here first.")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "The river &lt;b&gt;was&lt;/b&gt; here first." in page
    assert "10.0.0.7" not in page
    assert "/srv" not in page
    assert say(browser, article, "The river <b>was</b> here first.").status_code == 302


def test_no_page_needs_the_database_to_say_that_it_is_away() -> None:
    browser = Client(raise_request_exception=False)
    away = OperationalError("no server")
    with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=away):
        for address in ("/", "/newsfeed/", "/search/?q=x", "/accounts/login/", "/nowhere/"):
            answer = browser.get(address)
            assert answer.status_code == 503, address
            assert "Back in a moment" in answer.content.decode()


# Redis


@pytest.fixture
def away() -> Iterator[Redis]:
    """A cache whose server nobody can reach."""
    yield Redis(f"redis://127.0.0.1:{free_port()}/0", {})
    Redis.rests_until = 0.0


def test_a_cache_that_is_away_holds_nothing_and_harms_nobody(away: Redis) -> None:
    away.set("name", "Rita")
    assert away.get("name", "nobody") == "nobody"
    assert away.get_many(["name"]) == {}
    assert away.add("name", "Rita")
    assert not away.delete("name")
    assert away.get_or_set("name", "Sam") == "Sam"
    assert "name" not in away


@pytest.mark.parametrize("fault", [ConnectionError, TimeoutError])
def test_after_a_failure_it_is_left_in_peace_for_a_while(
    fault: type[Exception], away: Redis
) -> None:
    with patch.object(RedisCache, "get", side_effect=fault) as asked:
        for _time in range(50):
            assert away.get("name") is None
    assert asked.call_count == 1
