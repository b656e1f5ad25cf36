"""A visitor's page that is kept: made once, answered by its ETag, and never of yesterday."""

import gzip
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import brotli
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from newsroom import clock
from newsroom.live import LiveEvent
from newsroom.models import Article, Placement
from newsroom.ready_pages import ready
from tests import cast

pytestmark = pytest.mark.django_db

PAGES = ["/", "/newsfeed/", "/world/", "/chats/", "article"]


@pytest.fixture(autouse=True)
def within_a_minute() -> Iterator[None]:
    """What goes by the clock is made anew with each minute."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def address_of(page: str, article: Article) -> str:
    return article.get_absolute_url() if page == "article" else page


@pytest.mark.parametrize("page", PAGES)
def test_whoever_has_the_page_is_told_so_by_one_query(page: str, article: Article) -> None:
    address = address_of(page, article)
    tag = Client().get(address)["ETag"]
    assert tag.startswith('W/"')
    for headers, status in (({}, 200), ({"If-None-Match": tag}, 304)):
        with CaptureQueriesContext(connection) as queries:
            response = Client().get(address, headers=headers)
        assert (response.status_code, len(queries)) == (status, 1)
        assert response["Cache-Control"] == "public, no-cache"
        assert {"Cookie", "Accept-Language", "Accept-Encoding"} <= set(response["Vary"].split(", "))


@pytest.mark.parametrize("page", PAGES)
def test_a_new_comment_and_a_changed_section_make_it_anew(
    page: str, article: Article, reader: User
) -> None:
    address = address_of(page, article)
    before = Client().get(address)["ETag"]
    cast.a_comment(article, reader, "Quite so.")
    talked = Client().get(address)["ETag"]
    article.section.name = "The wide world"
    article.section.save()
    renamed = Client().get(address)
    assert len({before, talked, renamed["ETag"]}) == 3
    assert "The wide world" in renamed.content.decode()


def test_what_an_editor_placed_stands_there_at_once(article: Article) -> None:
    other = cast.an_article("An older piece", published_at=timezone.now() - clock.EVENTS_KEPT * 9)
    client = Client()
    assert client.get("/").context["lead"] == [article]
    Placement.objects.create(article=other, order=1)
    assert client.get("/").context["lead"] == [other]


def test_it_is_kept_in_the_coding_that_the_browser_reads(article: Article) -> None:
    address = article.get_absolute_url()
    plain = Client().get(address)
    packed = Client().get(address, headers={"Accept-Encoding": "gzip, deflate, br"})
    zipped = Client().get(address, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "br"
    assert zipped["Content-Encoding"] == "gzip"
    assert brotli.decompress(packed.content) == gzip.decompress(zipped.content) == plain.content
    assert len({page["ETag"] for page in (plain, packed, zipped)}) == 3


@pytest.mark.attack("A37")
def test_nothing_of_a_person_is_kept(article: Article, reader: User) -> None:
    """Neither is a reader given the kept page, nor does theirs become one."""
    address = article.get_absolute_url()
    theirs = Client()
    theirs.force_login(reader)
    Client().get(address)
    mine = theirs.get(address)
    assert reader.name in mine.content.decode()
    assert mine["Cache-Control"] == "private, no-store"
    cache.clear()
    theirs.get(address)
    assert reader.name not in Client().get(address).content.decode()


def test_a_missing_page_is_not_kept(article: Article) -> None:
    address = article.get_absolute_url()
    article.status = Article.Status.DRAFT
    article.save()
    assert Client().get(address).status_code == 404
    article.status = Article.Status.PUBLISHED
    article.save()
    assert Client().get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_64_readers_at_once_one_has_the_page_made(rf: RequestFactory) -> None:
    made = []

    @ready
    def page(request: object) -> HttpResponse:
        made.append(1)
        return HttpResponse("Slowly made.")

    def read(_number: int) -> bytes:
        try:
            return page(rf.get("/")).content
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as readers:
        answers = list(readers.map(read, range(64)))
    assert set(answers) == {b"Slowly made."}
    assert len(made) == 1


def test_the_version_outlives_its_event(article: Article) -> None:
    """Nothing happened for a day, and the outbox is pruned: the number is not given again."""
    LiveEvent.objects.update(at=timezone.now() - clock.EVENTS_KEPT * 24)
    newest = LiveEvent.objects.latest("id")
    clock.prune()
    assert list(LiveEvent.objects.all()) == [newest]
