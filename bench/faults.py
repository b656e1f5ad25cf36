"""What survives when processes die: python -m bench.faults [KILLS]

Readers post all the while, each again with the same key until it is answered, as a page does.
Processes are killed (`kill -9`) at random moments: the one process of SQLite; on PostgreSQL, where
its programs are here, one page process, all of them, the work, and the database server itself,
each started again at once, as an operator's supervisor would. Then the ledger of what was
answered is held against the database. All of it happens in a folder of its own, on this machine.
"""

import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from tqdm import tqdm

from bench.services import unit
from bench.site import ROOT, environment, free_port
from bench.writers import TOKEN

CLIENTS = 6
PEOPLE = 400  # each may post six times in two minutes
BETWEEN = (1.0, 3.0)  # seconds from a recovery to the next kill
PATIENCE = 30.0  # seconds in which a site must be up again
WORDS = "river bridge harbour tide lantern winter market council ferry north pier signal".split()

# Makes the people and logs them in. Prints the article's number, then the sessions' keys.
PREPARE = """
import sys
from django.conf import settings
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
from bench.writers import log_in
from tests import cast
print(cast.an_article().pk)
people = [cast.a_reader(f"Reader {number}") for number in range(int(sys.stdin.readline()))]
print(*log_in(people))
"""

# Holds the ledger, JSON from key to text, against the database.
JUDGE = """
import json, sys
from collections import Counter
from comments.counters import drifts
from comments.models import Comment
from newsroom.live import LiveEvent
ledger = json.load(sys.stdin)
found = {str(comment.key): comment for comment in Comment.objects.select_related("current")}
texts = Counter(comment.current.text for comment in found.values() if comment.current)
told = set(LiveEvent.objects.filter(kind="comment").values_list("subject", flat=True))
lost = [key for key in ledger if key not in found or found[key].current.text != ledger[key]]
half = [c for c in found.values() if c.current is None or (c.is_public and c.pk not in told)]
print(json.dumps({
    "lost": len(lost),
    "doubled": sum(times - 1 for times in texts.values()),
    "half-done": len(half) + len(list(drifts())),
}))
"""


# What is killed


@dataclass
class Service:
    """A process that is started again whenever it has died, until the end."""

    name: str
    command: list[str]
    environment: dict[str, str]
    user: str = ""
    process: subprocess.Popen[bytes] | None = None
    ended: bool = False

    def start(self) -> None:
        threading.Thread(target=self.supervise, daemon=True).start()

    def supervise(self) -> None:
        while not self.ended:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT if not self.user else "/",
                env=self.environment,
                user=self.user or None,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self.process.wait()
            time.sleep(0.1)

    def kill(self) -> None:
        """It and all that it began."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def kill_one(self) -> None:
        """One of those that it began."""
        assert self.process
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        workers = path.read_text().split()
        if workers:
            os.kill(int(random.choice(workers)), signal.SIGKILL)

    def end(self) -> None:
        self.ended = True
        self.kill()


@contextmanager
def postgresql() -> Iterator[tuple[Service, str]]:
    """A server of its own, with its usual durability, and the address of its database."""
    programs = Path(programs_of_postgresql())
    folder = Path(tempfile.mkdtemp(prefix="newsroom-faults-"))
    user = "postgres" if os.getuid() == 0 else ""
    if user:
        shutil.chown(folder, user)
    port = free_port()
    run = [programs / "initdb", "--pgdata", folder / "data", "--username=postgres", "--auth=trust"]
    subprocess.run(run, user=user or None, cwd="/", check=True, capture_output=True)
    server = [str(programs / "postgres"), "-D", str(folder / "data"), "-p", str(port)]
    server += ["-c", f"unix_socket_directories={folder}", "-c", "listen_addresses=127.0.0.1"]
    service = Service("PostgreSQL", server, dict(os.environ), user)
    service.start()
    try:
        database = f"postgres://postgres@127.0.0.1:{port}/postgres"
        end = time.monotonic() + PATIENCE
        while not answers(database):
            if time.monotonic() > end:
                sys.exit("PostgreSQL does not start here.")
            time.sleep(0.1)
        yield service, database
    finally:
        service.end()
        shutil.rmtree(folder, ignore_errors=True)


def answers(database: str) -> bool:
    try:
        psycopg.connect(database).close()
    except psycopg.OperationalError:
        return False
    return True


def programs_of_postgresql() -> str:
    debian = sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))
    found = debian[-1] if debian else shutil.which("initdb")
    return str(Path(found).parent) if found else ""


# Who posts


@dataclass
class Readers:
    url: str
    article: int
    sessions: list[str]
    ledger: dict[str, str] = field(default_factory=dict)
    refused: int = 0  # what was answered otherwise than by a comment: it counts as a fault
    last: float = 0.0  # when what was last answered had been sent
    ended: bool = False

    def post_until_the_end(self) -> None:
        while not self.ended:
            session = self.sessions.pop(0)
            self.sessions.append(session)
            key = str(uuid.uuid4())
            text = f"About {key[:13]}: the {' '.join(random.choices(WORDS, k=8))}."
            while not self.ended and not self.sent(session, key, text):
                time.sleep(0.05)

    def sent(self, session: str, key: str, text: str) -> bool:
        """Whether there was an answer; what it acknowledges is written down."""
        begun = time.monotonic()
        try:
            status = self.post(
                session, urlencode({"text": text, "key": key, "csrfmiddlewaretoken": TOKEN})
            )
        except (OSError, http.client.HTTPException):
            return False
        if status >= 500:
            return False
        self.last = max(self.last, begun)
        if status == 302:
            self.ledger[key] = text
        else:
            self.refused += 1
        return True

    def post(self, session: str, form: str) -> int:
        connection = http.client.HTTPConnection(self.url.partition("://")[2], timeout=10)
        try:
            connection.request(
                "POST",
                f"/discussions/{self.article}/",
                form,
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": f"sid={session}; csrf={TOKEN}",
                    "Sec-Fetch-Site": "same-origin",
                },
            )
            return connection.getresponse().status
        finally:
            connection.close()

    def wait_for_an_answer(self, since: float) -> float:
        """Seconds until something was answered that was sent since."""
        while self.last <= since:
            if time.monotonic() > since + PATIENCE:
                sys.exit("The site did not come back.")
            time.sleep(0.01)
        return time.monotonic() - since


# The measure


def measure(kills: int, name: str, stack: ExitStack) -> dict[str, object]:
    port = free_port()
    data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsroom-faults-")))
    says = environment(data, port)
    if name == "PostgreSQL":
        database, says["DATABASE_URL"] = stack.enter_context(postgresql())
    manage = [sys.executable, "manage.py"]
    for command in ("migrate", "createcachetable"):
        subprocess.run([*manage, command, "--verbosity=0"], cwd=ROOT, env=says, check=True)
    collect = [*manage, "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=says, check=True)
    article, *sessions = ask(says, PREPARE, str(PEOPLE)).split()

    if name == "PostgreSQL":
        pages = Service("pages", [*unit("newsroom-pages.service"), "--port", str(port)], says)
        work = Service("work", unit("newsroom-work.service"), says)
        services, deeds = [pages, work], [pages.kill_one, pages.kill, work.kill, database.kill]
    else:
        site = Service("site", [*manage, "serve"], says)
        services, deeds = [site], [site.kill]
    for service in services:
        service.start()
        stack.callback(service.end)

    readers = Readers(f"http://127.0.0.1:{port}", int(article), sessions)
    threads = [threading.Thread(target=readers.post_until_the_end) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        readers.wait_for_an_answer(time.monotonic())
        took = []
        for number in tqdm(range(kills), desc=f"Kills on {name}", disable=None):
            time.sleep(random.uniform(*BETWEEN))
            deeds[number % len(deeds)]()
            took.append(readers.wait_for_an_answer(time.monotonic()))
    finally:
        readers.ended = True
        for thread in threads:
            thread.join()
    judged = json.loads(ask(says, JUDGE, json.dumps(readers.ledger)))
    recovered = {
        "median s": round(sorted(took)[len(took) // 2], 1),
        "longest s": round(max(took), 1),
    }
    acknowledged = {"database": name, "kills": kills, "acknowledged": len(readers.ledger)}
    return acknowledged | judged | {"refused": readers.refused} | recovered


def ask(says: dict[str, str], program: str, text: str) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=says, input=text, text=True, stdout=subprocess.PIPE, check=True
    )
    return done.stdout


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    names = ["SQLite", "PostgreSQL"] if programs_of_postgresql() else ["SQLite"]
    found = []
    for name in names:
        with ExitStack() as stack:
            found.append(measure(kills, name, stack))
    for row in found:
        print("  ".join(f"{key}: {value}" for key, value in row.items()))
    sys.exit(any(row["lost"] or row["doubled"] or row["half-done"] for row in found))


if __name__ == "__main__":
    main()
