"""The public figures, counted from the record itself."""

import csv
from io import StringIO

import pytest

from accounts.models import User
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, in_days, read, removed, suspended

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
