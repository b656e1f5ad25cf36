from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from newsroom.models import Article, Placement
from tests import cast

pytestmark = pytest.mark.django_db


def headlines(html: str, *names: str) -> list[str]:
    """Which of these headlines the page's cards show, in their order."""
    cards = html.partition('<aside class="rail"')[0]
    return sorted((name for name in names if name in cards), key=cards.index)


def test_the_newest_lead_where_no_editor_has_spoken(client: Client) -> None:
    for hours, name in enumerate(["Third", "Second", "First"][::-1], start=1):
        cast.an_article(name, published_at=timezone.now() - timedelta(hours=hours))
    page = client.get("/").content.decode()
    assert headlines(page, "First", "Second", "Third") == ["First", "Second", "Third"]


def test_an_editors_lead_stands_first_until_its_time_is_over(client: Client) -> None:
    old = cast.an_article("Old but gold", published_at=timezone.now() - timedelta(days=40))
    cast.an_article("Fresh")
    placement = Placement.objects.create(article=old, order=1)
    page = client.get("/").content.decode()
    assert headlines(page, "Fresh", "Old but gold") == ["Old but gold", "Fresh"]

    placement.until = timezone.now() - timedelta(minutes=1)
    placement.save()
    page = client.get("/").content.decode()
    assert headlines(page, "Fresh", "Old but gold") == ["Fresh", "Old but gold"]


def test_each_stands_at_the_place_that_its_editor_gave_it(client: Client) -> None:
    for hours, name in enumerate(["Newest", "Second", "Third", "Last"], start=1):
        cast.an_article(name, published_at=timezone.now() - timedelta(hours=hours))
    Placement.objects.create(article=Article.objects.get(headline="Last"), order=3)
    page = client.get("/").content.decode()
    names = ["Newest", "Second", "Last", "Third"]
    assert headlines(page, *names) == names

    Placement.objects.create(article=Article.objects.get(headline="Third"), order=2)
    page = client.get("/").content.decode()
    names = ["Newest", "Third", "Last", "Second"]
    assert headlines(page, *names) == names


def test_a_placed_article_that_is_withdrawn_is_gone(client: Client) -> None:
    article = cast.an_article("Withdrawn soon")
    Placement.objects.create(article=article)
    article.status = Article.Status.WITHDRAWN
    article.save()
    assert "Withdrawn soon" not in client.get("/").content.decode()


def test_a_quiet_section_keeps_its_block(client: Client) -> None:
    quiet = cast.a_section("science")
    cast.an_article(
        "Seen long ago", section=quiet, published_at=timezone.now() - timedelta(days=90)
    )
    for number in range(80):
        cast.an_article(f"Loud {number}")
    assert "Seen long ago" in client.get("/").content.decode()


def test_the_front_page_asks_as_often_for_many_articles_as_for_few(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (3, 60):
        for number in range(count):
            section = cast.a_section(f"section-{number % 6}")
            cast.an_article(f"{count} {number}", section=section)
        with django_assert_num_queries(10):
            client.get("/")


def test_editors_order_the_front_page_in_the_admin(client: Client) -> None:
    article = cast.an_article("To be placed")
    client.force_login(cast.an_editor())
    client.post("/admin/newsroom/placement/add/", {"article": article.pk, "order": 1})
    assert Placement.objects.get().article == article
    sent = {"article": cast.an_article("Another").pk, "order": 6}
    answer = client.post("/admin/newsroom/placement/add/", sent)
    assert "There are the places 1 to 5." in answer.content.decode()
    assert Placement.objects.count() == 1
