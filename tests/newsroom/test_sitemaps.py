from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom import sitemaps
from newsroom.models import Article, Topic
from tests import cast

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
MAY = datetime(2024, 5, 14, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def read(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.headers["Content-Type"] == "application/xml"
    return ElementTree.fromstring(answer.content)


def addresses(client: Client, address: str) -> list[str]:
    """Without the site's own beginning, which every one of them has."""
    found = [str(element.text) for element in read(client, address).iter(f"{MAP}loc")]
    assert all(address.startswith("http://testserver/") for address in found)
    return [address.removeprefix("http://testserver") for address in found]


def files(client: Client) -> list[str]:
    cache.clear()
    return addresses(client, "/sitemap.xml")


def test_the_index_has_a_file_for_each_month_with_an_article(client: Client) -> None:
    cast.an_article("In May", published_at=MAY)
    cast.an_article("On its last day", published_at=datetime(2024, 5, 31, 23, 59, tzinfo=UTC))
    cast.an_article("In July", published_at=datetime(2024, 7, 1, tzinfo=UTC))
    cast.an_article("Tomorrow", published_at=timezone.now() + timedelta(days=40))
    assert files(client) == [
        "/sitemap-lists.xml",
        "/sitemap-2024-07.xml",
        "/sitemap-2024-05.xml",
    ]
    assert len(addresses(client, "/sitemap-2024-05.xml")) == 2
    assert len(addresses(client, "/sitemap-2024-07.xml")) == 1


def test_a_month_says_when_its_articles_changed(client: Client) -> None:
    later = MAY + timedelta(days=9)
    article = cast.an_article("In May", published_at=MAY, updated_at=later)
    (url,) = read(client, "/sitemap-2024-05.xml")
    assert url.findtext(f"{MAP}loc") == f"http://testserver{article.get_absolute_url()}"
    assert url.findtext(f"{MAP}lastmod") == later.isoformat()


def test_a_month_that_is_too_long_goes_on_in_further_files(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemaps, "FULL", 3)
    articles = [cast.an_article(f"Number {n}", published_at=MAY) for n in range(6)]
    assert len(files(client)) == 1 + 2  # two full ones, and no empty one
    articles += [cast.an_article("One more", published_at=MAY - timedelta(days=1))]
    found = [addresses(client, file) for file in files(client)[1:]]
    assert [len(part) for part in found] == [3, 3, 1]
    assert {address for part in found for address in part} == {
        article.get_absolute_url() for article in articles
    }


def test_a_month_without_articles_and_a_broken_cursor_are_refused(client: Client) -> None:
    assert client.get("/sitemap-2024-05.xml").status_code == 404
    assert client.get("/sitemap-2024-13.xml").status_code == 404
    assert client.get("/sitemap-2024-05.xml?after=nonsense").status_code == 400


def test_however_much_is_published_the_index_takes_two_looks_a_month(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for n in range(30):
        cast.an_article(f"Number {n}", published_at=MAY + timedelta(hours=n))
    with django_assert_max_num_queries(4):
        addresses(client, "/sitemap.xml")
    with django_assert_max_num_queries(1):  # the list of files is kept
        addresses(client, "/sitemap.xml")
    with django_assert_max_num_queries(1):
        assert len(addresses(client, "/sitemap-2024-05.xml")) == 30


def test_sections_and_topics_with_articles_are_listed(client: Client) -> None:
    cast.a_section("science")
    Topic.objects.create(slug="bridges", name="Bridges").articles.add(cast.an_article())
    hidden = Topic.objects.create(slug="secret", name="Secret")
    hidden.articles.add(cast.an_article("A draft", status=Article.Status.DRAFT))
    assert addresses(client, "/sitemap-lists.xml") == [
        "/", "/newsfeed/", "/science/", "/world/", "/topics/bridges/",
    ]  # fmt: skip


def test_news_are_of_two_days(client: Client) -> None:
    now = timezone.now()
    cast.an_article("Old", published_at=now - timedelta(hours=49))
    assert "/sitemap-news.xml" not in files(client)
    article = cast.an_article("A & B]]>", published_at=now - timedelta(hours=47), language="ru-RU")
    assert "/sitemap-news.xml" in files(client)
    (url,) = read(client, "/sitemap-news.xml")
    assert url.findtext(f"{MAP}loc") == f"http://testserver{article.get_absolute_url()}"
    (news,) = url.findall(f"{NEWS}news")
    assert news.findtext(f"{NEWS}title") == "A & B]]>"
    assert news.findtext(f"{NEWS}publication_date") == article.published_at.isoformat()
    assert news.findtext(f"{NEWS}publication/{NEWS}name") == "The Newsroom"
    assert news.findtext(f"{NEWS}publication/{NEWS}language") == "ru"


@pytest.mark.attack("A38")
def test_what_is_taken_back_is_gone_from_all_of_them(client: Client) -> None:
    article = cast.an_article("Canary")
    everywhere = [*files(client)]
    article.status = Article.Status.WITHDRAWN
    article.save()
    for address in everywhere:
        assert b"canary" not in client.get(address).content
