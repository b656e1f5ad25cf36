"""The real product in a real browser: `manage.py serve` with a small paper, and Chromium.

Every page that a fixture hands out watches what happens on it. A violation of the Content
Security Policy, an error in a script or a request to another host fails its test.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
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


@dataclass(frozen=True)
class Site:
    url: str
    data: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py on this site; its output is shown when it fails."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True
        )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DEMO": "1",
        "DATA": str(data),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": url,
        "PYTHONWARNINGS": "default",
    }
    with database_of_its_own() as database:
        environment |= database
        site = Site(url, data, environment)
        site.manage("migrate", "--verbosity=0")
        site.manage("createcachetable", "--verbosity=0")
        site.manage("collectstatic", "--no-input", "--verbosity=0")
        site.manage("demo", "--comments=60")
        with serving(site):
            yield site


@contextmanager
def database_of_its_own() -> Iterator[dict[str, str]]:
    """On PostgreSQL a new database for the site, on SQLite a file in its folder."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    name = f"newsroom_site_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def serving(site: Site) -> Iterator[None]:
    log = site.data / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_it_answers(site.url, server, log)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        print(log.read_text(errors="replace"))


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=30).close()
        except urllib.error.HTTPError:
            return  # an answer, which the tests will judge
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The site did not start:\n{log.read_text(errors='replace')}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_an_article(page: Page) -> str:
    """The demo's most discussed article; returns its address when the page is there."""
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    return page.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
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
