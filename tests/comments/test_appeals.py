"""Statements of reasons, appeals against them, and notices of illegal content."""

import json
import re
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Clause, User
from comments.counters import drifts
from comments.dsa import RESTRICTS, as_data
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Discussion,
    Notice,
    Report,
    StatementOfReasons,
)
from newsroom.models import Article, Section
from tests import cast
from tests.comments.acting import (
    OWN_PAGE,
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
from tests.newsroom.mailing import letters, work

pytestmark = pytest.mark.django_db

QUEUE = "/admin/desk/appeals/"


@pytest.fixture
def comment(article: Article, reader: User) -> Comment:
    return cast.a_comment(article, reader, "The pier is a scandal.")


def address() -> str:
    return StatementOfReasons.objects.get().get_absolute_url()


def answer(who: User, appeal: Appeal, outcome: str, **more: Any) -> str:
    form = {"outcome": outcome, "facts": "We looked again."} | more
    page = acting(who).post(f"/admin/desk/appeal/{appeal.pk}/", form, follow=True)
    return seen(page)


# Appeals


def test_a_reversal_puts_everything_back_and_tells(
    comment: Comment, reader: User, stranger: User, moderator: User, editor: User
) -> None:
    do(acting(stranger), comment, "recommend")
    do(acting(stranger), comment, "report", kind="insult")
    Decision.objects.all().pick(comment, editor)
    before = Comment.objects.values().get()
    removed(comment, moderator)
    assert "Do you disagree?" in read(acting(reader), address())
    acting(reader).post(address(), {"text": "It was satire."})
    assert "It was satire." in read(acting(editor), QUEUE)
    assert "everybody concerned is told" in answer(editor, Appeal.objects.get(), "reverse")
    assert Comment.objects.values().get() == before
    page = seen(acting(reader).get(address()))
    for said in ("The decision is reversed.", "We looked again.", "had not taken the decision"):
        assert said in page
    assert Report.objects.get().outcome == "dismissed"
    assert list(drifts()) == []


def test_an_appeal_that_is_turned_down_says_why(
    comment: Comment, reader: User, moderator: User, editor: User
) -> None:
    removed(comment, moderator)
    acting(reader).post(address(), {"text": "It was satire."})
    answer(editor, Appeal.objects.get(), "uphold")
    page = seen(acting(reader).get(address()))
    assert "The decision stands." in page
    assert "out-of-court" in page
    comment.refresh_from_db()
    assert comment.state == "removed"


def test_a_lifted_suspension_lets_comment_again(
    article: Article, reader: User, moderator: User, editor: User
) -> None:
    suspended(reader, moderator, in_days(30))
    acting(reader).post(address(), {"text": "It was somebody else."})
    answer(editor, Appeal.objects.get(), "reverse")
    assert say(acting(reader), article, "Thank you.").status_code == 302


def test_nobody_decides_an_appeal_against_themselves(
    comment: Comment, reader: User, moderator: User, editor: User
) -> None:
    removed(comment, moderator)
    acting(reader).post(address(), {"text": "It was satire."})
    assert "A colleague has to." in answer(moderator, Appeal.objects.get(), "uphold")
    assert Appeal.objects.get().outcome == ""


def test_a_paper_with_one_moderator_says_so(
    comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    acting(reader).post(address(), {"text": "It was satire."})
    answer(moderator, Appeal.objects.get(), "uphold")
    assert "only one moderator" in seen(acting(reader).get(address()))


@pytest.mark.attack("A48")
def test_an_appeal_is_answered_once(
    comment: Comment, reader: User, moderator: User, editor: User
) -> None:
    removed(comment, moderator)
    acting(reader).post(address(), {"text": "It was satire."})
    answer(editor, Appeal.objects.get(), "uphold")
    assert "Nothing was done twice." in answer(editor, Appeal.objects.get(), "reverse")
    comment.refresh_from_db()
    assert comment.state == "removed"


@pytest.mark.parametrize(("days", "status"), [(182, 302), (184, 409)])
def test_there_are_six_months_to_appeal(
    days: int, status: int, comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    where = address()
    with later(days=days):
        assert acting(reader).post(where, {"text": "Late, but wrong."}).status_code == status


def test_an_appeal_is_made_once_and_by_whom_it_concerns(
    comment: Comment, reader: User, stranger: User, moderator: User
) -> None:
    removed(comment, moderator)
    for _twice in range(2):
        acting(reader).post(address(), {"text": "It was satire."})
    assert acting(reader).post(address(), {"text": " "}).status_code == 400
    assert acting(stranger).post(address(), {"text": "Me too."}).status_code == 404
    assert acting(moderator).post(address(), {"text": "Me too."}).status_code == 403
    assert acting().post(address(), {"text": "Me too."}).status_code == 302
    assert Appeal.objects.count() == 1


def test_a_reporter_who_was_refused_appeals_too(
    comment: Comment, stranger: User, moderator: User, editor: User
) -> None:
    do(acting(stranger), comment, "report", kind="insult")
    Decision.objects.all().approve(comment, moderator, 1, 0)
    page = read(acting(stranger), f"/comments/{comment.pk}/report/")
    assert "The comment stays" in page
    do(acting(stranger), comment, "report", text="Read it again.")
    appeal = Appeal.objects.get()
    assert "Choose the rule" in answer(editor, appeal, "reverse")
    answer(editor, appeal, "reverse", clause=a_clause().pk)
    comment.refresh_from_db()
    assert comment.state == "removed"
    page = read(acting(stranger), f"/comments/{comment.pk}/report/")
    assert "The comment was removed" in page


# Notices


def give_notice(comment: Comment, **more: Any) -> Any:
    form = {
        "address": f"/comments/{comment.pk}/",
        "reasons": "It names my child.",
        "name": "Nora Notifier",
        "email": "nora@example.org",
        "good_faith": "on",
    } | more
    return acting().post("/notices/", form, headers=OWN_PAGE)


@pytest.mark.attack("A23")
def test_anybody_gives_notice_and_hears_of_it(comment: Comment, moderator: User) -> None:
    receipt = give_notice(comment)["Location"]
    assert Notice.objects.get().reference in read(acting(), receipt)
    assert "It names my child." in read(acting(moderator), "/admin/desk/notices/")
    form = {"outcome": "follow", "facts": "A private matter.", "law": "Civil Code, § 8"}
    acting(moderator).post(f"/admin/desk/notice/{Notice.objects.get().pk}/", form)
    comment.refresh_from_db()
    assert comment.state == "removed"
    page = seen(acting().get(receipt))
    work()
    assert all(receipt in letter.body for letter in letters("nora@example.org"))
    assert len(letters("nora@example.org")) == 2
    assert "Acted upon." in page
    assert "A private matter." in page
    data = as_data(StatementOfReasons.objects.get())
    assert data["illegal_content_legal_ground"] == "Civil Code, § 8"
    assert data["source_type"] == "SOURCE_ARTICLE_16"


def test_who_gave_a_notice_in_vain_appeals_without_an_account(
    comment: Comment, moderator: User, editor: User
) -> None:
    receipt = give_notice(comment)["Location"]
    form = {"outcome": "refuse", "facts": "It names nobody."}
    acting(moderator).post(f"/admin/desk/notice/{Notice.objects.get().pk}/", form)
    assert "Do you disagree?" in read(acting(), receipt)
    acting().post(receipt, {"text": "Everybody knows."}, headers=OWN_PAGE)
    answer(editor, Appeal.objects.get(), "reverse", clause=a_clause().pk)
    comment.refresh_from_db()
    assert comment.state == "removed"
    assert "We looked again." in seen(acting().get(receipt))


def test_the_evidence_stays_as_it_was(comment: Comment, reader: User, moderator: User) -> None:
    give_notice(comment)
    do(acting(reader), comment, "edit", text="Nothing to see.", revision=1)
    do(acting(reader), comment, "withdraw")
    assert "The pier is a scandal." in read(acting(moderator), "/admin/desk/notices/")


@pytest.mark.parametrize(
    "lacking",
    [{"good_faith": ""}, {"reasons": ""}, {"address": "https://other.example/comments/1/"}],
)
def test_a_notice_that_lacks_something_keeps_what_was_typed(
    lacking: dict[str, str], comment: Comment
) -> None:
    response = give_notice(comment, **lacking)
    assert response.status_code == 400
    assert "Nora Notifier" in seen(response)
    assert not Notice.objects.exists()


@pytest.mark.attack("A20", "A23")
def test_notices_from_other_sites_and_in_floods_are_refused(comment: Comment) -> None:
    form = {"address": "/", "reasons": "x", "good_faith": "on"}
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert acting().post("/notices/", form, headers=foreign).status_code == 403
    statuses = [give_notice(comment).status_code for _time in range(12)]
    assert statuses[-1] == 429


# For machines

VALUES = {
    "decision_provision": {
        f"DECISION_PROVISION_{much}_{what}"
        for much in ("PARTIAL", "TOTAL")
        for what in ("SUSPENSION", "TERMINATION")
    },
    "decision_ground": {
        "DECISION_GROUND_ILLEGAL_CONTENT",
        "DECISION_GROUND_INCOMPATIBLE_CONTENT",
    },
    "source_type": {
        "SOURCE_ARTICLE_16",
        "SOURCE_TRUSTED_FLAGGER",
        "SOURCE_TYPE_OTHER_NOTIFICATION",
        "SOURCE_VOLUNTARY",
    },
    "automated_detection": {"AUTOMATED_DETECTION_YES", "AUTOMATED_DETECTION_NO"},
    "automated_decision": {
        f"AUTOMATED_DECISION_{how}" for how in ("FULLY", "PARTIALLY", "NOT_AUTOMATED")
    },
    "account_type": {"ACCOUNT_TYPE_BUSINESS", "ACCOUNT_TYPE_PRIVATE"},
    "category": {f"STATEMENT_CATEGORY_{name}" for name in Clause.Category.values},
    "incompatible_content_illegal": {
        "INCOMPATIBLE_CONTENT_ILLEGAL_YES",
        "INCOMPATIBLE_CONTENT_ILLEGAL_NO",
    },
}
VISIBILITIES = {
    f"DECISION_VISIBILITY_{name}"
    for name in "CONTENT_REMOVED CONTENT_DISABLED CONTENT_DEMOTED CONTENT_AGE_RESTRICTED "
    "CONTENT_INTERACTION_RESTRICTED CONTENT_LABELLED OTHER".split()
}
LONGEST = {
    "puid": 500,
    "decision_visibility_other": 500,
    "decision_ground_reference_url": 500,
    "illegal_content_legal_ground": 500,
    "illegal_content_explanation": 2000,
    "incompatible_content_ground": 500,
    "incompatible_content_explanation": 2000,
    "decision_facts": 5000,
}


def faults(data: dict[str, Any]) -> list[str]:
    """What the database of the European Commission would refuse in it."""
    found = [
        f"{key} is {data[key]}"
        for key, known in VALUES.items()
        if data.get(key, next(iter(known))) not in known
    ]
    found += [
        f"{key} is too long or empty"
        for key, most in LONGEST.items()
        if key in data and not 0 < len(data[key]) <= most
    ]
    required = ["puid", "content_type", "content_date", "application_date", "decision_facts"]
    required += VALUES.keys() - {
        "decision_provision",
        "account_type",
        "incompatible_content_illegal",
    }
    found += [f"{key} lacks" for key in required if not data.get(key)]
    if not re.fullmatch(r"[a-zA-Z0-9_-]+", data["puid"]):
        found.append("puid")
    if not any(
        f"decision_{kind}" in data for kind in ("visibility", "monetary", "provision", "account")
    ):
        found.append("no decision")
    if not set(data.get("decision_visibility", [])) <= VISIBILITIES:
        found.append("decision_visibility")
    if ("DECISION_VISIBILITY_OTHER" in data.get("decision_visibility", [])) != (
        "decision_visibility_other" in data
    ):
        found.append("decision_visibility_other")
    kind = "illegal" if data["decision_ground"].endswith("ILLEGAL_CONTENT") else "incompatible"
    said = {"illegal": ("legal_ground", "explanation"), "incompatible": ("ground", "explanation")}
    found += [
        f"{kind}_content_{each}" for each in said[kind] if not data.get(f"{kind}_content_{each}")
    ]
    if set(data["content_type"]) != {"CONTENT_TYPE_TEXT"}:
        found.append("content_type")
    for key, first in (("content_date", 2000), ("application_date", 2020)):
        if not date(first, 1, 1) <= date.fromisoformat(data[key]) <= date(2038, 1, 1):
            found.append(key)
    found += [
        key
        for key in data
        if key.startswith("end_date") and not re.fullmatch(r"\d{4}-\d\d-\d\d", data[key])
    ]
    return found


@settings(max_examples=300, deadline=None)
@given(
    action=st.sampled_from(sorted(RESTRICTS)),
    source=st.sampled_from(Decision.Source.values),
    automated=st.booleans(),
    detected=st.booleans(),
    law=st.one_of(st.just(""), st.text(min_size=1, max_size=500)),
    clause=st.one_of(st.none(), st.sampled_from(Clause.Category.values)),
    clause_text=st.text(max_size=3000),
    facts=st.text(max_size=3000),
    about_a_comment=st.booleans(),
    ends=st.booleans(),
)
def test_every_statement_passes_the_rules_of_the_database(
    action: str,
    source: str,
    automated: bool,
    detected: bool,
    law: str,
    clause: str | None,
    clause_text: str,
    facts: str,
    about_a_comment: bool,
    ends: bool,
) -> None:
    article = Article(section=Section(name="x"), language="en")
    comment = Comment(discussion=Discussion(article=article)) if about_a_comment else None
    decision = Decision(
        action=action,
        source=source,
        automated=automated,
        detected=detected,
        legal_ground=law,
        clause=Clause(category=clause, number=1) if clause else None,
        clause_text=clause_text,
        facts=facts,
        comment=comment,
        person=User(name="Rita Reader", username="rita"),
    )
    statement = StatementOfReasons(decision=decision, ends_at=in_days(3) if ends else None)
    assert faults(as_data(statement)) == []


def test_no_name_leaves_the_house(comment: Comment, reader: User, moderator: User) -> None:
    removed(comment, moderator, "rita reader, write to mona@example.com or +49 30 1234567.")
    said = json.dumps(as_data(StatementOfReasons.objects.get()))
    for private in ("rita", "Rita", "mona@", "1234567", "pier"):
        assert private not in said


def test_the_statement_is_there_as_json_and_in_the_export(
    comment: Comment, reader: User, moderator: User
) -> None:
    removed(comment, moderator)
    Decision.objects.all().warn(reader, moderator, a_clause(), "Once more, and you pause.")
    statement = StatementOfReasons.objects.get(decision__action="remove")
    data = acting(reader).get(statement.get_absolute_url(), {"format": "json"}).json()
    assert data["puid"] == statement.reference
    printed = StringIO()
    call_command("export_statements", stdout=printed)
    assert json.loads(printed.getvalue()) == {"statements": [data]}
