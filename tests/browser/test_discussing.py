"""Writing and reading on in a discussion, with what a browser adds."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_tour import log_in

HEADLINE = re.compile("Grain ships leave Odessa")


def open_discussion(page: Page, who: str) -> str:
    log_in(page, who)
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(composer(page)).to_be_visible()
    return page.url.partition("#")[0]


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your comment")


def post(page: Page, text: str) -> None:
    composer(page).fill(text)
    page.get_by_role("button", name="Post comment").click()
    expect(page.locator(".comment", has_text=text).first).to_be_visible()


def test_the_preview_follows_and_the_counter_counts(page: Page) -> None:
    open_discussion(page, "reader")
    composer(page).fill("It *held*.")
    page.get_by_role("button", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("held")
    composer(page).press("End")
    composer(page).press_sequentially(" **Really**.")
    expect(preview.locator("strong")).to_have_text("Really")
    counter = page.locator("#composer .counter")
    expect(counter).to_be_hidden()
    composer(page).fill("a" * 4000)
    expect(counter).to_have_text("4000 / 5000")
    composer(page).fill("a" * 5001)
    expect(page.locator("#composer .unseen")).to_have_text("Characters too many: 1")
    composer(page).fill("")


def test_a_draft_survives_a_reload_and_waits_on_the_other_device(
    page: Page, another_page: Page
) -> None:
    address = open_discussion(page, "moderator")
    with page.expect_response(re.compile("/draft/")):
        composer(page).press_sequentially("Half a thought")
    page.reload()
    expect(composer(page)).to_have_value("Half a thought")
    open_discussion(another_page, "moderator")
    another_page.goto(address)
    expect(composer(another_page)).to_have_value("Half a thought")
    with another_page.expect_response(re.compile("/draft/")):
        composer(another_page).press("End")
        composer(another_page).press_sequentially(", and the rest")
    with page.expect_response(re.compile("/draft/")) as refused:
        composer(page).press("End")
        composer(page).press_sequentially("!")
    assert refused.value.status == 409
    page.get_by_role("button", name="Show the other text").click()
    expect(composer(page)).to_have_value("Half a thought, and the rest")
    page.get_by_role("button", name="Show the other text").click()
    expect(composer(page)).to_have_value("Half a thought!")
    composer(page).fill("Posted by a moderator.")
    page.get_by_role("button", name="Post comment").click()
    expect(composer(page)).to_have_value("")
    page.reload()
    expect(composer(page)).to_have_value("")


def test_somebody_is_mentioned_by_keyboard_and_a_selection_is_quoted(page: Page) -> None:
    open_discussion(page, "reader")
    comment = page.locator(".comment", has=page.get_by_role("link", name="Report")).first
    handle = (comment.get_by_role("link", name="Mute").get_attribute("href") or "").split("/")[2]
    composer(page).fill("")
    composer(page).press_sequentially(f"As @{handle[:3]}")
    people = page.get_by_role("listbox")
    expect(people.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    composer(page).press("ArrowDown")
    composer(page).press("ArrowUp")
    composer(page).press("Enter")
    expect(composer(page)).to_have_value(re.compile(r"^As @[\w-]+ $"))
    expect(people).to_have_count(0)
    composer(page).fill("")
    words = comment.locator(".text p").first
    words.select_text()
    quoted = page.evaluate("getSelection().toString().trim().split('\\n')[0]")
    comment.get_by_role("link", name="Reply").click()
    reply = page.get_by_role("textbox", name=re.compile("Your reply to"))
    expect(reply).to_have_value(re.compile(f"^> {re.escape(quoted)}"))
    reply.fill("")


def test_the_key_goes_through_what_is_new_and_mute_folds(page: Page, another_page: Page) -> None:
    address = open_discussion(page, "editor")
    with page.expect_response(re.compile("/mine/")):
        page.locator("#thread").scroll_into_view_if_needed()
    open_discussion(another_page, "author")
    post(another_page, "Something new from the author.")
    page.goto(f"{address}?sort=newest")
    expect(page.get_by_text(re.compile(r"\d+ new since you were here")).first).to_be_visible()
    page.goto(address)
    page.keyboard.press("n")
    expect(page.locator(".comment.new, .comment.here")).to_be_focused()
    page.goto(f"{address}?sort=newest")
    mine = page.locator(".comment", has_text="Something new from the author.")
    mine.hover()
    mine.get_by_role("link", name="Mute").click()
    page.locator(".slot").get_by_role("button", name="Mute").click()
    folded = page.locator("details.muted").first
    expect(folded.locator("summary")).to_contain_text("whom you muted")
    expect(mine).to_be_hidden()
    folded.locator("summary").click()
    expect(mine).to_be_visible()
    mine.hover()
    mine.get_by_role("link", name="Unmute").click()
    page.locator(".slot").get_by_role("button", name="Unmute").click()
    expect(page.locator("details.muted")).to_have_count(0)
