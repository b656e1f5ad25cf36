"""Two people at once: what one does, the other sees, without anything jumping."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_an_article
from tests.browser.test_tour import log_in
from tests.site import Site


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


def test_chats_move_but_never_under_the_pointer(page: Page, another_page: Page) -> None:
    page.goto("/chats/")
    chats = page.locator(".chat-list [data-chat]")
    quiet = chats.last.get_attribute("data-chat")
    moved = page.locator(f".chat-list [data-chat='{quiet}']")
    chats.first.hover()
    log_in(another_page, "reader")
    another_page.goto(f"/discussions/{quiet}/")
    another_page.locator("form#composer").get_by_role("textbox").fill("The quiet one speaks.")
    another_page.get_by_role("button", name="Post comment").click()
    expect(moved.get_by_role("link", name="The quiet one speaks.")).to_be_visible()
    expect(chats.first).not_to_have_attribute("data-chat", quiet or "")
    page.mouse.move(1, 1)
    expect(chats.first).to_have_attribute("data-chat", quiet or "")


def test_who_else_reads_is_counted(page: Page, another_page: Page) -> None:
    open_an_article(page)
    open_an_article(another_page)
    expect(page.get_by_text("2 reading now")).to_be_visible()


def test_a_page_without_a_stream_says_so_and_asks(page: Page, another_page: Page) -> None:
    page.route("**/live/**", lambda route: route.fulfill(status=429))
    page.clock.install()
    open_an_article(page)
    log_in(another_page, "reader")
    open_an_article(another_page)
    composer = another_page.locator("form#composer")
    composer.get_by_role("textbox").fill("Heard by asking.")
    composer.get_by_role("button", name="Post comment").click()
    expect(another_page.locator("article.comment", has_text="Heard by asking.")).to_be_visible()
    page.clock.fast_forward(40_000)
    expect(page.get_by_text("The live connection is lost.")).to_be_visible()
    page.clock.fast_forward(5_000)
    expect(page.get_by_role("link", name="1 new comment")).to_be_visible()


SUSPENSION = """
from accounts.models import Rulebook, User
from comments.models import Decision
author, moderator = (User.objects.get(email=f"{n}@example.com") for n in ("author", "moderator"))
clause = Rulebook.objects.in_force().clauses.first()
Decision.objects.suspend(author, moderator, clause, "Enough for now.", None)
"""
PARDON = """
from accounts.models import User
from comments.models import Decision, Sanction
moderator = User.objects.get(email="moderator@example.com")
Decision.objects.lift(Sanction.objects.latest("id"), moderator)
"""


@pytest.mark.attack("A17")
def test_a_suspension_and_the_end_of_a_session_are_told(page: Page, site: Site) -> None:
    log_in(page, "author")
    open_an_article(page)
    composer = page.locator("form#composer").get_by_role("textbox")
    composer.fill("Half a thought")
    site.manage("shell", "-c", SUSPENSION)
    expect(page.get_by_text("A moderator decided something about you.")).to_be_visible()
    expect(composer).to_have_value("Half a thought")
    site.manage("shell", "-c", PARDON)
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Log out").click()
    expect(other.get_by_role("link", name="Log in").first).to_be_visible()
    page.bring_to_front()
    expect(page.get_by_text("You are logged out.")).to_be_visible()
    expect(composer).to_have_value("Half a thought")
