"""Reading on: the next article, the address that follows, the lists beside it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import open_an_article


def test_the_next_article_loads_in_place_and_the_address_follows(page: Page) -> None:
    first = open_an_article(page)
    title = page.locator(".following h2").inner_text()
    page.locator(".following").scroll_into_view_if_needed()
    second = page.locator(".story").nth(1)
    expect(second.get_by_role("heading", level=1)).to_have_text(title)
    second.locator(".body").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    expect(page).not_to_have_url(first)
    expect(page).to_have_title(re.compile(re.escape(title)))
    page.go_back()
    expect(page).to_have_url(re.compile("/$"))


def test_without_javascript_the_next_article_is_a_link(plain_page: Page) -> None:
    open_an_article(plain_page)
    title = plain_page.locator(".following h2").inner_text()
    plain_page.get_by_role("link", name=title).last.click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text(title)


def test_the_rail_has_tabs_that_the_keyboard_reaches(page: Page) -> None:
    open_an_article(page)
    page.get_by_role("tab", name="Newsfeed").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Chats")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="Chats")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Newsfeed")).to_be_hidden()


def test_without_javascript_both_lists_stand_in_the_rail(plain_page: Page) -> None:
    open_an_article(plain_page)
    rail = plain_page.get_by_role("complementary", name="Newsfeed and chats")
    expect(rail.get_by_role("heading", name="Newsfeed")).to_be_visible()
    expect(rail.get_by_role("heading", name="Chats")).to_be_visible()


def test_the_theme_is_chosen_and_remembered(page: Page) -> None:
    open_an_article(page)
    page.get_by_role("button", name="Dark theme").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_nothing_is_wider_than_a_phone(phone: Page) -> None:
    for address in ("/", "/newsfeed/", "/chats/", "/russia/", "/accounts/signup/"):
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    open_an_article(phone)
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
