"""Writing in the admin, in Chromium: the editor under the strict policy, unsaved words, preview."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import HEADLINE, open_an_article
from tests.browser.test_tour import log_in

ADD = "/admin/newsroom/article/add/"


def the_text(page: Page) -> Locator:
    """The editor's own field, once it has taken the plain one's place."""
    return page.locator(".tiptap").and_(page.get_by_role("textbox", name="Text:"))


def begin(page: Page, headline: str, who: str = "editor") -> None:
    log_in(page, who)
    page.goto(ADD)
    expect(the_text(page)).to_be_visible()
    page.get_by_label("Headline:").fill(headline)
    page.get_by_label("Section:").select_option(label="Culture")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def come_back_until(sight: Locator, address: str) -> None:
    end = time.monotonic() + 15
    sight.page.goto(address)
    while not sight.count() and time.monotonic() < end:
        sight.page.goto(address)
    expect(sight).to_be_visible()


def test_what_is_written_in_the_editor_is_what_readers_get(page: Page) -> None:
    begin(page, "A concert in the tram shed")
    the_text(page).click()
    page.keyboard.type("They played ")
    page.get_by_role("button", name="bold").click()
    page.keyboard.type("twice")
    page.get_by_role("button", name="bold").click()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="unordered list").click()
    page.keyboard.type("Brahms")
    press(page, "Publish now")
    expect(page.get_by_text("Published.")).to_be_visible()
    expect(the_text(page).locator("strong")).to_have_text("twice")
    page.get_by_role("link", name="See it").click()
    body = page.locator(".story .body")
    expect(body.locator("strong")).to_have_text("twice")
    expect(body.locator("li")).to_have_text("Brahms")


def test_unsaved_words_survive_a_reload(page: Page) -> None:
    begin(page, "Half a thought", "author")
    the_text(page).click()
    page.keyboard.type("Nobody pressed Save.")
    expect(page.get_by_role("status")).to_contain_text("not saved yet")
    page.reload()
    expect(the_text(page)).to_have_text("")
    expect(page.get_by_role("heading", name="You have unsaved words")).to_be_visible()
    page.get_by_role("link", name="Take them").click()
    expect(the_text(page)).to_have_text("Nobody pressed Save.")
    expect(page.get_by_label("Headline:")).to_have_value("Half a thought")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.goto(ADD)
    expect(the_text(page)).to_be_visible()
    expect(page.get_by_text("You have unsaved words")).to_have_count(0)


def test_words_typed_a_moment_before_the_page_is_left_are_kept(page: Page) -> None:
    begin(page, "Gone in a hurry", "admin")
    page.goto("/newsfeed/")
    come_back_until(page.get_by_role("heading", name="You have unsaved words"), ADD)
    press(page, "Throw them away")
    expect(page.get_by_text("The unsaved words are thrown away.")).to_be_visible()


def test_looking_is_not_writing(page: Page) -> None:
    log_in(page, "editor")
    page.goto("/admin/newsroom/article/?q=Moscow")
    page.get_by_role("link", name=HEADLINE).click()
    expect(the_text(page)).to_contain_text("The quarrel goes back")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    the_text(page).click()
    page.reload()
    expect(the_text(page)).to_be_visible()
    assert not [url for url in sent if url.endswith("/autosave/")]
    press(page, "Save")
    page.get_by_role("link", name="Record").click()
    expect(page.get_by_role("row", name=re.compile("changed after publication"))).to_have_count(0)


def test_a_photo_of_the_paper_is_put_into_the_text(page: Page) -> None:
    begin(page, "With a picture")
    the_text(page).click()
    page.get_by_role("button", name="figure").click()
    with page.expect_popup() as opened:
        press(page, "Browse...")
    window = opened.value
    window.get_by_label("Search the photos").fill("embankment")
    press(window, "Search")
    chosen = window.locator("[data-photo]").first
    alt = chosen.get_attribute("data-alt")
    with window.expect_event("close"):
        # The window closes itself under the click: it is done after this call has returned.
        chosen.evaluate("button => setTimeout(() => button.click())")
    press(page, "Insert")
    expect(the_text(page).get_by_alt_text(alt or "?")).to_be_visible()
    press(page, "Publish now")
    page.get_by_role("link", name="See it").click()
    photo = page.locator(".body figure img")
    expect(photo).to_have_attribute("alt", alt or "?")
    expect(photo).to_have_attribute("width", re.compile(r"^\d+$"))


def test_the_preview_shows_a_phone_and_a_desk_with_what_is_not_saved(page: Page) -> None:
    begin(page, "Seen before it is out")
    with page.expect_popup() as opened:
        press(page, "Preview")
    preview = opened.value
    for device, width in (("phone", 390), ("desk", 1360)):
        frame = preview.frame_locator(f'iframe[title="The article on a {device}"]')
        headline = frame.get_by_role("heading", name="Seen before it is out")
        expect(headline).to_be_visible()
        assert headline.evaluate("() => innerWidth") == width
        expect(frame.get_by_text("log in or register")).to_be_visible()
    press(page, "Save")


def test_two_people_write_and_the_second_is_told(page: Page, another_page: Page) -> None:
    begin(page, "Of two minds", "author")
    the_text(page).fill("One mind.")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    log_in(another_page, "editor")
    another_page.goto(page.url)
    the_text(another_page).fill("Another mind.")
    press(another_page, "Save")
    expect(another_page.get_by_text("Saved.")).to_be_visible()
    the_text(page).fill("One clear mind.")
    press(page, "Save")
    told = page.get_by_role("alert")
    expect(told).to_contain_text("Edda Lindgren was here before you")
    expect(told.locator("del")).to_have_text(re.compile("Another"))
    expect(the_text(page)).to_have_text("One clear mind.")
    press(page, "Save")
    expect(page.get_by_text("Saved.")).to_be_visible()
    another_page.reload()
    expect(the_text(another_page)).to_have_text("One clear mind.")


def test_what_is_scheduled_appears_by_itself(page: Page, another_page: Page) -> None:
    begin(page, "Out at its minute")
    the_text(page).fill("It waited.")
    then = timezone.now() + timedelta(seconds=5)
    page.locator("#id_published_at_0").fill(f"{then:%Y-%m-%d}")
    page.locator("#id_published_at_1").fill(f"{then:%H:%M:%S}")
    press(page, "Schedule")
    expect(page.get_by_text("Scheduled: it appears by itself")).to_be_visible()
    come_back_until(another_page.get_by_role("link", name="Out at its minute").first, "/newsfeed/")
    press(page, "Do not publish")
    expect(page.get_by_role("alert")).to_contain_text("The clock was here before you: published")


def test_arabic_runs_from_the_right_and_what_is_withdrawn_leaves_open_pages(
    page: Page, another_page: Page
) -> None:
    headline = "الجسر مفتوح"
    open_an_article(another_page)
    begin(page, headline)
    page.get_by_label("Language:").select_option(label="Arabic – العربيّة")
    the_text(page).fill("مر الناس ليلا.")
    press(page, "Publish now")
    expect(page.get_by_text("Published.")).to_be_visible()
    another_page.get_by_role("tab", name="Newsfeed").and_(
        another_page.locator("[data-count]:not([data-count='0'])")
    ).click()
    brought = another_page.get_by_role("link", name=headline)
    expect(brought).to_have_css("direction", "rtl")
    expect(brought).to_have_attribute("lang", "ar")
    brought.click()
    story = another_page.locator(".story")
    expect(story.get_by_role("heading", level=1)).to_have_css("direction", "rtl")
    expect(story.locator(".body")).to_have_css("direction", "rtl")
    expect(story.locator(".byline")).to_have_css("direction", "ltr")
    listed = another_page.get_by_role("complementary").get_by_role("link", name=headline)
    expect(listed).to_be_visible()
    page.get_by_role("link", name="Withdraw…").click()
    press(page, "Withdraw it")
    expect(listed).to_have_count(0)
    expect(another_page.locator("#live-status")).to_contain_text("has just withdrawn this article")
    another_page.reload()
    expect(another_page.get_by_role("heading", level=1)).to_have_text("This article was withdrawn")


@pytest.mark.parametrize("how", ["plain_page", "plain_phone"])
def test_without_javascript_plain_text_is_enough(how: str, request: pytest.FixtureRequest) -> None:
    page: Page = request.getfixturevalue(how)
    log_in(page, "editor")
    page.goto(ADD)
    headline = f"On {how.replace('_', ' ')}"
    page.get_by_label("Headline:").fill(headline)
    page.get_by_label("Section:").select_option(label="Culture")
    page.get_by_label("Text:").fill("First.\n\nSecond.")
    press(page, "Publish now")
    page.get_by_role("link", name="See it").click()
    expect(page.locator(".story .body > p")).to_have_text(["First.", "Second."])


def test_the_form_fits_a_phone(phone: Page) -> None:
    begin(phone, "A very long headline that has to be broken somewhere on a narrow screen")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.get_by_role("button", name="Publish now")).to_be_in_viewport()
