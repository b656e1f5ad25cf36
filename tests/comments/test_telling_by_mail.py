"""Being told by mail: gathered, as chosen, once, and of nothing that is hidden meanwhile."""

from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import signing
from django.test import Client

from accounts.letters import words
from accounts.mailing import post
from accounts.models import Mail, User
from comments import telling, telling_by_mail
from comments.models import (
    Appeal,
    Comment,
    Decision,
    Follow,
    Mute,
    Notification,
    NotificationChoice,
    Report,
)
from comments.models.notification import GATHERING, Pace
from comments.unsubscribing import token_for
from newsroom.models import Article
from tests import cast
from tests.comments.acting import a_clause, acting, in_days, later, removed, suspended
from tests.newsroom.mailing import a_subscriber, html_of, letters, link_to, work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    """Tomorrow's: at that of today the house rules may not have been written yet."""
    with time_machine.travel(in_days(1).replace(hour=12, minute=0), tick=False):
        yield


def tell(**after: float) -> None:
    """What the clock and the worker do, at once and so much later."""
    telling.look()
    work()
    with later(**after or {"seconds": GATHERING.total_seconds() + 1}):
        telling_by_mail.look()
        work()


def answered(article: Article, person: User, by: User, text: str = "I do not think so.") -> Comment:
    return cast.a_comment(article, by, text, cast.a_comment(article, person, f"Said. {text}"))


def wants(person: User, kind: str, mail: str) -> None:
    NotificationChoice.objects.choose(person, kind, mail=mail)


def test_who_is_answered_gets_one_mail_of_all_that_came_together(
    article: Article, reader: User, stranger: User
) -> None:
    first, second = (answered(article, reader, stranger, text) for text in ("One.", "Two."))
    tell()
    (mail,) = letters()
    assert (mail.to, mail.subject) == ([reader.email], "2 things new for you")
    for part in (mail.body, html_of(mail)):
        assert part.index("One.") < part.index("Two.")
        for reply in (first, second):
            assert f"http://testserver/comments/{reply.pk}/#c{reply.pk}" in part
    tell()
    assert len(letters()) == 1


@pytest.mark.parametrize("hours", [6, 7, 12])
def test_the_days_mail_comes_once_at_seven(
    article: Article, reader: User, stranger: User, hours: int
) -> None:
    wants(reader, "reply", Pace.DAILY)
    start = in_days(1).replace(hour=hours)
    with time_machine.travel(start, tick=False):
        answered(article, reader, stranger, "One.")
        tell()
        assert not letters()
    for hour in range(1, 25):
        with time_machine.travel(start, tick=False):
            tell(hours=hour)
    (mail,) = letters()
    assert mail.subject.endswith("answered you under “The bridge is open again”")


def test_never_is_never_even_of_what_waits(article: Article, reader: User, stranger: User) -> None:
    answered(article, reader, stranger)
    telling.look()
    work()
    wants(reader, "reply", Pace.NEVER)
    tell()
    answered(article, reader, stranger, "Again.")
    tell()
    assert not letters()
    assert Notification.objects.unread().filter(person=reader).count() == 2


@pytest.mark.attack("A38")
@pytest.mark.parametrize("how", ["removed", "withdrawn", "erased", "muted", "article", "read"])
def test_what_is_hidden_or_read_meanwhile_is_in_no_mail(
    article: Article, reader: User, stranger: User, moderator: User, how: str
) -> None:
    wants(stranger, "decision", Pace.NEVER)
    reply = answered(article, reader, stranger)
    telling.look()
    work()
    if how == "removed":
        removed(reply, moderator)
    elif how == "withdrawn":
        reply.withdraw()
    elif how == "erased":
        Comment.objects.filter(author=stranger).update(author=None)
    elif how == "muted":
        Mute.objects.create(person=reader, muted=stranger)
    elif how == "article":
        article.withdraw(None)
    else:
        acting(reader).post("/me/notifications/read/")
    tell()
    assert not letters()


def test_only_a_confirmed_address_of_somebody_who_is_there_gets_mail(
    article: Article, reader: User, stranger: User
) -> None:
    EmailAddress.objects.filter(user=reader).update(verified=False)
    answered(article, reader, stranger)
    gone = cast.a_reader("Greta Gone")
    answered(article, gone, stranger, "To somebody gone.")
    User.objects.filter(pk=gone.pk).update(is_active=False)
    tell()
    assert not letters()


@pytest.mark.attack("A50")
def test_a_hundred_answers_are_three_mails_an_hour_and_none_is_lost(
    article: Article, reader: User
) -> None:
    sent_at = []
    for number in range(100):
        by = cast.a_reader(f"Bot {'abcdefghijklmnopqrst'[number % 20]}{number}x")
        with later(minutes=number * 2):
            answered(article, reader, by, f"Word {number}x.")
            before = len(letters())
            tell()
            sent_at += [number * 2] * (len(letters()) - before)
    for first in sent_at:
        assert sum(first <= at < first + 60 for at in sent_at) <= 3
    with later(days=1):
        telling_by_mail.look()
        work()
    said = "".join(html_of(mail) for mail in letters())
    assert all(f"Word {number}x." in said for number in range(60))
    assert not Notification.objects.filter(mail_at__isnull=False).exists()


@pytest.mark.attack("A5")
def test_a_hostile_text_is_no_link_image_or_header(
    article: Article, reader: User, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(name="<img src=x>\r\nBcc: v@x.example")
    text = (
        "[Log in here](https://evil.example/login) <img src=https://evil.example/p.png> "
        + "x" * 4000
    )
    reply = cast.a_comment(article, stranger, text, cast.a_comment(article, reader))
    Comment.objects.filter(pk=reply.pk).update(state="public", held_because="")
    tell()
    (mail,) = letters()
    head, _blank, _body = mail.message().as_string().partition("\n\n")
    assert not any(line.startswith("Bcc") for line in head.splitlines())
    assert "<img" not in html_of(mail)
    assert 'href="https://evil' not in html_of(mail)
    assert "evil.example/login" not in mail.body
    assert len(mail.body) < 3000


def test_it_is_in_its_readers_language(
    article: Article, reader: User, stranger: User, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    User.objects.filter(pk=reader.pk).update(language="ar")
    answered(article, reader, stranger)
    tell()
    assert '<html lang="ar" dir="rtl">' in html_of(letters()[0])


@pytest.mark.attack("A49")
def test_a_killed_worker_sends_none_rather_than_two(
    article: Article, reader: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered(article, reader, stranger)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(telling_by_mail, "hand_over", killed)
        tell()
    for minutes in (1, 11, 60 * 24):
        tell(minutes=minutes)
    assert not letters()


def test_what_the_server_refuses_is_tried_again(
    article: Article, reader: User, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = answered(article, reader, stranger)

    def refused(*_: Any) -> None:
        raise SMTPRecipientsRefused({})

    with monkeypatch.context() as patch:
        patch.setattr(telling_by_mail, "hand_over", refused)
        tell()
    with later(minutes=20):
        telling_by_mail.look()
        work()
        assert len(letters()) == 1
    assert reply.excerpt in letters()[0].body


# Decisions


def test_a_statement_leaves_when_undoing_is_over_several_in_one(
    article: Article, reader: User, moderator: User
) -> None:
    for text in ("Once.", "Twice."):
        removed(cast.a_comment(article, reader, text), moderator, f"About {text}")
    page = acting(reader).get("/me/notifications/").content.decode()
    assert page.count("A moderator decided about your comment") == 2
    tell(seconds=29)
    assert not letters()
    tell(seconds=31)
    (mail,) = letters()
    for part in (mail.body, html_of(mail)):
        assert "About Once." in part
        assert "About Twice." in part
        assert "http://testserver/decisions/" in part
    assert a_clause().title in mail.body


def test_whoever_was_told_of_a_removal_is_told_of_its_reversal(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader)
    Report.objects.create(comment=comment, revision=comment.current, reporter=stranger, kind="spam")
    removed(comment, moderator)
    tell(days=1)
    assert {mail.to[0] for mail in letters()} == {reader.email, stranger.email}
    Decision.objects.all().restore(comment, moderator, "It was none.")
    tell(days=2)
    said = {mail.to[0]: mail for mail in letters()[2:]}
    assert said.keys() == {reader.email, stranger.email}
    assert f"/comments/{comment.pk}/report/" in said[stranger.email].body
    assert "It was none." in said[reader.email].body


def test_no_statement_leaves_of_what_was_reversed(
    article: Article, reader: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader)
    removed(comment, moderator)
    Decision.objects.all().restore(comment, moderator)
    tell()
    assert not letters()


def test_a_suspended_person_is_told_by_mail(reader: User, moderator: User) -> None:
    suspended(reader, moderator, in_days(1), "Insults.")
    tell()
    (mail,) = letters()
    assert mail.subject == "A moderator decided about your account"
    assert "Insults." in mail.body


def test_strangers_cannot_use_up_the_mail_of_a_decision(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    for _ in range(5):
        Client().post("/accounts/password/reset/", {"email": reader.email})
    work()
    before = len(letters())
    removed(cast.a_comment(article, reader), moderator)
    tell()
    assert len(letters()) == before + 1


# Ending it


@pytest.mark.attack("A50")
def test_one_click_ends_the_kinds_in_the_mail_without_a_log_in_and_only_by_post(
    article: Article, reader: User, stranger: User
) -> None:
    answered(article, reader, stranger)
    tell()
    (mail,) = letters()
    stop = link_to(mail, "/stop/")
    assert mail.extra_headers["List-Unsubscribe"] == f"<http://testserver{stop}>"
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    anybody = Client(enforce_csrf_checks=True)
    page = anybody.get(stop)
    assert "Somebody answers me" in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert NotificationChoice.objects.of(reader)["reply"] == (True, "once")
    for _twice in range(2):
        answer = anybody.post(stop, {"List-Unsubscribe": "One-Click"})
        assert "That was the last mail of it" in answer.content.decode()
    chosen = NotificationChoice.objects.of(reader)
    assert (chosen["reply"], chosen["decision"]) == ((True, "never"), (True, "once"))


def test_one_click_in_a_mail_about_an_account_ends_all_that_can_be_ended(
    article: Article, reader: User, stranger: User
) -> None:
    subscriber = a_subscriber(reader.email)
    post(words(reader.email, "Your account was changed", "So it was."), Mail.Kind.SECURITY)
    work()
    (sent,) = letters()
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>").removeprefix("http://testserver")
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(stop)
    assert page["Cache-Control"] == "private, no-store"
    assert reader.email not in page.content.decode()
    assert set(subscriber.subscriptions.values_list("pace", flat=True)) == {"daily"}
    browser.post(stop, {"List-Unsubscribe": "One-Click"})
    assert not subscriber.subscriptions.exists()
    mails = {mail for _shown, mail in NotificationChoice.objects.of(reader).values()}
    assert mails == {Pace.NEVER}
    assert Pace.NEVER not in {m for _s, m in NotificationChoice.objects.of(stranger).values()}
    assert browser.post(f"{stop[:-9]}AAAAAAAA/").status_code == 404


def test_a_made_up_or_foreign_link_ends_nothing(reader: User, stranger: User) -> None:
    token = token_for(reader, ["reply"])
    forged = signing.dumps([reader.pk, ["reply"]], salt="another")
    for wrong in ("nonsense", token[:-1], forged, f"x{token}"):
        assert Client().post(f"/me/notifications/stop/{wrong}/").status_code == 404
    assert not NotificationChoice.objects.exists()
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert Client().post(f"/me/notifications/stop/{token}/").status_code == 404


def test_who_follows_is_mailed_once_a_day_at_first(
    article: Article, reader: User, stranger: User
) -> None:
    Follow.objects.begin(reader, followed=stranger)
    cast.a_comment(article, stranger)
    tell()
    assert not letters()
    tell(hours=20)
    assert len(letters()) == 1


def test_who_appealed_is_told_what_became_of_it(
    article: Article, reader: User, moderator: User
) -> None:
    decision = removed(cast.a_comment(article, reader), moderator)
    appeal = Appeal.objects.all().make(decision, "Please look again.", person=reader)
    appeal.uphold(cast.a_moderator("Max Moderator"), "It stands.")
    tell()
    (mail,) = letters(reader.email)
    assert "Your appeal was decided" in mail.body
