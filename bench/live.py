"""Live: what thousands of readers of one discussion hear, when, and what it costs.

Each shape is served as an operator would: one process over SQLite, and pages and streams as two
services over PostgreSQL, where one answers. Beside each figure stands the one that it must beat,
measured on two cores with what a Django site would otherwise take.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

from bench.row import Row
from bench.services import unit
from bench.site import ROOT, Client, environment, free_port, wait_for

READERS = 5_000
EVENTS = 20  # one a second
FEWER = 1_000  # readers of a lively discussion, of
LIVELY = 20  # events a second, for
SECONDS = 15
RESTARTED = 200
PAUSE = 0.02  # seconds between two pages that somebody asks for meanwhile

SERVER = os.environ.get("BENCH_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def live(data: Path) -> Iterator[Row]:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with one_process(data / "one") as site:
        yield from of(site, pages_within=60, pages_otherwise=1514)
    if missing := no_postgresql():
        print(f"Two services are not measured: {missing}", file=sys.stderr)
        return
    with two_services(data / "two") as site:
        yield from of(site, pages_within=15, pages_otherwise=52)


def of(site: "Site", pages_within: float, pages_otherwise: float) -> Iterator[Row]:
    def row(figure: str, value: float, otherwise: float, at_most: float) -> Row:
        ratio = value / otherwise if otherwise else value
        target = f"at most {at_most:g}"
        return Row(
            f"{site.name}: {figure}",
            round(value, 2),
            otherwise,
            round(ratio, 2),
            target,
            value <= at_most,
        )

    with site.started():
        before = site.memory()
        with Audience(site, READERS) as readers, Speaker(site) as speaker:
            kilobytes = (site.memory() - before) / READERS
            with Visitor(site) as visitor:
                for _ in range(EVENTS):
                    speaker.says()
                    time.sleep(1)
            heard = readers.heard(speaker)
        late = [at - speaker.said[id] for id, times in heard.items() for at in times]
        what = f"{READERS:,} readers"
        yield row(f"{what}, KB each", kilobytes, 50, 16)
        yield row(f"{what}, 99 % heard within ms", p99(late), 1384, 250)
        yield row(f"{what}, events lost", EVENTS * READERS - len(late), 0, 0)
        yield row(
            f"{what}, pages meanwhile p99 ms", p99(visitor.took), pages_otherwise, pages_within
        )

        with Audience(site, FEWER) as readers, Speaker(site) as speaker:
            busy, begun = site.busy(), time.monotonic()
            for n in range(LIVELY * SECONDS):
                speaker.says()
                time.sleep(max(0, begun + n / LIVELY - time.monotonic()))
            cores = (site.busy() - busy) / (time.monotonic() - begun)
            lost = LIVELY * SECONDS * FEWER - sum(map(len, readers.heard(speaker).values()))
        what = f"{FEWER:,} readers, {LIVELY} events a second"
        yield row(f"{what}, cores", cores, 2.02, 1)
        yield row(f"{what}, events lost", lost, 0, 0)

    with Speaker(site) as speaker, ExitStack() as readers_left:
        with site.started():
            readers = readers_left.enter_context(Audience(site, RESTARTED))
            speaker.says()
        speaker.says()  # while nobody serves
        with site.started():
            speaker.says()
            heard = readers.heard(speaker)
    counts = [len(heard.get(id, ())) for id in speaker.said]
    missed = sum(max(0, RESTARTED - n) for n in counts)
    twice = sum(max(0, n - RESTARTED) for n in counts)
    yield row(f"restarted under {RESTARTED} readers, missed", missed, 0, 0)
    yield row(f"restarted under {RESTARTED} readers, shown twice", twice, 0, 0)


def p99(seconds: list[float]) -> float:
    """In milliseconds."""
    return sorted(seconds)[len(seconds) * 99 // 100] * 1000


@dataclass
class Site:
    """A small paper, what serves it, and which of it are the streams."""

    name: str
    environment: dict[str, str]
    pages: str
    streams: str
    commands: dict[int, list[str]]  # by port; 0 listens nowhere
    article: str = ""
    discussion: int = 0
    pid: int = 0

    @contextmanager
    def started(self) -> Iterator[None]:
        processes = []
        try:
            for port, command in self.commands.items():
                process = subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL
                )
                processes.append(process)
                if port:
                    wait_for(port)
                if self.streams.endswith(f":{port}"):
                    self.pid = process.pid
            yield
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(timeout=30)

    def memory(self) -> float:
        """KB that the process of the streams holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0])

    def busy(self) -> float:
        """Seconds of a core that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def program(self, *words: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


class Program:
    """One that runs beside the server until it is left."""

    process: "subprocess.Popen[str]"

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


class Speaker(Program):
    def __init__(self, site: Site) -> None:
        self.process = site.program("bench.speaker", str(site.discussion))
        self.said: dict[str, float] = {}

    def says(self) -> None:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        id, at = self.process.stdout.readline().split()
        self.said[id] = float(at)


class Audience(Program):
    def __init__(self, site: Site, number: int) -> None:
        topic = f"discussion:{site.discussion}"
        self.number = number
        self.process = site.program("bench.audience", site.streams, topic, str(number))
        assert self.process.stdout
        assert self.process.stdout.readline() == "listening\n"

    def heard(self, speaker: Speaker) -> dict[str, list[float]]:
        """At which times each comment was heard, when the last one has reached whom it will."""
        said, _ = self.process.communicate("\n".join(speaker.said))
        return {id: times for id, times in json.loads(said).items() if id in speaker.said}


class Visitor:
    """Reads the article again and again, for as long as it is there."""

    def __init__(self, site: Site) -> None:
        self.client, self.address = Client(site.pages), site.article
        self.took: list[float] = []
        self.leaves = threading.Event()
        self.thread = threading.Thread(target=self.read)

    def read(self) -> None:
        while not self.leaves.wait(PAUSE):
            self.took.append(self.client.seconds(self.address, "</html>"))

    def __enter__(self) -> "Visitor":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.leaves.set()
        self.thread.join()


@contextmanager
def one_process(data: Path) -> Iterator[Site]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "manage.py", "serve"]
    yield built(Site("one process", environment(data, port), url, url, {port: command}), data)


@contextmanager
def two_services(data: Path) -> Iterator[Site]:
    import psycopg

    pages, streams = free_port(), free_port()
    name = f"newsroom_bench_{os.getpid()}"
    where = {"DATABASE_URL": f"{SERVER.rpartition('/')[0]}/{name}"}
    commands = {
        0: unit("newsroom-work.service"),
        pages: [*unit("newsroom-pages.service"), "--port", str(pages)],
        streams: [*unit("newsroom-streams@.service"), "--port", str(streams)],
    }
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield built(
                Site(
                    "two services",
                    environment(data, pages) | where,
                    f"http://127.0.0.1:{pages}",
                    f"http://127.0.0.1:{streams}",
                    commands,
                ),
                data,
            )
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def no_postgresql() -> str:
    """Why there are no two services; nothing where there can be."""
    try:
        import granian
        import psycopg
    except ImportError as error:
        return f"{error.name} is not installed"
    assert granian
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def built(site: Site, data: Path) -> Site:
    """With the demo's paper, whose pictures are not waited for."""
    rmtree(data, ignore_errors=True)
    for command in ("migrate", "createcachetable", "collectstatic --no-input"):
        manage(site, *command.split(), "--verbosity=0")
    manage(site, "demo", "--comments=60")
    speaker = site.program("bench.speaker")
    said, _ = speaker.communicate()
    number, site.article = said.split()
    site.discussion = int(number)
    return site


def manage(site: Site, *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=site.environment, check=True, stdout=subprocess.DEVNULL)
