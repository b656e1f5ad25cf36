"""The desk about itself: its load, what it decided, how far it agrees, and the heat."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments.models import Comment, Decision, Discussion, Rejudgement, Report, rejudgement
from newsroom.models import Article
from tests import cast
from tests.comments.acting import HTMX, acting, in_days, later, read, removed, seen, suspended

pytestmark = pytest.mark.django_db

FIGURES = "/admin/desk/figures/"
AGAIN = "/admin/desk/again/"


@pytest.fixture
def colleague() -> User:
    return cast.a_moderator("Moe Moderator")


@pytest.fixture
def each_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decision is judged again, and not one in fifty."""
    monkeypatch.setattr(rejudgement, "ONE_IN", 1)


def approved(comment: Comment, by: User) -> Decision:
    return Decision.objects.all().approve(comment, by, comment.current.n)


def judge(by: User, decision: Decision, answer: str, **how: Any) -> Any:
    return acting(by).post(f"{AGAIN}{decision.pk}/", {"answer": answer}, **how)


# Judged again


def test_one_decision_in_fifty_is_judged_again(
    article: Article, moderator: User, colleague: User
) -> None:
    comment = cast.a_comment(article, cast.a_reader("Polly Poster"))
    facts = {"comment": comment, "revision": comment.current, "action": "approve"}
    ago = timezone.now() - timedelta(hours=1)
    Decision.objects.bulk_create(Decision(by=moderator, at=ago, **facts) for _n in range(100))
    assert Rejudgement.objects.all().to_judge(colleague).count() == 2
    assert not Rejudgement.objects.all().to_judge(moderator).exists()


@pytest.mark.usefixtures("each_one")
def test_a_colleague_is_not_told_what_was_decided(
    article: Article, reader: User, moderator: User, colleague: User
) -> None:
    comment = cast.a_comment(article, reader, "You are an idiot.")
    Report.objects.create(comment=comment, revision=comment.current, kind="insult")
    decision = removed(comment, moderator, "An insult.")
    assert "Judge again" not in read(acting(colleague), "/admin/desk/")  # it may be undone still
    with later(minutes=2):
        page = seen(acting(colleague).get(AGAIN))
        assert "Judge again" not in seen(acting(moderator).get("/admin/desk/"))
    assert "You are an idiot." in page
    assert "It insults somebody" in page
    work = page[page.index('id="cards"') :]
    for told in ("removed", "An insult.", moderator.name, reader.name, f"comment/{comment.pk}/"):
        assert told not in work, told
    assert f"{AGAIN}{decision.pk}/" in work


@pytest.mark.usefixtures("each_one")
def test_an_answer_is_kept_and_changes_nothing(
    article: Article, reader: User, moderator: User, colleague: User
) -> None:
    first = removed(cast.a_comment(article, reader), moderator)
    second = approved(cast.a_comment(article, reader, "Another."), moderator)
    with later(minutes=2):
        before = list(Comment.objects.values())
        answer = judge(colleague, first, "approve", headers=HTMX)
        assert "It changes nothing for the comment." in seen(answer)
        judge(colleague, second, "approve")
        assert list(Comment.objects.values()) == before
        assert Decision.objects.count() == 2
        page = seen(acting(moderator).get(FIGURES))
    assert '<b class="great">50 %</b> the same: 1 of 2 judged again' in page


@pytest.mark.usefixtures("each_one")
def test_it_is_judged_again_once_and_by_somebody_else(
    article: Article, reader: User, moderator: User, colleague: User, editor: User
) -> None:
    decision = removed(cast.a_comment(article, reader), moderator)
    concerned = removed(cast.a_comment(article, colleague), moderator)
    with later(minutes=2):
        assert judge(moderator, decision, "remove", headers=HTMX).status_code == 409
        assert judge(colleague, concerned, "remove", headers=HTMX).status_code == 409
        assert judge(colleague, decision, "perhaps", headers=HTMX).status_code == 400
        assert judge(colleague, decision, "remove", headers=HTMX).status_code == 200
        assert judge(editor, decision, "approve", headers=HTMX).status_code == 409
        assert judge(reader, decision, "approve").status_code == 302  # to the door
    assert Rejudgement.objects.get().by == colleague


@pytest.mark.usefixtures("each_one")
def test_what_was_undone_or_is_old_or_a_machine_s_is_not_judged_again(
    article: Article, reader: User, moderator: User, colleague: User
) -> None:
    undone = removed(cast.a_comment(article, reader), moderator)
    Decision.objects.all().undo(undone, moderator)
    Decision.objects.all().hold(cast.a_comment(article, reader, "Reported."), "three reports")
    with later(minutes=2):
        assert not Rejudgement.objects.all().to_judge(colleague).exists()
        removed(cast.a_comment(article, reader, "One more."), moderator)
    with later(days=20):
        assert not Rejudgement.objects.all().to_judge(colleague).exists()


@pytest.mark.usefixtures("each_one")
def test_the_judgements_are_on_the_record(
    article: Article, reader: User, moderator: User, colleague: User
) -> None:
    decision = removed(cast.a_comment(article, reader), moderator)
    with later(minutes=2):
        judge(colleague, decision, "approve")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rejudgement.objects.update(answer="remove")
    with pytest.raises(IntegrityError), transaction.atomic():
        Rejudgement.objects.all().delete()


# The page


def test_the_figures_say_who_decided_what_under_which_rule(
    article: Article, reader: User, moderator: User, colleague: User
) -> None:
    removed(cast.a_comment(article, reader), moderator)
    second = cast.a_comment(article, reader, "Two.")
    removed(second, moderator)
    Decision.objects.all().restore(second, colleague, "It was right.")
    approved(cast.a_comment(article, reader, "Three.", held_because="a link"), colleague)
    suspended(reader, moderator, in_days(1))
    cast.a_comment(article, cast.a_stranger(), "Four.", held_because="a link")
    page = read(acting(colleague), FIGURES)
    row = "<td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
    assert f"Mona Moderator</th>{row.format(0, 2, 1, 1)}" in page
    assert f"Moe Moderator</th>{row.format(1, 0, 0, 0)}" in page
    assert "1. Argue with the point, not the person.</th><td>2</td><td>1</td>" in page
    assert "Comments today <b>4</b>" in page
    assert 'aria-label="Waiting, since at least: 0 1, 15 min 0' in page
    assert "Nothing was judged again in 30 days." in page


def test_the_figures_take_the_same_queries_however_much_there_is(
    article: Article, moderator: User
) -> None:
    counts = []
    for n in range(2):
        for m in range(4):
            person = cast.a_reader(f"Person {'abcdefgh'[4 * n + m]}")
            removed(
                cast.a_comment(article, person), cast.a_moderator(f"Mod {'abcdefgh'[4 * n + m]}")
            )
        browser = acting(moderator)
        read(browser, FIGURES)
        with CaptureQueriesContext(connection) as queries:
            read(browser, FIGURES)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", [FIGURES, AGAIN])
def test_only_moderators_see_the_desk_s_own_pages(address: str, reader: User, author: User) -> None:
    for who, status in ((acting(), 302), (acting(reader), 302), (acting(author), 403)):
        assert who.get(address).status_code == status


# Heat


def test_one_button_slows_a_discussion_down_and_another_ends_it(
    article: Article, reader: User, moderator: User
) -> None:
    cast.a_comment(article, reader)
    desk = acting(moderator)
    page = read(desk, "/admin/desk/")
    assert f'action="/admin/desk/slow/{article.pk}/"' in page
    slow = f"/admin/desk/slow/{article.pk}/"
    for _twice in range(2):
        assert desk.post(slow, {"slow": "1", "queue": "waiting"})["Location"].endswith("/waiting/")
    assert Discussion.objects.get().slow_seconds == 60
    assert "Slow mode." in read(acting(), article.get_absolute_url())
    (decision,) = Decision.objects.all()
    assert (decision.action, decision.by, decision.facts) == (
        "run",
        moderator,
        "slow mode: 1 minute",
    )
    desk.post(slow)
    assert Discussion.objects.get().slow_seconds == 0
    assert acting(reader).post(slow, {"slow": "1"}).status_code == 302
    assert Discussion.objects.get().slow_seconds == 0


def test_the_heat_is_drawn_by_five_minutes(article: Article, reader: User, moderator: User) -> None:
    cast.a_comment(article, reader)
    with later(minutes=7):
        cast.a_comment(article, reader, "And another.")
        page = read(acting(moderator), FIGURES)
    assert "0.2 a minute" in page
    assert page.count(": 1</title>") >= 2
