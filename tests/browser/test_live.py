"""Two people at once: what one does, the other sees, without anything jumping."""

from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, open_an_article
from tests.browser.test_tour import log_in


def test_what_one_says_waits_for_the_other_until_asked_for(page: Page, another_page: Page) -> None:
    open_an_article(page)
    log_in(another_page, "reader")
    open_an_article(another_page)
    composer = another_page.locator("form#composer")
    composer.get_by_role("textbox").fill("Seen from the other side.")
    composer.get_by_role("button", name="Post comment").click()

    note = page.get_by_role("link", name="1 new comment")
    expect(note).to_be_visible()
    said = page.locator("article.comment", has_text="Seen from the other side.")
    expect(said).to_have_count(0)
    note.click()
    expect(said).to_be_visible()
    expect(note).to_be_hidden()

    # An edit and a withdrawal happen in place.
    own = another_page.locator("article.comment", has_text="Seen from the other side.")
    own.get_by_role("link", name="Edit").click()
    another_page.locator("form[id^=edit-]").get_by_role("textbox").fill("Seen and mended.")
    another_page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Seen and mended.")).to_be_visible()
    mended = another_page.locator("article.comment", has_text="Seen and mended.")
    mended.get_by_role("link", name="Withdraw").click()
    another_page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Seen and mended.")).to_have_count(0)


def test_a_reply_is_announced_in_its_thread_and_recommends_count(
    page: Page, another_page: Page
) -> None:
    open_an_article(page)
    log_in(another_page, "editor")
    open_an_article(another_page)
    thread = another_page.locator("li.thread").first
    number = thread.get_attribute("id") or ""
    thread.get_by_role("link", name="Reply").first.click()
    thread.get_by_role("textbox").fill("An answer, live.")
    thread.get_by_role("button", name="Post reply").click()
    here = page.locator(f"#{number}")
    here.get_by_role("link", name="1 new reply").click()
    expect(here.get_by_text("An answer, live.")).to_be_visible()

    button = another_page.locator(f"#{number} .comment").first.locator("button.recommends")
    before = int((button.text_content() or "").split()[-1])
    button.click()
    counted = here.locator(".comment").first.locator(".recommends")
    expect(counted).to_have_text(f"▲ {before + 1}")


FEED = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>
<entry><id>tag:wire.example,2026:{key}</id><title>The {key} has just happened</title>
<updated>{at}</updated><published>{at}</published><content>All of it.</content></entry></feed>"""


def test_a_new_article_is_counted_on_the_tab_and_shown_when_asked(
    page: Page, site: Site, tmp_path: Path
) -> None:
    open_an_article(page)
    title = page.title()
    tab = page.get_by_role("tab", name="Newsfeed")
    wire = tmp_path / "wire.xml"
    wire.write_text(FEED.format(key="thing", at=datetime.now(UTC).isoformat()))
    site.manage("import_feed", str(wire), "--section=world")
    expect(page).to_have_title(f"(1) {title}")
    expect(tab).to_have_attribute("data-count", "1")
    headline = page.get_by_role("tabpanel", name="Newsfeed").get_by_role(
        "link", name="The thing has just happened"
    )
    expect(headline).to_have_count(0)
    tab.click()
    expect(headline).to_be_visible()
    expect(page).to_have_title(title)
