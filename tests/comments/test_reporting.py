"""Telling the moderators: once a reader and comment, with what one has to say about it."""

from typing import Any

import pytest

from accounts.models import User
from comments.models import Comment, Report
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, often, read, removed, seen, typed

pytestmark = pytest.mark.django_db

QUEUE = "/admin/desk/reported/"


@pytest.fixture
def comment(article: Article, stranger: User) -> Comment:
    return cast.a_comment(article, stranger, "Cheap piers here.")


def test_a_moderator_finds_it_with_the_note(
    comment: Comment, reader: User, moderator: User
) -> None:
    response = do(acting(reader), comment, "report", kind="spam", note="The third time <b>.")
    assert response["Location"] == f"/comments/{comment.pk}/#c{comment.pk}"
    assert "Cheap piers here." in read(acting(moderator), QUEUE)
    case = read(acting(moderator), f"/admin/desk/comment/{comment.pk}/")
    assert "Advertising or repeated text" in case
    assert "The third time &lt;b&gt;." in case


def test_nobody_else_learns_of_it(comment: Comment, reader: User, stranger: User) -> None:
    before = [read(acting(who), f"/comments/{comment.pk}/") for who in (None, stranger)]
    do(acting(reader), comment, "report", kind="spam", note="The third time.")
    after = [read(acting(who), f"/comments/{comment.pk}/") for who in (None, stranger)]
    assert before[0] == after[0]
    assert "third time" not in after[1]


@pytest.mark.attack("A23")
def test_said_twice_it_is_one_report(comment: Comment, reader: User) -> None:
    for kind in ("spam", "insult"):
        assert do(acting(reader), comment, "report", kind=kind).status_code == 302
    assert Report.objects.get().kind == "spam"


def test_it_is_about_what_was_said_then(comment: Comment, reader: User, stranger: User) -> None:
    do(acting(reader), comment, "report", kind="spam")
    do(acting(stranger), comment, "edit", text="Dear piers here.", revision=1)
    assert Report.objects.get().revision.text == "Cheap piers here."


@pytest.mark.attack("A23")
def test_nobody_reports_their_own_words(comment: Comment, stranger: User) -> None:
    response = do(acting(stranger), comment, "report", kind="spam")
    assert response.status_code == 403
    assert "You can withdraw it at any time." in seen(response)
    assert not Report.objects.exists()


@pytest.mark.attack("A23")
def test_what_is_hidden_is_not_reported(
    comment: Comment, reader: User, stranger: User, moderator: User
) -> None:
    waiting = cast.a_comment(comment.article, stranger, "Later.", held_because="a link")
    withdrawn = cast.a_comment(comment.article, stranger, "Never.")
    withdrawn.withdraw()
    removed(comment, moderator)
    for hidden in (comment, waiting, withdrawn):
        assert do(acting(reader), hidden, "report", kind="spam").status_code == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize(
    ("kind", "note"),
    [("", "Look & see."), ("treason", "Look & see."), ("spam", "n" * 501), ("spam", "n" * 100_000)],
)
def test_a_bad_form_comes_back_with_its_note(
    kind: str, note: str, htmx: bool, comment: Comment, reader: User
) -> None:
    response = do(acting(reader), comment, "report", kind=kind, note=note, htmx=htmx)
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()
    assert typed(response) == note
    assert not Report.objects.exists()


@pytest.mark.attack("A18")
def test_what_the_form_does_not_ask_changes_nothing(
    comment: Comment, reader: User, stranger: User
) -> None:
    forged: dict[str, Any] = {
        "outcome": "upheld",
        "reporter": stranger.pk,
        "comment": 999,
        "revision": 999,
    }
    do(acting(reader), comment, "report", kind="spam", **forged)
    report = Report.objects.get()
    assert (report.outcome, report.reporter, report.comment) == ("", reader, comment)


@pytest.mark.attack("A23")
@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_it_has_a_limit_and_keeps_the_note(htmx: bool, reader: User, stranger: User) -> None:
    browser, article = acting(reader), cast.an_article()
    often(reader, "report", 19)
    twentieth = cast.a_comment(article, stranger, "Pier 20.")
    assert do(browser, twentieth, "report", kind="spam").status_code == 302
    one_more = cast.a_comment(article, stranger, "Pier 21.")
    response = do(browser, one_more, "report", kind="spam", note="All of them.", htmx=htmx)
    assert response.status_code == 429
    assert "You have reached the limit for now." in seen(response)
    assert typed(response) == "All of them."
    assert Report.objects.get().comment == twentieth


def test_a_visitor_is_asked_to_log_in_first(comment: Comment) -> None:
    response = do(acting(), comment, "report", kind="spam")
    assert response["Location"] == f"/accounts/login/?next=/comments/{comment.pk}/report/"
    assert not Report.objects.exists()


def test_htmx_thanks_in_its_place(comment: Comment, reader: User) -> None:
    response = do(acting(reader), comment, "report", kind="spam", htmx=True)
    assert "Thank you. A moderator will look at it." in seen(response)
    assert "<html" not in response.content.decode()
