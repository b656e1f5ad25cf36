"""Every page that anybody can read, judged by axe-core in Chromium: light and dark, at a phone's
narrowest. What a machine cannot judge (sense, order, calm) is looked at in `make gallery`."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Browser, Page, ViewportSize

from tests.leafing import Sheet, answered_by, broken, sheets
from tests.permissions.world import World, build

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.POSTGRESQL, reason="What a page looks like does not depend on the database."
    ),
]

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST: ViewportSize = {"width": 320, "height": 640}  # what is left of 1280 at 400 %

# Django's own parts, whose markup is not ours to mend.
DJANGOS = [
    ".select2",
    ".vDateField",
    ".vTimeField",
    ".help-tooltip",
    ".tabular thead",
    "#result_list tbody input",
    "#changelist-actions",
]
A_MAIL = {"admin:newsroom_edition_next_mail"}  # seen in a frame; its reader is another program

# A colour on its way from one theme to the other is neither.
STILL = """() => {
    const still = new CSSStyleSheet()
    still.replaceSync("* { transition: none !important; animation: none !important }")
    document.adoptedStyleSheets = [still]
}"""

JUDGE = """([only, djangos]) => axe.run(
    {exclude: djangos.filter(part => document.querySelector(part)).map(part => [part])},
    {runOnly: only, resultTypes: ["violations"]},
).then(found => found.violations.flatMap(fault => fault.nodes.map(
    node => `${fault.id}: ${node.html.slice(0, 150)} ${node.failureSummary}`)))"""

WIDER = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def world(browser: Browser, django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """After the browser: where its loop begins, Django's connection is another one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)


def test_axe_finds_nothing_on_any_page_and_none_is_wider_than_a_phone(
    world: World, browser: Browser
) -> None:
    found: list[str] = []
    shown = [*sheets(world), *broken(world)]
    for reader in {sheet.reader for sheet in shown}:
        context = browser.new_context(base_url="http://localhost", viewport=NARROWEST)
        answered_by(context, world.browsers[reader])
        page = context.new_page()
        for sheet in shown:
            if sheet.reader == reader:
                found += faults(page, sheet)
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    assert not found, "\n".join(found)


def faults(page: Page, sheet: Sheet) -> list[str]:
    page.emulate_media(color_scheme="light")
    page.goto(sheet.address)
    if sheet.name in A_MAIL or not page.evaluate("document.doctype && document.title"):
        return []  # a feed, or a part of a page
    page.evaluate(STILL)
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(JUDGE, [{"type": "tag", "values": LEVELS}, DJANGOS])
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(JUDGE, [{"type": "rule", "values": ["color-contrast"]}, DJANGOS])
    if not sheet.address.startswith("/admin/") and page.evaluate(WIDER):
        found.append("wider than its window")
    return [f"{sheet.name} {sheet.address}, read by {sheet.reader}: {fault}" for fault in found]
