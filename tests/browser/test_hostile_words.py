"""Whatever somebody writes, what stands around it stays where it is."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_discussing import composer
from tests.browser.test_tour import log_in

HEADLINE = re.compile("Metro line reaches")
CALM = "Calm words, beside which the others stand."
MARKS = "\u0301\u0316\u0489\u0310" * 12
HOSTILE = {
    "bidi": "Overridden \u202e and never closed \u2066 nor isolated",
    "marks": f"Towering letters stand in the middle of a sent{MARKS}e{MARKS}nce of the reader",
    "word": "Endless" + "w" * 4993,
    "quotes": "> Quoted\n" + "".join(f"{'>' * deep} deeper\n" for deep in range(2, 20)),
    "list": "Listed\n" + "".join(f"{'  ' * deep}- deeper\n" for deep in range(15)),
}


@pytest.fixture(scope="module")
def address(browser: Any, site: Any) -> str:
    """A discussion in which all of it was said."""
    page = browser.new_page(base_url=site.url)
    page.set_default_timeout(30_000)
    log_in(page, "admin")
    page.goto("/")
    page.get_by_role("link", name=HEADLINE).first.click()
    expect(composer(page)).to_be_visible()
    address: str = page.url.partition("#")[0]
    for text in (CALM, *HOSTILE.values()):
        composer(page).fill(text)
        page.get_by_role("button", name="Post comment").click()
        expect(composer(page)).to_have_value("")
    page.close()
    return address


def said(page: Page, text: str) -> Locator:
    return page.locator("#threads .comment", has_text=re.findall(r"\w+", text)[0][:7])


def frame(comment: Locator) -> dict[str, Any]:
    """What stands around the words: each part's place from the left, and its height
    (of the words themselves: their width)."""
    return comment.evaluate(
        """comment => Object.fromEntries(
            [".avatar", "header", "header b", "header .time", ".text", ".recommends", ".deeds a"]
            .map(part => [part, comment.querySelector(part).getBoundingClientRect()])
            .map(([part, box]) => [part, [box.left, part === ".text" ? box.width : box.height]]))"""
    )


@pytest.mark.attack("A9")
@pytest.mark.parametrize("width", [1360, 390])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_stands_around_hostile_words_stays(
    text: str, width: int, address: str, plain_page: Page
) -> None:
    page = plain_page
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?sort=newest")
    hostile, calm = said(page, text), said(page, CALM)
    assert frame(hostile) == frame(calm)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    words = hostile.locator(".text")
    assert words.evaluate("text => text.scrollWidth <= text.clientWidth")
    assert words.evaluate("text => getComputedStyle(text).overflow") == "clip"
    assert words.evaluate("text => getComputedStyle(text).unicodeBidi") == "isolate"
    narrowest = words.evaluate(
        "text => Math.min(...[...text.querySelectorAll('p, li')].map(e => e.clientWidth))"
    )
    assert narrowest > 100
