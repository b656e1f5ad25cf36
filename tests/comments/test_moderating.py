"""The moderator's desk: each decision with its reason, told to whom it concerns, and done once."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client

from accounts.models import Rulebook, User
from comments.counters import drifts
from comments.models import Comment, Decision, Discussion, Report, Sanction, StatementOfReasons
from comments.running import RunForm
from newsroom.models import Article
from tests import cast
from tests.comments.acting import (
    a_clause,
    acting,
    do,
    in_days,
    later,
    read,
    removed,
    say,
    seen,
    suspended,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/desk/"
TOLD = "Somebody decided this before you. Nothing was done twice."


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "The pier is a scandal.")


@pytest.fixture
def waiting(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "Piers, cheap.", held_because="a link")


def desk(comment: Comment) -> str:
    return f"{DESK}comment/{comment.pk}/"


def fields_of(html: str) -> dict[str, str]:
    """The hidden fields of a page, with which a moderator says what stood on it."""
    hidden = r'type="hidden" name="((?:revision|last)[-\d]*)" value="(\d+)"'
    return dict(re.findall(hidden, html))


def reason(deed: str, **more: Any) -> dict[str, Any]:
    facts = {"deed": deed, f"{deed}-clause": a_clause().pk, f"{deed}-facts": "Not like this."}
    return facts | more


def decide(who: Client, comment: Comment, form: dict[str, Any], page: str = "") -> str:
    """Send one of the desk's forms from a page opened now, or from one opened earlier."""
    page = page or read(who, desk(comment))
    return seen(who.post(desk(comment), fields_of(page) | form, follow=True))


def bulk(who: Client, deed: str, *comments: Comment, page: str = "", **more: Any) -> Any:
    chosen = {"deed": deed, "comment": [comment.pk for comment in comments]}
    form = fields_of(page or read(who, f"{DESK}everything/")) | chosen | more
    return who.post(f"{DESK}selection/", form, follow=True)


def is_read(comment: Comment) -> bool:
    """By a visitor, on the article's page."""
    return f'id="c{comment.pk}"' in read(acting(), comment.article.get_absolute_url())


# The decisions


def test_an_approved_comment_is_read_by_everybody(waiting: Comment, moderator: User) -> None:
    assert "Piers, cheap." in read(acting(moderator), f"{DESK}waiting/")
    said = decide(acting(moderator), waiting, {"deed": "approve"})
    assert "Approved: everybody can read it now." in said
    assert is_read(waiting)
    assert "Piers, cheap." not in read(acting(moderator), f"{DESK}waiting/")


def test_a_removal_needs_a_rule_and_a_reason(comment: Comment, moderator: User) -> None:
    for lacking, says in {
        "remove-clause": "This field is required.",
        "remove-facts": "Choose a saved reason, or write one.",
    }.items():
        form = reason("remove") | {"revision": 1, lacking: ""}
        response = acting(moderator).post(desk(comment), form)
        assert response.status_code == 400
        assert says in seen(response)
    assert is_read(comment)
    assert not Decision.objects.exists()


def test_a_reason_survives_a_missing_rule(comment: Comment, moderator: User) -> None:
    form = reason("remove") | {"remove-clause": "", "revision": 1}
    answer = acting(moderator).post(desk(comment), form).content.decode()
    assert "Not like this.</textarea>" in answer


@pytest.mark.parametrize("clause", ["999", "x", "-1", str(2**63)])
def test_a_rule_that_is_none_removes_nothing(
    clause: str, comment: Comment, moderator: User
) -> None:
    form = reason("remove") | {"remove-clause": clause, "revision": 1}
    assert acting(moderator).post(desk(comment), form).status_code == 400
    assert is_read(comment)


def test_a_removed_comment_is_gone_and_its_author_knows_why(
    comment: Comment, reader: User, moderator: User
) -> None:
    said = decide(acting(moderator), comment, reason("remove"))
    assert "Removed, and the author is told why." in said
    assert not is_read(comment)
    mine = read(acting(reader), "/me/")
    assert "Not like this." in mine
    assert a_clause().as_it_reads in mine
    decision = Decision.objects.get()
    assert (decision.by, decision.person, decision.revision) == (moderator, reader, comment.current)


def test_a_rule_is_quoted_as_it_read_that_day(
    comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    clause = a_clause()
    before, clause.text = clause.text, "Something else entirely."
    clause.save()
    statement = read(acting(reader), StatementOfReasons.objects.get().get_absolute_url())
    assert before in statement
    assert "Something else entirely." not in statement


def test_a_restored_comment_is_back_in_its_place(
    comment: Comment, reader: User, moderator: User
) -> None:
    do(acting(cast.a_stranger()), comment, "recommend")
    decide(acting(moderator), comment, reason("remove"))
    assert "Restored to its place." in decide(acting(moderator), comment, {"deed": "restore"})
    assert is_read(comment)
    assert "▲ 1" in read(acting(), comment.article.get_absolute_url())
    statement = StatementOfReasons.objects.get().get_absolute_url()
    assert "This decision was reversed on" in read(acting(reader), statement)
    assert "Not like this." not in read(acting(reader), "/me/")


@pytest.mark.parametrize("deed", ["", "delete", "set_state", "Approve", "__class__"])
def test_a_deed_that_is_none_is_said_to_be_none(
    deed: str, comment: Comment, moderator: User
) -> None:
    assert "There is no such deed here." in decide(acting(moderator), comment, {"deed": deed})
    assert is_read(comment)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("id", ["0", "999", "²", "x", "-1", "1_5F1", str(2**63), "9" * 5000])
def test_there_is_no_case_without_a_comment(id: str, moderator: User) -> None:
    for send in (acting(moderator).get, acting(moderator).post):
        assert send(f"{DESK}comment/{id}/").status_code == 404


# What changed meanwhile


@pytest.mark.parametrize("form", ["approve", "remove"])
def test_a_text_that_was_changed_meanwhile_is_not_decided_on(
    form: str, comment: Comment, reader: User, moderator: User
) -> None:
    page = read(acting(moderator), desk(comment))
    do(acting(reader), comment, "edit", text="The pier is fine.", revision=1)
    said = decide(acting(moderator), comment, reason(form), page)
    assert "The author changed this comment while you read it." in said
    assert "The pier is fine." in said
    assert is_read(comment)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("revision", ["", "0", "2", "²", "-1", "9" * 5000])
def test_a_decision_says_which_text_it_is_about(
    revision: str, comment: Comment, moderator: User
) -> None:
    form = reason("remove") | {"revision": revision, "last": "0"}
    response = acting(moderator).post(desk(comment), form, follow=True)
    assert "Nothing was decided" in seen(response)
    assert is_read(comment)


@pytest.mark.attack("A48")
@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [
        ("approve", "remove", True),
        ("remove", "approve", False),
        ("approve", "approve", True),
        ("remove", "remove", False),
    ],
)
def test_the_second_of_two_moderators_is_told(
    first: str, second: str, stays: bool, waiting: Comment, moderator: User, editor: User
) -> None:
    pages = [read(acting(who), desk(waiting)) for who in (moderator, editor)]
    decide(acting(moderator), waiting, reason(first), pages[0])
    assert TOLD in decide(acting(editor), waiting, reason(second), pages[1])
    assert is_read(waiting) is stays
    assert Decision.objects.get().action == first
    assert StatementOfReasons.objects.count() == (first == "remove")


def test_whoever_saw_the_first_decision_may_make_another(
    waiting: Comment, moderator: User, editor: User
) -> None:
    decide(acting(moderator), waiting, {"deed": "approve"})
    assert "Removed, and the author is told why." in decide(
        acting(editor), waiting, reason("remove")
    )
    assert not is_read(waiting)


def test_a_comment_is_restored_once(comment: Comment, moderator: User, editor: User) -> None:
    removed(comment, moderator)
    decide(acting(moderator), comment, {"deed": "restore"})
    assert TOLD in decide(acting(editor), comment, {"deed": "restore"})
    assert Decision.objects.filter(action="restore").count() == 1


@pytest.mark.attack("A48")
@pytest.mark.django_db(transaction=True)
def test_of_two_opposite_decisions_at_once_one_holds() -> None:
    article, reader = cast.an_article(), cast.a_reader()
    comment = cast.a_comment(article, reader, held_because="a link")
    staff = [cast.an_admin("Ada Admin"), cast.an_admin("Ben Admin")]
    rulebook = Rulebook.objects.in_force() or Rulebook.objects.create(
        version=1, published_at=in_days(-1)
    )
    if not rulebook.clauses.exists():
        rulebook.clauses.create(number=1, title="Be kind.", text="To all.")
    forms = [reason("approve"), reason("remove")]
    browsers = [acting(person).cookies for person in staff]
    page = fields_of(read(acting(staff[0]), desk(comment)))

    def send(number: int) -> str:
        try:
            browser = Client()
            browser.cookies = browsers[number]
            return seen(browser.post(desk(comment), page | forms[number], follow=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(send, range(2)))
    assert sorted(TOLD in page for page in said) == [False, True]
    assert Decision.objects.count() == 1
    assert list(drifts()) == []


# Many at once


def test_many_are_approved_at_once(article: Article, reader: User, moderator: User) -> None:
    three = [cast.a_comment(article, reader, f"Word {n}.", held_because="x") for n in range(3)]
    said = seen(bulk(acting(moderator), "approve", *three[:2]))
    assert "2 approved." in said
    assert [is_read(comment) for comment in three] == [True, True, False]
    assert Decision.objects.filter(by=moderator, action="approve").count() == 2


def test_many_are_removed_under_one_reason(article: Article, moderator: User) -> None:
    people = [cast.a_reader(f"Reader {name}") for name in ("Abel", "Bea", "Cora")]
    three = [cast.a_comment(article, person, "Piers.") for person in people]
    browser = acting(moderator)
    asked = bulk(browser, "remove", *three[:2]).content.decode()
    assert "Remove 2 comments and tell their authors" in asked
    assert is_read(three[0])
    form = {"apply": "1", "clause": a_clause().pk, "facts": "Advertising."}
    said = seen(bulk(browser, "remove", *three[:2], page=asked, **form))
    assert "2 removed; each author is told why." in said
    assert [is_read(comment) for comment in three] == [False, False, True]
    assert "Advertising." in read(acting(people[1]), "/me/")
    assert "Advertising." not in read(acting(people[2]), "/me/")


def test_a_removal_of_many_needs_a_reason_too(comment: Comment, moderator: User) -> None:
    browser = acting(moderator)
    response = bulk(browser, "remove", comment, apply="1", clause=a_clause().pk, facts="")
    assert response.status_code == 400
    assert is_read(comment)


@pytest.mark.parametrize("action", ["approve", "remove"])
def test_what_was_changed_or_decided_meanwhile_is_left_alone(
    action: str, article: Article, reader: User, moderator: User, editor: User
) -> None:
    edited, decided, same = (
        cast.a_comment(article, reader, f"Word {n}.", held_because="x") for n in range(3)
    )
    browser = acting(moderator)
    page = read(browser, f"{DESK}everything/")
    if action == "remove":
        page = bulk(browser, "remove", edited, decided, same).content.decode()
    do(acting(reader), edited, "edit", text="Another word.", revision=1)
    decide(acting(editor), decided, {"deed": "approve"})
    more = {"apply": "1", "clause": a_clause().pk, "facts": "No."}
    said = seen(bulk(browser, action, edited, decided, same, page=page, **more))
    assert "Left alone, since it was changed or decided meanwhile: “Another word.”" in said
    assert "Left alone, since it was changed or decided meanwhile: “Word 1.”" in said
    assert "1 approved." in said or "1 removed" in said
    assert [is_read(each) for each in (edited, decided, same)] == (
        [False, True, action == "approve"]
    )


# Who may


def people() -> Iterator[tuple[str, Client]]:
    yield "visitor", acting()
    yield "reader", acting(cast.a_reader("Tom Third"))
    yield "author", acting(cast.an_author())
    yield "clerk", acting(cast.a_reader("Carl Clerk", is_staff=True))


ROOMS = ["desk/", "desk/everything/"] + [
    f"comments/{room}/" for room in ("discussion", "decision", "report", "sanction", "appeal")
]


@pytest.mark.parametrize("room", ROOMS)
def test_only_those_who_moderate_see_the_rooms(room: str, moderator: User, editor: User) -> None:
    for who in (moderator, editor):
        read(acting(who), f"/admin/{room}")
    for name, browser in people():
        status = browser.get(f"/admin/{room}").status_code
        assert status == (302 if name in ("visitor", "reader") else 403), name


@pytest.mark.attack("A21")
@pytest.mark.parametrize("room", ["comment", "decision", "report", "sanction"])
def test_nobody_adds_changes_or_deletes_a_row_by_hand(
    room: str, comment: Comment, moderator: User, editor: User, admin: User
) -> None:
    do(acting(cast.a_stranger()), comment, "report", kind="spam")
    suspended(cast.a_reader("Tom Third"), moderator)
    rows: dict[str, Any] = {
        "decision": Decision,
        "report": Report,
        "sanction": Sanction,
        "comment": Comment,
    }
    row = rows[room].objects.get()
    before = rows[room].objects.values().get()
    forged = {"state": "removed", "outcome": "upheld", "lifted_at_0": "2020-01-01", "facts": "x"}
    for who in (moderator, editor, admin):
        browser = acting(who)
        for page in ("add/", f"{row.pk}/delete/"):
            assert (
                browser.post(f"/admin/comments/{room}/{page}", {"post": "yes"}).status_code == 403
            )
        if room != "comment":
            address = f"/admin/comments/{room}/{row.pk}/change/"
            assert browser.post(address, forged).status_code == 403
        chosen = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        browser.post(f"/admin/comments/{room}/", chosen)
    assert rows[room].objects.values().get() == before
    assert is_read(comment)


FORGED = [
    {"deed": "approve"},
    {"deed": "remove", "remove-facts": "Mine."},
    {"deed": "restore"},
    {"deed": "suspend", "suspend-facts": "Mine.", "suspend-duration": "ever"},
    {"deed": "lift"},
]


@pytest.mark.parametrize("form", FORGED, ids=lambda form: form["deed"])
def test_nobody_else_decides(form: dict[str, Any], waiting: Comment, comment: Comment) -> None:
    clauses = {"remove-clause": a_clause().pk, "suspend-clause": a_clause().pk}
    for name, browser in people():
        for case in (waiting, comment):
            response = browser.post(desk(case), form | clauses | {"revision": 1, "last": 0})
            assert response.status_code == (302 if name in ("visitor", "reader") else 403), name
        for action in ("approve", "remove", "delete_selected"):
            chosen = {"deed": action, "comment": [waiting.pk, comment.pk]}
            more = {"apply": "1", "clause": a_clause().pk, "facts": "Mine."}
            seen_then = {f"revision-{comment.pk}": 1, f"revision-{waiting.pk}": 1}
            assert browser.post(f"{DESK}selection/", chosen | more | seen_then).status_code in (
                302,
                403,
            ), name
    assert not Decision.objects.exists()
    assert not is_read(waiting)
    assert is_read(comment)


@pytest.mark.attack("A21")
def test_who_may_only_look_decides_nothing(comment: Comment, waiting: Comment) -> None:
    looker = cast.a_reader("Lena Looker", is_staff=True)
    looker.user_permissions.add(Permission.objects.get(codename="view_comment"))
    browser = acting(looker)
    read(browser, desk(comment), 403)
    for form in FORGED:
        assert browser.post(desk(comment), form | {"revision": 1}).status_code == 403
    for deed in ("approve", "remove"):
        chosen: Any = {"deed": deed, "comment": [waiting.pk, comment.pk]}
        assert browser.post(f"{DESK}selection/", chosen).status_code == 403
    assert not Decision.objects.exists()
    assert is_read(comment)
    assert not is_read(waiting)


@pytest.mark.attack("A20")
def test_a_form_of_another_site_decides_nothing(comment: Comment, moderator: User) -> None:
    browser = acting(moderator, enforce_csrf_checks=True)
    response = browser.post(desk(comment), reason("remove") | {"revision": 1, "last": 0})
    assert response.status_code == 403
    assert is_read(comment)


def test_an_editor_closes_a_discussion_and_a_moderator_does_not(
    comment: Comment, moderator: User, editor: User
) -> None:
    address = f"/admin/comments/discussion/{comment.article.pk}/change/"
    form = {"mode": "closed", "closed_because": "It was late.", "slow_seconds": "0"}
    assert acting(moderator).post(address, form).status_code == 403
    assert "This discussion closed on" not in read(acting(), comment.article.get_absolute_url())
    assert acting(editor).post(address, form).status_code == 302
    page = read(acting(), comment.article.get_absolute_url())
    assert "This discussion closed on" in page
    assert "It was late." in page


def test_closing_a_discussion_leaves_what_came_meanwhile_counted(
    comment: Comment, reader: User, editor: User
) -> None:
    opened_earlier = RunForm(
        {"mode": "closed", "slow_seconds": "0"}, instance=Discussion.objects.get()
    )
    cast.a_comment(comment.article, reader, "Just in time.")
    assert opened_earlier.is_valid()
    opened_earlier.keep(editor)
    assert list(drifts()) == []
    assert Discussion.objects.get().comment_count == 2


def test_a_discussion_stays_with_its_article(comment: Comment, editor: User) -> None:
    other = cast.an_article("Elsewhere")
    address = f"/admin/comments/discussion/{comment.article.pk}/change/"
    acting(editor).post(address, {"article": other.pk, "mode": ""})
    assert Discussion.objects.get().pk == comment.article.pk
    assert "The pier is a scandal." not in read(acting(), other.get_absolute_url())


# What is told


@pytest.mark.attack("A14")
def test_a_statement_is_for_its_author_and_the_moderators(
    comment: Comment, reader: User, stranger: User, moderator: User, editor: User
) -> None:
    removed(comment, moderator, "Insults the harbour master.")
    address = StatementOfReasons.objects.get().get_absolute_url()
    for who in (reader, moderator, editor):
        page = read(acting(who), address)
        for said in ("The pier is a scandal.", "Insults the harbour master.", "no machine took"):
            assert said in page
    for who in (stranger, cast.an_author(), cast.a_reader("Tom Third", is_staff=True)):
        read(acting(who), address, status=404)
    assert acting().get(address)["Location"] == f"/accounts/login/?next={address}"


@pytest.mark.attack("A14")
def test_a_statement_is_not_to_be_guessed(comment: Comment, moderator: User) -> None:
    removed(comment, moderator)
    reference = StatementOfReasons.objects.get().reference
    assert re.fullmatch(r"\d{4}-[0-9a-f]{10}", reference)


def test_a_suspended_reader_sees_until_when_and_why(
    comment: Comment, reader: User, moderator: User
) -> None:
    form = reason("suspend", **{"suspend-duration": "3d"})
    assert "Done, and the author is told why." in decide(acting(moderator), comment, form)
    until = Sanction.objects.get().ends_at
    assert until
    for address in (comment.article.get_absolute_url(), "/me/"):
        page = " ".join(read(acting(reader), address).split())
        assert f"You cannot comment until {until:%-d %B %Y, %H:%M}." in page
        assert "Not like this." in page
        assert a_clause().as_it_reads in page
    assert '<textarea name="text"' not in read(acting(reader), comment.article.get_absolute_url())
    statement = read(acting(reader), StatementOfReasons.objects.get().get_absolute_url())
    assert "Your account may not comment for a while" in statement


def test_a_permanent_suspension_says_so(comment: Comment, reader: User, moderator: User) -> None:
    form = reason("suspend", **{"suspend-duration": "ever"})
    decide(acting(moderator), comment, form)
    page = read(acting(reader), comment.article.get_absolute_url())
    assert "You cannot comment any more." in page


@pytest.mark.parametrize("duration", ["100y", "-1d", "0", "None", ""])
def test_there_are_only_the_durations_of_the_list(
    duration: str, comment: Comment, moderator: User
) -> None:
    form = reason("suspend", **{"suspend-duration": duration})
    assert acting(moderator).post(desk(comment), form).status_code == 400
    assert not Sanction.objects.exists()


def test_a_forgotten_duration_is_not_for_ever(comment: Comment, moderator: User) -> None:
    assert acting(moderator).post(desk(comment), reason("suspend")).status_code == 400
    assert not Sanction.objects.exists()


def test_nobody_else_reads_of_a_suspension(
    comment: Comment, reader: User, stranger: User, moderator: User
) -> None:
    suspended(reader, moderator, in_days(3))
    for browser in (acting(), acting(stranger)):
        for address in (comment.article.get_absolute_url(), f"/comments/{comment.pk}/", "/chats/"):
            page = read(browser, address).lower()
            for word in ("suspended", "cannot comment", "insults again", "blocked"):
                assert word not in page


def test_an_open_discussion_says_nothing_of_suspended_or_closed(
    comment: Comment, reader: User
) -> None:
    for browser in (acting(), acting(reader)):
        page = read(browser, comment.article.get_absolute_url()).lower()
        assert "suspended" not in page
        assert "closed" not in page


def test_a_suspension_ends_by_itself(comment: Comment, reader: User, moderator: User) -> None:
    suspended(reader, moderator, in_days(3))
    with later(days=3, seconds=1):
        browser = acting(reader)
        assert "cannot comment" not in read(browser, comment.article.get_absolute_url())
        assert say(browser, comment.article, "Here again.").status_code == 302


def test_a_suspension_can_be_lifted(comment: Comment, reader: User, moderator: User) -> None:
    suspended(reader, moderator)
    assert "The sanction is lifted." in decide(acting(moderator), comment, {"deed": "lift"})
    assert "cannot comment" not in read(acting(reader), comment.article.get_absolute_url())
    assert say(acting(reader), comment.article, "Here again.").status_code == 302
    statement = StatementOfReasons.objects.get().get_absolute_url()
    assert "This decision was reversed on" in read(acting(reader), statement)


def test_a_suspension_is_lifted_once(
    comment: Comment, reader: User, moderator: User, editor: User
) -> None:
    suspended(reader, moderator)
    decide(acting(moderator), comment, {"deed": "lift"})
    assert TOLD in decide(acting(editor), comment, {"deed": "lift"})
    assert Decision.objects.filter(action="lift").count() == 1


def test_nobody_is_suspended_twice_over(comment: Comment, moderator: User, editor: User) -> None:
    form = reason("suspend", **{"suspend-duration": "1d"})
    decide(acting(moderator), comment, form)
    assert TOLD in decide(acting(editor), comment, form)
    assert StatementOfReasons.objects.count() == Sanction.objects.count() == 1


def test_a_suspended_reader_may_still_withdraw_and_read(
    comment: Comment, reader: User, moderator: User
) -> None:
    suspended(reader, moderator)
    assert do(acting(reader), comment, "withdraw").status_code == 302
    assert not is_read(comment)


# Reports


@pytest.mark.parametrize(
    ("deed", "outcome"), [("approve", "the comment stays"), ("remove", "the comment was removed")]
)
def test_a_decision_closes_the_reports_with_their_outcome(
    deed: str, outcome: str, comment: Comment, moderator: User
) -> None:
    for name in ("Abel", "Bea"):
        do(acting(cast.a_reader(f"Reader {name}")), comment, "report", kind="insult")
    assert "2 reports" in read(acting(moderator), f"{DESK}reported/")
    page = decide(acting(moderator), comment, reason(deed))
    assert page.count(outcome) == 2
    assert "The pier is a scandal." not in read(acting(moderator), f"{DESK}reported/")


def test_a_report_that_comes_after_a_decision_is_open(
    comment: Comment, stranger: User, moderator: User
) -> None:
    decide(acting(moderator), comment, {"deed": "approve"})
    do(acting(stranger), comment, "report", kind="insult")
    assert "1 report" in read(acting(moderator), f"{DESK}reported/")
