"""What is new since one was here: exact on every device, and never on anybody else's page."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from comments.models import Comment, Decision, LastRead, Mute
from comments.reading import AROUND
from newsroom.keyset import microseconds
from newsroom.models import Article
from tests import cast
from tests.comments.acting import HTMX, a_crowd, acting, in_days, later, read

pytestmark = pytest.mark.django_db


def until(page: str) -> str:
    found = re.search(r'id="thread" data-until="(\d+)"', page)
    assert found
    return found[1]


def sees(browser: Client, article: Article) -> None:
    """Reads the discussion, as a page with JavaScript says when it comes into view."""
    page = read(browser, article.get_absolute_url())
    response = browser.post(f"/discussions/{article.pk}/mine/", {"until": until(page)})
    assert response.status_code == 204


def new(page: str) -> list[int]:
    return [int(id) for id in re.findall(r'class="comment new[^"]*" id="c(\d+)"', page)]


def count(page: str) -> str:
    found = re.search(r"<b>(\d+) new since you were here</b>", page)
    return found[1] if found else ""


def test_what_came_since_is_marked_and_counted_on_every_device(
    reader: User, stranger: User, article: Article
) -> None:
    old = cast.a_comment(article, stranger, "Before.")
    laptop, phone = acting(reader), acting(reader)
    page = read(laptop, article.get_absolute_url())
    assert (new(page), count(page)) == ([], "")  # a first visit: nothing is new, as all is
    sees(laptop, article)
    came = cast.a_comment(article, stranger, "Meanwhile.")
    reply = cast.a_comment(article, stranger, "And this.", old)
    cast.a_comment(article, reader, "My own is not new to me.")
    for browser in (laptop, phone):
        page = read(browser, article.get_absolute_url())
        assert sorted(new(page)) == [came.pk, reply.pk]
        assert count(page) == "2"
    sees(phone, article)
    page = read(laptop, article.get_absolute_url())
    assert (new(page), count(page)) == ([], "")


def test_reading_changes_nothing_until_it_is_said(
    reader: User, stranger: User, article: Article
) -> None:
    sees(acting(reader), article)
    cast.a_comment(article, stranger)
    for _time in range(2):
        assert count(read(acting(reader), article.get_absolute_url())) == "1"


def test_what_a_moderator_let_through_later_is_new_then(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    waiting = cast.a_comment(article, stranger, held_because="pre-moderated")
    cast.a_comment(article, stranger, "At once.")
    sees(acting(reader), article)
    Decision.objects.all().approve(waiting, moderator, 1)
    assert new(read(acting(reader), article.get_absolute_url())) == [waiting.pk]


def test_an_older_page_takes_nothing_back(reader: User, stranger: User, article: Article) -> None:
    browser, address = acting(reader), f"/discussions/{article.pk}/mine/"
    sees(browser, article)
    old = until(read(browser, article.get_absolute_url()))
    cast.a_comment(article, stranger)
    sees(browser, article)
    latest = LastRead.objects.get().until
    for said in (old, "", "-1", "x", "9" * 5000):
        assert browser.post(address, {"until": said}).status_code == 204
    assert LastRead.objects.get().until == latest
    assert browser.post(address, {"until": "9" * 18}).status_code == 400
    with later(days=1):
        tomorrow = microseconds(in_days(5))
    browser.post(address, {"until": tomorrow})
    cast.a_comment(article, stranger, "Not seen before it was said.")
    assert count(read(browser, article.get_absolute_url())) == "1"


def test_without_javascript_a_button_says_it(
    reader: User, stranger: User, article: Article
) -> None:
    browser = acting(reader)
    sees(browser, article)
    cast.a_comment(article, stranger)
    page = read(browser, article.get_absolute_url())
    assert "Mark all as read" in page
    response = browser.post(
        f"/discussions/{article.pk}/mine/",
        {"until": until(page)},
        headers={"Sec-Fetch-Mode": "navigate"},
    )
    assert response["Location"] == f"{article.get_absolute_url()}#discussion"
    assert count(read(browser, article.get_absolute_url())) == ""


def test_one_link_leads_from_one_new_comment_to_the_next(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    browser = acting(reader)
    roots = a_crowd(article, stranger, 30)
    sees(browser, article)
    came = [cast.a_comment(article, stranger, f"New {n}.", roots[n * 9]) for n in range(3)]
    cast.a_comment(article, reader, "Mine.")
    came[1].withdraw()
    page = read(browser, article.get_absolute_url())
    link = re.search(r'href="([^"]+)" data-next-new', page)
    found = []
    while link:
        response = browser.get(link[1].replace("&amp;", "&"))
        if "#discussion" in response["Location"]:
            break
        found.append(int(response["Location"].partition("#c")[2]))
        page = read(browser, response["Location"])
        assert found[-1] in new(page)
        link = re.search(r'href="([^"]+)" data-next-new', page)
    assert found == [came[0].pk, came[2].pk]
    assert "That was everything new." in read(browser, article.get_absolute_url())


@pytest.mark.parametrize("query", ["", "?since=x", "?since=1&after=x", f"?since={'9' * 18}"])
def test_a_way_through_the_new_that_we_never_gave_is_harmless(
    query: str, reader: User, article: Article
) -> None:
    status = acting(reader).get(f"/discussions/{article.pk}/next/{query}").status_code
    assert status in (302, 400)
    comment = cast.a_comment(article, reader)
    assert acting(reader).get(f"/comments/{comment.pk}/{query}").status_code in (200, 400)


@pytest.mark.attack("A14")
def test_what_is_mine_in_a_discussion_is_mine_alone(
    reader: User, stranger: User, article: Article
) -> None:
    mine, theirs = cast.a_comment(article, reader), cast.a_comment(article, stranger)
    acting(reader).post(f"/comments/{theirs.pk}/recommend/")
    Mute.objects.create(person=reader, muted=stranger)
    response = acting(reader).get(f"/discussions/{article.pk}/mine/")
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response.json() == {
        "new": 0,
        "since": None,
        "comments": [mine.pk],
        "recommended": [theirs.pk],
        "muted": ["sam-stranger"],
    }
    assert acting(stranger).get(f"/discussions/{article.pk}/mine/").json()["recommended"] == []
    for address in ("mine", "next"):
        address = f"/discussions/{article.pk}/{address}/"
        assert acting().get(address)["Location"].startswith("/accounts/login/")
    assert acting().post(f"/discussions/{article.pk}/mine/", {"until": "1"}).status_code == 302
    assert not LastRead.objects.exists()


def test_nothing_of_an_article_that_is_not_published(reader: User, article: Article) -> None:
    article.status = Article.Status.WITHDRAWN
    article.save()
    for address in ("mine", "next"):
        read(acting(reader), f"/discussions/{article.pk}/{address}/", status=404)
    assert acting(reader).post(f"/discussions/{article.pk}/mine/").status_code == 404


# On the cards, and in the chats


def test_every_card_counts_what_is_new_in_one_query(reader: User, stranger: User) -> None:
    articles = [cast.an_article(f"Headline {number}") for number in range(12)]
    browser = acting(reader)

    def cost(address: str) -> tuple[int, str]:
        with CaptureQueriesContext(connection) as captured:
            page = read(browser, address)
        return len(captured), page

    def something_new(article: Article) -> None:
        cast.a_comment(article, stranger)
        sees(browser, article)
        cast.a_comment(article, stranger, "New.")

    addresses = ("/", "/newsfeed/", "/world/")
    something_new(articles[0])
    before = [cost(address)[0] for address in addresses]
    for article in articles[1:]:
        something_new(article)
    for address, queries in zip(addresses, before, strict=True):
        after, page = cost(address)
        assert after == queries, address
        assert page.count("1 new since you were here") == page.count("2 comments</a>") > 8, address
        assert "new since you were here" not in read(acting(stranger), address)
        assert "new since you were here" not in read(acting(), address)
    rail = read(browser, articles[0].get_absolute_url()).partition('id="rail-chats"')[2]
    assert rail.count('<b class="news">1 new</b>') == 7


@pytest.mark.attack("A44")
@pytest.mark.parametrize("what", ["roots", "replies"])
def test_the_personal_part_costs_the_same_however_much_is_new(
    what: str, reader: User, stranger: User
) -> None:
    cast.an_article("What is read next", published_at=in_days(-1))
    few, many = cast.an_article("Few"), cast.an_article("Many")
    browser = acting(reader)
    for article in (few, many):
        sees(browser, article)
    a_crowd(few, stranger, 2, 4)
    a_crowd(many, stranger, *((1000, 0) if what == "roots" else (20, 49)))
    Comment.objects.update(appeared_at=in_days(0))
    Mute.objects.create(person=reader, muted=cast.a_reader("Nora Noise"))

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(browser, address)
        return len(captured)

    read(browser, few.get_absolute_url()), read(browser, many.get_absolute_url())
    assert queries(few.get_absolute_url()) == queries(many.get_absolute_url())


# Whom one does not read


def mute(browser: Client, person: User, **fields: Any) -> Any:
    return browser.post(f"/people/{person.username}/mute/", fields)


def test_whom_i_mute_is_folded_for_me_and_for_nobody_else(
    reader: User, stranger: User, article: Article
) -> None:
    root = cast.a_comment(article, stranger, "Noise.")
    reply = cast.a_comment(article, stranger, "More noise.", root)
    browser = acting(reader)
    sees(browser, article)
    response = mute(browser, stranger, comment=root.pk)
    assert response["Location"] == f"/comments/{root.pk}/"
    late = cast.a_comment(article, stranger, "Late noise.", root)
    for address in (article.get_absolute_url(), f"/comments/{root.pk}/replies/"):
        page = read(browser, address)
        assert page.count('<details class="muted">') == 3
        assert new(page) == []
        assert "Unmute" in page
        for other in (acting(stranger), acting()):
            assert 'class="muted"' not in read(other, address)
    html = browser.get(f"/comments/{root.pk}/replies/", headers=HTMX).content.decode()
    assert html.count('<details class="muted">') == 2
    assert count(read(browser, article.get_absolute_url())) == ""
    page = read(browser, f"/comments/{reply.pk}/")
    folded = re.findall(r'<details class="muted">.*?id="c(\d+)"', page, re.DOTALL)
    assert folded == [str(said.pk) for said in (root, reply, late)]
    mute(browser, stranger, undo="1")
    assert 'class="muted"' not in read(browser, article.get_absolute_url())


def test_what_others_quote_of_whom_i_mute_folds_too(
    reader: User, stranger: User, article: Article
) -> None:
    third = cast.a_reader("Tom Third")
    root = cast.a_comment(article, third, "Go on.")
    far = cast.a_comment(article, stranger, "> > Noise\n\nMore noise.", root)
    for _number in range(AROUND):
        cast.a_comment(article, third, "Quietly.", root)
    answer = cast.a_comment(article, third, "No.", far)
    browser = acting(reader)
    mute(browser, stranger)
    page = read(browser, f"/comments/{answer.pk}/")
    assert re.findall(r'<details class="muted">.*?id="(\w+)"', page, re.DOTALL) == [f"a{far.pk}"]
    assert page.index("whom you muted") < page.index("More noise.") < page.index("</details>")
    for address in (f"/comments/{answer.pk}/", f"/comments/{root.pk}/replies/"):
        mine, others = (read(browser, address) for browser in (browser, acting()))
        quoted, tells = f'id="q{answer.pk}"', f'aria-describedby="q{answer.pk}"'
        assert [text in mine for text in (quoted, tells)] == [False, False]
        assert [text in others for text in (quoted, tells)] == [True, True]
        assert mine.count('class="quoted"') == others.count('class="quoted"') - 1
        assert "whom you muted" not in others


def test_muting_twice_is_muting_once(reader: User, stranger: User) -> None:
    browser = acting(reader)
    for _time in range(2):
        assert mute(browser, stranger).status_code == 302
    assert Mute.objects.count() == 1
    assert "Sam Stranger" in read(browser, "/me/")
    for _time in range(2):
        mute(browser, stranger, undo="1")
    assert not Mute.objects.exists()


def test_looking_at_the_page_mutes_nobody(reader: User, stranger: User) -> None:
    address = f"/people/{stranger.username}/mute/"
    assert "Nobody is told." in read(acting(reader), address)
    assert acting().get(address)["Location"].startswith("/accounts/login/")
    assert mute(acting(), stranger)["Location"].startswith("/accounts/login/")
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert not Mute.objects.exists()


def test_nobody_mutes_themselves_or_nobody(reader: User, stranger: User) -> None:
    assert mute(acting(reader), reader).status_code == 403
    stranger.is_active = False
    stranger.save()
    assert mute(acting(reader), stranger).status_code == 404
    read(acting(reader), "/people/nobody-of-that-name/mute/", status=404)
    assert not Mute.objects.exists()


@pytest.mark.parametrize("about", ["0", "x", "//evil.example", "9" * 40])
def test_after_muting_one_stays_on_this_site(about: str, reader: User, stranger: User) -> None:
    assert mute(acting(reader), stranger, comment=about)["Location"] == "/me/"
