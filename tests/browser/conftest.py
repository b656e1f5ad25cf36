"""The real product in a real browser: `manage.py serve` with a small paper, and Chromium.

Every page that a fixture hands out watches what happens on it. A violation of the Content
Security Policy, an error in a script or a request to another host fails its test.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

from tests.site import Site, a_site, serving

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
DESKTOP = {"viewport": {"width": 1360, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

HEADLINE = re.compile("Ministers meet in Moscow")

# Nothing here measures time: a busy machine may take its own.
PATIENCE = 30_000  # ms
expect.set_options(timeout=PATIENCE)

# A policy violation is told in the console, but not every kind of it: this tells the rest.
TELL_VIOLATIONS = """
addEventListener("securitypolicyviolation", event => console.error(
    `Content Security Policy: ${event.effectiveDirective} refused ${event.blockedURI}`))
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        site.manage("demo", "--comments=60")
        with serving(site):
            yield site


def open_an_article(page: Page) -> str:
    """The demo's most discussed article; returns its address when the page is there."""
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    return page.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while it is there, its loop holds this thread, and tests of streams
    have loops of their own."""
    if CHROMIUM is None:
        reason = "No Chromium here. On Debian and Ubuntu: apt-get install chromium"
        if os.environ.get("BROWSER_REQUIRED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop runs in this thread; Django must not take it for an asynchronous page.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


@contextmanager
def watched_page(browser: Browser, site: Site, **how: Any) -> Iterator[Page]:
    """A page in a fresh profile. On leaving, whatever went wrong on it fails the test."""
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def request(sent: Request) -> None:
        if not sent.url.startswith((site.url, "data:", "blob:")):
            faults.append(f"a request to {sent.url}")

    context = browser.new_context(base_url=site.url, **how)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL_VIOLATIONS)
    context.on("console", console)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("request", request)
    yield context.new_page()
    context.close()
    assert faults == []


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with watched_page(browser, site, **DESKTOP) as page:
        yield page


@pytest.fixture
def plain_page(browser: Browser, site: Site) -> Iterator[Page]:
    """Without JavaScript."""
    with watched_page(browser, site, **DESKTOP, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    with watched_page(browser, site, **PHONE) as page:
        yield page


@pytest.fixture
def plain_phone(browser: Browser, site: Site) -> Iterator[Page]:
    """Without JavaScript."""
    with watched_page(browser, site, **PHONE, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def another_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A second person's, beside `page`."""
    with watched_page(browser, site, **DESKTOP) as page:
        yield page
