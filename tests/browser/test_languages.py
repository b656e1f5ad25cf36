"""What scripts say in other languages, beside what the server says."""

from datetime import datetime
from gettext import c2py

import pytest
from django.utils import translation
from django.utils.formats import date_format
from playwright.sync_api import Browser, Page, Route, expect

from comments.templatetags.discussion import PLURALS
from tests import messages
from tests.browser.conftest import open_an_article, watched_page
from tests.site import Site

LANGUAGES = ["en", *messages.languages()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_write_times_as_the_server_does(
    browser: Browser, site: Site, language: str
) -> None:
    """But for the time zone, which is the reader's own."""

    def translated(route: Route) -> None:
        response = route.fetch()
        html = response.text().replace('<html lang="en"', f'<html lang="{language}"')
        route.fulfill(response=response, body=html)

    with watched_page(browser, site, timezone_id="UTC") as page:
        address = open_an_article(page)
        page.route(address, translated)
        page.reload()
        expect(page.locator("html")).to_have_attribute("lang", language)
        time = page.locator(".story time[data-full]").first
        at = datetime.fromisoformat(time.get_attribute("datetime") or "")
        with translation.override(language):
            expect(time).to_have_text(date_format(at, "DATETIME_FORMAT"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_count_in_every_plural_that_the_language_has(page: Page, language: str) -> None:
    """For any number they find the form that gettext would have taken."""
    page.goto("/")
    categories = page.evaluate(
        "(language) => [...Array(250).keys()].map(n => new Intl.PluralRules(language).select(n))",
        language,
    )
    catalog = messages.read(messages.place(language), language)
    form = c2py(catalog.plural_expr)
    for number, category in enumerate(categories):
        assert form(PLURALS[category]) == form(number), (number, category)
