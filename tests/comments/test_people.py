"""What everybody may read about a person, and what is mine at /me/."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from comments.models import Comment, Follow, Mute, Recommendation
from newsroom.models import Article
from tests import cast
from tests.comments.acting import a_crowd, acting, do, read, removed

PAGE = "/people/rita-reader/"


def queries(browser: Client, address: str) -> int:
    read(browser, address)  # whatever is kept from the first time on
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read(browser, address)
    return len(captured)


def test_a_name_beside_a_comment_leads_to_its_page(reader: User, article: Article) -> None:
    cast.a_comment(article, reader, "The tide is late.")
    assert f'<a href="{PAGE}">Rita Reader</a>' in read(Client(), article.get_absolute_url())
    assert "The tide is late." in read(Client(), PAGE)


def test_the_byline_leads_to_what_its_author_wrote(author: User) -> None:
    article = cast.an_article("The tide is late", author=author, byline="A. Author")
    cast.an_article("Not out yet", author=author, status=Article.Status.DRAFT)
    theirs = "/people/anna-author/?tab=articles"
    assert f'<a rel="author" href="{theirs}">By <b>A. Author</b></a>' in read(
        Client(), article.get_absolute_url()
    )
    page = read(Client(), theirs)
    assert "The tide is late" in page
    assert "Not out yet" not in page


def test_who_wrote_no_article_has_no_list_of_them(reader: User, article: Article) -> None:
    assert "tab=articles" not in read(Client(), PAGE)
    read(Client(), f"{PAGE}?tab=articles", 404)


def test_only_public_comments_are_listed(reader: User, moderator: User, article: Article) -> None:
    for text in ("This one stays.", "This one goes.", "This one is taken back."):
        cast.a_comment(article, reader, text)
    stays, goes, taken_back = Comment.objects.order_by("pk")
    cast.a_comment(article, reader, "This one waits.", held_because="a link")
    removed(goes, moderator)
    taken_back.withdraw()
    hidden = cast.an_article("Not yet", status="draft")
    cast.a_comment(hidden, reader, "Under a draft.")
    page = read(acting(reader), PAGE)
    assert stays.current.text in page
    for text in ("This one goes", "taken back", "waits", "Under a draft"):
        assert text not in page


def test_what_a_person_hides_no_page_asks_for(reader: User, article: Article) -> None:
    other = cast.a_comment(article, cast.a_stranger(), "Recommended words.")
    cast.a_comment(article, reader, "My own words.")
    Recommendation.objects.add(reader, other)
    assert Client().get(f"{PAGE}?tab=recommended").status_code == 404
    reader.shows_comments, reader.shows_recommends = False, True
    reader.save()
    assert "My own words." not in read(Client(), PAGE)
    assert "Recommended words." in read(Client(), f"{PAGE}?tab=recommended")


@pytest.mark.attack("A44")
def test_a_page_costs_the_same_however_much_somebody_said(reader: User, article: Article) -> None:
    a_crowd(article, reader, 25)
    few = queries(Client(), PAGE)
    for number in range(3):
        a_crowd(cast.an_article(f"Number {number}"), reader, 30)
    assert queries(Client(), PAGE) == few
    older = read(Client(), PAGE).split("?after=")[1].split('"')[0]
    assert queries(Client(), f"{PAGE}?after={older}") == few
    assert Client().get(f"{PAGE}?after=nonsense").status_code == 400


def test_nobodys_page_is_not_found(reader: User) -> None:
    assert Client().get("/people/nobody/").status_code == 404
    reader.is_active = False
    reader.save()
    assert Client().get(PAGE).status_code == 404


@pytest.mark.django_db
def test_everything_that_is_mine_stands_under_its_tab(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    mine = cast.a_comment(article, reader, "My words.")
    theirs = cast.a_comment(article, stranger, "Their words.")
    removed(mine, moderator, "Not like this.")
    Recommendation.objects.add(reader, theirs)
    Follow.objects.begin(reader, followed=stranger)
    Mute.objects.create(person=reader, muted=moderator)
    do(acting(reader), theirs, "report", kind="spam", note="Buy this")
    seen_at: dict[str, list[str]] = {
        "/me/": ["My words.", "Not like this.", "removed"],
        "/me/recommends/": ["Their words."],
        "/me/follows/": ["Sam Stranger"],
        "/me/mutes/": ["Mona Moderator"],
        "/me/reports/": ["Their words.", "Buy this", "open"],
        "/me/decisions/": ["Not like this.", "My words."],
    }
    for address, words in seen_at.items():
        page = read(acting(reader), address)
        assert [word for word in words if word not in page] == [], address
        others = read(acting(moderator), address)
        assert "My words." not in others.replace("Rita Reader", "")
        assert Client().get(address).status_code == 302


@pytest.mark.attack("A44")
def test_each_tab_costs_the_same_for_many(reader: User, article: Article, settings: Any) -> None:
    browser = acting(reader)
    others = [cast.a_reader(f"Other {name}") for name in ("Anna", "Bert", "Carl", "Dora")]
    counts = []
    for number, other in enumerate(others):
        theirs = cast.a_comment(cast.an_article(f"Article {number}"), other, f"Word {number}.")
        Recommendation.objects.add(reader, theirs)
        Follow.objects.begin(reader, followed=other)
        Mute.objects.create(person=reader, muted=other)
        tabs = ("recommends", "follows", "mutes")
        counts.append([queries(browser, f"/me/{tab}/") for tab in tabs])
    assert counts[0] == counts[-1]
