"""The desk as the place where a day's work is done: queues, claims, undo, people, the record."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Sighting, User
from comments.counters import drifts
from comments.desk import queues
from comments.models import (
    Claim,
    Comment,
    Decision,
    Discussion,
    Note,
    Notification,
    Opinion,
    Report,
    Sanction,
    SavedReason,
    StatementOfReasons,
)
from newsroom.models import Article
from tests import cast
from tests.comments.acting import (
    HTMX,
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


@pytest.fixture
def desk(moderator: User) -> Client:
    return acting(moderator)


def many(article: Article, count: int, **more: Any) -> list[Comment]:
    person = cast.a_reader("Polly Poster")
    more.setdefault("held_because", "a link")
    return [cast.a_comment(article, person, f"Word {n}.", **more) for n in range(count)]


def press(desk: Client, comment: Comment, deed: str, /, *, htmx: Any = True, **more: Any) -> Any:
    """A deed on a card of "Waiting" as it stands now."""
    last = comment.decisions.order_by("pk").last()
    form = {"deed": deed, "revision": comment.current.n, "last": last.pk if last else 0}
    form |= {"queue": "waiting", f"{deed}-clause": a_clause().pk, f"{deed}-facts": "No."}
    headers = HTMX if htmx else None
    return desk.post(f"{DESK}comment/{comment.pk}/", form | more, headers=headers)


def undo(desk: Client, decision: Decision) -> Any:
    return desk.post(f"{DESK}undo/{decision.pk}/", {"queue": "waiting"}, headers=HTMX)


# The queues


def test_a_queue_says_how_many_wait_and_since_when(desk: Client, article: Article) -> None:
    many(article, 3)
    with later(minutes=21):
        page = seen(desk.get(DESK))
    assert 'Waiting <b class="count">3</b>' in page
    assert "oldest 21 minutes" in page


def test_the_queue_goes_on_from_the_last_card(desk: Client, article: Article) -> None:
    waiting = many(article, queues.PAGE + 2)
    first = desk.get(DESK)
    found = re.search(r'id="next" href="([^"]+)"', first.content.decode())
    assert found
    second = read(desk, DESK + found[1])
    assert second.count('class="card" id="card-') == 2
    assert f'id="card-{waiting[-1].pk}"' in second


@pytest.mark.attack("A44")
def test_a_page_of_the_desk_takes_the_same_queries_however_long_it_is(
    desk: Client, article: Article
) -> None:
    counts = []
    for _more in range(2):
        for comment in many_people(article, 10):
            Report.objects.create(
                comment=comment, revision=comment.current, reporter=comment.author, kind="spam"
            )
        for slug in ("waiting", "reported", "everything"):
            desk.get(f"{DESK}{slug}/")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                read(desk, f"{DESK}{slug}/")
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert max(counts) < 40


def many_people(article: Article, count: int) -> list[Comment]:
    before = User.objects.count()
    people = [
        cast.a_reader(f"Person {'abcdefghijklmnopqrstuvwxyz'[n]}{'x' * before}"[:30])
        for n in range(count)
    ]
    root = cast.a_comment(article, people[0], f"Root {before}.")
    for n, person in enumerate(people):
        cast.a_comment(article, person, f"Held {before}/{n}.", root, held_because="a link")
    return [
        cast.a_comment(article, each, f"Word {before}/{n}.", root) for n, each in enumerate(people)
    ]


@pytest.mark.parametrize("slug", ["nothing", "admin", "waiting2"])
def test_there_are_only_the_queues_of_the_list(slug: str, desk: Client) -> None:
    assert desk.get(f"{DESK}{slug}/").status_code == 404


@pytest.mark.parametrize("after", ["x", "WzEsMl0", "bnVsbA"])
def test_an_unreadable_cursor_is_a_bad_request(after: str, desk: Client) -> None:
    assert desk.get(f"{DESK}?after={after}").status_code == 400


def test_everything_is_found_by_name_by_address_and_by_words(
    desk: Client, article: Article, reader: User
) -> None:
    mine = cast.a_comment(article, reader, "The pier is a scandal.")
    other = cast.a_comment(article, cast.a_stranger(), "Gulls again.")
    for asked in ("rita reader", f"/comments/{mine.pk}/", str(mine.pk), "pier IS"):
        page = seen(desk.get(f"{DESK}everything/", {"q": asked}))
        assert f'id="card-{mine.pk}"' in page, asked
        assert f'id="card-{other.pk}"' not in page, asked
    assert "Nothing waits here." in seen(desk.get(f"{DESK}everything/", {"q": "zebra"}))


def test_a_card_shows_what_bears_on_the_comment(
    desk: Client, article: Article, reader: User, moderator: User
) -> None:
    root = cast.a_comment(article, cast.a_stranger(), "The bridge was late.")
    before = cast.a_comment(article, cast.a_reader("Ben Before"), "Not by much.", root)
    comment = cast.a_comment(article, reader, "By a year, *idiot*.", root, held_because="a word")
    cast.a_comment(article, cast.a_reader("Ava After"), "Calm down.", root)
    Note.objects.create(person=reader, by=moderator, text="Kind in letters.")
    suspended(reader, moderator, in_days(2))
    page = seen(desk.get(f"{DESK}comment/{comment.pk}/"))
    for said in (
        "a word",
        "The bridge was late.",
        before.excerpt,
        "Calm down.",
        "<em>idiot</em>",
        article.headline,
        "Kind in letters.",
        "may not comment",
    ):
        assert said in page, said


# The next state


def test_a_decision_answers_with_the_next_state(desk: Client, article: Article) -> None:
    first, _second = many(article, 2)
    response = press(desk, first, "approve")
    answer = seen(response)
    assert response.status_code == 200
    assert f'card-{first.pk}" data-id' not in answer
    assert 'Waiting <b class="count">1</b>' in answer
    assert "Undo" in answer
    assert "Approved: everybody can read it now." in answer


def test_a_reason_that_lacks_comes_back_in_its_place(desk: Client, article: Article) -> None:
    (comment,) = many(article, 1)
    response = press(desk, comment, "remove", **{"remove-clause": ""})
    assert response.status_code == 400
    assert response["HX-Retarget"] == f"#deed-{comment.pk}"
    assert "No.</textarea>" in response.content.decode()


def test_a_saved_reason_is_enough(desk: Client, article: Article) -> None:
    (comment,) = many(article, 1)
    saved = SavedReason.objects.all()[0]
    press(desk, comment, "remove", **{"remove-facts": "", "remove-saved": saved.pk})
    assert Decision.objects.get().facts == saved.text


def test_a_changed_text_comes_with_its_difference(
    desk: Client, article: Article, reader: User
) -> None:
    comment = cast.a_comment(article, reader, "The pier is a scandal.")
    do(acting(reader), comment, "edit", text="The pier is a joy.", revision=1)
    response = press(desk, comment, "remove", revision=1)
    assert response.status_code == 409
    assert "<del>scandal.</del>" in seen(response)
    assert "<ins>joy.</ins>" in seen(response)
    assert not Decision.objects.exists()


# What comes meanwhile


def test_a_page_asks_how_much_of_what_it_heard_of_is_in_its_queue(
    desk: Client, article: Article, reader: User
) -> None:
    first, second, _third = many(article, 3)
    said = cast.a_comment(article, reader, "Not held.")
    news = f"{DESK}waiting/news/?ids={first.pk},{second.pk},{said.pk},x"
    page = seen(desk.get(news, headers=HTMX))
    assert "2 new: show them" in page
    assert 'Waiting <b class="count">3</b>' in page
    assert "new:" not in seen(desk.get(f"{DESK}waiting/news/?ids={said.pk}", headers=HTMX))


def test_a_desk_without_a_stream_asks_what_it_missed(
    desk: Client, article: Article, reader: User
) -> None:
    found = re.search(r'data-live="desk" data-since="(\d+)"', read(desk, DESK))
    assert found
    (comment,) = many(article, 1)
    told = desk.get(f"{DESK}?since={found[1]}").json()
    assert told["events"] == [["desk", {"kind": "comment", "id": comment.pk}]]
    assert not desk.get(f"{DESK}?since={told['last']}").json()["events"]
    assert acting(reader).get(f"{DESK}?since={found[1]}").status_code == 302


# Undo


@pytest.mark.parametrize("deed", ["approve", "remove"])
def test_what_slipped_is_undone_for_thirty_seconds(
    deed: str, desk: Client, article: Article, stranger: User
) -> None:
    (comment,) = many(article, 1)
    Report.objects.create(comment=comment, revision=comment.current, reporter=stranger, kind="spam")
    press(desk, comment, deed)
    with later(seconds=29):
        assert undo(desk, Decision.objects.get()).status_code == 200
    comment.refresh_from_db()
    assert (comment.state, comment.held_because) == ("pending", "a link")
    assert not Notification.objects.exists()
    assert Report.objects.get().outcome == ""
    assert Decision.objects.filter(action="undo").count() == 1
    assert list(drifts()) == []


def test_after_thirty_seconds_it_is_decided_anew(desk: Client, article: Article) -> None:
    (comment,) = many(article, 1)
    press(desk, comment, "approve")
    with later(seconds=31):
        response = undo(desk, Decision.objects.get())
    assert response.status_code == 409
    assert "can no longer be undone" in seen(response)
    comment.refresh_from_db()
    assert comment.state == "public"


def test_nobody_undoes_what_another_did(desk: Client, article: Article, editor: User) -> None:
    (comment,) = many(article, 1)
    press(desk, comment, "approve")
    assert undo(acting(editor), Decision.objects.get()).status_code == 404


def test_an_undone_suspension_is_over(desk: Client, article: Article, reader: User) -> None:
    comment = cast.a_comment(article, reader)
    press(desk, comment, "suspend", **{"suspend-duration": "7d"})
    undo(desk, Decision.objects.get())
    assert say(acting(reader), article, "Here again.").status_code == 302


def test_nothing_is_undone_over_a_newer_decision(
    desk: Client, article: Article, moderator: User, editor: User
) -> None:
    (comment,) = many(article, 1)
    press(desk, comment, "approve")
    approval = Decision.objects.get()
    removed(comment, editor)
    assert undo(desk, approval).status_code == 409
    comment.refresh_from_db()
    assert comment.state == "removed"


# Two moderators, one card


def test_a_claim_shows_who_has_it_and_for_how_long(
    desk: Client, article: Article, editor: User
) -> None:
    (comment,) = many(article, 1)
    claim = f"{DESK}comment/{comment.pk}/claim/"
    assert "yours" in seen(desk.post(claim, headers=HTMX))
    assert "Mona Moderator has it" in read(acting(editor), DESK)
    assert "Mona Moderator has it" in seen(acting(editor).post(claim, headers=HTMX))
    with later(minutes=3):
        assert "has it" not in read(acting(editor), DESK)
        assert "yours" in seen(acting(editor).post(claim, headers=HTMX))
    assert Claim.objects.count() == 1


def test_a_second_opinion_waits_for_the_colleague(
    desk: Client, article: Article, editor: User, moderator: User
) -> None:
    comment = cast.a_comment(article, cast.a_reader("Polly Poster"))
    press(desk, comment, "ask", **{"ask-of": editor.pk, "ask-question": "Satire?"})
    assert "Mona Moderator asks Edgar Editor : Satire?" in seen(
        acting(editor).get(f"{DESK}asked/")
    ).replace("Editor:", "Editor :")
    assert "Asked of you" not in read(desk, DESK)
    press(acting(editor), comment, "approve")
    assert not Opinion.objects.exists()


# People


def person(whom: User, deed: str = "") -> str:
    return f"{DESK}person/{whom.pk}/{deed}"


def test_a_note_is_for_moderators_alone(desk: Client, reader: User, article: Article) -> None:
    cast.a_comment(article, reader)
    desk.post(person(reader, "note/"), {"note-text": "Writes at night."})
    assert "Writes at night." in read(desk, person(reader))
    for who in (acting(), acting(reader)):
        for address in (article.get_absolute_url(), "/me/"):
            assert "Writes at night." not in seen(who.get(address))


def test_a_warning_is_told_and_restricts_nothing(
    desk: Client, reader: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    press(desk, comment, "suspend", **{"suspend-measure": "warn", "suspend-duration": "1d"})
    assert Decision.objects.get().action == "warn"
    assert StatementOfReasons.objects.get().person == reader
    assert Notification.objects.get().person == reader
    assert say(acting(reader), article, "I see.").status_code == 302
    assert not Sanction.objects.exists()


def test_each_comment_of_a_premoderated_reader_waits(
    desk: Client, reader: User, article: Article
) -> None:
    form = {"suspend-measure": "premoderate", "suspend-duration": "7d"}
    form |= {"suspend-clause": str(a_clause().pk), "suspend-facts": "Insults."}
    desk.post(person(reader, "measure/"), form)
    say(acting(reader), article, "Then read this.")
    assert Comment.objects.get().state == "pending"
    with later(days=8):
        say(acting(reader), article, "And this.")
        assert Comment.objects.latest("pk").state == "public"


def test_everything_of_a_period_is_counted_before_it_goes(
    desk: Client, reader: User, article: Article
) -> None:
    old = cast.a_comment(article, reader, "Older.")
    Comment.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
    for n in range(3):
        cast.a_comment(article, reader, f"Word {n}.")
    cast.a_comment(article, cast.a_stranger())
    form = {
        "everything-since": f"{timezone.now() - timedelta(days=1):%Y-%m-%d %H:%M}",
        "everything-until": f"{timezone.now() + timedelta(minutes=1):%Y-%m-%d %H:%M}",
        "everything-clause": str(a_clause().pk),
        "everything-facts": "A campaign.",
    }
    asked = seen(desk.post(person(reader, "everything/"), form))
    assert "<b>3 comments</b>" in asked
    assert not Decision.objects.exists()
    desk.post(person(reader, "everything/"), form | {"confirmed": "2"})
    assert not Decision.objects.exists()
    said = seen(desk.post(person(reader, "everything/"), form | {"confirmed": "3"}, follow=True))
    assert "3 comments removed; their author is told why." in said
    assert Comment.objects.filter(state="removed").count() == 3
    assert StatementOfReasons.objects.filter(person=reader).count() == 3
    assert list(drifts()) == []


# Who stands above whom


def measure(whom: User, by: User) -> Any:
    form = {"suspend-measure": "suspend", "suspend-duration": "7d", "suspend-facts": "Insults."}
    form["suspend-clause"] = str(a_clause().pk)
    return acting(by).post(person(whom, "measure/"), form)


def test_measures_are_taken_downwards_alone(
    reader: User, author: User, moderator: User, editor: User, admin: User
) -> None:
    above = [reader, moderator, editor, admin]  # each may act against those before it
    for whom in [author, *above]:
        height = above.index(whom) if whom in above else 0
        for by in above[1:]:
            may = height < above.index(by)
            assert measure(whom, by).status_code == (302 if may else 403), (whom, by)
            page = read(acting(by), person(whom))
            assert ("Do it and tell the person" in page) == may, (whom, by)
            if may:
                Sanction.objects.filter(person=whom).update(lifted_at=timezone.now())
    assert Decision.objects.filter(action="suspend").count() == 3 + 3 + 2 + 1


def test_a_card_says_why_its_author_is_not_suspended(
    desk: Client, article: Article, editor: User, moderator: User
) -> None:
    for whom in (editor, moderator):
        response = press(
            desk, cast.a_comment(article, whom), "suspend", **{"suspend-duration": "1d"}
        )
        assert response.status_code == 403
        assert "measures are taken against those who stand below oneself" in seen(response)
    assert not Sanction.objects.exists()


def test_nobody_lifts_a_sanction_of_their_own(desk: Client, moderator: User, editor: User) -> None:
    suspended(moderator, editor, in_days(1))
    lift = person(moderator, f"lift/{Sanction.objects.get().pk}/")
    assert desk.post(lift).status_code == 403
    assert acting(cast.a_moderator("Moe Moderator")).post(lift).status_code == 302
    assert Sanction.objects.get().lifted_by


# A selection


def test_several_are_restored_at_once(
    desk: Client, article: Article, reader: User, moderator: User
) -> None:
    gone = many(article, 2, held_because="")
    for comment in gone:
        removed(comment, moderator)
    stays = cast.a_comment(article, reader, "Never removed.")
    assert "Restore the ticked ones" in read(desk, f"{DESK}everything/")
    assert "Restore the ticked ones" not in read(desk, DESK)
    form = {"deed": "restore", "queue": "everything", "comment": [*(c.pk for c in gone), stays.pk]}
    page = seen(desk.post(f"{DESK}selection/", form, follow=True))
    assert "2 restored to their place" in page
    assert "Left alone, since it was changed or decided meanwhile: “Never removed.”" in page
    assert all(comment.state == "public" for comment in Comment.objects.all())
    assert list(drifts()) == []


# Who may


def test_whoever_may_moderate_needs_no_other_permission(article: Article, reader: User) -> None:
    mod = cast.a_reader("Only Moderates", is_staff=True)
    mod.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    browser = acting(mod)
    (comment,) = many(article, 1)
    rooms = ["", "everything/", "again/", "figures/", f"comment/{comment.pk}/"]
    for address in [DESK + room for room in rooms] + [person(reader)]:
        read(browser, address)
    assert browser.post(f"{DESK}slow/{article.pk}/", {"slow": "1"}).status_code == 302
    assert Discussion.objects.get().slow_seconds
    assert measure(reader, mod).status_code == 302
    assert press(browser, comment, "approve").status_code == 200
    assert undo(browser, Decision.objects.get(action="approve")).status_code == 200
    assert browser.post(person(reader, "note/"), {"note-text": "x"}).status_code == 302


@pytest.mark.parametrize("address", ["note/", "measure/", "everything/", "email/"])
def test_nobody_else_works_on_people(address: str, reader: User, author: User) -> None:
    for who, status in ((acting(), 302), (acting(reader), 302), (acting(author), 403)):
        assert who.post(person(reader, address), {"note-text": "x"}).status_code == status
        assert who.get(person(reader, address)).status_code in (302, 403, 405)
    assert not Note.objects.exists()
    assert not Sighting.objects.exists()


# The record


def test_the_record_says_under_which_article(
    article: Article, reader: User, moderator: User, editor: User
) -> None:
    removed(cast.a_comment(article, reader), moderator)
    cells = read(acting(moderator), "/admin/comments/decision/")
    assert f'field-under">{article.headline}<' in cells


def test_whoever_sees_an_address_is_on_the_record(
    desk: Client, reader: User, moderator: User, admin: User
) -> None:
    assert reader.email not in read(desk, person(reader))
    assert reader.email in seen(desk.post(person(reader, "email/")))
    acting(admin).get(f"/admin/accounts/user/{reader.pk}/change/")
    assert list(Sighting.objects.order_by("pk").values_list("by", "person")) == [
        (moderator.pk, reader.pk),
        (admin.pk, reader.pk),
    ]


@pytest.mark.attack("A21")
@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.delete(),
        lambda rows: rows.update(facts="Something kinder."),
        lambda rows: rows.update(at=timezone.now()),
        lambda rows: rows.update(action="approve", by=None),
        lambda rows: rows._raw_delete(rows.db),
    ],
)
def test_the_database_itself_keeps_the_record(
    change: Any, article: Article, reader: User, moderator: User
) -> None:
    removed(cast.a_comment(article, reader), moderator)
    before = Decision.objects.values().get()
    StatementOfReasons.objects.all().delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(Decision.objects.all())
    assert Decision.objects.values().get() == before


def test_an_erased_person_leaves_the_record_without_a_name(
    article: Article, reader: User, moderator: User
) -> None:
    removed(cast.a_comment(article, reader), moderator)
    Sighting.objects.create(person=reader, by=moderator)
    reader.delete()
    decision = Decision.objects.get()
    assert (decision.person, decision.by, decision.facts) == (None, moderator, "Not like this.")
    assert Sighting.objects.get().person is None
