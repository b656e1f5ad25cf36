"""The site that is measured: a generated paper, built once, and the real server over it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from urllib.parse import urlsplit

from bench.talk import COMMENTS, sizes

ROOT = Path(__file__).resolve().parent.parent
ARTICLES = 100_000


def environment(data: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "DEMO": "1",
        "DATA": str(data),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }


def built(data: Path) -> Path:
    """The folder with the database, made at the first run and kept.

    `DATABASE_URL` may name an empty database of PostgreSQL instead: one for each `DATA`.
    """
    done = data / f"built-{ARTICLES}-{COMMENTS}-in-{len(sizes())}"
    commands = [
        ["manage.py", "migrate", "--verbosity=0"],
        ["manage.py", "createcachetable", "--verbosity=0"],
        ["manage.py", "collectstatic", "--no-input", "--verbosity=0"],
    ]
    if not done.exists():
        rmtree(data, ignore_errors=True)
        commands += [["manage.py", "demo", f"--articles={ARTICLES}"], ["-m", "bench.talk"]]
    for command in commands:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment(data, 0), check=True)
    done.touch()
    return data


class Client:
    """One connection kept open, as a browser's; every answer must be whole and right."""

    def __init__(self, url: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def get(self, path: str, must_hold: str = "", **headers: str) -> str:
        self.connection.request("GET", path, headers=headers)
        response = self.connection.getresponse()
        body = response.read().decode()
        if response.status != 200 or must_hold not in body:
            raise AssertionError(f"{path} answered {response.status} without {must_hold!r}")
        return body

    def seconds(self, path: str, must_hold: str, **headers: str) -> float:
        begun = time.perf_counter()
        self.get(path, must_hold, **headers)
        return time.perf_counter() - begun


@dataclass(frozen=True)
class Server:
    """One that answers, and the process that does it."""

    url: str
    pid: int

    def megabytes(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        return float(status.partition("VmRSS:")[2].split()[0]) / 1024

    def busy(self) -> float:
        """Seconds of a core that its threads have used."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def serving(data: Path, settings: str = "newsroom.settings") -> Iterator[Server]:
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=environment(data, port) | {"DJANGO_SETTINGS_MODULE": settings},
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Server(f"http://127.0.0.1:{port}", server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=15)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")
