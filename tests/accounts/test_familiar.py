"""Who logged in here before has budgets that no stranger uses up, and strangers learn nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import familiar, sealing
from accounts.models import User
from tests import cast
from tests.accounts.test_security import CONFIRM, is_known, log_in, mailed_code, page_of
from tests.newsroom.mailing import letters, work

pytestmark = pytest.mark.django_db

CODE = "/accounts/login/code/"


def own_browser(person: User) -> Client:
    """Logged in once, and logged out again."""
    client = log_in(person)
    client.post("/accounts/logout/")
    return client


def asks(client: Client, email: str) -> Any:
    """In a session of its own: the same one would go on with the code that was sent."""
    client.cookies.pop("sid", None)
    return client.post(CODE, {"email": email})


def strangers_use_up_the_codes(email: str) -> None:
    for number in range(12):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(CODE, {"email": email})
    work()


def test_strangers_never_use_up_the_codes_of_ones_own_browser(reader: User) -> None:
    mine = own_browser(reader)
    strangers_use_up_the_codes(reader.email)
    before = len(letters(reader.email))
    assert before == 5
    for number in range(1, 6):
        asks(mine, reader.email.upper())
        work()
        assert len(letters(reader.email)) == before + number
    mine.post(CONFIRM, {"code": mailed_code(reader.email)})
    assert is_known(mine)


def test_ones_own_browser_is_bounded_too_and_told(reader: User) -> None:
    mine = own_browser(reader)
    answers = [asks(mine, reader.email) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [200]
    assert "You have reached the limit for now" in page_of(answers[5])
    work()
    assert len(letters(reader.email)) == 5
    # And what it used up is its own: elsewhere they are still sent.
    Client().post(CODE, {"email": reader.email})
    work()
    assert len(letters(reader.email)) == 6


def test_whoever_guesses_does_not_lock_out_ones_own_browser(reader: User) -> None:
    mine = own_browser(reader)
    wrong = {"login": reader.email, "password": "not-the-password"}
    for number in range(8):
        stopped = Client(REMOTE_ADDR=f"198.51.100.{number}").post("/accounts/login/", wrong)
    assert "Too many failed login attempts" in page_of(stopped)
    mine.post("/accounts/login/", {"login": reader.email, "password": cast.PASSWORD})
    assert is_known(mine)


def test_it_is_familiar_to_its_people_alone(reader: User, stranger: User) -> None:
    theirs = own_browser(stranger)
    strangers_use_up_the_codes(reader.email)
    before = len(letters(reader.email))
    asks(theirs, reader.email)
    work()
    assert len(letters(reader.email)) == before
    # Several people share one browser, and each keeps their own.
    theirs.cookies.pop("sid")
    theirs.post("/accounts/login/", {"login": reader.email, "password": cast.PASSWORD})
    theirs.post("/accounts/logout/")
    for person in (reader, stranger):
        before = len(letters(person.email))
        asks(theirs, person.email)
        work()
        assert len(letters(person.email)) == before + 1


@pytest.mark.parametrize("made_up", ["", "x", '{"1": "x"}', sealing.seal("another", '{"1": "x"}')])
def test_nobody_makes_such_a_cookie(reader: User, made_up: str) -> None:
    strangers_use_up_the_codes(reader.email)
    before = len(letters(reader.email))
    client = Client()
    client.cookies[familiar.COOKIE] = made_up
    client.post(CODE, {"email": reader.email})
    work()
    assert len(letters(reader.email)) == before


def test_the_cookie_is_for_the_server_alone_and_says_nothing(reader: User) -> None:
    cookie = log_in(reader).cookies[familiar.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/accounts/")
    assert int(cookie["max-age"]) > 300 * 24 * 3600
    inside = sealing.unseal(familiar.COOKIE, cookie.value)
    assert inside not in cookie.value
    for secret in (reader.email, reader.name, reader.username, reader.password):
        assert secret not in inside
    assert familiar.COOKIE not in Client().post("/accounts/login/", {"login": "x"}).cookies


@pytest.mark.attack("A26")
@pytest.mark.parametrize("with_cookie", [True, False])
def test_a_stranger_sees_no_difference(reader: User, stranger: User, with_cookie: bool) -> None:
    """In a new browser, or in one that somebody else has logged in with."""
    seen = []
    for email in (reader.email, "nobody@example.com"):
        client = own_browser(stranger) if with_cookie else Client()
        client.get(CODE)
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(CODE, {"email": email})
        landed = page_of(client.get(answer["Location"])).replace(email, "")
        said = (answer.status_code, answer["Location"], landed, set(client.cookies))
        seen.append((said, len([q for q in queries if "emailaddress" in q["sql"]])))
    assert seen[0] == seen[1]
