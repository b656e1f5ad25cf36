"""Nothing that anybody typed runs, whether or not the policy would stop it; nor does it do more
than its words do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from newsroom.markup import COMMENT_TAGS
from tests.browser.conftest import PATIENCE
from tests.browser.hostile_paper import batches
from tests.browser.test_tour import log_in
from tests.hostile import COMMENTS
from tests.site import Site, a_site, serving

WRITE = """
import json, pathlib
from tests.browser import hostile_paper
folder = pathlib.Path("{folder}")
(folder / "where.json").write_text(json.dumps(hostile_paper.write(folder)))
"""

# What a page may not hold. A comment's words consist of the small Markdown's elements alone.
FAULTS = """tags => {
    const faults = [];
    const safe = /^(https?|mailto|blob):/;
    for (const one of document.querySelectorAll("*")) {
        const name = one.localName;
        for (const {name: key, value} of one.attributes) {
            if (key.startsWith("on") || key.startsWith("hx-on") || key === "srcdoc")
                faults.push(`${name} ${key}=${value}`);
            if (["href", "src", "action", "formaction", "xlink:href"].includes(key)
                    && !safe.test(new URL(value, location.href).protocol)
                    && !(name === "img" && value.startsWith("data:image/")))
                faults.push(`${name} ${key}=${value}`);
        }
        if (["base", "object", "embed", "marquee", "portal"].includes(name)
                || name === "iframe" && one.getAttribute("sandbox") === null)
            faults.push(name);
        if (name === "script" && !/json|importmap/.test(one.type)
                && new URL(one.src || "data:", location.href).origin !== location.origin)
            faults.push(`script ${one.src} ${one.textContent}`);
    }
    for (const one of document.querySelectorAll("article.comment .text *")) {
        const link = one.localName === "a" && !one.pathname.startsWith("/people/");
        if (!tags.includes(one.localName)
                || link && one.rel !== "nofollow ugc noopener"
                || [...one.attributes].some(({name}) => !["href", "rel"].includes(name)))
            faults.push(one.outerHTML.slice(0, 200));
    }
    return faults;
}"""


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, list[str]]]:
    folder = tmp_path_factory.mktemp("hostile")
    with a_site(folder) as site:
        site.manage("shell", "--no-imports", "-c", WRITE.format(folder=folder))
        with serving(site):
            yield site, json.loads(Path(folder / "where.json").read_text())


@pytest.mark.attack("A1", "A2", "A3", "A4", "A6")
@pytest.mark.parametrize("bypass", [False, True], ids=["with the policy", "without it"])
def test_nothing_typed_runs_anywhere(
    bypass: bool, paper: tuple[Site, list[str]], browser: Browser
) -> None:
    site, where = paper
    ran: list[str] = []
    context = browser.new_context(base_url=site.url, bypass_csp=bypass)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.expose_function("x", lambda: ran.append(page.url))
    page.on("dialog", lambda dialog: ran.append(f"{page.url} {dialog.message}"))
    log_in(page, "ada.admin")
    left = list(where)
    faults: dict[str, list[str]] = {}
    read = 0
    while left:
        address = left.pop()
        answer = page.goto(address)
        assert answer
        assert answer.status < 500, address
        if found := page.evaluate(FAULTS, sorted(COMMENT_TAGS)):
            faults[address] = found[:3]
        following = page.locator("nav.pages a[rel=next]")
        if address.startswith("/discussions/") and following.count():
            query = str(following.first.get_attribute("href")).partition("#")[0]
            left.append(address.partition("?")[0] + query)
        read += page.locator("article.comment").count()
    context.close()
    assert ran == []
    assert faults == {}
    assert read >= len(batches(COMMENTS))  # each of them was on some page


@pytest.mark.attack("A9")
@pytest.mark.parametrize("width", [390, 1360])
def test_wild_words_stay_inside_their_comment(
    width: int, paper: tuple[Site, list[str]], browser: Browser
) -> None:
    """Every comment is as wide as its neighbours, and nothing is painted outside of its words."""
    site, where = paper
    context = browser.new_context(base_url=site.url, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(where[0])
    assert page.locator("article.comment").count() == 11
    boxes = page.locator("article.comment > header").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().left, one.offsetWidth])"
    )
    words = page.locator("article.comment .text").evaluate_all(
        """all => all.map(one => [getComputedStyle(one).unicodeBidi, getComputedStyle(one).overflow,
            one.offsetWidth <= one.parentElement.offsetWidth])"""
    )
    wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()
    assert len(set(map(tuple, boxes))) == 1
    assert set(map(tuple, words)) == {("isolate", "clip", True)}
    assert not wider
