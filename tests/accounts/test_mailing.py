"""The door through which mail leaves: budgets, languages, and what nobody can smuggle into it."""

import re
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import mailing
from accounts.leaving import tell
from accounts.letters import letter, one_line
from accounts.models import Mail, User
from tests import cast
from tests.newsroom.mailing import html_of, letters, link_to, retry, work

pytestmark = pytest.mark.django_db

OTHER = Mail.Kind.OTHER


def a_letter(to: str = "rita.reader@example.com", subject: str = "Good news") -> Any:
    return letter("newsroom/email/confirm", to, subject, what="Everything", confirm="x", days=7)


def post(kind: str = OTHER, to: str = "rita.reader@example.com") -> None:
    mailing.post(a_letter(to), kind)
    work()


def allauth_sends(name: str, to: User, **context: Any) -> Any:
    request = RequestFactory().get("/", headers={"User-Agent": "https://evil.example/"})
    with request_context(request):
        facts = {"user": to, "ip": "192.0.2.1", "timestamp": timezone.now()}
        get_adapter(request).send_mail(name, to.email, facts | context)
    work()
    return mail.outbox[-1]


def test_no_page_waits_for_the_mail_server(reader: User, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": reader.email})
    assert not mail.outbox
    work()
    assert [letter.to for letter in mail.outbox] == [[reader.email]]
    assert not Mail.objects.exists()  # it held a link that logs in


@pytest.mark.attack("A50")
def test_an_address_gets_three_mails_an_hour_and_ten_a_day_whatever_others_do(
    reader: User,
) -> None:
    """A hundred strangers from a hundred networks, by every form there is."""
    sent_at, start = [], timezone.now()
    for number in range(100):
        minutes = number * 15
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            browser = Client(
                REMOTE_ADDR=f"198.51.100.{number}", headers={"Sec-Fetch-Site": "same-origin"}
            )
            to = reader.email.replace("@", f"+{number}@") if number % 5 == 0 else reader.email
            form = {"email": to, "name": f"Stranger {'abcdefghij'[number % 10]}{number}"}
            form |= {"password1": "letters-take-three-weeks", "rules": "on"}
            browser.post("/accounts/signup/", form)
            browser.post("/accounts/password/reset/", {"email": reader.email})
            browser.post("/subscribe/", {"email": to, "what": "paper", "pace": "daily"})
            before = len(mail.outbox)
            work()
            sent_at += [minutes] * (len(mail.outbox) - before)
    assert len(sent_at) > 3
    for first in sent_at:
        assert sum(first <= at < first + 60 for at in sent_at) <= 3
        assert sum(first <= at < first + 24 * 60 for at in sent_at) <= 10


def test_one_budget_used_up_leaves_the_others(reader: User) -> None:
    for _ in range(9):
        post()
    assert len(letters()) == 3
    for kind in (Mail.Kind.CODE, Mail.Kind.SECURITY, Mail.Kind.STATEMENT):
        before = len(letters())
        post(kind)
        assert len(letters()) == before + 1
    assert not Mail.objects.exists()


@pytest.mark.attack("A50")
def test_codes_are_bounded_too(reader: User) -> None:
    for _ in range(20):
        post(Mail.Kind.CODE)
    assert len(letters()) == 5


def test_what_is_about_safety_waits_and_is_never_lost(reader: User) -> None:
    for _ in range(22):
        post(Mail.Kind.SECURITY)
    assert (len(letters()), Mail.objects.count()) == (20, 2)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        work()
    assert (len(letters()), Mail.objects.count()) == (22, 0)


def test_what_the_server_refuses_is_tried_again_and_paid_once(
    reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise SMTPRecipientsRefused({})

    with monkeypatch.context() as patch:
        patch.setattr(mailing, "hand_over", refuse)
        post()
    assert (len(letters()), Mail.objects.count()) == (0, 1)
    for _ in range(2):
        post()
    retry()
    assert len(letters()) == 3


def test_a_mail_that_no_server_took_is_forgotten_with_its_secrets(reader: User) -> None:
    mailing.post(a_letter(), Mail.Kind.CODE)
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        Mail.objects.forget_old()
    assert not Mail.objects.exists()
    work()
    assert not letters()


@pytest.mark.attack("A5")
@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_nothing_typed_becomes_a_header(break_: str) -> None:
    subject = f"Hello{break_}Bcc: victim@example.org{break_}{break_}<img src=x>" + "x" * 5000
    mailing.hand_over(a_letter(subject=subject))
    (sent,) = letters()
    raw = sent.message().as_string().partition("\n\n")[0]
    assert not re.search(r"^Bcc:", raw, re.MULTILINE)
    assert len(one_line(subject)) == 150


def test_every_mail_of_an_account_has_words_and_html_of_one_house(reader: User) -> None:
    sent = allauth_sends("account/email/login_code", reader, code="ABC-DEF")
    assert "\nABC-DEF\n" in sent.body
    assert "monospace" in html_of(sent)
    url = "http://testserver/accounts/x/?a=1&b=2"
    sent = allauth_sends("account/email/password_reset_key", reader, password_reset_url=url)
    assert f"\n{url}\n" in sent.body
    assert 'href="http://testserver/accounts/x/?a=1&amp;b=2"' in html_of(sent)
    for name in ("mfa/email/totp_activated", "account/email/password_changed"):
        sent = allauth_sends(name, reader)
        assert "from the address 192.0.2.1" in sent.body
        assert "evil.example" not in sent.body + html_of(sent)
        assert "<img" not in html_of(sent)


def test_every_mail_is_ended_by_one_click(reader: User) -> None:
    """Each that this app sends, by its header, in its words and in its HTML (RFC 8058)."""
    allauth_sends("account/email/login_code", reader, code="ABC-DEF")
    allauth_sends("mfa/email/totp_activated", reader)
    allauth_sends("account/email/unknown_account", reader, signup_url="http://testserver/x/")
    tell(reader.email, "Good-bye", "It is done.")
    mailing.post(a_letter(), OTHER)
    work()
    assert len(letters()) == 4
    for sent in letters():
        link = sent.extra_headers["List-Unsubscribe"].strip("<>")
        assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert reader.email not in link
        path = link.removeprefix("http://testserver")
        assert "Shall we send nothing more to" in Client().get(path).content.decode()
        in_words = link_to(sent, "/stop-all/")
        assert in_words in html_of(sent)
        assert sent.body.count("/stop-all/") == html_of(sent).count("/stop-all/") == 1


@pytest.mark.attack("A25")
def test_links_in_mail_begin_with_the_sites_own_address(reader: User, settings: Any) -> None:
    """Also where the site answers to several names."""
    settings.ALLOWED_HOSTS = ["testserver", "other.example"]
    client = Client(headers={"Host": "other.example", "X-Forwarded-Host": "other.example"})
    client.post("/accounts/password/reset/", {"email": reader.email})
    form = {"email": reader.email, "name": "Nora Ny", "rules": "on"}
    form["password1"] = "letters-take-three-weeks"
    client.post("/accounts/signup/", form)
    client.post("/accounts/signup/", form | {"email": "nora@example.com"})
    client.post("/accounts/login/code/", {"email": reader.email})
    work()
    assert len(letters()) == 4
    for sent in letters():
        assert "other.example" not in str(sent.message())
        assert "http://testserver/" in sent.body


def test_what_was_sent_is_nowhere_kept(reader: User, client: Client) -> None:
    client.post("/accounts/login/code/", {"email": reader.email})
    work()
    (code,) = re.findall(r"[A-Z]{4}-[A-Z]{4}", str(letters()[-1].body))
    assert not Mail.objects.exists()
    kept = str(list(DBTaskResult.objects.values()))
    assert code not in kept
    assert reader.email not in kept


def test_mail_is_in_its_readers_language_not_the_strangers(
    reader: User, settings: Any, client: Client
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "Arabic")]
    User.objects.filter(pk=reader.pk).update(language="ar")
    client.post("/accounts/password/reset/", {"email": reader.email.upper()})
    work()
    assert '<html lang="ar" dir="rtl">' in html_of(letters()[-1])


def test_there_is_one_door() -> None:
    root = Path(mailing.__file__).parent.parent
    code = {
        str(path.relative_to(root)): path.read_text()
        for app in ("accounts", "newsroom", "comments")
        for path in (root / app).rglob("*.py")
    }
    sends = re.compile(
        r"\.send_messages\(|\bsend_mail\(|send_mass_mail|mail_admins|(mail|letter)\.send\("
    )
    assert {path for path, text in code.items() if sends.search(text)} <= {
        "accounts/mailing.py",
        "accounts/joining.py",  # allauth's word for it
        "accounts/confirming.py",
    }


@pytest.mark.attack("A50")
def test_strangers_use_up_no_security_mail(reader: User) -> None:
    cast.a_stranger()
    for _ in range(30):
        Client().post("/accounts/password/reset/", {"email": reader.email})
    work()
    before = len(letters(reader.email))
    assert before <= 3
    allauth_sends("account/email/password_changed", reader)
    assert len(letters(reader.email)) == before + 1
