"""Posting: eight people at once, each comment through the whole line, over HTTP.

Beside it stands what the database alone could do: single rows as wide, committed by as many, as
durably. One process over SQLite, and two services over PostgreSQL where one answers.
"""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from bench.live import Program, Site, no_postgresql, one_process, two_services
from bench.readers import load
from bench.row import Row, at_least, at_most, in_turns, judged

ROUNDS = 5
SECONDS = 1.0


def writing(data: Path) -> Iterator[Row]:
    with one_process(data / "one") as site:
        yield from of(site, share=0.06)
    if missing := no_postgresql():
        print(f"Posting on PostgreSQL is not measured: {missing}", file=sys.stderr)
        return
    with two_services(data / "two") as site:
        yield from of(site, share=0.02)


def of(site: Site, share: float) -> Iterator[Row]:
    article = site.pages + site.article
    with site.started(), Writers(site) as writers:

        def p99() -> float:
            return load(article, "</html>", "Accept-Encoding: gzip, br")["p99"]

        def p99_meanwhile() -> float:
            posting = threading.Thread(target=writers.do, args=["hot", 3 * SECONDS])
            posting.start()
            try:
                return p99()
            finally:
                posting.join()

        hot, raw = in_turns(
            ROUNDS, lambda: writers.do("hot", SECONDS), lambda: writers.do("raw", SECONDS)
        )
        yield at_least(f"{site.name}: 8 post, comments a second", hot, raw, share)
        hot, spread = in_turns(
            ROUNDS, lambda: writers.do("hot", SECONDS), lambda: writers.do("spread", SECONDS)
        )
        yield at_least(f"{site.name}: 8 post in one discussion, against 8", hot, spread, 0.7)
        busy, quiet = in_turns(ROUNDS, p99_meanwhile, p99)
        yield at_most(f"{site.name}: 8 post, readers meanwhile p99", busy, quiet, 3)
        lost = writers.lost()
        yield judged(f"{site.name}: 8 post, comments lost", lost, 0, "none", lost == 0)


class Writers(Program):
    def __init__(self, site: Site) -> None:
        self.process = site.program("bench.writers", site.pages)

    def do(self, deed: str, seconds: float) -> float:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{deed} {seconds}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def lost(self) -> float:
        said, _ = self.process.communicate()
        return float(said)
