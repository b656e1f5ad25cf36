"""The same walk as tests/test_tour.py, by hand in Chromium: with JavaScript and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_an_article

PASSWORD = "newsroom-demo"


def log_in(page: Page, who: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


@pytest.mark.parametrize("how", ["page", "plain_page"])
def test_a_stranger_joins_talks_and_learns_why_a_comment_went(
    how: str, another_page: Page, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(how)
    scripted = how == "page"
    name = "Nina Scripted" if scripted else "Nina Plain"
    words = f"{name} thinks the *post* comes first."

    # She reads, types, and is led to the registration.
    article = open_an_article(page)
    gate = page.get_by_role("region", name="Discussion").locator("form#composer")
    expect(gate).to_contain_text("To participate in the discussion, log in or register.")
    gate.get_by_role("textbox").fill(words)
    gate.get_by_role("button", name="Register").click()

    # Nonsense is answered in sentences and keeps what was typed.
    page.get_by_label("Email").fill(f"{name.replace(' ', '.').lower()}@example.com")
    page.get_by_label("Public name").fill("Admin")
    page.get_by_label("Password").fill("nobody-guesses-this-one")
    page.get_by_label("I have read the house rules").check()
    page.get_by_role("main").get_by_role("button", name="Register").click()
    expect(page.get_by_text("This name is kept for the newsroom.")).to_be_visible()
    page.get_by_label("Public name").fill(name)
    page.get_by_label("Password").fill("nobody-guesses-this-one")
    page.get_by_role("main").get_by_role("button", name="Register").click()

    # The demo's mail leads back into the composer, where the words are.
    page.get_by_role("link", name="Read the demo’s mails").click()
    page.locator(".mail").first.get_by_role("link").first.click()
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(page).to_have_url(f"{article}#composer")
    composer = page.locator("form#composer")
    expect(composer.get_by_role("textbox")).to_have_value(words)
    composer.get_by_role("button", name="Post comment").click()
    mine = page.locator("article.comment", has_text=f"{name} thinks the post")
    expect(mine).to_be_visible()
    expect(mine.locator("em")).to_have_text("post")
    if scripted:
        expect(composer.get_by_role("textbox")).to_have_value("")

    # She mends a word; what it said before stays readable.
    mine.get_by_role("link", name="Edit").click()
    page.locator("form[id^=edit-]").get_by_role("textbox").fill(f"{name} thinks letters first.")
    page.get_by_role("button", name="Save changes").click()
    mended = page.locator("article.comment", has_text=f"{name} thinks letters first.")
    expect(mended).to_be_visible()
    mended.get_by_role("link", name="edited").click()
    expect(page.get_by_text(f"{name} thinks the post")).to_be_visible()

    # She recommends, reports and answers somebody else.
    page.goto(f"{article}?sort=oldest")
    theirs = page.locator("article.comment").first
    number = theirs.get_attribute("id") or ""
    theirs = page.locator(f"#{number}")
    theirs.get_by_role("button", name=re.compile("^Recommend ")).click()
    expect(theirs.get_by_role("button", name=re.compile("^Recommended "))).to_be_visible()
    theirs.hover()
    theirs.get_by_role("link", name="Report").click()
    page.get_by_label("It is not about the subject").check()
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_text("Thank you. A moderator will look at it.")).to_be_visible()
    page.goto(f"{article}?sort=oldest")
    theirs.get_by_role("link", name="Reply").click()
    page.locator(f"#composer-{number[1:]}").get_by_role("textbox").fill(f"{name} replies.")
    page.get_by_role("button", name="Post reply").click()
    reply = page.locator("article.comment", has_text=f"{name} replies.")
    expect(reply).to_be_visible()
    expect(reply).to_contain_text("to ")

    # A moderator removes the reply in the admin, under a clause.
    log_in(another_page, "moderator")
    another_page.goto("/admin/desk/everything/")
    card = another_page.locator("article.card", has_text=f"{name} replies.").first
    card.locator("[data-key=r]").click()
    another_page.locator("#id_remove-clause").select_option(label="3. Keep to the subject.")
    another_page.locator("#id_remove-facts").fill("Replies to replies are not the subject.")
    another_page.get_by_role("button", name="Remove and tell the author").click()
    expect(another_page.get_by_text("Removed, and the author is told why.")).to_be_visible()

    # She reads why.
    page.goto("/me/")
    expect(page.get_by_text("Replies to replies are not the subject.")).to_be_visible()
    page.get_by_role("link", name="The decision and its reasons").click()
    expect(page.get_by_text("3. Keep to the subject.")).to_be_visible()
    expect(page.get_by_text("a moderator; no machine took part")).to_be_visible()

    # And she withdraws her own comment.
    page.goto(f"{article}?sort=newest")
    mended.get_by_role("link", name="Withdraw").click()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text(re.compile("Nobody else can see it now"))).to_be_visible()
    another_page.goto(article)
    expect(another_page.get_by_text(f"{name} thinks")).to_have_count(0)
