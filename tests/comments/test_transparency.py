"""The public figures, counted from the record itself."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from comments import public_log
from comments.models import Decision, StatementOfReasons
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, in_days, later, read, removed, suspended

pytestmark = pytest.mark.django_db


def test_the_figures_are_those_of_the_record(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader)
    cast.a_comment(article, reader, "Another.")
    do(acting(stranger), comment, "report", kind="spam")
    removed(comment, moderator)
    suspended(reader, moderator, in_days(1))
    (month,) = acting().get("/transparency/?format=json").json()["months"]
    expected = {"comments": 2, "reports": 1, "removed": 1, "suspend": 1, "automated_percent": 0}
    assert {key: month[key] for key in expected} == expected
    (row,) = csv.DictReader(StringIO(read(acting(), "/transparency/?format=csv")))
    assert (row["comments"], row["removed"]) == ("2", "1")
    page = read(acting(), "/transparency/")
    assert "1. Argue with the point, not the person." in page
    assert "<svg" in page


def test_an_empty_paper_has_a_page_of_figures(db: None) -> None:
    assert "None." in read(acting(), "/transparency/")


# The log of each decision


LOG = "/transparency/log/"


def test_the_log_is_there_only_where_the_paper_wants_it(client: Client, settings: Any) -> None:
    assert client.get(LOG).status_code == 404
    assert LOG not in read(acting(), "/transparency/")
    settings.PUBLIC_LOG = True
    assert "None." in read(acting(), LOG)
    assert LOG in read(acting(), "/transparency/")


def test_the_log_says_what_was_done_and_of_nobody(
    article: Article, reader: User, stranger: User, moderator: User, editor: User, settings: Any
) -> None:
    settings.PUBLIC_LOG = True
    comment = cast.a_comment(article, reader, "A word too much.")
    removed(comment, moderator, "It insults Sam.")
    Decision.objects.all().restore(comment, editor, "Sam was not meant.")
    suspended(stranger, moderator, in_days(1), "Sam again.")
    Decision.objects.all().undo(removed(cast.a_comment(article, reader), moderator), moderator)
    Decision.objects.all().hold(cast.a_comment(article, reader, "Reported."), "three reports")
    assert "None." in read(acting(), LOG)  # it may be undone still
    with later(minutes=1):
        page = read(acting(), LOG)
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = [re.sub("<[^>]+>", "|", row) for row in body.split("</tr>")[:-1]]
    assert len(rows) == 4
    for row, said in zip(
        rows, [["hidden", "machine"], ["suspended"], ["restored"], ["removed"]], strict=True
    ):
        assert all(word in row for word in said), row
    assert "1. Argue with the point, not the person.|" in rows[3]
    assert "reversed on" in rows[3]
    people = [each.name for each in (reader, stranger, moderator, editor)]
    references = list(StatementOfReasons.objects.values_list("reference", flat=True))
    for secret in (*people, *references, "A word", "insults", "not meant", article.headline):
        assert secret not in body, secret


def test_the_log_goes_on_from_its_last_row(
    article: Article, reader: User, moderator: User, settings: Any
) -> None:
    settings.PUBLIC_LOG = True
    facts = {"by": moderator, "action": "approve", "at": timezone.now() - timedelta(hours=1)}
    Decision.objects.bulk_create(Decision(**facts) for _n in range(public_log.PAGE + 2))
    first = read(acting(), LOG)
    after = re.search(r'href="(\?after=[^"]+)"', first)
    assert after
    assert first.count("<td>approved</td>") == public_log.PAGE
    assert read(acting(), LOG + after[1]).count("<td>approved</td>") == 2
    assert acting().get(f"{LOG}?after=x").status_code == 400
