"""The real product over real sockets: a site with its own database, and what serves it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

import psycopg
import pytest

from bench.site import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Site:
    url: str
    data: Path
    environment: dict[str, str]

    def manage(self, *arguments: str) -> None:
        """Run a command of manage.py on this site; its output is shown when it fails."""
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True
        )


@contextmanager
def a_site(data: Path) -> Iterator[Site]:
    """Its tables are made and its static files collected; nobody serves it yet."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "DEMO": "1",
        "DATA": str(data),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SITE_URL": url,
        "PYTHONWARNINGS": "default",
    }
    with database_of_its_own() as database:
        site = Site(url, data, environment | database)
        site.manage("migrate", "--verbosity=0")
        site.manage("createcachetable", "--verbosity=0")
        site.manage("collectstatic", "--no-input", "--verbosity=0")
        yield site


@contextmanager
def database_of_its_own() -> Iterator[dict[str, str]]:
    """On PostgreSQL a new database for the site, on SQLite a file in its folder."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    name = f"newsroom_site_{os.getpid()}_{token_hex(3)}"  # a run may have several
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def serving(site: Site) -> AbstractContextManager[None]:
    """One process that does everything."""
    return running(site, [sys.executable, "manage.py", "serve"], site.url)


@contextmanager
def running(site: Site, command: list[str], url: str = "") -> Iterator[None]:
    """On leaving it is told to end. What it said is shown with a test that fails."""
    with tempfile.TemporaryFile(dir=site.data) as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=site.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if url:
                wait_until_it_answers(url, process)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise
            finally:
                log.seek(0)
                print(log.read().decode(errors="replace"))


def wait_until_it_answers(url: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=30).close()
        except urllib.error.HTTPError:
            return  # an answer, which the tests will judge
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"The site did not start: nothing answers at {url}")
