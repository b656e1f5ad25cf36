"""What readers get over HTTP from the real server, beside the floor on the same server.

One process over SQLite, as `manage.py serve` is; the million comments of `bench.talk` are in it.
The site and the floor are asked in turns by `bench.load`, eight connections at a time.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import brotli

from bench.row import Row, at_least, at_most, in_turns, judged
from bench.site import Client, Server, serving
from bench.talk import MIDDLE, PEOPLE, Pages

ROUNDS = 5
SECONDS = 1
CONNECTIONS = 8
AT_ONCE = 64
FLOOR = "The floor."  # as `bench.floor` says
COMPRESSED = "Accept-Encoding: gzip, br"
ASKED = ["harbour", "council vote", "bridge", "river -water", "“the new”", "school"]


def readers(data: Path) -> Iterator[Row]:
    starts = [start(data) for _ in range(ROUNDS)]
    with serving(data) as site, serving(data, "bench.floor_settings") as floor:
        yield from Readers(site, floor).rows()
        yield at_most("memory of the process after that, MB", site.megabytes(), 150, 1)
    yield at_most("start until the first page, s", median(starts), 2, 1)


def start(data: Path) -> float:
    begun = time.perf_counter()
    with serving(data) as site:
        Client(site.url).get("/", "</html>")
        return time.perf_counter() - begun


class Readers:
    def __init__(self, site: Server, floor: Server) -> None:
        from comments.models import Discussion
        from newsroom.models import Article

        self.site, self.floor = site, floor
        started = Article.objects.filter(slug__startswith="archive-")
        talks = Discussion.objects.filter(pk__in=started, comment_count__gte=MIDDLE)
        self.talk = talks.order_by("comment_count")[0]
        self.talk.article = Article.objects.get(pk=self.talk.pk)
        self.article = self.talk.article.get_absolute_url()
        self.section = self.talk.article.section.get_absolute_url()
        self.reader = a_reader(self.talk)
        self.ending = "</html>"

    def rows(self) -> Iterator[Row]:
        page = Client(self.site.url).get(self.article, self.ending)
        count = len(re.findall(r'<article class="comment', page))
        what = f"article with {count} of {MIDDLE:,} comments"
        words = f"{self.talk.article.headline}\n{self.ending}"
        tag = self.tag(self.article)
        yield self.row(f"{what}, pages a second", self.article, words, 0.4, COMPRESSED)
        headers = [COMPRESSED, f"If-None-Match: {tag}"]
        yield self.row(f"{what}, not changed (304)", self.article, words, 0.4, *headers)
        mine = 'aria-pressed="true"\nwhom you muted\nnew since you were here\n' + words
        yield self.row(f"{what}, signed in", self.article, mine, 0.15, COMPRESSED, self.cookies())
        for path in ("/newsfeed/", "/chats/", self.section, "/"):
            yield self.row(f"{path}, pages a second", path, self.ending, 0.3, COMPRESSED)
        yield from self.after_a_comment(what)
        yield self.search()
        yield from self.weight(what)

    def row(self, figure: str, path: str, words: str, limit: float, *headers: str) -> Row:
        rate, floor = in_turns(
            ROUNDS,
            lambda: load(self.site.url + path, words, *headers)["rate"],
            lambda: load(self.floor.url + "/floor/", FLOOR, COMPRESSED)["rate"],
        )
        return at_least(figure, rate, floor, limit)

    def tag(self, path: str) -> str:
        return self.fetched(path)[0]["ETag"]

    def cookies(self) -> str:
        cookies = self.reader.client.cookies
        self.reader.client.get(self.article)  # a browser has the cookie of the forms, too
        return "Cookie: " + "; ".join(f"{name}={cookies[name].value}" for name in cookies)

    def after_a_comment(self, what: str) -> Iterator[Row]:
        """The page that has to be made, against the one that is kept, one reader at a time; and
        how much of the processor 64 at once take, against the one and 63 who read a kept one."""
        said, client = speaker(self.talk), Client(self.site.url)

        def one(words: str = "") -> float:
            return client.seconds(f"{self.article}?sort=newest", words or self.ending)

        def kept() -> float:
            return median(one() for _ in range(20))

        cold, warm = in_turns(ROUNDS, lambda: one(said()), kept)
        yield at_most(f"{what}, the first after a new one", cold * 1000, warm * 1000, 12)

        clients = [Client(self.site.url) for _ in range(AT_ONCE)]
        with ThreadPoolExecutor(AT_ONCE) as pool:

            def busy(readers: list[Client], words: str = "") -> float:
                before = self.site.busy()
                path, must_hold = f"{self.article}?sort=newest", words or self.ending
                list(pool.map(lambda reader: reader.get(path, must_hold), readers))
                return (self.site.busy() - before) * 1000

            all_made, one_made, all_kept, one_kept = in_turns(
                ROUNDS,
                lambda: busy(clients, said()),
                lambda: busy(clients[:1], said()),
                lambda: busy(clients),
                lambda: busy(clients[:1]),
            )
        made, once = all_made - all_kept, one_made - one_kept
        figure = f"{what}, processor for {AT_ONCE} at once after a new one"
        yield judged(figure, made, once, "under 2: one of them pays", made < 2 * once)

    def search(self) -> Row:
        """Of a reader who is signed in, whose pages are not kept: both are made for each answer."""
        cookies, client = self.cookies().partition(": ")[2], Client(self.site.url)

        def p95(paths: list[str], must_hold: str) -> float:
            took = [
                client.seconds(path, must_hold, Cookie=cookies) for path in paths for _ in range(8)
            ]
            return sorted(took)[len(took) * 95 // 100] * 1000

        asked = [f"/search/?{urlencode({'q': words})}" for words in ASKED]
        found, newsfeed = in_turns(
            ROUNDS,
            lambda: p95(asked, "<mark>"),
            lambda: p95(["/newsfeed/"] * len(asked), "Older"),
        )
        return at_most("search in 100,000 articles p95, against the newsfeed", found, newsfeed, 4)

    def weight(self, what: str) -> Iterator[Row]:
        """What a browser fetches before the pictures, as it comes: compressed."""
        page = self.compressed(self.article)
        html = brotli.decompress(page).decode()
        styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', html)
        scripts = re.findall(r'<script[^>]* src="([^"]+)"', html)
        modules = re.findall(r'<script type="module" src="([^"]+)"', html)
        style, script = (
            sum(len(self.compressed(path)) for path in paths) / 1024 for paths in (styles, scripts)
        )
        whole = len(page) / 1024 + style + script
        yield at_most(f"{what}, KB of HTML", len(page) / 1024, 25, 1)
        yield at_most(f"{what}, KB of script", script, 25, 1)
        yield at_most(f"{what}, KB in all, before photos", whole, 60, 1)
        yield at_most(f"{what}, files of style", len(styles), 3, 1)
        yield at_most(f"{what}, modules", len(modules), 8, 1)

    def compressed(self, path: str) -> bytes:
        headers, body = self.fetched(path)
        if headers["Content-Encoding"] != "br":
            raise AssertionError(f"{path} came as {headers['Content-Encoding']}")
        return body

    def fetched(self, path: str) -> tuple[Message, bytes]:
        connection = Client(self.site.url).connection
        connection.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
        response = connection.getresponse()
        if response.status != 200:
            raise AssertionError(f"{path} answered {response.status}")
        return response.headers, response.read()


def load(url: str, must_hold: str, *headers: str) -> dict[str, float]:
    words = [url, str(SECONDS), str(CONNECTIONS), must_hold, *headers]
    said = subprocess.run(
        [sys.executable, "-m", "bench.load", *words], check=True, capture_output=True, text=True
    )
    answer: dict[str, float] = json.loads(said.stdout)
    return answer


def a_reader(talk: Any) -> Pages:
    """Somebody for whom the first page shows otherwise: they recommended, muted, and were away."""
    from accounts.models import User
    from comments.models import Comment, LastRead, Mute, Recommendation
    from comments.thread import SHOWN, thread

    person = User.objects.filter(username__startswith="bench-").order_by("pk")[PEOPLE // 2]
    ids = SHOWN.findall(thread(talk, "recommended").html)
    shown = Comment.objects.filter(pk__in=ids).exclude(author=person).order_by("pk")
    Recommendation.objects.get_or_create(person=person, comment=shown[0])
    Mute.objects.get_or_create(person=person, muted=shown[1].author)
    half = shown.order_by("appeared_at")[len(shown) // 2].appeared_at
    LastRead.objects.update_or_create(person=person, discussion=talk, defaults={"until": half})
    return Pages(person)


def speaker(talk: Any) -> Callable[[], str]:
    """A function that says something new in the discussion, and returns it."""
    from accounts.models import User
    from comments.models import Comment

    person = User.objects.get(email="reader@example.com")

    def say() -> str:
        text = f"Said at {time.time()}."
        Comment.objects.post(person, talk, text)
        return text

    return say
