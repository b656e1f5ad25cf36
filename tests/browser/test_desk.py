"""The desk in a real browser: a day's work by keyboard alone, and the same without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_tour import log_in
from tests.site import Site

FIFTY_WAIT = """
from accounts.models import User
from comments.models import Comment, Discussion
from newsroom.models import Article
article = Article.objects.published().newest_first()[0]
person, _ = User.objects.get_or_create(
    username="fifty", defaults={"name": "Fifty Words", "email": "fifty@example.com"})
for n in range(50):
    Comment.objects.post(
        person, Discussion.objects.begun(article), f"Word {n} of fifty.", held_because="a test")
"""


@pytest.fixture
def fifty(site: Site) -> None:
    site.manage("shell", "--verbosity=0", "-c", FIFTY_WAIT)


def test_fifty_cards_are_decided_by_keyboard_alone(page: Page, fifty: None) -> None:
    log_in(page, "moderator")
    page.goto("/admin/desk/")
    at_first = waiting(page)
    for n in range(50):
        at_work = page.locator(".card[aria-current]")
        if n % 10 == 3:  # to and fro, as people do
            page.keyboard.press("j")
            page.keyboard.press("k")
        id = at_work.get_attribute("id")
        if n % 5 == 4:
            page.keyboard.press("r")
            clause = at_work.locator("select[name=remove-clause]")
            expect(clause).to_be_focused()
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        else:
            page.keyboard.press("a")
        expect(page.locator(f"#{id}")).to_have_count(0)
        expect(page.locator(".card[aria-current]")).to_have_count(1)
        if n < 49:
            expect(page.locator(".card[aria-current] .why li").first).to_be_visible()
    assert waiting(page) == at_first - 50


def test_what_slipped_comes_back_by_one_key(page: Page, fifty: None) -> None:
    log_in(page, "moderator")
    page.goto("/admin/desk/")
    at_first = waiting(page)
    id = page.locator(".card[aria-current]").get_attribute("id")
    page.keyboard.press("a")
    expect(page.locator(f"#{id}")).to_have_count(0)
    expect(page.locator("#undo")).to_contain_text("Approved")
    page.keyboard.press("u")
    expect(page.locator(f"#{id}")).to_have_count(1)
    assert waiting(page) == at_first


def test_the_keys_are_listed_and_search_is_one_key_away(page: Page) -> None:
    log_in(page, "moderator")
    page.goto("/admin/desk/everything/")
    page.keyboard.press("?")
    expect(page.get_by_text("suspend, pre-moderate or warn")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("pier")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/admin/desk/everything/?q=pier")


def test_without_javascript_the_desk_works_by_its_forms(plain_page: Page, fifty: None) -> None:
    log_in(plain_page, "moderator")
    plain_page.goto("/admin/desk/")
    at_first = waiting(plain_page)
    plain_page.get_by_role("button", name="Approve a").first.click()
    expect(plain_page.get_by_text("Approved: everybody can read it now.")).to_be_visible()
    assert waiting(plain_page) == at_first - 1
    plain_page.get_by_role("button", name="Undo").click()
    plain_page.goto("/admin/desk/")
    assert waiting(plain_page) == at_first


ONE_MORE = """
from accounts.models import User
from comments.models import Comment, Discussion
from newsroom.models import Article
article = Article.objects.published().newest_first()[0]
person, _ = User.objects.get_or_create(
    username="fifty", defaults={"name": "Fifty Words", "email": "fifty@example.com"})
Comment.objects.post(
    person, Discussion.objects.begun(article), "Held while you looked.", held_because="a test")
"""


def test_what_comes_and_what_a_colleague_does_shows_at_the_other_desk(
    page: Page, another_page: Page, site: Site, fifty: None
) -> None:
    log_in(page, "moderator")
    log_in(another_page, "editor")
    for desk in (page, another_page):
        desk.goto("/admin/desk/")
    at_first = waiting(page)

    # Nothing jumps: what comes is counted, and shown when it is asked for.
    site.manage("shell", "--verbosity=0", "-c", ONE_MORE)
    note = page.locator("#news").get_by_role("link", name="1 new: show it")
    expect(note).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(1\) Waiting"))
    expect(page.locator("#queues .count").first).to_have_text(str(at_first + 1))
    expect(page.locator(".card", has_text="Held while you looked.")).to_have_count(0)

    # Whoever is at work on a card is named at the other desk, and what they decide shows there.
    third = another_page.locator(".card[data-id]").nth(2)
    id = third.get_attribute("id")
    third.get_by_role("button", name="I have this one").click()
    there = page.locator(f"#{id}")
    expect(there).to_contain_text("has it")
    another_page.locator(f"#{id}").get_by_role("button", name="Approve").click()
    expect(another_page.locator(f"#{id}")).to_have_count(0)
    expect(there.get_by_role("button", name="It may stay")).to_be_visible()
    expect(page.locator(".card[aria-current]")).to_have_count(1)

    note.click()
    expect(page.locator("#news a")).to_have_count(0)
    expect(page.locator(f"#{id}")).to_have_count(0)


def waiting(page: Page) -> int:
    return int(page.locator("#queues .count").first.inner_text())
