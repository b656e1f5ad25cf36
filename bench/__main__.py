"""Prints how fast the pages are, as ratios of one run: `make bench`, `make bench ARGS=--json`.

A row says what was measured, beside what, and whether the ratio meets its target. Absolute times
depend on the machine and its neighbours; ratios taken in turns in the same run do not.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median

import django

from bench.live import live
from bench.readers import readers
from bench.row import Row, at_most
from bench.site import ARTICLES, Client, built, serving
from bench.talk import LARGE, Desk, Pages, Talk
from bench.writing import writing
from newsroom.keyset import cursor, microseconds

ROUNDS = 5
REQUESTS = 20  # of each side in a round, taken in turns
PARTS = ["pages", "posting", "live"]
MANY, FEW = 5_000, 50  # comments that wait at the desk
DEEP = 1000  # the page of the newsfeed that must cost what the first one costs


def compare(figure: str, one: Callable[[], float], other: Callable[[], float], limit: float) -> Row:
    """The median of rounds of both sides, taken in turns; the first round only warms up."""
    ones, others = [], []
    for n in range(ROUNDS + 1):
        pairs = [(one(), other()) for _ in range(REQUESTS)]
        if n:
            ones.append(median(a for a, _ in pairs))
            others.append(median(b for _, b in pairs))
    return at_most(figure, median(ones) * 1000, median(others) * 1000, limit)


def newsfeed(client: Client) -> Row:
    after = page_cursor(client, DEEP)
    return compare(
        f"newsfeed: page {DEEP} of {ARTICLES:,} articles, against page 1",
        lambda: client.seconds(f"/newsfeed/?after={after}", "Older"),
        lambda: client.seconds("/newsfeed/", "Older"),
        limit=1.2,
    )


def page_cursor(client: Client, number: int) -> str:
    """The cursor of that page, computed from the archive's regular times instead of walked to."""
    django.setup()
    from newsroom.models import Article
    from newsroom.newsfeed import PAGE

    last = Article.objects.published().newest_first()[(number - 1) * PAGE - 1]
    return cursor("newsfeed", microseconds(last.published_at), last.pk)


def talk() -> list[Row]:
    """A discussion of 100,000 comments beside one of 100, in a million."""
    django.setup()
    from django.db import transaction

    it, rows = Talk(), []
    what = f"{LARGE:,} comments"

    def row(figure: str, reader: Pages, one: str, other: str, limit: float = 1.2) -> None:
        rows.append(
            compare(figure, lambda: reader.seconds(one), lambda: reader.seconds(other), limit)
        )

    large, small = (f"/discussions/{id}/" for id in (it.large, it.small))
    row(f"{what}: first page for a visitor", Pages(), large, small, 1.1)
    row(f"{what}: first page for a reader", it.reader, large, small, 1.1)
    for sort in it.sorts():
        query = f"?sort={sort}"
        row(f"{what}: by {sort}", it.reader, large + query, small + query)
    for sort in ("newest", "recommended"):
        query = f"?sort={sort}"
        deep = f"{large}{query}&after={it.page(sort, 100)}"
        row(f"{what}: page 100 by {sort}, against page 1", it.reader, deep, small + query)
    one, other = (f"/comments/{it.deepest(id)}/" for id in (it.large, it.small))
    row(f"{what}: link to the deepest reply", it.reader, one, other)
    theirs, others = (f"/people/{person.username}/" for person in it.people[:2])
    row("page of who wrote 50,000 comments, against 100", it.reader, theirs, others)
    prolific, quiet = Pages(it.people[0]), Pages(it.people[1])
    for figure, path in (("reads", small), ("looks at all of theirs", "/me/")):
        rows.append(
            compare(
                f"who wrote 50,000 comments {figure}, against 100",
                partial(prolific.seconds, path),
                partial(quiet.seconds, path),
                1.2,
            )
        )
    with transaction.atomic():  # what is posted to be measured is not kept
        post = it.post()
        posting = compare(f"{what}: posting", lambda: post(it.large), lambda: post(it.small), 1.2)
        transaction.set_rollback(True)
    return [*rows, posting]


def desk() -> list[Row]:
    """The moderators' desk over the same million, with 5,000 waiting beside 50."""
    from django.db import transaction

    it = Desk()
    pages: dict[int, list[float]] = {MANY: [], FEW: []}
    with transaction.atomic():  # what waits to be measured does not go on waiting
        for n in range(ROUNDS + 1):
            for waiting, medians in pages.items():
                it.wait(waiting)
                taken = median(it.page() for _ in range(REQUESTS))
                medians += [taken] if n else []
        it.wait(MANY)
        decisions = median([it.decide() for _ in range(ROUNDS * REQUESTS)][REQUESTS:])
        transaction.set_rollback(True)
    many, few = (median(medians) * 1000 for medians in pages.values())
    return [
        at_most(f"desk with {MANY:,} waiting, against {FEW}", many, few, 1.5),
        at_most("a decision at the desk, against 100 ms", decisions * 1000, 100, 1),
    ]


def pages(data: Path) -> list[Row]:
    built(data)
    os.environ |= {"DEMO": "1", "DATA": str(data), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    with serving(data) as server:
        rows = [newsfeed(Client(server.url))]
    return rows + talk() + desk() + list(readers(data))


def main() -> None:
    arguments = argparse.ArgumentParser(prog="make bench", description=__doc__)
    arguments.add_argument("--json", action="store_true", help="print one JSON object")
    arguments.add_argument(
        "part", nargs="?", choices=["pages", "posting", "live"], help="only this"
    )
    options = arguments.parse_args()
    data = Path(os.environ.get("DATA", "var")).resolve() / "bench"
    rows: list[Row] = []
    if options.part in (None, "pages"):
        rows += pages(data)
    if options.part in (None, "posting"):
        rows += writing(data.with_name("bench-posting"))
    if options.part in (None, "live"):
        rows += live(data.with_name("bench-live"))
    if options.json:
        print(json.dumps({"rows": [asdict(row) for row in rows]}))
    else:
        show(rows)
    sys.exit(not all(row.met for row in rows))


def show(rows: list[Row]) -> None:
    print(
        f"Python {platform.python_version()}, Django {django.__version__}, {os.cpu_count()} cores"
    )
    print(f"{'figure':<72} {'value':>9} {'against':>9} {'ratio':>6}  target")
    for row in rows:
        print(
            f"{row.figure:<72} {row.value:>9} {row.reference:>9} {row.ratio:>6}  "
            f"{row.target}, {'met' if row.met else 'NOT met'}"
        )


if __name__ == "__main__":
    main()
