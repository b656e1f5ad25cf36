"""The pictures, and the page to leaf through them."""

import shutil
from html import escape
from itertools import product
from pathlib import Path
from re import sub

from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright
from tqdm import tqdm

from tests.browser.conftest import CHROMIUM
from tests.gallery import states
from tests.leafing import answered_by
from tests.newsroom.mailing import html_of

WIDTHS, THEMES, DIRECTIONS = [360, 768, 1360, 1920], ["light", "dark"], ["ltr", "rtl"]
BRIEF = [360, 1360]
TALLEST = 3600  # of a longer page, its beginning
LOAD_PHOTOS = """Promise.allSettled([...document.images].map(image => {
    image.loading = "eager"
    return image.decode()
}))"""
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; color-scheme: light dark; }
nav { position: sticky; top: 0; background: Canvas; padding: 8px 16px; border-bottom: 1px solid }
nav label { margin-inline-end: 16px }
section { padding: 16px; border-bottom: 1px solid }
h2 { font-size: 18px; margin: 0 0 8px } small { font-weight: 400 }
div { display: flex; gap: 16px; overflow-x: auto; align-items: start }
img { max-width: 1100px; width: auto; border: 1px solid gray }
""" + "\n".join(
    f'body:has([value="{one}"]:not(:checked)) [data-of~="{one}"] {{ display: none }}'
    for one in [*map(str, WIDTHS), *THEMES, *DIRECTIONS]
)


def take(walls: Path, words: list[str], *, brief: bool) -> None:
    shutil.rmtree(walls, ignore_errors=True)
    walls.mkdir(parents=True)
    widths, directions = (BRIEF, ["ltr"]) if brief else (WIDTHS, DIRECTIONS)
    world = states.make()
    sheets = [s for s in states.shown(world) if not words or any(w in s.name for w in words)]
    letters = [] if words and "mail" not in words else list(states.letters())
    taken: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        with tqdm(total=(len(sheets) + len(letters)) * len(widths), unit="page") as progress:
            for sheet, width in product(sheets, widths):
                title = f"{sheet.name} <small>{escape(sheet.address)} · {sheet.reader}</small>"
                page = a_page(browser, width, world.browsers[sheet.reader])
                page.goto(sheet.address)
                taken.setdefault(title, []).extend(
                    shots(page, walls, sheet.name, width, directions)
                )
                page.context.close()
                progress.update()
            for letter, width in product(letters, widths):
                page = a_page(browser, width)
                page.set_content(html_of(letter))
                title = f"mail: {escape(str(letter.subject))}"
                taken.setdefault(title, []).extend(shots(page, walls, title, width, directions))
                page.context.close()
                progress.update()
        browser.close()
    (walls / "index.html").write_text(leaves(taken))


def a_page(browser: Browser, width: int, reader: Client | None = None) -> Page:
    context = browser.new_context(
        base_url="http://localhost", viewport={"width": width, "height": 900}
    )
    if reader:
        answered_by(context, reader)
    return context.new_page()


def shots(page: Page, walls: Path, name: str, width: int, directions: list[str]) -> list[str]:
    found = []
    page.evaluate(LOAD_PHOTOS)
    for theme, direction in product(THEMES, directions):
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
        file = f"{sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}-{width}-{theme}-{direction}.jpg"
        page.screenshot(
            path=walls / file,
            type="jpeg",
            quality=75,
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": max(tall, 900)},
        )
        found.append(file)
    return found


def leaves(taken: dict[str, list[str]]) -> str:
    switches = "".join(
        f'<label><input type="checkbox" value="{one}" checked> {one}</label>'
        for one in [*map(str, WIDTHS), *THEMES, *DIRECTIONS]
    )
    sections = "".join(
        f"<section><h2>{title}</h2><div>"
        + "".join(
            f'<a href="{file}" data-of="{" ".join(file[:-4].split("-")[-3:])}">'
            f'<img src="{file}" loading="lazy" alt="{file}"></a>'
            for file in files
        )
        + "</div></section>\n"
        for title, files in taken.items()
    )
    return (
        f"<!doctype html><meta charset=utf-8><title>Gallery</title><style>{STYLE}</style>"
        f"<nav>{switches}</nav>{sections}"
    )
