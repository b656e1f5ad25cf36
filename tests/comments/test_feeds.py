"""Comments for programs: a discussion's feed, and the private one of what is answered to me."""

from typing import Any

import feedparser
import pytest
from django.test import Client

from accounts.models import User
from comments.models import FeedKey
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, in_days, read, removed
from tests.comments.test_reading import queries

pytestmark = pytest.mark.django_db


def feed(address: str, browser: Client | None = None) -> Any:
    response = (browser or acting()).get(address)
    assert response.status_code == 200, address
    assert response["X-Robots-Tag"] == "noindex"
    found = feedparser.parse(response.content)
    assert not found.bozo
    return found


def talk(article: Article) -> str:
    return f"/feeds/discussions/{article.pk}/rss/"


def my_feed(person: User, deed: str = "new") -> str:
    browser = acting(person)
    browser.post("/me/feed/", {"deed": deed})
    key = FeedKey.objects.filter(person=person).first()
    assert deed == "end" or (key and key.get_absolute_url() in read(browser, "/me/feed/"))
    return key.get_absolute_url() if key else ""


def test_a_discussion_is_a_feed_newest_first(
    article: Article, reader: User, stranger: User
) -> None:
    root = cast.a_comment(article, reader, "The pier *stands*.")
    reply = cast.a_comment(article, stranger, "Not for long.", root)
    found = feed(talk(article))
    newest, oldest = found.entries
    assert newest.title == "Sam Stranger on “The bridge is open again”"
    assert (
        newest.link
        == newest.id
        == f"http://testserver/comments/{reply.pk}/".replace(
            "http://testserver", found.feed.link.partition("/2")[0]
        )
    )
    assert oldest.summary == "<p>The pier <em>stands</em>.</p>"
    assert oldest.author == "Rita Reader"
    assert talk(article) in read(acting(), article.get_absolute_url())


def test_it_tells_what_is_shown_now(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader, "The pier is a scandal.")
    cast.a_comment(article, reader, "A link.", held_because="a link")
    tag = acting().get(talk(article))["ETag"]
    removed(comment, moderator)
    response = acting().get(talk(article), headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert feed(talk(article)).entries == []


@pytest.mark.parametrize("hidden", [{"status": "withdrawn"}, {"published_at": in_days(1)}])
def test_what_is_not_out_has_no_feed(hidden: dict[str, Any], reader: User) -> None:
    article = cast.an_article(**hidden)
    read(acting(), talk(article), status=404)
    read(acting(), talk(Article(pk=999)), status=404)


@pytest.mark.attack("A7")
def test_what_people_write_does_not_break_it(article: Article) -> None:
    reader = cast.a_reader("Zed & Co")
    for text in ("]]> <script>alert(1)</script>", "a \x0b b \ufffe c", "&amp; é 𝔘"):
        cast.a_comment(article, reader, text)
    assert len(feed(talk(article)).entries) == 3
    assert "<script" not in read(acting(), talk(article))


def test_answers_to_me_come_without_logging_in(
    article: Article, reader: User, stranger: User
) -> None:
    mine = cast.a_comment(article, reader, "Who pays?")
    cast.a_comment(article, stranger, "You do.", mine)
    cast.a_comment(article, reader, "I see.", mine)
    cast.a_comment(article, stranger, "Nice bridge.")
    address = my_feed(reader)
    response = acting().get(address)
    assert response["Cache-Control"] == "private, no-store"
    assert [entry.summary for entry in feed(address).entries] == ["<p>You do.</p>"]


def test_what_is_hidden_or_muted_is_not_answered(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    mine = cast.a_comment(article, reader, "Who pays?")
    removed(cast.a_comment(article, stranger, "You fool.", mine), moderator)
    cast.a_comment(article, stranger, "See here.", mine, held_because="a link")
    other = cast.a_reader("Tom Third")
    cast.a_comment(article, other, "The town.", mine)
    address = my_feed(reader)
    assert [entry.summary for entry in feed(address).entries] == ["<p>The town.</p>"]
    acting(reader).post(f"/people/{other.username}/mute/")
    assert feed(address).entries == []


def test_a_new_address_ends_the_old_one_and_it_can_be_ended(reader: User) -> None:
    first, second = my_feed(reader), my_feed(reader)
    assert first != second
    read(acting(), first, status=404)
    read(acting(), second)
    for _time in range(2):
        my_feed(reader, "end")
    read(acting(), second, status=404)
    assert not FeedKey.objects.exists()


def test_a_closed_account_opens_nothing(reader: User) -> None:
    address = my_feed(reader)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    read(acting(), address, status=404)


@pytest.mark.attack("A45")
@pytest.mark.parametrize("key", ["x", "A" * 32, "-" * 500, "_connector", "0"])
def test_a_key_is_not_to_be_guessed(key: str, reader: User) -> None:
    my_feed(reader)
    read(acting(), f"/feeds/replies/{key}/rss/", status=404)


@pytest.mark.attack("A14")
def test_my_address_is_shown_to_me_alone(reader: User, stranger: User) -> None:
    address = my_feed(reader)
    assert address not in read(acting(stranger), "/me/feed/")
    assert acting().get("/me/feed/")["Location"] == "/accounts/login/?next=/me/feed/"
    browser = acting(stranger, enforce_csrf_checks=True)
    assert browser.post("/me/feed/", {"deed": "new"}).status_code == 403


@pytest.mark.attack("A44")
def test_a_full_feed_costs_what_a_short_one_costs(
    article: Article, reader: User, stranger: User
) -> None:
    mine = cast.a_comment(article, reader, "Who pays?")
    cast.a_comment(article, stranger, "You do.", mine)
    addresses = [talk(article), my_feed(reader)]
    few = [queries(address) for address in addresses]
    for number in range(60):
        cast.a_comment(article, stranger, f"You {number}.", mine)
    assert [queries(address) for address in addresses] == few
    assert [len(feed(address).entries) for address in addresses] == [50, 50]
