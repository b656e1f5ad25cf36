"""An article's page for somebody signed in: everybody's page, with what is theirs put in."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.models import Comment, Discussion, Draft, Follow, LastRead, Mute, Recommendation
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, in_days, read, suspended

pytestmark = pytest.mark.django_db

# What differs between any two looks: tokens, keys, and the address that was asked.
ANEW = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<=name="key" value=")[\w-]+')
IN_FULL = "?utm_source=mail"  # noise in the address: such a page is made from its templates


@pytest.fixture(autouse=True)
def within_a_minute() -> Iterator[None]:
    """What goes by the clock is made anew with each minute."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def talk(article: Article, reader: User, stranger: User, author: User) -> Article:
    """One thread of each, and another article beside it; to the reader half of it is new."""
    article.author = author
    article.save()
    other = cast.an_article("Another bridge")
    topic = article.topics.create(slug="bridges", name="Bridges")
    other.topics.add(topic)
    seen = cast.a_comment(article, stranger, "The first word.")
    noisy = cast.a_comment(article, cast.a_reader("Nora Noisy"), "Noise, noise.")
    mine = cast.a_comment(article, reader, "And mine.")
    cast.a_comment(article, author, "An answer.", reply_to=mine)
    cast.a_comment(article, reader, "To noise.", reply_to=noisy)
    cast.a_comment(other, stranger, "Beside it.")
    Discussion.objects.filter(pk=article.pk).update(pinned_id=noisy.pk)
    Comment.objects.filter(pk=seen.pk).update(appeared_at=in_days(-2))
    Recommendation.objects.add(reader, seen)
    Mute.objects.create(person=reader, muted=noisy.author)
    for each in (article, other):
        discussion = Discussion.objects.begun(each)
        LastRead.objects.create(person=reader, discussion=discussion, until=in_days(-1))
    Follow.objects.begin(reader, discussion=Discussion.objects.begun(article))
    Draft.objects.keep(article, "What I was about to say", person=reader)
    cast.a_comment(article, reader, "Taken away.")
    Comment.objects.filter(current__text="Taken away.").update(state="removed")
    return article


def both(person: User, address: str) -> tuple[str, str]:
    """The page as it is put together, and as it is made in full."""
    browser = acting(person)
    together = read(browser, address)
    assert read(browser, address)  # and once more, from the page that is kept now
    full = read(browser, address + IN_FULL).replace(IN_FULL, "")
    return ANEW.sub("", together), ANEW.sub("", full)


@pytest.mark.parametrize("role", ["reader", "stranger", "author", "editor", "moderator", "admin"])
def test_it_is_the_page_that_templates_would_make(
    role: str, talk: Article, request: pytest.FixtureRequest
) -> None:
    together, full = both(request.getfixturevalue(role), talk.get_absolute_url())
    assert together == full
    assert 'action="/accounts/logout/"' in together
    assert "What I was about to say" in together or role != "reader"
    assert together.count("new since you were here") == (2 if role == "reader" else 0)


def test_so_is_that_of_somebody_suspended(talk: Article, stranger: User, moderator: User) -> None:
    suspended(stranger, moderator)
    together, full = both(stranger, talk.get_absolute_url())
    assert together == full
    assert "You cannot comment any more." in together


def test_its_queries_are_few_however_much_is_said(talk: Article, reader: User) -> None:
    """Nine for whom nothing here is theirs; all that there is of the reader takes four more."""
    address = talk.get_absolute_url()
    for turn in ("first", "second"):
        for person, most in ((cast.a_reader(f"Nils {turn}"), 9), (reader, 13)):
            browser = acting(person)
            read(browser, address)
            with CaptureQueriesContext(connection) as queries:
                read(browser, address)
            assert len(queries) <= most
        for number in range(9):
            cast.a_comment(talk, cast.a_reader(f"Reader {turn} {number}"), "Another word.")


def test_a_message_is_shown_once(talk: Article, reader: User) -> None:
    browser, address = acting(reader), talk.get_absolute_url()
    browser.post(f"/discussions/{talk.pk}/follow/", {"undo": "1"})
    assert "You are told nothing more of it." in read(browser, address)
    assert "You are told nothing more of it." not in read(browser, address)


def test_who_logs_in_with_a_visitors_page_in_hand_is_given_theirs(
    talk: Article, reader: User
) -> None:
    tag = acting().get(talk.get_absolute_url())["ETag"]
    headers = {"If-None-Match": tag, "Accept-Encoding": "gzip, br"}
    response = acting(reader).get(talk.get_absolute_url(), headers=headers)
    assert response.status_code == 200
    assert "Content-Encoding" not in response  # it holds a token, whose length would tell of it
    assert response["Cache-Control"] == "private, no-store"
    assert reader.name in response.content.decode()
    assert "/accounts/logout/" not in read(acting(), talk.get_absolute_url())


def test_a_withdrawn_article_is_refused_to_them_as_themselves(
    talk: Article, stranger: User
) -> None:
    talk.status = Article.Status.WITHDRAWN
    talk.save()
    assert stranger.name in read(acting(stranger), talk.get_absolute_url(), 410)
