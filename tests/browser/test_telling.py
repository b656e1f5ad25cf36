"""Being told, and answering on the page that a link opens."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_discussing import HEADLINE, post
from tests.browser.test_tour import log_in


def test_what_one_is_told_is_counted_live_on_desk_and_phone(
    page: Page, phone: Page, another_page: Page
) -> None:
    log_in(page, "reader")
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    address = page.url
    words = "Whoever answers this is told of."
    post(page, words)
    handle = (
        page.locator(".comment", has_text=words).get_by_role("link").first.get_attribute("href")
    )
    log_in(phone, "reader")
    phone.goto("/newsfeed/")
    bell, bar = page.locator(".told-of b"), phone.locator(".bar b")
    before = int(bell.text_content() or 0)

    log_in(another_page, "author")
    another_page.goto(f"{address}?sort=newest")
    answered = another_page.locator(".comment", has_text=words)
    answered.get_by_role("link", name="Reply").click()
    reply = another_page.get_by_role("textbox", name=re.compile("Your reply to"))
    reply.fill("An answer that is told.")
    another_page.get_by_role("button", name="Post reply").click()
    for count in (bell, bar):
        expect(count).to_have_text(str(before + 1))
        expect(count).to_be_visible()
    post(another_page, f"What would @{handle.split('/')[2]} say to the second ship?")
    for count in (bell, bar):
        expect(count).to_have_text(str(before + 2))

    page.goto("/me/notifications/")
    told = page.locator(".told li.new .what")
    expect(told.nth(0)).to_contain_text("mentioned you under")
    expect(told.nth(1)).to_contain_text("answered you under")
    told.nth(1).click()
    expect(page.locator(".comment.here")).to_contain_text("An answer that is told.")
    expect(bar).to_have_text(str(before + 1))


@pytest.mark.parametrize("how", ["page", "plain_page"])
def test_a_deed_is_done_on_its_own_page_too(how: str, request: pytest.FixtureRequest) -> None:
    """Where one lands after logging in, or by opening the link in a tab of its own."""
    page: Page = request.getfixturevalue(how)
    log_in(page, "reader")
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    page.goto(f"{page.url}?sort=oldest")
    first = page.locator(".comment .time").first.get_attribute("href")
    page.goto(f"{first}reply/")
    page.get_by_role("textbox").fill(f"Said on a page of its own, {how}.")
    page.get_by_role("button", name="Post reply").click()
    mine = page.locator(".comment.here")
    expect(mine).to_contain_text(f"Said on a page of its own, {how}.")
    said = page.url.partition("#")[0]
    page.goto(f"{said}edit/")
    page.get_by_role("textbox").fill(f"Changed on a page of its own, {how}.")
    page.get_by_role("button", name="Save changes").click()
    expect(mine).to_contain_text(f"Changed on a page of its own, {how}.")
    page.goto(f"{first}reply/")
    expect(page.get_by_role("textbox")).to_have_value("")
    page.goto(f"{said}withdraw/")
    page.get_by_role("main").get_by_role("button", name="Withdraw").click()
    expect(page.locator(".messages")).to_contain_text("Your comment is withdrawn.")
