"""Full text of some rows by their id, on either engine: the stems that words.py makes.

Names of tables and weights are constants of the code; what people wrote and asked is a parameter,
and a stem, of letters and digits alone, cannot end the quotes it stands between.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.expressions import RawSQL

from newsroom.words import Asked

Row = tuple[int, Sequence[list[str]]]  # the id, and the stems of each field
BATCH = 100  # rows of one transaction: others write in between


class OnSQLite:
    """An FTS5 table, whose rowid is the row's id."""

    FEW = 500  # rows that are fetched one by one sooner than an index of all is read

    def __init__(self, table: str, **weights: float) -> None:
        """One weight for each field: how much a word in it says about the whole."""
        self.table, self.weights = table, list(weights.values())
        self.fields = list(weights)

    def put(self, rows: Iterable[Row]) -> None:
        """Keep these, in the place of what was kept of them."""
        columns = ", ".join(["rowid", *self.fields])
        places = ", ".join(["%s"] * (1 + len(self.fields)))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT OR REPLACE INTO {self.table} ({columns}) VALUES ({places})",
                [(id, *map(" ".join, fields)) for id, fields in rows],
            )

    def drop(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {self.table} WHERE rowid = %s", [(id,) for id in ids])

    def tidy(self) -> None:
        """After much was put: makes finding quicker, and changes nothing."""
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {self.table} ({self.table}) VALUES ('optimize')")

    def among(self, rows: QuerySet[Any], asked: Asked, every: bool) -> QuerySet[Any]:
        """Those that have every word, or any of them. Give the rows in the order of an index:
        if many match, they are read in it until there are enough."""
        sql = f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s"
        question = self.question(asked, every)
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT %s", [question, self.FEW + 1])
            few = [id for (id,) in cursor.fetchall()]
        if len(few) <= self.FEW:
            return rows.filter(pk__in=few)
        # Not the id itself: SQLite would fetch every row that matches, and sort them all.
        return rows.alias(number=F("pk") + 0).filter(number__in=RawSQL(sql, [question]))

    def newest(self, asked: Asked, every: bool, limit: int) -> RawSQL:
        """The greatest ids that match, for `pk__in`."""
        return RawSQL(
            f"SELECT rowid FROM {self.table} WHERE {self.table} MATCH %s "
            "ORDER BY rowid DESC LIMIT %s",
            [self.question(asked, every), limit],
        )

    def scores(self, asked: Asked, ids: Sequence[int]) -> dict[int, float]:
        """How well each of these matches, to be compared with one another alone."""
        weights = ", ".join(map(str, self.weights))
        with connection.cursor() as cursor:
            # Between and the plus: FTS5 goes once through a part, and not to each id anew.
            cursor.execute(
                f"SELECT rowid, -bm25({self.table}, {weights}) FROM {self.table} "
                f"WHERE {self.table} MATCH %s AND rowid BETWEEN %s AND %s "
                "AND +rowid IN (SELECT value FROM json_each(%s))",
                [self.question(asked, every=False), min(ids), max(ids), json.dumps(ids)],
            )
            return dict(cursor.fetchall())

    def question(self, asked: Asked, every: bool) -> str:
        return question(asked, quote='"', either=" OR ", together=" AND " if every else " OR ")


class OnPostgreSQL:
    """A table of id and tsvector. The vector is written by us, so that no parser of the server's
    takes our words apart and both engines find the same."""

    LAST_PLACE = 16383  # that a vector can name
    PLACES = 255  # of one word that it keeps

    def __init__(self, table: str, **weights: float) -> None:
        self.table = table
        most = max(weights.values())
        self.weights = [0.0] * (4 - len(weights)) + [w / most for w in reversed(weights.values())]

    def put(self, rows: Iterable[Row]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {self.table} (id, words) VALUES (%s, %s::tsvector) "
                "ON CONFLICT (id) DO UPDATE SET words = excluded.words",
                [(id, self.vector(fields)) for id, fields in rows],
            )

    def drop(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {self.table} WHERE id = ANY(%s)", [list(ids)])

    def tidy(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {self.table}")

    def among(self, rows: QuerySet[Any], asked: Asked, every: bool) -> QuerySet[Any]:
        # OFFSET 0: found by the index, and not by trying one vector after the other.
        ids = RawSQL(
            f"SELECT id FROM {self.table} WHERE words @@ %s::tsquery OFFSET 0",
            [self.question(asked, every)],
        )
        return rows.filter(pk__in=ids)

    def newest(self, asked: Asked, every: bool, limit: int) -> RawSQL:
        return RawSQL(
            f"SELECT id FROM {self.table} WHERE words @@ %s::tsquery ORDER BY id DESC LIMIT %s",
            [self.question(asked, every), limit],
        )

    def scores(self, asked: Asked, ids: Sequence[int]) -> dict[int, float]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, ts_rank(%s::real[], words, %s::tsquery, 1) FROM {self.table} "
                "WHERE id = ANY(%s)",
                [self.weights, self.question(asked, every=False), list(ids)],
            )
            return dict(cursor.fetchall())

    def question(self, asked: Asked, every: bool) -> str:
        return question(asked, quote="'", either=" | ", together=" & " if every else " | ")

    def vector(self, fields: Sequence[list[str]]) -> str:
        weighed = ((w, stem) for w, stems in zip("ABCD", fields, strict=False) for stem in stems)
        places: dict[str, list[str]] = defaultdict(list)
        for place, (weight, stem) in enumerate(weighed, start=1):
            places[stem].append(f"{min(place, self.LAST_PLACE)}{weight}")
        return " ".join(f"'{stem}':{','.join(at[: self.PLACES])}" for stem, at in places.items())


def question(asked: Asked, quote: str, either: str, together: str) -> str:
    return together.join(
        "(" + either.join(f"{quote}{stem}{quote}" for stem in sorted(word)) + ")" for word in asked
    )


AnyIndex = OnSQLite | OnPostgreSQL
Index: type[OnSQLite] | type[OnPostgreSQL] = OnPostgreSQL if settings.POSTGRESQL else OnSQLite


@contextmanager
def looking() -> Iterator[None]:
    """Around queries that use an index. PostgreSQL does not know what it costs to fetch a vector
    that is too long for its row, and would read them all where a word is common."""
    if not settings.POSTGRESQL:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        yield


def rebuild(
    index: AnyIndex, rows: QuerySet[Any], entry: Callable[[Any], Row | None]
) -> Iterator[int]:
    """Index all rows anew, in batches; yields how many each had. None: not to be found.

    The rows are locked, so that nobody changes what a batch has just read.
    """
    last = 0
    while True:
        with transaction.atomic():
            batch = list(
                rows.filter(pk__gt=last).order_by("pk").select_for_update(of=("self",))[:BATCH]
            )
            entries = {row.pk: entry(row) for row in batch}
            index.put(found for found in entries.values() if found)
            index.drop(id for id, found in entries.items() if not found)
        if not batch:
            break
        last = batch[-1].pk
        yield len(batch)
    index.tidy()
