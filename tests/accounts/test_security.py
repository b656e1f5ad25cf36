"""Codes, sessions, budgets and equal answers: what keeps an account its owner's."""

import collections
import re
import threading
import time
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import generate_user_code
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts import evenly, names
from accounts.models import User
from accounts.sessions import device
from tests import cast
from tests.newsroom.mailing import letters, work

pytestmark = pytest.mark.django_db

ARTICLE = "/2026/11/24/the-bridge/?sort=newest#composer"
CONFIRM = "/accounts/login/code/confirm/"
WRONG = "not-the-password"


def is_known(client: Client) -> bool:
    return "_auth_user_id" in client.session


def log_in(user: User, password: str = cast.PASSWORD, **more: Any) -> Client:
    client = Client(**more)
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def asks_for_a_code(email: str, **more: str) -> Client:
    client = Client()
    client.post("/accounts/login/code/", {"email": email} | more)
    return client


def mailed_code(email: str) -> str:
    work()
    (code,) = re.findall(r"\b[A-Z]{4}-[A-Z]{4}\b", str(letters(email)[-1].body))
    return code


def page_of(answer: Any) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+', r"\1", answer.content.decode())


# Codes by mail


def test_a_code_by_mail_leads_back_to_where_one_was(reader: User) -> None:
    client = Client()
    asked = client.post("/accounts/login/code/", {"email": reader.email, "next": ARTICLE})
    form = client.get(asked["Location"]).content.decode()
    assert f'name="next" value="{ARTICLE}"' in form
    code = mailed_code(reader.email)
    typed = code.replace("-", " ").lower()  # as people do
    assert client.post(CONFIRM, {"code": typed, "next": ARTICLE})["Location"] == ARTICLE
    assert is_known(client)


@pytest.mark.attack("A28")
def test_the_fourth_guess_is_none(reader: User) -> None:
    client = asks_for_a_code(reader.email)
    code = mailed_code(reader.email)
    answers = [client.post(CONFIRM, {"code": "BBBB-BBBB"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 302]
    assert "Incorrect code." in page_of(answers[0])
    client.post(CONFIRM, {"code": code})
    assert not is_known(client)


@pytest.mark.attack("A28")
@pytest.mark.django_db(transaction=True)
def test_fifty_guesses_at_once_are_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    user = cast.a_reader()
    first = asks_for_a_code(user.email)
    looked: list[str] = []
    monkeypatch.setattr(
        "allauth.account.forms.compare_user_code", lambda actual, **_: looked.append(actual)
    )
    together = threading.Barrier(50)

    def guess() -> None:
        client = Client()
        client.cookies["sid"] = first.cookies["sid"].value
        together.wait()
        client.post(CONFIRM, {"code": "BBBB-BBBB"})
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 3 <= len(looked) <= 10


@pytest.mark.attack("A28")
def test_a_code_works_once_in_its_own_browser_and_for_ten_minutes(reader: User) -> None:
    with time_machine.travel("2026-11-24 12:00Z", tick=False) as clock:
        client = asks_for_a_code(reader.email)
        code = mailed_code(reader.email)
        other = Client()
        other.post(CONFIRM, {"code": code})
        stranger = asks_for_a_code("sam@example.com")
        stranger.post(CONFIRM, {"code": code})
        assert not is_known(other)
        assert not is_known(stranger)
        client.post(CONFIRM, {"code": code})
        assert is_known(client)
        client.post("/accounts/logout/")
        client.post(CONFIRM, {"code": code})
        assert not is_known(client)
        late = asks_for_a_code(reader.email)
        code = mailed_code(reader.email)
        clock.shift(10 * 60 + 1)
        late.post(CONFIRM, {"code": code})
        assert not is_known(late)


@pytest.mark.attack("A28")
def test_a_code_is_for_the_address_it_was_sent_to(reader: User) -> None:
    client = asks_for_a_code(reader.email)
    code = mailed_code(reader.email)
    EmailAddress.objects.update(email="new@example.com")
    User.objects.update(email="new@example.com")
    again = asks_for_a_code(reader.email)  # nobody's any more
    again.post(CONFIRM, {"code": code})
    assert not is_known(again)
    client.post(CONFIRM, {"code": code})
    assert User.objects.get().email == "new@example.com"


@pytest.mark.attack("A28")
def test_codes_are_random() -> None:
    codes = [generate_user_code() for _ in range(10_000)]
    assert len(set(codes)) == 10_000
    letters_used = collections.Counter("".join(codes).replace("-", ""))
    assert len(letters_used) == 20  # 20 ** 8 codes: 34 bits
    assert max(letters_used.values()) < 1.1 * min(letters_used.values())


@pytest.mark.attack("A28")
def test_a_reset_link_works_once(reader: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": reader.email})
    work()
    link = next(w for w in str(letters()[-1].body).split() if "/reset/key/" in w)[17:]
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = {"password1": "another-long-password", "password2": "another-long-password"}
    client.post(form, new)
    third = {"password1": "a-third-long-password", "password2": "a-third-long-password"}
    client.post(form, third)
    reader.refresh_from_db()
    assert reader.check_password("another-long-password")


# Sessions


@pytest.mark.attack("A27")
def test_a_planted_session_is_not_the_one_after_log_in(reader: User) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.cookies["sid"] = planted = "a" * 32
    client.cookies["csrf"] = "b" * 32
    client.post("/accounts/login/", {"login": reader.email, "password": cast.PASSWORD})
    assert client.cookies["sid"].value != planted
    assert client.cookies["csrf"].value != "b" * 32
    thief = Client()
    thief.cookies["sid"] = planted
    assert not is_known(thief)


@pytest.mark.attack("A27")
def test_a_new_password_ends_every_session(reader: User) -> None:
    here, there = log_in(reader), log_in(reader)
    stolen = here.cookies["sid"].value
    change = {"oldpassword": cast.PASSWORD, "password1": "another-long-password"}
    here.post("/accounts/password/change/", change | {"password2": change["password1"]})
    for cookie in (stolen, here.cookies["sid"].value, there.cookies["sid"].value):
        client = Client()
        client.cookies["sid"] = cookie
        assert client.get("/me/").status_code == 302
    work()
    assert "password" in letters(reader.email)[-1].subject.lower()


def test_one_sees_where_one_is_logged_in_and_ends_it_there(reader: User, stranger: User) -> None:
    firefox = {"HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"}
    here, there, elsewhere = log_in(reader, **firefox), log_in(reader), log_in(reader)
    theirs = log_in(stranger)
    page = here.get("/accounts/sessions/").content.decode()
    assert "Firefox, Linux" in page
    assert "This one" in page
    ends = re.findall(r'name="end" value="(\d+)"', page)
    assert len(ends) == 2
    of_theirs = re.findall(r'value="(\d+)"', theirs.get("/accounts/sessions/").content.decode())
    for end in [*of_theirs, "0", "x", "", "9" * 30]:
        here.post("/accounts/sessions/", {"end": end})
    here.post("/accounts/sessions/", {"end": ends[0]})
    assert sorted([is_known(there), is_known(elsewhere)]) == [False, True]
    here.post("/accounts/sessions/", {"end": "others"})
    assert not is_known(there)
    assert not is_known(elsewhere)
    assert is_known(here)
    assert is_known(theirs)
    assert Client().get("/accounts/sessions/").status_code == 302


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/150.0 Safari/537 Edg/150.0",
            "Edge, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18) AppleWebKit Version/18 Safari/604",
            "Safari, iPhone",
        ),
        ("curl/8", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(user_agent: str, words: str) -> None:
    assert device(user_agent) == words


# Re-authentication, and mail about what matters

SENSITIVE = """
    email/ 2fa/totp/activate/ 2fa/totp/deactivate/ 2fa/webauthn/add/ 2fa/recovery-codes/generate/
    2fa/recovery-codes/
""".split()


@pytest.mark.attack("A27")
@pytest.mark.parametrize("page", SENSITIVE)
def test_what_is_sensitive_asks_for_the_password_again(reader: User, page: str) -> None:
    if page != "2fa/totp/activate/":
        TOTP.activate(reader, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(reader)
    client = Client()
    client.force_login(reader)
    form = {"email": "new@example.com", "action_add": "", "code": "1", "name": "x"}
    asks = [client.get(f"/accounts/{page}"), client.post(f"/accounts/{page}", form)]
    if page == "email/":
        asks = asks[1:]  # to look at one's own address asks nothing
    for answer in asks:
        assert answer.status_code in (302, 405)
        assert "reauthenticate" in answer.headers.get("Location", "reauthenticate")
    assert not EmailAddress.objects.filter(email="new@example.com").exists()


# Nobody finds out who is here


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every password that was hashed or compared, which is what takes long."""
    times: list[str] = []
    for name in ("encode", "verify"):
        real = getattr(hashers.MD5PasswordHasher, name)

        def counted(self: Any, *args: Any, _name: str = name, _real: Any = real) -> Any:
            times.append(_name)
            return _real(self, *args)

        monkeypatch.setattr(hashers.MD5PasswordHasher, name, counted)
    return times


JOIN = {"name": "Nora Ny", "password1": "letters-take-three-weeks", "rules": "on"}
ASKED: dict[str, dict[str, str]] = {
    "/accounts/login/": {"password": WRONG},
    "/accounts/login/code/": {},
    "/accounts/signup/": JOIN,
    "/accounts/password/reset/": {},
}


@pytest.mark.attack("A26")
@pytest.mark.parametrize("page", ASKED)
def test_known_or_not_the_answer_and_the_work_are_the_same(
    reader: User, hashed: list[str], page: str
) -> None:
    seen = []
    for email in (reader.email, "nobody@example.com"):
        hashed.clear()
        client = Client()
        field = "login" if page == "/accounts/login/" else "email"
        answer = client.post(page, ASKED[page] | {field: email})
        hashes = 1 if hashed else 0  # MD5's verify encodes again
        landed = client.get(answer["Location"]) if answer.status_code == 302 else answer
        words = page_of(landed).replace(email, "")
        tasks = DBTaskResult.objects.count()
        DBTaskResult.objects.all().delete()
        said = (answer.status_code, answer.headers.get("Location"), words, set(client.cookies))
        seen.append((said, hashes, tasks))
    assert seen[0] == seen[1]


@pytest.mark.attack("A26")
def test_mail_is_written_for_the_unknown_too_and_sent_to_nobody() -> None:
    asks_for_a_code("nobody@example.com")
    Client().post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert DBTaskResult.objects.count() == 2
    work()
    assert not letters()


@pytest.mark.attack("A26")
def test_every_answer_about_an_address_leaves_at_a_whole_step(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    """Measured with 500 samples a page, Argon2 and SQLite: known and unknown can be told apart by
    time in 50 to 51 of 100 pairs; without the step in 61 (signing up) to 88 (the others)."""
    now = [100.0]
    slept: list[float] = []
    monkeypatch.setattr(evenly, "STEP", 0.25)
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(time, "sleep", slept.append)

    def answering(takes: float) -> Any:
        def answer(_request: Any) -> str:
            now[0] += takes
            return "answer"

        return evenly.evenly(answer)  # type: ignore[arg-type]

    for path in ASKED:
        for takes in (0.01, 0.16, 0.24, 0.3):
            request = type("Request", (), {"method": "POST", "path": path})()
            assert answering(takes)(request) == "answer"
            assert (takes + slept[-1]) / 0.25 == pytest.approx(round((takes + slept[-1]) / 0.25))
    before = len(slept)
    for method, path in (("GET", "/accounts/login/"), ("POST", "/discussions/1/")):
        answering(0.1)(type("Request", (), {"method": method, "path": path})())
    assert len(slept) == before


# How often


JOSE = """
    josé@example.com|jose@example.com|JOSE@EXAMPLE.COM| jose@example.com |jose+tag@example.com
    jo\u017fe@example.com|ｊｏｓｅ@example.com|j\u043ese@example.com|jose+1+2@example.com|JOSÉ@example.com
""".strip().replace("\n", "|")


@pytest.mark.attack("A30")
@pytest.mark.parametrize("other", [form.strip() for form in JOSE.split("|")])
def test_one_budget_for_one_address_however_it_is_written(other: str) -> None:
    assert names.mailbox(other) == names.mailbox("jose@example.com")
    assert names.mailbox("josef@example.com") != names.mailbox("jose@example.com")
    assert names.mailbox("jose@example.org") != names.mailbox("jose@example.com")


@pytest.mark.attack("A30")
def test_the_budget_is_spent_by_look_alikes() -> None:
    user = cast.a_reader("Jose")
    forms = ["JOSE@example.com", "jose+1@example.com", " jose@example.com ", "jose+2+3@EXAMPLE.com"]
    answers = [
        Client(REMOTE_ADDR=f"10.0.0.{n}").post(
            "/accounts/login/", {"login": form, "password": WRONG}
        )
        for n, form in enumerate([*forms, user.email, user.email])
    ]
    assert "Too many failed login attempts" not in page_of(answers[-2])
    assert "Too many failed login attempts" in page_of(answers[-1])
    right = Client(REMOTE_ADDR="10.0.0.9")
    right.post("/accounts/login/", {"login": user.email, "password": cast.PASSWORD})
    assert not is_known(right)
    # Whoever guesses does not lock its owner out: a code by mail has a budget of its own.
    owner = asks_for_a_code(user.email)
    owner.post(CONFIRM, {"code": mailed_code(user.email)})
    assert is_known(owner)


@pytest.mark.attack("A30")
def test_a_dotless_i_and_an_i_share_a_budget() -> None:
    assert names.mailbox("r\u0131ta@example.com") == names.mailbox("rita@example.com")
    assert names.mailbox("RİTA@example.com") == names.mailbox("rita@example.com")


HEADERS = "X-Forwarded-For X-Real-IP Forwarded X_Forwarded_For True-Client-IP CF-Connecting-IP"


@pytest.mark.attack("A29")
@pytest.mark.parametrize("header", HEADERS.split())
def test_no_header_buys_another_budget(header: str) -> None:
    assert last_of_eleven([{"headers": {header: f"203.0.113.{n}"}} for n in range(11)])


@pytest.mark.attack("A29")
@pytest.mark.parametrize(
    "addresses",
    [
        [f"2001:db8:1:2::{n:x}" for n in range(11)],
        ["192.0.2.1", "::ffff:192.0.2.1"] * 6,
    ],
    ids=["a /64", "IPv4 as IPv6"],
)
def test_an_address_is_a_household(addresses: list[str]) -> None:
    assert last_of_eleven([{"REMOTE_ADDR": address} for address in addresses[:11]])


@pytest.mark.attack("A29")
def test_another_household_has_its_own() -> None:
    neighbours = [f"2001:db8:1:{n:x}::1" for n in range(5)]
    mapped = [f"::ffff:192.0.2.{n}" for n in range(6)]
    assert not last_of_eleven([{"REMOTE_ADDR": address} for address in neighbours + mapped])


def last_of_eleven(froms: list[dict[str, Any]]) -> bool:
    """Whether the last of these wrong log-ins, each for another address, is told to wait."""
    for n, more in enumerate(froms):
        form = {"login": f"somebody-{n}@example.com", "password": WRONG}
        answer = Client().post("/accounts/login/", form, **more)
    return "Too many failed login attempts" in page_of(answer)
