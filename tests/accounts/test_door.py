"""The newsroom's door: by which paths staff come in, and that none of them is a password alone."""

import re
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.test import Client

from accounts.models import User
from accounts.security import seal_anew
from comments.models import Comment, Decision, StatementOfReasons
from newsroom.door import IDLE, LONGEST
from newsroom.models import Article
from tests import cast
from tests.comments.acting import removed
from tests.newsroom.mailing import letters, work

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
DESK = "/admin/newsroom/article/"


@pytest.fixture
def with_phone(editor: User) -> User:
    TOTP.activate(editor, SECRET)
    return editor


def code(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def credentials(user: User, **more: str) -> dict[str, str]:
    return {"login": user.email, "password": cast.PASSWORD} | more


def log_in(user: User, **more: str) -> Client:
    """By the page, as far as a password leads."""
    client = Client()
    client.post("/accounts/login/", credentials(user, **more))
    return client


def is_open(client: Client) -> bool:
    status = client.get(DESK).status_code
    assert status in (200, 302, 403)
    return status == 200


@pytest.mark.attack("A31")
def test_a_password_and_a_code_open_it(with_phone: User) -> None:
    client = log_in(with_phone, next=DESK)
    assert "_auth_user_id" not in client.session
    assert not is_open(client)
    assert client.post("/accounts/2fa/authenticate/", {"code": code()})["Location"] == DESK
    assert is_open(client)


@pytest.mark.attack("A31")
def test_staff_without_a_second_factor_are_led_to_set_one_up(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What waits for a commit must not wait for the end of this test.
    monkeypatch.setattr(transaction, "on_commit", lambda deed, **_: deed())
    client = log_in(editor)
    assert not is_open(client)
    led = client.get(DESK, follow=True)
    assert led.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "The newsroom opens to two factors only." in led.content.decode()
    # What is sensitive asks for the password once more.
    form = client.get("/accounts/2fa/totp/activate/", follow=True)
    assert form.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    done = client.post("/accounts/2fa/totp/activate/", {"code": right}, follow=True)
    assert "Recovery Codes" in done.content.decode()
    assert is_open(client)


@pytest.mark.attack("A31")
def test_the_first_admin_is_led_in_too() -> None:
    User.objects.create_superuser("boss", "boss@example.com", cast.PASSWORD)
    client = Client()
    answer = client.post("/accounts/login/", credentials(User.objects.get(), next="/admin/"))
    assert answer["Location"] == "/rules/accept/?next=%2Fadmin%2F"
    assert client.post(answer["Location"], {"rules": "1"})["Location"] == "/admin/"
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/accounts/2fa/"


@pytest.mark.attack("A31")
@pytest.mark.parametrize("path", ["/admin/", "/admin/login/?next=/admin/", DESK, f"{DESK}add/"])
def test_the_admin_has_no_log_in_of_its_own(editor: User, path: str) -> None:
    for client in (Client(), log_in(editor)):
        form = {"username": editor.username, "password": cast.PASSWORD, "next": "/admin/"}
        answer = client.post(path, form)
        assert answer.status_code == 302
        assert not is_open(client)


@pytest.mark.attack("A31")
def test_a_session_from_before_is_asked_for_the_code(editor: User) -> None:
    client = log_in(editor)
    TOTP.activate(editor, SECRET)
    assert not is_open(client)
    asked = client.get(DESK, follow=True).redirect_chain[-1][0]
    assert asked == f"/accounts/2fa/reauthenticate/?next={DESK.replace('/', '%2F')}"
    assert client.post(asked, {"code": "000000"}).status_code == 200
    assert not is_open(client)
    assert client.post(asked, {"code": code()})["Location"] == DESK
    assert is_open(client)


@pytest.mark.attack("A31")
def test_a_code_by_mail_is_one_factor(with_phone: User) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": with_phone.email})
    work()
    words = str(letters(with_phone.email)[-1].body).split()
    (mailed,) = [word for word in words if len(word) == 9 and word[4] == "-" and word.isupper()]
    answer = client.post("/accounts/login/code/confirm/", {"code": mailed})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_open(client)


@pytest.mark.attack("A31")
def test_a_new_password_is_one_factor(with_phone: User) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": with_phone.email})
    work()
    body = str(letters(with_phone.email)[-1].body)
    link = next(word for word in body.split() if "/password/reset/key/" in word)
    page = client.get(link.removeprefix("http://testserver"), follow=True)
    new = {"password1": "another-long-password", "password2": "another-long-password"}
    client.post(page.redirect_chain[-1][0], new)
    assert not is_open(client)
    again = client.post(
        "/accounts/login/", {"login": with_phone.email, "password": new["password1"]}
    )
    assert again["Location"] == "/accounts/2fa/authenticate/"
    assert not is_open(client)


@pytest.mark.attack("A31")
def test_a_factor_that_is_gone_proves_nothing(with_phone: User) -> None:
    client = log_in(with_phone)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert is_open(client)
    Authenticator.objects.all().delete()
    assert not is_open(client)


@pytest.mark.attack("A31")
def test_another_persons_proof_proves_nothing(with_phone: User, moderator: User) -> None:
    client = log_in(with_phone)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    proof = client.session["second_factor"]
    other = log_in(moderator)
    session = other.session
    session["second_factor"] = proof
    session.save()
    assert not is_open(other)


def test_the_door_closes_after_an_idle_hour_and_after_a_long_day(with_phone: User) -> None:
    with time_machine.travel("2026-11-24 08:00Z", tick=False) as clock:
        client = log_in(with_phone)
        client.post("/accounts/2fa/authenticate/", {"code": code()})
        for _look in range(LONGEST // (IDLE * 0.9)):
            clock.shift(IDLE * 0.9)
            assert is_open(client)
        clock.shift(IDLE * 0.9)
        assert not is_open(client)
        client = log_in(with_phone)
        client.post("/accounts/2fa/authenticate/", {"code": code()})
        assert is_open(client)
        clock.shift(IDLE)
        assert not is_open(client)
        assert client.get("/me/").status_code == 200  # the paper itself stays as it was


def test_readers_find_a_closed_door_and_their_own_pages(reader: User) -> None:
    client = log_in(reader)
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/me/").status_code == 200


def test_who_left_the_staff_is_out_at_once(with_phone: User) -> None:
    client = log_in(with_phone)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    User.objects.filter(pk=with_phone.pk).update(is_staff=False)
    assert not is_open(client)


# What staff do on the paper's own pages


def pages_of(comment: Comment) -> list[str]:
    deeds = [f"/comments/{comment.pk}/{deed}/" for deed in "pick unpick pin unpin move".split()]
    about = f"/discussions/{comment.discussion_id}/"
    return [*deeds, f"{about}run/", f"{about}questions/"]


def state(comment: Comment) -> tuple[object, ...]:
    comment.refresh_from_db()
    return (comment.picked_at, comment.discussion.pinned_id, Decision.objects.count())


@pytest.mark.attack("A31")
def test_no_deed_of_the_staff_is_done_by_a_password_alone(
    with_phone: User, article: Article, reader: User
) -> None:
    """By the one rule of the admin, and back to the page that asks for the deed."""
    comment = cast.a_comment(article, reader)
    before = state(comment)
    client = log_in(with_phone)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    session = client.session
    del session["second_factor"]  # as one from before it was asked for
    session.save()
    for page in pages_of(comment):
        for answer in (client.get(page), client.post(page, {"mode": "closed"})):
            wanted = page.replace("/", "%2F")
            assert answer["Location"] == f"/accounts/2fa/reauthenticate/?next={wanted}", page
        htmx = client.post(page, headers={"HX-Request": "true"})
        assert htmx["HX-Redirect"].startswith("/accounts/2fa/reauthenticate/?next=")
    assert state(comment) == before
    pick = pages_of(comment)[0]
    asked = client.get(pick)["Location"]
    assert client.post(asked, {"code": code(1)})["Location"] == pick
    assert client.get(pick).status_code == 200
    client.post(pick)
    assert state(comment)[0]


def test_who_has_no_factor_yet_is_led_to_set_one_up(
    editor: User, article: Article, reader: User
) -> None:
    page = pages_of(cast.a_comment(article, reader))[0]
    led = log_in(editor).get(page, follow=True)
    assert led.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "opens to two factors only" in led.content.decode()


def test_statements_about_others_open_as_the_admin_does(
    moderator: User, article: Article, reader: User
) -> None:
    removed(cast.a_comment(article, reader), moderator)
    address = StatementOfReasons.objects.get().get_absolute_url()
    client = log_in(moderator)
    assert client.get(address)["Location"] == "/accounts/2fa/"
    TOTP.activate(moderator, SECRET)
    client = log_in(moderator)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    assert client.get(address).status_code == 200
    assert log_in(reader).get(address).status_code == 200


def test_in_a_demo_deeds_are_waived_too(
    editor: User, article: Article, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DEMO", True)
    comment = cast.a_comment(article, reader)
    log_in(editor).post(pages_of(comment)[0])
    assert state(comment)[0]


def test_in_a_demo_it_is_waived_and_every_page_says_so(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_in(editor)
    monkeypatch.setattr(settings, "DEMO", True)
    for page in ("/admin/", DESK, f"{DESK}add/", "/admin/desk/"):
        assert "This is a demo" in client.get(page).content.decode(), page
    monkeypatch.setattr(settings, "DEMO", False)
    assert not is_open(client)


def test_the_desk_shows_no_secrets_of_allauth() -> None:
    assert not {model._meta.app_label for model in admin.site._registry} & {
        "mfa",
        "usersessions",
        "socialaccount",
    }


# What the database keeps of it


def kept() -> str:
    return str(list(Authenticator.objects.values_list("data", flat=True)))


def test_a_copy_of_the_database_makes_no_codes(with_phone: User) -> None:
    RecoveryCodes.activate(with_phone)
    assert SECRET not in kept()
    assert not re.search(r"[0-9a-f]{80}", kept())  # what recovery codes are made of
    answer = log_in(with_phone).post("/accounts/2fa/authenticate/", {"code": code()})
    assert answer["Location"] == "/"


def test_a_secret_from_before_works_and_is_sealed_by_the_next_update(with_phone: User) -> None:
    Authenticator.objects.update(data={"secret": SECRET})
    answer = log_in(with_phone).post("/accounts/2fa/authenticate/", {"code": code()})
    assert answer["Location"] == "/"
    seal_anew()
    assert SECRET not in kept()
    answer = log_in(with_phone).post("/accounts/2fa/authenticate/", {"code": code(1)})
    assert answer["Location"] == "/"


def test_a_replaced_key_counts_until_an_update_has_sealed_anew(
    with_phone: User, settings: Any
) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 50
    answer = log_in(with_phone).post("/accounts/2fa/authenticate/", {"code": code()})
    assert answer["Location"] == "/"
    seal_anew()
    settings.SECRET_KEY_FALLBACKS = []
    answer = log_in(with_phone).post("/accounts/2fa/authenticate/", {"code": code(1)})
    assert answer["Location"] == "/"


def test_without_its_key_a_phone_is_of_no_use_and_recovery_codes_are(
    reader: User, settings: Any
) -> None:
    _client, codes = recovery_codes(reader)
    settings.SECRET_KEY = "n" * 50
    client = log_in(reader)
    wrong = client.post("/accounts/2fa/authenticate/", {"code": code(1)})
    assert "Incorrect code." in wrong.content.decode()
    assert client.post("/accounts/2fa/authenticate/", {"code": codes[0]})["Location"] == "/"
    before = kept()
    seal_anew()
    assert kept() == before


# Recovery codes


def recovery_codes(user: User) -> tuple[Client, list[str]]:
    """Somebody with a phone, and the codes as the page shows them once."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    client = log_in(user)
    client.post("/accounts/2fa/authenticate/", {"code": code()})
    client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
    page = client.get("/accounts/2fa/recovery-codes/")
    return client, page.context["unused_codes"]


def test_recovery_codes_are_shown_once_and_kept_as_hashes(reader: User) -> None:
    client, codes = recovery_codes(reader)
    assert len(set(codes)) == 10
    kept = str(Authenticator.objects.get(type="recovery_codes").data)
    assert "seed" not in kept
    assert not [code for code in codes if code in kept]
    again = client.get("/accounts/2fa/recovery-codes/").content.decode()
    assert not [code for code in codes if code in again]
    assert client.get("/accounts/2fa/recovery-codes/download/").status_code == 403


@pytest.mark.attack("A31")
def test_a_recovery_code_logs_in_once(reader: User) -> None:
    _client, codes = recovery_codes(reader)
    first = log_in(reader)
    assert first.post("/accounts/2fa/authenticate/", {"code": codes[3]})["Location"] == "/"
    second = log_in(reader)
    used = second.post("/accounts/2fa/authenticate/", {"code": codes[3]})
    assert "Incorrect code." in used.content.decode()
    assert second.post("/accounts/2fa/authenticate/", {"code": codes[4]})["Location"] == "/"
    left = first.get("/accounts/2fa/").content.decode()
    assert "8 are left" in left


def test_new_recovery_codes_end_the_old_ones(reader: User) -> None:
    client, codes = recovery_codes(reader)
    client.post("/accounts/2fa/recovery-codes/generate/")
    fresh = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert not set(fresh) & set(codes)
    stale = log_in(reader).post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert "Incorrect code." in stale.content.decode()
