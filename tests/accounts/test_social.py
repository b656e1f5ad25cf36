"""Ways in through others: there by their keys alone, and nobody's account is taken over by them."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import Departure, Export, RulesAcceptance, User
from accounts.social import SocialAccountAdapter
from tests import cast
from tests.newsroom.mailing import letters, work
from tests.newsroom.test_headers import KEY, run

pytestmark = pytest.mark.django_db

SERVER = "https://id.example"
BUTTON = "Continue with Example ID"
ARTICLE = "/2026/11/24/the-bridge/?sort=newest#composer"
RULES = {"name": "Rita Reader", "rules": "on"}


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.text = self.content = json.dumps(data)

    def json(self) -> dict[str, Any]:
        return self.data

    def raise_for_status(self) -> None:
        pass


class Server:
    """The provider, as far as this site talks to it; `person` is who logged in there."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def request(self, _method: str, url: str, **_: Any) -> Answer:
        return self.get(url)

    def get(self, url: str, **_: Any) -> Answer:
        if url.endswith("/.well-known/openid-configuration"):
            names = {"token_endpoint": "token", "userinfo_endpoint": "person"}
            names |= {"authorization_endpoint": "authorize"}
            return Answer({name: f"{SERVER}/{page}" for name, page in names.items()})
        return Answer({"access_token": "a token"} if url.endswith("/token") else self.person)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    app = {"client_id": "us", "secret": "x", "provider_id": "oidc", "name": "Example ID"}
    app["settings"] = {"server_url": SERVER}  # type: ignore[assignment]
    providers = {"openid_connect": {"APPS": [app]}}
    monkeypatch.setattr(settings, "SOCIALACCOUNT_PROVIDERS", providers)
    monkeypatch.setattr(settings, "SOCIAL_ORIGINS", [SERVER])
    monkeypatch.setattr(settings, "ROOT_URLCONF", "tests.accounts.with_a_provider")
    server = Server()
    monkeypatch.setattr(SocialAccountAdapter, "get_requests_session", lambda _self: server)
    registry.get_class_list()
    registry.register(OpenIDConnectProvider)
    yield server
    del registry.provider_map[OpenIDConnectProvider.id]


def through(client: Client, server: Server, next: str = "/", process: str = "login", **person: Any):
    """Out to the provider and back, as this person of theirs."""
    server.person = {"sub": "77", "picture": f"{SERVER}/face.png"} | person
    out = client.post(f"/accounts/oidc/oidc/login/?process={process}", {"next": next})
    assert out["Location"].startswith(f"{SERVER}/authorize?")
    state = parse_qs(urlsplit(out["Location"]).query)["state"][0]
    return client.get(f"/accounts/oidc/oidc/login/callback/?code=x&state={state}")


def is_known(client: Client) -> bool:
    return "_auth_user_id" in client.session


PAGES = ["/accounts/login/", "/accounts/signup/"]


@pytest.mark.parametrize("page", PAGES)
def test_what_has_no_keys_is_not_shown(client: Client, page: str) -> None:
    answer = client.get(page)
    assert "Continue with" not in answer.content.decode()
    assert "form-action 'self';" in answer["Content-Security-Policy"]
    for name in ("google", "apple", "facebook", "github", "oidc/oidc"):
        assert client.get(f"/accounts/{name}/login/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_with_keys_there_is_a_button_that_the_policy_lets_through(
    client: Client, server: Server, page: str
) -> None:
    answer = client.get(page)
    assert BUTTON in answer.content.decode()
    assert f"form-action 'self' {SERVER};" in answer["Content-Security-Policy"]
    assert SERVER not in client.get("/")["Content-Security-Policy"]


SHOW = """
import django, json
django.setup()
from django.conf import settings
from allauth.socialaccount.providers import registry
print(json.dumps([sorted(c.id for c in registry.get_class_list()), settings.SOCIAL_ORIGINS]))
"""
SITE = {"SECRET_KEY": KEY, "SITE_URL": "https://news.example"}


def test_the_environment_alone_opens_them() -> None:
    keys = {f"{name}_CLIENT_ID": "id" for name in ("GOOGLE", "GITHUB", "FACEBOOK", "APPLE", "OIDC")}
    keys |= {f"{name}_SECRET": "secret" for name in ("GOOGLE", "GITHUB", "FACEBOOK", "OIDC")}
    keys |= {"APPLE_KEY_ID": "k", "APPLE_TEAM_ID": "t", "APPLE_PRIVATE_KEY": "-----BEGIN"}
    found, origins = json.loads(run(SHOW, **SITE, **keys, OIDC_SERVER_URL=SERVER).stdout)
    assert found == ["apple", "facebook", "github", "google", "openid_connect"]
    assert {"https://accounts.google.com", "https://appleid.apple.com", SERVER} < set(origins)
    assert json.loads(run(SHOW, **SITE).stdout) == [[], []]


@pytest.mark.parametrize(
    "half",
    [
        {"GOOGLE_CLIENT_ID": "id"},
        {"GITHUB_SECRET": "secret"},
        {"APPLE_CLIENT_ID": "id", "APPLE_KEY_ID": "k", "APPLE_TEAM_ID": "t"},
        {"OIDC_CLIENT_ID": "id", "OIDC_SECRET": "s"},
        {"OIDC_CLIENT_ID": "id", "OIDC_SECRET": "s", "OIDC_SERVER_URL": "http://id.example"},
    ],
    ids=lambda half: next(iter(half)),
)
def test_half_of_the_keys_is_a_mistake(half: dict[str, str]) -> None:
    assert "needs (docs/operating.md) or none" in run(SHOW, **SITE, **half).stderr


LEAD = """
import json
from urllib.parse import parse_qs, urlsplit
import django
from django.conf import settings
plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.STORAGES["staticfiles"]["BACKEND"] = plain
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
client = Client(headers={"Host": "news.example"})
page = client.get("/accounts/login/", secure=True)
shown = page.content.decode()
said = {}
for name in ("google", "apple", "facebook", "github"):
    path = f"/accounts/{name}/login/"
    answer = client.post(f"{path}?process=login", {"next": "/x/"}, secure=True)
    asked = urlsplit(answer.get("Location", ""))
    query = {key: value[0] for key, value in parse_qs(asked.query).items()}
    said[name] = {
        "button": f'action="{path}' in shown,
        "status": answer.status_code,
        "to": f"{asked.scheme}://{asked.netloc}",
        "allowed": f"{asked.scheme}://{asked.netloc}" in page["Content-Security-Policy"],
        "client": query.get("client_id"),
        "back": query.get("redirect_uri"),
        "state": len(query.get("state", "")) > 10,
    }
print(json.dumps(said))
"""
ORIGINS = {
    "google": "https://accounts.google.com",
    "apple": "https://appleid.apple.com",
    "facebook": "https://www.facebook.com",
    "github": "https://github.com",
}
KEYS: dict[str, dict[str, str]] = {
    "google": {"GOOGLE_CLIENT_ID": "us", "GOOGLE_SECRET": "s"},
    "apple": {
        "APPLE_CLIENT_ID": "us",
        "APPLE_KEY_ID": "k",
        "APPLE_TEAM_ID": "t",
        "APPLE_PRIVATE_KEY": "-----BEGIN",
    },
    "facebook": {"FACEBOOK_CLIENT_ID": "us", "FACEBOOK_SECRET": "s"},
    "github": {"GITHUB_CLIENT_ID": "us", "GITHUB_SECRET": "s"},
}


@pytest.mark.parametrize("opened", KEYS)
def test_each_is_opened_by_its_own_keys(opened: str) -> None:
    assert json.loads(run(SHOW, **SITE, **KEYS[opened]).stdout)[0] == [opened]


def test_each_leads_to_its_own_address() -> None:
    """Nothing is asked of the provider: the browser is sent there, with what it must bring."""
    keys = {name: value for keys in KEYS.values() for name, value in keys.items()}
    found = json.loads(run(LEAD, **SITE, DATABASE_URL="sqlite://:memory:", **keys).stdout)
    assert found == {
        name: {
            "button": True,
            "status": 302,
            "to": ORIGINS[name],
            "allowed": True,
            "client": "us",
            "back": f"https://news.example/accounts/{name}/login/callback/",
            "state": True,
        }
        for name in KEYS
    }


def test_somebody_new_is_asked_for_a_name_and_the_rules_and_comes_back(server: Server) -> None:
    client = Client()
    asked = through(
        client, server, ARTICLE, name="Rita Reader", email="rita@example.com", email_verified=True
    )
    assert asked["Location"] == "/accounts/3rdparty/signup/"
    assert not User.objects.exists()
    page = client.get(asked["Location"]).content.decode()
    assert 'value="Rita Reader"' in page
    assert 'value="rita@example.com"' in page
    form = {"email": "rita@example.com"} | RULES
    refused = client.post(asked["Location"], form | {"rules": ""})
    assert "Please read the rules and accept them." in refused.content.decode()
    taken = client.post(asked["Location"], form | {"name": "Moderator"})
    assert "kept for the newsroom" in taken.content.decode()
    assert client.post(asked["Location"], form)["Location"] == ARTICLE
    person = User.objects.get()
    assert (person.name, person.username) == ("Rita Reader", "rita-reader")
    assert RulesAcceptance.objects.get().person == person
    assert is_known(client)
    again = Client()
    assert (
        through(again, server, ARTICLE, name="x", email="rita@example.com")["Location"] == ARTICLE
    )
    assert User.objects.count() == 1
    assert SocialAccount.objects.get().extra_data == {}


def test_an_address_they_did_not_verify_is_verified_here(server: Server) -> None:
    client = Client()
    asked = through(client, server, email="rita@example.com", email_verified=False)
    answer = client.post(asked["Location"], {"email": "rita@example.com"} | RULES, follow=True)
    assert "Check your mail" in answer.content.decode()
    assert not is_known(client)
    assert not EmailAddress.objects.get().verified


@pytest.mark.attack("A30")
@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize("here", [True, False], ids=["verified here", "not verified here"])
def test_nobodys_account_is_taken_over_by_an_address(
    server: Server, verified: bool, here: bool
) -> None:
    rita = cast.a_reader(verified=here)
    client = Client()
    asked = through(client, server, email=rita.email.upper(), email_verified=verified)
    answer = client.post(asked["Location"], {"email": rita.email, "name": "Sly", "rules": "on"})
    assert not is_known(client)
    assert answer["Location"] == "/accounts/confirm-email/"  # as for an address that is new
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == rita
    assert rita.check_password(cast.PASSWORD)
    work()
    assert [letter.to for letter in letters()] == [[rita.email]]
    # The mail says that there is an account; it holds no link that would give it away.
    assert "already exists" in letters()[0].body
    assert not re.search(r"confirm-email/\S", str(letters()[0].body))


def test_one_connects_an_account_of_theirs_after_proving_oneself(
    server: Server, reader: User
) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": reader.email, "password": cast.PASSWORD})
    through(client, server, process="connect", email="other@example.com")
    assert not SocialAccount.objects.exists()  # the password is asked for first
    client.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
    through(client, server, process="connect", email="other@example.com")
    account = SocialAccount.objects.get()
    assert (account.user, account.extra_data) == (reader, {})
    assert "Example ID" in client.get("/accounts/3rdparty/").content.decode()
    work()
    assert [letter.to for letter in letters()] == [[reader.email]]


# Asked again, where there is no password


@pytest.fixture
def social(server: Server) -> Client:
    """Somebody who came through the provider and has nothing else, logged in."""
    client = Client()
    email = "rita@example.com"
    asked = through(client, server, email=email, email_verified=True)
    client.post(asked["Location"], {"email": email} | RULES)
    assert is_known(client)
    return client


def code_for(client: Client, page: str) -> str:
    assert client.post(page, {"send": ""}).status_code == 302
    work()
    (code,) = re.findall(r"[A-Z]{4}-[A-Z]{4}", str(letters()[-1].body))
    return str(code)


SENSITIVE = [
    ("/me/privacy/export/", {}),
    ("/me/privacy/leave/", {"words": "go", "when": "now"}),
    ("/accounts/email/", {"email": "new@example.com", "action_add": ""}),
    ("/accounts/2fa/totp/activate/", {"code": "1"}),
    ("/accounts/2fa/webauthn/add/", {"name": "x"}),
]


@pytest.mark.parametrize(("deed", "form"), SENSITIVE, ids=[deed for deed, _form in SENSITIVE])
def test_who_has_no_password_is_asked_by_a_code(
    social: Client, deed: str, form: dict[str, str]
) -> None:
    asked = social.post(deed, form)["Location"]
    assert asked.startswith("/accounts/reauthenticate/code/?next=")
    assert not Export.objects.exists()
    assert not Departure.objects.exists()
    assert not EmailAddress.objects.filter(email="new@example.com").exists()
    page = social.get(asked).content.decode()
    assert "Send me a code" in page
    assert 'name="code"' not in page  # there is none to be typed yet


def test_the_code_does_what_was_asked_for_and_holds_for_a_while(social: Client) -> None:
    asked = social.post("/me/privacy/export/")["Location"]
    code = code_for(social, asked)
    wrong = social.post(asked, {"code": "BBBB-BBBB"})
    assert wrong.status_code == 400
    assert "This is not the code in our newest mail." in wrong.content.decode()
    assert not Export.objects.exists()
    assert social.post(asked, {"code": code.lower()})["Location"] == "/me/privacy/"
    assert Export.objects.exists()
    assert social.get("/accounts/2fa/totp/activate/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert social.post("/me/privacy/export/").status_code == 302
        assert "/reauthenticate/code/" in social.get("/accounts/2fa/totp/activate/")["Location"]


@pytest.mark.attack("A28")
def test_such_a_code_works_once_here_for_ten_minutes_and_three_tries(social: Client) -> None:
    page = "/accounts/reauthenticate/code/"
    code = code_for(social, page)
    other = Client()
    other.force_login(User.objects.get())
    assert other.post(page, {"code": code}).status_code == 400
    for _ in range(3):
        social.post(page, {"code": "BBBB-BBBB"})
    assert social.post(page, {"code": code}).status_code == 400
    code = code_for(social, page)
    assert social.post(page, {"code": code}).status_code == 302
    assert social.post(page, {"code": code}).status_code == 400
    code = code_for(social, page)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        late = social.post(page, {"code": code})
        assert "No code is good now." in late.content.decode()
    for _ in range(2):
        social.post(page, {"send": ""})
    assert social.post(page, {"send": ""}).status_code == 429


def test_who_has_a_password_is_asked_for_that(client: Client) -> None:
    client.force_login(cast.a_reader())
    assert client.get("/accounts/reauthenticate/code/")["Location"] == "/accounts/reauthenticate/"
    assert Client().get("/accounts/reauthenticate/code/")["Location"].startswith("/accounts/login/")


@pytest.mark.attack("A20")
def test_a_forged_return_logs_nobody_in(server: Server, client: Client) -> None:
    server.person = {"sub": "77", "email": "rita@example.com"}
    page = client.get("/accounts/oidc/oidc/login/callback/?code=x&state=forged")
    assert not is_known(client)
    assert 'class="masthead"' in page.content.decode()


def test_a_look_begins_nothing(server: Server, client: Client) -> None:
    page = client.get("/accounts/oidc/oidc/login/")
    assert page.status_code == 200
    assert '<form method="post"' in page.content.decode()
