"""Every order of a discussion is read from an index, and never sorted, on either engine."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from comments.models import Comment, Discussion
from comments.thread import SORTS, beyond, in_order
from newsroom.models import Article
from tests import cast

pytestmark = pytest.mark.django_db

INDEX = {
    "picks": "picks",
    "recommended": "roots_by_recommends",
    "newest": "roots_by_id",
    "oldest": "roots_by_id",
    "replies": "roots_by_replies",
}


def plan(rows: QuerySet) -> str:
    """What the engine means to do. PostgreSQL is kept from reading all of a small table."""
    with connection.cursor() as cursor:
        if settings.POSTGRESQL:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    return rows.explain()


def is_read_from(index: str, rows: QuerySet) -> None:
    found = plan(rows)
    used = re.search(
        r"USING (?:COVERING )?INDEX (\w+)|Index (?:Only )?Scan(?: Backward)? using (\w+)", found
    )
    assert used, found
    assert index in used.groups(), found
    assert not re.search(r"TEMP B-TREE|Sort Key|SCAN comments_comment\b(?! USING)", found), found


@pytest.mark.attack("A44")
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("sort", SORTS)
def test_a_page_is_read_in_its_order(sort: str, deep: bool, article: Article) -> None:
    _label, order = SORTS[sort]
    rows = in_order(Discussion.objects.begun(article), sort)
    if deep:
        rows = rows.filter(beyond(order, [5] * len(order)))
    is_read_from(INDEX[sort], rows.order_by(*order)[:21])


@pytest.mark.attack("A44")
def test_what_else_a_page_asks_has_its_index(article: Article, reader: User) -> None:
    talk = Discussion.objects.begun(article)
    root = cast.a_comment(article, reader)
    public = Comment.objects.filter(is_public=True)
    for index, rows in {
        "replies_of_a_root": public.filter(root=root).order_by("id")[:3],
        "public_comments": public.filter(discussion=talk).order_by("-id")[:50],
        "comments_of_a_person": Comment.objects.filter(author=reader).order_by("-id")[:30],
        "hidden_comments": Comment.objects.filter(discussion=talk, author=reader, is_public=False),
    }.items():
        is_read_from(index, rows)
