"""The checks that the newsroom sets: what holds, what refuses, and in which words."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from comments import phrases
from comments.models import Comment, Decision, Report
from comments.models.check_setting import USUAL, CheckSetting
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, later, read, removed, say, seen, typed

pytestmark = pytest.mark.django_db


def setting(name: str, **how: Any) -> None:
    assert CheckSetting.objects.filter(name=name).update(enabled=True, **how)


def held(article: Article, person: User, text: str) -> str:
    say(acting(person), article, text)
    return Comment.objects.latest("pk").held_because


def test_every_check_has_its_setting() -> None:
    assert set(CheckSetting.objects.values_list("name", flat=True)) == set(USUAL)


DISGUISES = [
    "sick and tired",
    "SICK AND TIRED",
    "sick  and\ntired",
    "s i c k and tired",
    "sick and t.i.r.e.d",
    "sіck and tіred",
    "si\u200bck and ti\u00adred",
    "sïck ánd tired",
    "ｓｉｃｋ and tired",
    "*sick* and **tired**",
]


@pytest.mark.parametrize("text", DISGUISES)
def test_a_held_phrase_is_found_in_any_disguise(text: str, article: Article, reader: User) -> None:
    setting("held phrases", words="damned\nsick and tired\n")
    assert "sick and tired" in held(article, reader, f"I am {text} of it.")


@pytest.mark.parametrize("text", ["sickand tired", "homesick and tireds", "Essex and sextants"])
def test_a_phrase_is_whole_words(text: str, article: Article, reader: User) -> None:
    setting("held phrases", words="sick and tired\nsex")
    assert held(article, reader, f"They are {text} here.") == ""


def test_a_refused_phrase_keeps_the_text_and_says_why(article: Article, reader: User) -> None:
    setting("refused phrases", words="buy now", reason="Nothing is sold here.")
    response = say(acting(reader), article, "Buy now, everybody!")
    assert response.status_code == 403
    assert "Nothing is sold here." in seen(response)
    assert typed(response) == "Buy now, everybody!"


def test_a_check_that_takes_too_long_holds(
    article: Article, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting("held phrases", words="damned")
    monkeypatch.setattr(phrases, "BUDGET", -1)
    assert "took too long" in held(article, reader, "Nothing in particular.")


def test_many_reasons_at_once_are_kept_as_far_as_there_is_room(
    article: Article, reader: User
) -> None:
    setting("held phrases", words="damned", reason="x" * 150)
    setting("first comments", number=2, reason="y" * 150)
    reasons = held(article, reader, "Nothing but damned words.")
    assert reasons.startswith("x" * 150)
    assert len(reasons) == 200


def test_domains_are_refused_or_held(article: Article, reader: User) -> None:
    setting("refused domains", words="spam.example")
    setting("new domain", words="known.example")
    setting("first links", number=0)
    for text in ("See https://www.spam.example/x", "See [x](http://SPAM.example)"):
        assert say(acting(reader), article, text).status_code == 403
    assert "new domain" in held(article, reader, "See https://other.example/")
    assert held(article, reader, "See https://en.known.example/") == ""


def test_the_first_comments_of_a_reader_wait_where_it_is_set(
    article: Article, reader: User
) -> None:
    assert held(article, reader, "First of all.") == ""
    setting("first comments", number=2)
    assert "first comments" in held(article, reader, "And then.")
    cast.a_comment(article, reader, "Third.")
    assert held(article, reader, "Fourth.") == ""


def test_whose_words_were_often_removed_lately_waits(
    article: Article, reader: User, moderator: User
) -> None:
    for n in range(4):
        comment = cast.a_comment(article, reader, f"Word {n}.")
        if n < 2:
            removed(comment, moderator)
    assert "removed lately" in held(article, reader, "Again.")
    with later(days=8):
        assert held(article, reader, "A week later.") == ""


def test_another_language_waits(article: Article, reader: User) -> None:
    text = "Я совсем не понимаю, зачем это было нужно делать именно сейчас."
    assert "language" in held(article, reader, text)


def test_in_a_heated_thread_one_waits_between_two_replies(article: Article, reader: User) -> None:
    root = cast.a_comment(article, cast.a_stranger(), "The pier is a scandal.")
    do(acting(reader), root, "reply", text="It is not.")
    assert do(acting(reader), root, "reply", text="Not at all.").status_code == 302
    report(root, cast.a_reader("Rob Reporter"))
    response = do(acting(reader), root, "reply", text="You are one.")
    assert response.status_code == 429
    assert "heated" in seen(response)
    assert typed(response) == "You are one."
    with later(minutes=3, seconds=1):
        assert do(acting(reader), root, "reply", text="I mean.").status_code == 302


def test_an_edit_is_checked_again(article: Article, reader: User) -> None:
    setting("held phrases", words="damned")
    comment = cast.a_comment(article, reader, "The pier is fine.")
    do(acting(reader), comment, "edit", text="The damned pier.", revision=1)
    comment.refresh_from_db()
    assert comment.state == "pending"


# Reports weigh by the reporter's record


def report(comment: Comment, by: User) -> Any:
    return do(acting(by), comment, "report", kind="insult")


def reporters(count: int, days: int, upheld: int, article: Article) -> list[User]:
    people: list[User] = []
    for n in range(count):
        person = cast.a_reader(f"Reporter {'abcdefghkmnpqrst'[n]}{'xy'[days > 7]}{upheld}z")
        User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - timedelta(days=days))
        person.refresh_from_db()
        for _upheld in range(upheld):
            about = cast.a_comment(article, people[0] if people else person, f"{n} {_upheld}")
            Report.objects.create(
                comment=about,
                revision=about.current,
                reporter=person,
                kind="spam",
                outcome="upheld",
            )
        people.append(person)
    return people


def test_reports_of_new_accounts_alone_hide_nothing(article: Article, reader: User) -> None:
    comment = cast.a_comment(article, reader, "The pier is a scandal.")
    for person in reporters(12, 1, 0, article):
        report(comment, person)
    comment.refresh_from_db()
    assert comment.state == "public"


def test_reports_of_readers_who_were_right_before_hide_until_it_is_read(
    article: Article, reader: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader, "The pier is a scandal.")
    for person in reporters(5, 100, 2, article):
        report(comment, person)
    comment.refresh_from_db()
    assert comment.state == "pending"
    hold = Decision.objects.get(action="hold")
    assert (hold.automated, hold.by, hold.person) == (True, None, reader)
    assert "a machine" in read(acting(reader), hold.statement.get_absolute_url())
    assert "hidden after several reports" in read(acting(moderator), "/admin/desk/")


def test_editors_and_moderators_set_the_checks_and_nobody_adds_one(
    moderator: User, author: User
) -> None:
    row = CheckSetting.objects.get(name="held phrases")
    address = f"/admin/comments/checksetting/{row.pk}/change/"
    form = {"enabled": "on", "number": "0", "words": "damned", "reason": "held phrase"}
    assert acting(author).post(address, form).status_code == 403
    assert acting(moderator).post(address, form).status_code == 302
    row.refresh_from_db()
    assert row.lines == ["damned"]
    for page in ("add/", f"{row.pk}/delete/"):
        assert acting(moderator).get(f"/admin/comments/checksetting/{page}").status_code == 403
