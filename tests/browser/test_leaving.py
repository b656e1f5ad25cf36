"""Somebody takes everything along, leaves, and comes back by the link in the mail."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

PASSWORD = "newsroom-demo"


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").first.fill("reader7@example.com")
    page.get_by_label("Password").first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Log in", exact=True).first.click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def confirm(page: Page) -> None:
    """That it is still the same person, where that is asked."""
    page.wait_for_load_state()
    if "reauthenticate" in page.url:
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("main button.primary").click()


def test_export_delete_and_restore_by_the_mailed_link(page: Page) -> None:
    log_in(page)
    page.goto("/me/privacy/")
    page.get_by_role("button", name="Make the file").click()
    confirm(page)
    link = page.get_by_role("link", name="Download the file")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".zip")
    page.get_by_label("stay readable").check()
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", name="Good-bye")).to_be_visible()
    page.goto("/demo/mail/")
    letter = page.locator("text=/me/privacy/stay/").first
    for _try in range(60):
        if letter.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    found = re.search(r"https?://\S+/me/privacy/stay/[\w-]+/", letter.inner_text())
    assert found
    page.goto(urlsplit(found[0]).path)
    page.get_by_role("button", name="Yes, keep it").click()
    log_in(page)
    page.goto("/me/privacy/")
    expect(page.get_by_role("button", name="Delete my account")).to_be_visible()
