"""A million comments under the archive, and what reading and writing among them costs.

One discussion has 100,000 of them and one has 100, of the same shape; one person wrote 50,000.
Measured inside this process with an empty cache each time: so the rows tell what a page costs to
make, and not that it was kept. `python -m bench.talk` writes the comments, once.
"""

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any

import django
from django.conf import settings
from django.core.management.color import no_style

COMMENTS = 1_000_000
LARGE, MEDIUM, MIDDLE, SMALL = 100_000, 10_000, 1_000, 100
DEEPEST = {LARGE: 10_000, SMALL: 12}  # replies in the longest thread of each
REPLIES = {MIDDLE: (1, 2)}  # of the others in turn: 20 threads of these are 50 comments
PEOPLE = 10_000
EVERY = 20  # so many comments from one of the prolific person's to the next
BATCH = 10_000
# What the rows refer to is right by itself; looked up for each, it would take hours.
SQLITE = ["PRAGMA foreign_keys=OFF", "PRAGMA synchronous=OFF", "PRAGMA cache_size=-400000"]
POSTGRESQL = [
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET statement_timeout = 0",
]
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
TEXTS = [
    "The pier was there before the harbour, and it will be there after it.",
    "I read the report twice. It says *nothing* of what it costs to keep the old one.",
    "> before the harbour\n\nWas it? My grandmother swam there as a child, and there was sand.",
    "Thank you. This is the first article that explains who decides, and when.",
    "Could the authors say where the figures come from?",
]

Numbers = list[tuple[int | None, int | None, int]]  # root and answered, counted from 1; replies


def shape(size: int) -> Numbers:
    """One long thread, then threads of a root with three replies: as many comments as `size`."""
    deep, each = DEEPEST.get(size, 12), cycle(REPLIES.get(size, (3,)))
    said: Numbers = [(None, None, deep)] + [(1, number or 1, 0) for number in range(deep)]
    while len(said) < size:
        root, replies = len(said) + 1, min(next(each), size - len(said) - 1)
        said += [(None, None, replies), *[(root, root, 0)] * replies]
    return said


def sizes() -> list[int]:
    special = [LARGE, SMALL, MIDDLE, MEDIUM]
    return special + [SMALL] * ((COMMENTS - sum(special)) // SMALL)


def write() -> None:
    """All of it in batches, each of them a transaction; the same every time."""
    from django.db import connection
    from django_tasks_db.models import DBTaskResult
    from tqdm import tqdm

    from comments.models import Comment, Revision
    from newsroom.models import Article

    with connection.cursor() as cursor:
        for setting in POSTGRESQL if settings.POSTGRESQL else SQLITE:
            cursor.execute(setting)
    people = make_people()
    articles = Article.objects.filter(slug__startswith="archive-").order_by("pk")
    ids = list(articles.values_list("pk", flat=True)[: len(sizes())])
    first = (Comment.objects.order_by("-id").values_list("pk", flat=True).first() or 0) + 1
    rows = comments(ids, people, first)
    with tqdm(total=COMMENTS, desc="comments", disable=None) as bar:
        while batch := list(islice(rows, BATCH)):
            store(batch)
            bar.update(len(batch))
    DBTaskResult.objects.all().delete()  # the demo's pictures and mails: nothing waits for them
    with connection.cursor() as cursor:
        if settings.POSTGRESQL:
            for next_id in connection.ops.sequence_reset_sql(no_style(), [Comment, Revision]):
                cursor.execute(next_id)
        cursor.execute("VACUUM ANALYZE" if settings.POSTGRESQL else "ANALYZE")


def make_people(number: int = PEOPLE) -> list[int]:
    from allauth.account.models import EmailAddress

    from accounts.models import Rulebook, RulesAcceptance, User

    made = User.objects.bulk_create(
        User(
            username=f"bench-{n}",
            username_skeleton=f"bench-{n}",
            name=f"Bench {n}",
            name_skeleton=f"bench {n}",
            email=f"bench-{n}@example.com",
            password="!",
        )
        for n in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    rulebook = Rulebook.objects.in_force()
    if rulebook:
        RulesAcceptance.objects.bulk_create(
            RulesAcceptance(person=user, rulebook=rulebook) for user in made
        )
    return [user.pk for user in made]


def comments(articles: list[int], people: list[int], first: int) -> Iterator[dict[str, Any]]:
    """Every comment as a row; its discussion's row is made before its first one."""
    from comments.models import Discussion

    number = 0
    for article, size in zip(articles, sizes(), strict=True):
        start, talk = first + number, shape(size)
        Discussion.objects.create(
            pk=article,
            comment_count=size,
            version=1,
            stays_open=True,
            last_comment_at=BEGAN + timedelta(seconds=number + size - 1),
        )
        for root, answered, replies in talk:
            author = 0 if number % EVERY == 0 else 1 + number % (PEOPLE - 1)
            yield {
                "id": first + number,
                "current_id": first + number,
                "discussion_id": article,
                "author_id": people[author],
                "root_id": start + root - 1 if root else None,
                "reply_to_id": start + answered - 1 if answered else None,
                "state": "public",
                "held_because": "",
                "recommends": number * 7919 % 97,
                "replies": replies,
                "picked_at": at(number) if number % 4 == 0 else None,
                "key": uuid.UUID(int=number).hex,
                "created_at": at(number),
                "appeared_at": at(number),
            }
            number += 1


def at(number: int) -> str:
    """A second after the one before, as both engines read times."""
    return (BEGAN + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S")


def store(rows: list[dict[str, Any]]) -> None:
    from django.db import connection, transaction

    from newsroom import markup

    texts = [(text, markup.render_comment(text)) for text in TEXTS]
    revisions = [
        (row["id"], row["id"], 1, *texts[row["id"] % len(texts)], markup.RENDERER)
        + (row["created_at"],)
        for row in rows
    ]
    columns, places = ", ".join(f'"{name}"' for name in rows[0]), ", ".join(["%s"] * len(rows[0]))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO comments_comment ({columns}) VALUES ({places})",
            [tuple(row.values()) for row in rows],
        )
        cursor.executemany(
            "INSERT INTO comments_revision (id, comment_id, n, text, html, renderer, written_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            revisions,
        )


class Pages:
    """A reader inside this process, for whom every page is made anew."""

    def __init__(self, person: Any = None) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="127.0.0.1")
        if person:
            self.client.force_login(person)

    def seconds(self, path: str, post: dict[str, str] | None = None, htmx: bool = False) -> float:
        from django.core.cache import cache

        cache.clear()
        headers = {"HX-Request": "true"} if htmx else {}
        begun = time.perf_counter()
        response = (
            self.client.post(path, post, headers=headers)
            if post
            else self.client.get(path, headers=headers)
        )
        taken = time.perf_counter() - begun
        if response.status_code != (302 if post and not htmx else 200):
            raise AssertionError(f"{path} answered {response.status_code}")
        return taken


class Talk:
    """What is measured: the large discussion beside the small one."""

    def __init__(self) -> None:
        from accounts.models import User
        from comments.models import Discussion

        self.large = Discussion.objects.order_by("-comment_count")[0].pk
        archive = Discussion.objects.filter(pk__gt=self.large, comment_count=SMALL)
        self.small = archive.order_by("pk")[0].pk
        self.people = User.objects.filter(username__startswith="bench-").order_by("pk")
        self.reader = Pages(self.people[PEOPLE // 2])

    def sorts(self) -> list[str]:
        from comments.thread import SORTS

        return list(SORTS)

    def page(self, sort: str, number: int) -> str:
        """The cursor of that page, looked up and not walked to."""
        from comments.models import Discussion
        from comments.thread import ROOTS, SORTS, in_order, keys
        from newsroom.keyset import cursor

        _label, order = SORTS[sort]
        roots = in_order(Discussion.objects.get(pk=self.large), sort).order_by(*order)
        last = roots[(number - 1) * ROOTS - 1]
        return cursor(sort, *keys(last, order))

    def deepest(self, discussion: int) -> int:
        from comments.models import Comment

        first = Comment.objects.filter(discussion=discussion, root__isnull=True).order_by("id")[0]
        return Comment.objects.filter(root=first, is_public=True).order_by("-id")[0].pk

    def post(self) -> Any:
        """A function that posts into a discussion, each time as somebody else."""
        people = iter(self.people[1 : PEOPLE // 2])

        def seconds(discussion: int) -> float:
            person = next(people)
            text = f"{TEXTS[0]} Said by {person.name}."
            return Pages(person).seconds(f"/discussions/{discussion}/", {"text": text})

        return seconds


class Desk:
    """The moderators' desk over it: how many wait is said, and they are spread over all of it."""

    def __init__(self) -> None:
        from accounts.models import Clause, Rulebook, User

        moderator = User.objects.get(email="moderator@example.com")
        self.pages = Pages(moderator)
        clause = Clause.objects.filter(rulebook=Rulebook.objects.in_force())[0]
        self.reason = {"remove-clause": str(clause.pk), "remove-facts": "Not like this."}
        self.deeds = cycle(["approve", "remove"])

    def wait(self, count: int) -> None:
        """So many, and no others: call it in a transaction that is taken back."""
        from comments.models import Comment

        Comment.objects.filter(is_waiting=True).update(state="public")
        newest = Comment.objects.order_by("-pk").values_list("pk", flat=True)[0]
        some = range(newest, newest - COMMENTS, -COMMENTS // count)
        Comment.objects.filter(pk__in=some).update(state="pending", held_because="a link")

    def page(self) -> float:
        return self.pages.seconds("/admin/desk/")

    def decide(self) -> float:
        """The oldest that waits, as the desk's own keys do it; the answer is the next state."""
        from comments.models import Comment

        comment = Comment.objects.filter(is_waiting=True).select_related("current").earliest("pk")
        form = {"deed": next(self.deeds), "queue": "waiting", "last": "0"} | self.reason
        form["revision"] = str(comment.current.n)
        return self.pages.seconds(f"/admin/desk/comment/{comment.pk}/", form, htmx=True)


if __name__ == "__main__":
    django.setup()
    write()
