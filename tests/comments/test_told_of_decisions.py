"""Who is told of what became of a report, of a reversal, and of what a machine had hidden."""

import pytest

from accounts.models import User
from comments.models import Appeal, Comment, Decision, Notification, Report, StatementOfReasons
from newsroom.models import Article, LiveEvent
from tests import cast
from tests.comments.acting import acting, in_days, later, read, removed, seen, suspended

pytestmark = pytest.mark.django_db

decisions = Decision.objects.all


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "The pier is a scandal.")


def reported(comment: Comment, by: User) -> None:
    Report.objects.create(comment=comment, revision=comment.current, reporter=by, kind="insult")


def told(person: User) -> list[str]:
    """What this person reads among their notifications, the latest first."""
    mine = Notification.objects.filter(person=person).whole().order_by("-pk")
    page = seen(acting(person).get("/me/notifications/"))
    assert all(each.sentence in page for each in mine)
    return [each.sentence for each in mine]


def follow_the_last(person: User) -> str:
    browser = acting(person)
    last = Notification.objects.filter(person=person).latest("pk")
    return seen(browser.post(f"/me/notifications/{last.pk}/", follow=True))


def test_whoever_reported_is_told_of_the_removal_and_of_its_reversal(
    comment: Comment, reader: User, stranger: User, moderator: User, editor: User
) -> None:
    reported(comment, stranger)
    removed(comment, moderator, "An insult.")
    assert told(stranger) == [f"Your report under “{comment.article}” was decided"]
    assert "The comment was removed." in follow_the_last(stranger)
    decisions().restore(comment, editor, "No insult after all.")
    assert told(stranger)[0] == f"What you reported under “{comment.article}” was decided anew"
    page = follow_the_last(stranger)
    assert "The comment stays." in page
    assert "No insult after all." in page
    assert (
        told(reader)[0] == f"A decision about your comment under “{comment.article}” was reversed"
    )
    assert "This decision was reversed on" in follow_the_last(reader)


def test_an_undone_decision_tells_nobody(
    comment: Comment, reader: User, stranger: User, moderator: User
) -> None:
    reported(comment, stranger)
    decisions().undo(removed(comment, moderator), moderator)
    assert told(stranger) == told(reader) == []


def test_a_reversal_by_appeal_tells_its_author_once_and_the_reporters(
    comment: Comment, reader: User, stranger: User, moderator: User, editor: User
) -> None:
    reported(comment, stranger)
    removal = removed(comment, moderator)
    appeal = Appeal.objects.all().make(removal, "It is none.", person=reader)
    appeal.reverse(editor, "It is none.")
    assert told(reader)[0] == "Your appeal was decided"
    assert len(told(reader)) == 2
    assert len(told(stranger)) == 2


def test_a_restored_comment_answers_the_open_appeal(
    comment: Comment, reader: User, moderator: User, editor: User
) -> None:
    appeal = Appeal.objects.all().make(removed(comment, moderator), "It is none.", person=reader)
    restored = decisions().restore(comment, editor, "Right.")
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == ("reversed", restored)
    assert told(reader)[0] == "Your appeal was decided"


# What a machine hid


@pytest.fixture
def hidden(comment: Comment) -> StatementOfReasons:
    return decisions().hold(comment, "Hidden after several reports.").statement


def test_what_was_hidden_and_may_stay_says_so_on_its_statement(
    comment: Comment, hidden: StatementOfReasons, reader: User, moderator: User
) -> None:
    address = hidden.get_absolute_url()
    assert "until a moderator has decided" in read(acting(reader), address)
    decisions().approve(comment, moderator, comment.current.n)
    assert told(reader)[0] == f"Your comment under “{comment.article}” can be read again"
    page = read(acting(reader), address)
    assert "everybody can read it again" in page
    assert "Do you disagree?" not in page
    assert "end_date_visibility_restriction" in acting(reader).get(f"{address}?format=json").json()
    assert acting(reader).post(address, {"text": "Still."}).status_code == 409


def test_what_was_hidden_and_is_removed_says_so_too(
    comment: Comment, hidden: StatementOfReasons, reader: User, moderator: User
) -> None:
    appeal = Appeal.objects.all().make(hidden.decision, "Nothing is wrong.", person=reader)
    removed(comment, moderator, "An insult.")
    appeal.refresh_from_db()
    assert appeal.outcome == "upheld"
    page = read(acting(reader), hidden.get_absolute_url())
    assert "and removed it: you have a statement of that too" in page
    assert "An insult." in page


def test_an_appeal_against_a_machine_shows_the_comment_again(
    comment: Comment, hidden: StatementOfReasons, reader: User, moderator: User
) -> None:
    appeal = Appeal.objects.all().make(hidden.decision, "Nothing is wrong.", person=reader)
    appeal.reverse(moderator, "Nothing is.")
    comment.refresh_from_db()
    appeal.refresh_from_db()
    assert (comment.state, appeal.outcome) == ("public", "reversed")
    assert told(reader)[0] == "Your appeal was decided"


def test_an_undone_approval_leaves_the_appeal_open(
    comment: Comment, hidden: StatementOfReasons, reader: User, moderator: User
) -> None:
    appeal = Appeal.objects.all().make(hidden.decision, "Nothing is wrong.", person=reader)
    approval = decisions().approve(comment, moderator, comment.current.n)
    with later(seconds=10):
        decisions().undo(approval, moderator)
    appeal.refresh_from_db()
    assert (appeal.outcome, appeal.answer) == ("", None)
    assert "until a moderator has decided" in read(acting(reader), hidden.get_absolute_url())


def test_a_page_is_not_told_again_of_what_its_person_was_told(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    suspended(reader, moderator, in_days(1))
    theirs = LiveEvent.objects.filter(topic=f"person:{reader.pk}").newest()
    assert theirs == LiveEvent.objects.newest()
    assert f'data-since="{theirs}"' in read(acting(reader), "/newsfeed/")
    everybodys = LiveEvent.objects.public().newest()
    for other in (acting(stranger), acting()):
        assert f'data-since="{everybodys}"' in read(other, "/newsfeed/")
