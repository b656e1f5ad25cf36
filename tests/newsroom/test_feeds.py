"""The paper's own Atom feed: what it says of an article, and that it comes back unchanged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from newsroom.models import Article, LiveEvent
from tests.cast import a_section, an_article

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NOON = datetime(2024, 5, 14, 12, 0, 0, 123_456, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def feed(client: Client) -> ElementTree.Element:
    return ElementTree.fromstring(client.get("/feeds/atom/").content)


def entries(client: Client) -> list[ElementTree.Element]:
    return feed(client).findall(f"{ATOM}entry")


def text(element: ElementTree.Element, path: str) -> str | None:
    return element.findtext("/".join(ATOM + name for name in path.split("/")))


def test_an_entry_says_everything_about_its_article(client: Client) -> None:
    article = an_article(published_at=NOON, byline="Anna Author", language="ru")
    (entry,) = entries(client)
    assert entry.get(LANG) == "ru"
    assert text(entry, "title") == article.headline
    assert text(entry, "summary") == article.standfirst
    assert text(entry, "content") == article.body_html
    assert text(entry, "author/name") == "Anna Author"
    assert text(entry, "published") == text(entry, "updated") == NOON.isoformat()
    assert text(entry, "id") == f"tag:testserver,2024-05-14:article/{article.pk}"
    assert [part.get("term") for part in entry.iter(f"{ATOM}category")] == ["World"]
    address = f"http://testserver{article.get_absolute_url()}"
    assert [part.get("href") for part in entry.iter(f"{ATOM}link")] == [address]


def test_what_is_empty_is_left_out(client: Client) -> None:
    an_article(standfirst="")
    (entry,) = entries(client)
    assert {part.tag for part in entry}.isdisjoint(
        f"{ATOM}{name}" for name in ("summary", "author")
    )


def test_an_updated_article_says_when(client: Client) -> None:
    an_article(published_at=NOON, updated_at=NOON + timedelta(microseconds=1))
    an_article("Corrected before it appeared", published_at=NOON, updated_at=NOON - timedelta(1))
    assert [text(entry, "updated") for entry in entries(client)] == [
        "2024-05-14T12:00:00.123456+00:00",
        "2024-05-14T12:00:00.123457+00:00",
    ]


@pytest.mark.attack("A25")
def test_addresses_are_the_sites_and_not_the_requests(client: Client, settings: Settings) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://paper.example", ["testserver"]
    an_article()
    answer = client.get("/feeds/atom/").content.decode()
    assert 'href="https://paper.example/feeds/atom/" rel="self"' in answer
    assert "tag:paper.example," in answer
    assert "testserver" not in answer


@pytest.mark.attack("A38")
def test_only_what_readers_may_see_is_in_it(client: Client) -> None:
    an_article("A draft", status=Article.Status.DRAFT)
    an_article("Withdrawn", status=Article.Status.WITHDRAWN)
    an_article("Tomorrow", published_at=timezone.now() + timedelta(days=1))
    assert entries(client) == []


def test_the_newest_fifty_take_one_query(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(52):
        an_article(f"Number {n}", published_at=NOON + timedelta(hours=n))
    with django_assert_max_num_queries(1):
        found = entries(client)
    assert [text(entry, "title") for entry in found] == [f"Number {51 - n}" for n in range(50)]


@pytest.mark.attack("A7")
def test_nothing_in_a_field_can_break_the_xml(client: Client) -> None:
    evil = "a]]>b\x01\x0b\x1f\x7f\x85\ufffec<&\"'>"
    a_section(name=evil)
    an_article(
        evil, standfirst=evil, byline=evil, body=evil, language="en\x02", source=evil,
        source_url="https://evil.example/\x01?a=1&b=<", external_id=f"tag:{evil}",
    )  # fmt: skip
    (entry,) = entries(client)
    assert text(entry, "title") == text(entry, "summary") == "a]]>bc<&\"'>"
    assert text(entry, "content") == "<p>a]]&gt;bc&lt;&amp;\"'&gt;</p>"


@pytest.fixture
def paper() -> None:
    """Articles in which everything is that a copy may lose."""
    a_section("science")
    more: dict[str, Any] = {"section": a_section("science"), "published_at": NOON}
    an_article("Two of a kind", **more)
    an_article("Two of a kind", byline="A & B (Reuters)", standfirst="", **more)
    an_article(
        "Мост открыт", slug="мост", language="ru", body="10\u00a0000 <b>A&amp;lt;</b>", **more
    )
    an_article("The wolf of the hills and the fox", language="de", source="TASS", **more)
    an_article("Late", slug="Custom-Slug", updated_at=NOON + timedelta(microseconds=7), **more)
    an_article("From afar", external_id="x:1", source_url="https://x.example/?a&b", **more)


def test_the_feed_comes_back_unchanged_in_an_empty_database(
    paper: None, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exported = client.get("/feeds/atom/").content
    (tmp_path / "own.xml").write_bytes(exported)
    Article.objects.all().delete()
    call_command("import_feed", str(tmp_path / "own.xml"), section="science")
    assert capsys.readouterr().out.startswith("6 new, 0 changed")
    assert client.get("/feeds/atom/").content.decode() == exported.decode()
    call_command("import_feed", str(tmp_path / "own.xml"), section="science")
    assert capsys.readouterr().out.startswith("0 new, 0 changed, 6 unchanged")


def test_the_paper_recognises_its_own_articles(
    paper: None, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.xml").write_bytes(client.get("/feeds/atom/").content)
    before, events = list(Article.objects.values()), LiveEvent.objects.count()
    call_command("import_feed", str(tmp_path / "own.xml"), section="science")
    assert capsys.readouterr().out.strip() == "0 new, 0 changed, 6 unchanged, 0 refused"
    assert list(Article.objects.values()) == before
    assert LiveEvent.objects.count() == events
