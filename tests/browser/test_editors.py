"""An editor and an author at work on the page, seen by somebody who only reads."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_an_article
from tests.browser.test_tour import log_in


@pytest.mark.parametrize("how", ["page", "plain_page"])
def test_an_editor_picks_and_pins_on_the_page(
    how: str, another_page: Page, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(how)
    log_in(page, "editor")
    page.goto("/chats/")
    page.locator(".chat-list h2 a").nth(1 if how == "page" else 2).click()
    article = page.url.partition("#")[0]
    comment = page.locator(".thread > article.comment:not(:has(.badge.pick))").first
    id = comment.get_attribute("id")
    comment = page.locator(f"#{id}")
    for deed, badge in (("Pick", "Editor’s pick"), ("Pin", "Pinned")):
        comment.get_by_role("button", name=deed, exact=True).click()
        expect(comment.locator(".badge", has_text=badge)).to_be_visible()
        button = comment.get_by_role("button", name=deed, exact=True)
        expect(button).to_have_attribute("aria-pressed", "true")
        if how == "plain_page":
            page.goto(article)

    another_page.goto(f"{article}?sort=picks")
    expect(another_page.locator(f"#{id} .badge", has_text="Editor’s pick")).to_be_visible()
    expect(another_page.get_by_role("complementary", name="Pinned")).to_be_visible()
    expect(another_page.get_by_role("button", name="Pick", exact=True)).to_have_count(0)

    page.goto(article)
    comment.get_by_role("button", name="Pin", exact=True).click()
    expect(comment.locator(".badge", has_text="Pinned")).to_have_count(0)


def test_slow_mode_is_told_to_who_reads_already(page: Page, another_page: Page) -> None:
    open_an_article(page)
    log_in(another_page, "editor")
    open_an_article(another_page)
    for pause, told in (("1 minute", 1), ("off", 0)):
        another_page.get_by_role("link", name="Run this discussion").click()
        another_page.get_by_label("Slow mode").select_option(label=pause)
        another_page.get_by_role("button", name="Save").click()
        expect(another_page.get_by_text("Saved. Readers see it at once.")).to_be_visible()
        expect(page.get_by_text("Slow mode.")).to_have_count(told)
    expect(page.get_by_role("link", name="Run this discussion")).to_have_count(0)


def test_the_author_says_to_be_here(page: Page, another_page: Page) -> None:
    log_in(page, "author")
    page.goto("/")
    page.get_by_role("link", name=re.compile("Ministers meet in Moscow")).first.click()
    another_page.goto(page.url)
    page.get_by_role("link", name="Questions for the author").click()
    for stay, told in (("for an hour", 1), ("not here", 0)):
        page.get_by_label("I am here").select_option(label=stay)
        page.get_by_role("button", name="Tell the readers").click()
        expect(another_page.get_by_text("The author is here until")).to_have_count(told)
