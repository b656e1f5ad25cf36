"""An address that was once given out goes on leading to its article."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from newsroom.models import Article, Redirect
from tests import cast
from tests.newsroom.test_writing import a_draft, address, at, desk, form

pytestmark = pytest.mark.django_db


def test_a_changed_slug_keeps_the_old_address(editor: User, client: Client) -> None:
    out = cast.an_article(slug="old-words")
    before = out.get_absolute_url()
    desk(editor).post(address(out), form(out, slug="new-words"))
    moved = client.get(before)
    assert moved.status_code == 301
    assert moved["Location"] == Article.objects.get().get_absolute_url()
    assert "new-words" in moved["Location"]
    assert client.get(moved["Location"]).status_code == 200


def test_a_changed_date_keeps_it_too_and_chains_are_short(editor: User, client: Client) -> None:
    out = cast.an_article(slug="one")
    seen = [out.get_absolute_url()]
    for change in ({"slug": "two"}, at(timezone.now() - timedelta(days=40)), {"slug": "three"}):
        article = Article.objects.get()
        desk(editor).post(address(article), form(article, **change))
        seen.append(Article.objects.get().get_absolute_url())
    assert len(set(seen)) == 4
    for old in seen[:-1]:
        assert client.get(old)["Location"] == seen[-1]


def test_back_at_its_first_address_it_stands_there_again(editor: User, client: Client) -> None:
    out = cast.an_article(slug="first")
    before = out.get_absolute_url()
    for slug in ("second", "first"):
        article = Article.objects.get()
        desk(editor).post(address(article), form(article, slug=slug))
    assert client.get(before).status_code == 200
    assert client.get(before.replace("first", "second"))["Location"] == before


def test_an_old_address_never_captures_a_living_one(editor: User, client: Client) -> None:
    out = cast.an_article("The one", slug="the-bridge")
    before = out.get_absolute_url()
    desk(editor).post(address(out), form(out, slug="the-old-bridge"))
    living = cast.an_article("The other", slug="the-bridge", published_at=out.published_at)
    assert living.get_absolute_url() == before
    assert "The other" in client.get(before).content.decode()


def test_a_new_headline_does_not_take_an_address_that_was_given_out() -> None:
    out = cast.an_article("The bridge")
    out.slug = "another"
    out.save()
    assert cast.an_article("The bridge").slug == "the-bridge-2"


def test_an_old_address_goes_before_a_guess_by_its_last_word(client: Client) -> None:
    out = cast.an_article("The one", slug="rain", published_at=timezone.now() - timedelta(days=9))
    before = out.get_absolute_url()
    out.slug = "old-rain"
    out.save()
    cast.an_article("The other", slug="rain")
    assert client.get(before)["Location"] == out.get_absolute_url()


def test_nobody_is_led_to_what_is_not_out(editor: User, author: User, client: Client) -> None:
    mine = a_draft(author, slug="secret")
    before = mine.get_absolute_url()
    desk(editor).post(address(mine), form(mine, slug="more-secret"))
    assert not Redirect.objects.exists()
    assert client.get(before).status_code == 404


def test_the_old_address_of_a_withdrawn_article_says_that_it_is(client: Client) -> None:
    out = cast.an_article(slug="old")
    before = out.get_absolute_url()
    out.slug = "new"
    out.save()
    out.withdraw(None)
    assert client.get(before, follow=True).status_code == 410


def test_an_address_in_letters_of_another_script_is_kept(client: Client) -> None:
    out = cast.an_article(slug="мост-открыт-" * 8 + "х")
    before = out.get_absolute_url()
    assert client.get(before).status_code == 200
    out.slug = "мост"
    out.save()
    assert client.get(before)["Location"] == out.get_absolute_url()
    assert client.get(out.get_absolute_url()).status_code == 200
