"""The two shapes of a running site, over real sockets: one process that does everything, and pages
and streams as two services of several processes, as the files in `deploy/` start them.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from bench.audience import Listener, all_listen, audience
from bench.services import unit
from bench.site import free_port
from tests.site import ROOT, Site, a_site, running, serving

READERS = 200

# Says a comment for each line it reads, and prints its number when it is committed.
SPEAKER = """
import sys
from tests import cast
reader, article = cast.a_reader(), cast.an_article()
print(article.pk, flush=True)
for line in sys.stdin:
    print(cast.a_comment(article, reader, line).pk, flush=True)
"""


@dataclass
class Shape:
    """Where pages and streams are, and how what serves the streams is started."""

    site: Site
    streams: list[str]
    serve_streams: Callable[[], AbstractContextManager[None]]


@pytest.fixture(params=["one process", "two services"])
def shape(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shape]:
    if request.param == "two services" and connection.vendor != "postgresql":
        pytest.skip("Two services meet in PostgreSQL; SQLite has one process")
    with a_site(tmp_path) as site:
        if request.param == "one process":
            yield Shape(site, [site.url], lambda: serving(site))
            return
        work, pages = unit("newsroom-work.service"), unit("newsroom-pages.service")
        pages += ["--port", site.environment["PORT"]]
        ports = [free_port(), free_port()]
        streams = [f"http://127.0.0.1:{port}" for port in ports]
        with running(site, work), running(site, pages, site.url):
            yield Shape(site, streams, lambda: services(site, ports))


@contextmanager
def services(site: Site, ports: list[int]) -> Iterator[None]:
    with ExitStack() as both:
        for number, port in enumerate(ports, start=1):
            command = [*unit("newsroom-streams@.service", number), "--port", str(port)]
            both.enter_context(running(site, command, f"http://127.0.0.1:{port}/live/"))
        yield


class Speaker:
    def __init__(self, site: Site) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", SPEAKER],
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdin
        assert self.process.stdout
        self.discussion = int(self.process.stdout.readline())
        self.said: list[int] = []

    def says(self, times: int) -> None:
        for _ in range(times):
            self.process.stdin.write(f"{len(self.said)}\n")
            self.process.stdin.flush()
            self.said.append(int(self.process.stdout.readline()))

    def __enter__(self) -> "Speaker":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


async def until(holds: Callable[[], bool], seconds: float = 180) -> None:
    for _ in range(int(seconds * 20)):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.mark.attack("A49")
def test_a_restart_under_200_readers_loses_nothing_and_tells_nothing_twice(shape: Shape) -> None:
    async def scenario(speaker: Speaker) -> list[Listener]:
        topic = f"discussion:{speaker.discussion}"
        readers = [
            each
            for url in shape.streams
            for each in audience(url, topic, READERS // len(shape.streams))
        ]
        with ExitStack() as first:
            await asyncio.to_thread(first.enter_context, shape.serve_streams())
            await asyncio.wait_for(all_listen(readers), 60)
            await asyncio.to_thread(speaker.says, 5)
            await until(lambda: all(len(each.heard()) == 5 for each in readers))
            ending = asyncio.create_task(asyncio.to_thread(first.close))
            await asyncio.to_thread(speaker.says, 5)
            await ending
        await until(lambda: all(each.ended_well for each in readers))
        await asyncio.to_thread(speaker.says, 5)
        with ExitStack() as second:
            await asyncio.to_thread(second.enter_context, shape.serve_streams())
            await asyncio.to_thread(speaker.says, 5)
            await until(lambda: all(len(each.heard()) >= 20 for each in readers))
            await asyncio.to_thread(speaker.says, 1)
            await until(lambda: all(speaker.said[-1] in words(each) for each in readers))
            for each in readers:
                each.close()
        return readers

    # In a thread of its own: where Chromium was before, Playwright's loop still holds this one.
    with Speaker(shape.site) as speaker, ThreadPoolExecutor(1) as thread:
        readers = thread.submit(asyncio.run, scenario(speaker)).result()
    assert {tuple(words(each)) for each in readers} == {tuple(speaker.said)}
    assert all(each.ended_well[0] for each in readers)


def words(reader: Listener) -> list[int]:
    return [comment for comment, _at in reader.heard()]
