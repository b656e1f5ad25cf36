"""Eight people who say something through HTTP, one after the other, for as long as they are told.

    python -m bench.writers URL

A process of its own, in the environment of the site. It makes the people and reads lines: `hot 2`
is two seconds of posting into one discussion, `spread 2` into eight, and `raw 2` commits single
rows as wide into the same kind of database, as durably. It answers each with how many a second that
were, and when it has nothing more to read with how many of those posted are not there.
"""

import http.client
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from itertools import cycle
from threading import Lock
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

from bench.talk import TEXTS, make_people

CLIENTS = 8
PEOPLE = 3000  # each of them may say six things in two minutes
TOKEN = "bench" * 6 + "go"  # of the forms: what the cookie says and what is sent are the same
COLUMNS = "n integer, key text, state text, created_at text, text text, html text"


class Writers:
    def __init__(self, url: str) -> None:
        from accounts.models import User
        from comments.models import Discussion
        from newsroom.models import Article

        self.host, self.said, self.lock = urlsplit(url).netloc, 0, Lock()
        people = User.objects.filter(pk__in=make_people(PEOPLE))
        self.sessions = cycle(log_in(people))
        talks = [Discussion.objects.of(article) for article in Article.objects.published()]
        self.talks = [
            talk.pk
            for talk in talks
            if talk.is_open and not talk.is_premoderated and not talk.slow_seconds
        ][:CLIENTS]
        self.before = self.stored()

    def stored(self) -> int:
        from comments.models import Comment

        return Comment.objects.filter(is_public=True).count()

    def hot(self, seconds: float) -> float:
        return self.at_once(lambda _: self.poster(self.talks[0]), seconds)

    def spread(self, seconds: float) -> float:
        return self.at_once(lambda number: self.poster(self.talks[number]), seconds)

    def raw(self, seconds: float) -> float:
        return self.at_once(lambda _: committer(), seconds)

    def at_once(self, begin: Callable[[int], Any], seconds: float) -> float:
        """How many times a second eight do it, each on a connection of their own."""

        def one(number: int) -> int:
            with closing(begin(number)) as doing:
                end, done = time.perf_counter() + seconds, 0
                while time.perf_counter() < end:
                    next(doing)
                    done += 1
                return done

        begun = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            done = sum(pool.map(one, range(CLIENTS)))
        return done / (time.perf_counter() - begun)

    def poster(self, talk: int) -> Iterator[None]:
        """Posts a comment each time, as the page's form does, and looks whether it is answered."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        while True:
            with self.lock:
                number, session = self.said, next(self.sessions)
                self.said += 1
            text = f"{TEXTS[0]} Number {number}."
            headers = {
                "Cookie": f"sid={session}; csrf={TOKEN}",
                "X-CSRFToken": TOKEN,
                "HX-Request": "true",
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request("POST", f"/discussions/{talk}/", urlencode({"text": text}), headers)
            response = connection.getresponse()
            body = response.read().decode()
            if response.status != 200 or f"Number {number}." not in body or "error" in body:
                raise AssertionError(f"posting was answered {response.status}: {body[:500]}")
            yield


def log_in(people: Iterable[Any]) -> list[str]:
    """A session for each of them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    store, end = SessionStore(), timezone.now() + timedelta(days=1)
    sessions = [
        Session(
            session_key=f"bench{person.pk:027}",
            session_data=store.encode(
                {
                    SESSION_KEY: str(person.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: person.get_session_auth_hash(),
                }
            ),
            expire_date=end,
        )
        for person in people
    ]
    Session.objects.bulk_create(sessions)
    return [session.session_key for session in sessions]


def raw_database() -> Any:
    """A connection that commits each statement. SQLite's is to a file of its own."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if not settings.POSTGRESQL:
        connection = sqlite3.connect(f"{database['NAME']}-raw", timeout=20, isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
        return connection
    import psycopg

    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


def committer() -> Iterator[None]:
    """Commits a row each time, as wide as a comment and its text."""
    with closing(raw_database()) as connection:
        place = "?" if isinstance(connection, sqlite3.Connection) else "%s"
        insert = f"INSERT INTO bench_raw VALUES ({', '.join([place] * 6)})"
        created, html = "2026-01-01 00:00:00.000000", f"<p>{TEXTS[0]}</p>"
        while True:
            connection.execute(insert, (1, TOKEN, "public", created, TEXTS[0], html))
            yield


if __name__ == "__main__":
    django.setup()
    writers = Writers(sys.argv[1])
    with closing(raw_database()) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS bench_raw ({COLUMNS})")
    for line in sys.stdin:
        deed, seconds = line.split()
        print(getattr(writers, deed)(float(seconds)), flush=True)
    print(writers.said - (writers.stored() - writers.before))
