"""The feeds in RSS, and those of a section, a topic and an author; test_feeds.py has the Atom."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.models import Article, Topic
from tests import cast

NOON = datetime(2024, 5, 14, 12, 0, 0, 123_456, tzinfo=UTC)
NAMES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "atom": "http://www.w3.org/2005/Atom",
}
PARTS = ["", "world/", "topics/bridges/", "authors/anna-author/"]
FEEDS = [f"/feeds/{part}{form}/" for part in PARTS for form in ("atom", "rss")]

pytestmark = pytest.mark.django_db


def get(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content


def titles(client: Client, address: str) -> list[str]:
    found = feedparser.parse(get(client, address))
    assert not found.bozo
    return [entry.title for entry in found.entries]


@pytest.fixture
def bridges() -> Topic:
    return Topic.objects.create(slug="bridges", name="Bridges", description="All of them.")


def test_an_rss_item_says_everything_about_its_article(client: Client) -> None:
    article = cast.an_article(
        published_at=NOON, byline="Anna Author", language="ru", source="TASS",
        standfirst="Less < more & more.", body='<a href="/rules/">Rules</a>',
        source_url="https://tass.example/?a&b",
    )  # fmt: skip
    channel = ElementTree.fromstring(get(client, "/feeds/rss/")).find("channel")
    assert channel is not None
    assert channel.find("atom:link", NAMES).attrib == {
        "rel": "self",
        "href": "http://testserver/feeds/rss/",
    }
    (item,) = channel.findall("item")
    address = f"http://testserver{article.get_absolute_url()}"
    said = {part.tag: part.text for part in item}
    assert said["title"] == article.headline
    assert said["link"] == address
    assert said["comments"] == f"{address}#discussion"
    assert said["description"] == "Less &lt; more &amp; more."
    assert said["guid"] == f"tag:testserver,2024-05-14:article/{article.pk}"
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    assert said["pubDate"] == "Tue, 14 May 2024 12:00:00 +0000"
    assert said["category"] == "World"
    assert item.findtext("dc:creator", None, NAMES) == "Anna Author"
    assert item.findtext("dc:language", None, NAMES) == "ru"
    assert item.findtext("dc:source", None, NAMES) == "TASS"
    whole = item.findtext("content:encoded", None, NAMES)
    assert whole == '<p><a href="http://testserver/rules/" rel="noopener">Rules</a></p>'


def test_what_is_empty_is_left_out(client: Client) -> None:
    cast.an_article(standfirst="")
    said = get(client, "/feeds/rss/").decode()
    item = said.partition("<item>")[2]
    assert "<description" not in item
    assert "dc:creator" not in item
    assert "dc:source" not in item


def test_each_part_has_its_own(client: Client, bridges: Topic) -> None:
    anna = cast.an_author()
    cast.an_article("In the world")
    bridges.articles.add(cast.an_article("On the topic", section=cast.a_section("science")))
    cast.an_article("By Anna", section=cast.a_section("science"), author=anna)
    for form in ("atom", "rss"):
        assert titles(client, f"/feeds/world/{form}/") == ["In the world"]
        assert titles(client, f"/feeds/topics/bridges/{form}/") == ["On the topic"]
        assert titles(client, f"/feeds/authors/anna-author/{form}/") == ["By Anna"]
        assert len(titles(client, f"/feeds/{form}/")) == 3


def test_a_feed_says_what_it_is_of(client: Client, bridges: Topic) -> None:
    cast.a_section()
    section = feedparser.parse(get(client, "/feeds/world/atom/")).feed
    assert section.title == "World – The Newsroom"
    assert section.subtitle == "All about world."
    assert section.link == "http://testserver/world/"
    topic = feedparser.parse(get(client, "/feeds/topics/bridges/rss/")).feed
    assert topic.title == "Bridges – The Newsroom"
    assert topic.subtitle == "All of them."
    assert topic.link == "http://testserver/topics/bridges/"


def test_who_has_published_nothing_has_no_feed(client: Client) -> None:
    author = cast.an_author()
    cast.an_article("A draft", author=author, status=Article.Status.DRAFT)
    for address in ("authors/anna-author/atom/", "authors/anna-author/rss/", "authors/nobody/rss/"):
        assert client.get(f"/feeds/{address}").status_code == 404


def test_there_is_no_feed_of_nothing(client: Client) -> None:
    for part in ("nothing", "topics/nothing", "topics", "authors"):
        assert client.get(f"/feeds/{part}/rss/").status_code == 404


def test_fifty_entries_take_two_queries(
    client: Client, bridges: Topic, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    anna = cast.an_author()
    for n in range(52):
        published_at = NOON + timedelta(hours=n)
        bridges.articles.add(cast.an_article(f"Number {n}", author=anna, published_at=published_at))
    for address in FEEDS:
        with django_assert_max_num_queries(2):
            found = titles(client, address)
        assert found == [f"Number {51 - n}" for n in range(50)]


def test_an_unchanged_feed_is_not_sent_again(client: Client, bridges: Topic) -> None:
    newer = cast.an_article("Newer", author=cast.an_author(), published_at=NOON + timedelta(1))
    older = cast.an_article("Older", author=newer.author, published_at=NOON)
    bridges.articles.add(newer, older)
    tags = {address: client.get(address).headers["ETag"] for address in FEEDS}
    for address, tag in tags.items():
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    older.status = Article.Status.WITHDRAWN
    older.save()
    for address, tag in tags.items():
        answer = client.get(address, headers={"If-None-Match": tag})
        assert answer.status_code == 200
        # No date tells of a withdrawal, so none is given to be asked for.
        assert "Last-Modified" not in answer.headers
        assert "Older" not in answer.content.decode()


@pytest.fixture
def paper() -> None:
    """Articles in which everything is that a copy may lose."""
    more: dict[str, Any] = {"section": cast.a_section("science"), "published_at": NOON}
    cast.an_article("A & B < C", byline="A & B (Reuters)", standfirst="", **more)
    cast.an_article(
        "Мост открыт", slug="мост", language="ru", body="10\u00a0000 <b>A&amp;lt;</b>", **more
    )
    cast.an_article("The wolf and the fox", language="de", source="TASS", **more)
    cast.an_article("Late", slug="Custom-Slug", updated_at=NOON + timedelta(microseconds=7), **more)
    cast.an_article("From afar", external_id="x:1", source_url="https://x.example/?a&b", **more)
    cast.an_article("Half < a loaf & none", standfirst="Less < more & more.", **more)


def test_the_rss_comes_back_unchanged_in_an_empty_database(
    paper: None, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported, atom = get(client, "/feeds/rss/"), get(client, "/feeds/atom/")
    (tmp_path / "own.xml").write_bytes(exported)
    call_command("import_feed", str(tmp_path / "own.xml"), section="science")
    assert capsys.readouterr().out.startswith("0 new, 0 changed, 6 unchanged")
    Article.objects.all().delete()
    call_command("import_feed", str(tmp_path / "own.xml"), section="science")
    assert capsys.readouterr().out.startswith("6 new, 0 changed")
    assert get(client, "/feeds/rss/").decode() == exported.decode()
    assert get(client, "/feeds/atom/").decode() == atom.decode()
