"""Ways in, by hand in Chromium: a passkey, a code by mail, an app, and a lost phone."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, watched_page
from tests.site import Site

WORDS = "Letters take three weeks now."
EMAIL = "nina.key@example.com"


@pytest.fixture
def local(site: Site) -> Site:
    """Passkeys need a name: browsers take `localhost` for one, and no number."""
    return replace(site, url=site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def laptop(browser: Browser, local: Site) -> Iterator[Page]:
    """With a fingerprint reader that always finds its owner."""
    with watched_page(browser, local, **DESKTOP) as page:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal"} | dict.fromkeys(
            ["hasResidentKey", "hasUserVerification", "isUserVerified"], True
        )
        session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page


@pytest.fixture
def borrowed(browser: Browser, local: Site) -> Iterator[Page]:
    """Somebody else's phone, that knows no passkey."""
    with watched_page(browser, local, **PHONE) as page:
        yield page


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()


def test_a_passkey_a_code_an_app_and_a_lost_phone(laptop: Page, borrowed: Page) -> None:
    # She writes first, and registers with a passkey.
    laptop.goto("/")
    laptop.get_by_role("link", name=re.compile("Ministers meet in Moscow")).first.click()
    article = laptop.url
    laptop.locator("form#composer").get_by_role("textbox").fill(WORDS)
    laptop.locator("form#composer").get_by_role("button", name="Register").click()
    assert_accessible(laptop)
    laptop.get_by_role("link", name="Register with a passkey instead").click()
    assert_accessible(laptop)
    laptop.get_by_label("Email").fill(EMAIL)
    laptop.get_by_label("Public name").fill("Nina Key")
    laptop.get_by_label("I have read the house rules").check()
    press(laptop, "Register")
    laptop.get_by_role("link", name="Read the demo’s mails").click()
    laptop.locator(".mail", has_text=EMAIL).first.get_by_role("link").first.click()
    press(laptop, "Yes, it is mine")
    expect(laptop.get_by_role("heading", name="Create Passkey")).to_be_visible()
    assert_accessible(laptop)
    press(laptop, "Create")
    expect(laptop).to_have_url(f"{article}#composer")
    expect(laptop.locator("form#composer").get_by_role("textbox")).to_have_value(WORDS)

    # The passkey alone lets her in again, to where she was.
    log_out(laptop)
    laptop.goto("/accounts/login/?next=/newsfeed/")
    assert_accessible(laptop)
    press(laptop, "Log in with a passkey")
    expect(laptop).to_have_url("/newsfeed/")

    # She sets up an app; the passkey confirms that it is her.
    laptop.goto("/accounts/2fa/")
    expect(laptop.get_by_text("My passkey")).to_be_visible()
    assert_accessible(laptop)
    laptop.get_by_role("link", name="Set up an app").click()
    assert_accessible(laptop)
    press(laptop, "Use a security key")
    secret = laptop.get_by_label("Authenticator secret").input_value()
    expect(laptop.get_by_alt_text(secret)).to_have_js_property("complete", True)
    assert laptop.get_by_alt_text(secret).evaluate("image => image.naturalWidth") > 0
    assert_accessible(laptop)
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    laptop.get_by_label("Authenticator code").fill(code)
    press(laptop, "Activate")
    codes = laptop.get_by_label("Unused codes").input_value().split()
    assert len(codes) == 10
    assert_accessible(laptop)
    laptop.get_by_label("I have saved my recovery codes").check()
    for page in ("/accounts/sessions/", "/accounts/email/", "/accounts/2fa/webauthn/"):
        laptop.goto(page)
        assert_accessible(laptop)

    # Phone and laptop are gone. A code comes by mail; a recovery code stands for the rest.
    borrowed.goto("/accounts/login/?next=/newsfeed/")
    borrowed.get_by_role("link", name="Send me a code by mail").click()
    assert_accessible(borrowed)
    borrowed.get_by_label("Email").fill(EMAIL)
    press(borrowed, "Send me a code")
    expect(borrowed.get_by_text("a code is on its way there")).to_be_visible()
    assert_accessible(borrowed)
    laptop.goto("/demo/mail/")
    letters = laptop.locator(".mail", has_text=EMAIL).all_inner_texts()
    (mailed,) = re.findall(r"\b[A-Z]{4}-[A-Z]{4}\b", "\n".join(letters))
    borrowed.get_by_label("Code").fill(mailed)
    press(borrowed, "Log in")
    expect(borrowed).to_have_url("/accounts/2fa/authenticate/")
    assert_accessible(borrowed)
    borrowed.get_by_label("Code").fill(codes[0])
    press(borrowed, "Log in")
    expect(borrowed).to_have_url("/newsfeed/")
    borrowed.goto("/accounts/2fa/")
    expect(borrowed.get_by_text("9 are left")).to_be_visible()

    # From there she ends the session on what was stolen.
    borrowed.goto("/accounts/sessions/")
    assert_accessible(borrowed)
    press(borrowed, "End all others")
    expect(borrowed.get_by_text("There one has to log in again.")).to_be_visible()
    laptop.goto("/me/")
    expect(laptop).to_have_url(re.compile("/accounts/login/"))


def test_who_has_no_passkey_here_is_told_what_to_do(laptop: Page, page: Page) -> None:
    laptop.goto("/accounts/login/")
    press(laptop, "Log in with a passkey")
    expect(laptop.get_by_text("No passkey was used.")).to_be_visible()
    page.goto("/accounts/login/")  # at a number
    press(page, "Log in with a passkey")
    expect(page.get_by_text("only at a site’s own name")).to_be_visible()


def test_without_scripts_no_passkey_is_offered(plain_page: Page) -> None:
    plain_page.goto("/accounts/login/")
    expect(plain_page.get_by_role("link", name="Send me a code by mail")).to_be_visible()
    expect(plain_page.get_by_role("button", name="Log in with a passkey")).to_be_hidden()
