"""Every page of the site in a browser, answered from this process: no server, and no waiting.

The pages are those of tests/permissions: one of everything, each for the first who may read it.
The gallery takes pictures of them, and tests/browser/test_accessible.py judges them.
"""

from collections.abc import Iterator
from contextvars import copy_context
from copy import copy
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.db import transaction
from django.shortcuts import render
from django.test import Client, RequestFactory
from playwright.sync_api import BrowserContext, Request, Route

from tests.permissions.world import ROLES, World

TABLE = Path(__file__).parent / "permissions" / "table.txt"
READERS = ["visitor", "owner", "author", "moderator", "editor", "admin"]
BROKEN = {"/429/": "429.html", "/500/": "500.html"}  # what no address shows when it is asked to
OF_THE_BODY = ("content-length", "content-encoding", "etag", "last-modified")


class Sheet(NamedTuple):
    name: str
    reader: str
    address: str


def sheets(world: World) -> Iterator[Sheet]:
    """Every address that shows something, with somebody to whom it does."""
    for line in TABLE.read_text().splitlines():
        name, gets, _posts = line.split() if line[0] != "#" else ("", "", "")
        for reader in READERS:
            if name in world.addresses and gets[ROLES.index(reader)] == ".":
                yield Sheet(name, reader, world.addresses[name])
                break


def broken(world: World) -> Iterator[Sheet]:
    """What is shown where there is no page, or none now."""
    yield Sheet("404", "visitor", "/nothing/is/here/")
    yield Sheet("410", "visitor", world.addresses["article@withdrawn"])
    for address in BROKEN:
        yield Sheet(address.strip("/"), "visitor", address)


def answered_by(context: BrowserContext, browser: Client) -> None:
    """Have all that pages in this context ask for answered as this person; nothing is done."""
    here = copy_context()  # Playwright answers in one of its own, where Django's connection is new

    def answer(route: Route, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.path.startswith("/live/") or request.method != "GET":
            route.abort()
        elif parts.path.startswith(settings.STATIC_URL):
            path = parts.path.removeprefix(settings.STATIC_URL)
            route.fulfill(path=str(finders.find(path)))
        else:
            response = here.run(
                asked, browser, parts.path + (f"?{parts.query}" if parts.query else "")
            )
            headers = {k: v for k, v in response.items() if k.lower() not in OF_THE_BODY}
            body = b"".join(response) if response.streaming else response.content
            route.fulfill(status=response.status_code, headers=headers, body=body)

    context.route("**/*", answer)


def asked(browser: Client, address: str) -> Any:
    if template := BROKEN.get(address):
        nobody = RequestFactory().get(address)
        nobody.user = AnonymousUser()
        return render(nobody, template, status=int(address.strip("/")))
    with transaction.atomic():
        cookies = copy(browser.cookies)
        response = browser.get(address)
        browser.cookies = cookies
        transaction.set_rollback(True)
    return response
