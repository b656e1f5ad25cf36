from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from comments.models import Discussion
from newsroom.models import Article, Topic
from tests import cast

pytestmark = pytest.mark.django_db


def a_topic(name: str = "Bridges", **more: bool) -> Topic:
    return Topic.objects.create(name=name, slug=name.lower(), **more)


def test_a_topic_gathers_articles_of_all_sections(client: Client) -> None:
    topic = a_topic()
    topic.articles.add(
        cast.an_article("In the world"),
        cast.an_article("In science", section=cast.a_section("science")),
    )
    cast.an_article("About something else")
    page = client.get("/topics/bridges/").content.decode().partition('<aside class="rail"')[0]
    assert "In the world" in page
    assert "In science" in page
    assert "About something else" not in page


def test_the_newsfeed_can_be_narrowed_by_section_and_topic(client: Client) -> None:
    topic = a_topic()
    science = cast.a_section("science")
    topic.articles.add(
        cast.an_article("In the world"), cast.an_article("In science", section=science)
    )
    cast.an_article("Other science", section=science)
    page = client.get("/newsfeed/?section=science&topic=bridges").content.decode()
    assert "In science" in page
    assert "In the world" not in page
    assert "Other science" not in page
    assert client.get("/newsfeed/?topic=nothing").status_code == 404


def test_an_article_shows_its_topics_and_its_relatives(client: Client) -> None:
    topic = a_topic()
    article, relative = cast.an_article("This one"), cast.an_article("Its relative")
    topic.articles.add(article, relative)
    page = client.get(article.get_absolute_url()).content.decode()
    assert 'href="/topics/bridges/"' in page
    assert "Its relative" in page.partition("On the same topic")[2]


def test_the_next_article_is_the_next_older_of_its_section(client: Client) -> None:
    now = timezone.now()
    article = cast.an_article("This one", published_at=now - timedelta(hours=2))
    cast.an_article("Newer", published_at=now - timedelta(hours=1))
    older = cast.an_article("Older", published_at=now - timedelta(hours=3))
    cast.an_article("Older still", published_at=now - timedelta(hours=4))
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'rel="next" href="{older.get_absolute_url()}"' in page


def test_a_pre_moderated_topic_holds_every_comment() -> None:
    article = cast.an_article()
    a_topic(premoderated=True).articles.add(article)
    assert Discussion.objects.of(article).is_premoderated


def test_what_is_not_out_is_in_no_topic(client: Client) -> None:
    a_topic().articles.add(cast.an_article("Not yet", status=Article.Status.DRAFT))
    assert "Not yet" not in client.get("/topics/bridges/").content.decode()
