"""What every answer carries, what cookies may do, and when the site refuses to start."""

import json
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests import cast

NEVER = ("unsafe-", "data:", "blob:", "*", "http:")
REPORT = {"csp-report": {"violated-directive": "script-src", "document-uri": "http://testserver/"}}


def policy(answer: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


# Headers


@pytest.fixture
def answers(db: None, admin: User) -> dict[str, Any]:
    article = cast.an_article()
    reader = Client()
    reader.force_login(admin)
    visitors = ["/", article.get_absolute_url(), "/newsfeed/", "/nowhere/", "/accounts/login/"]
    visitors += ["/feeds/atom/", "/newsfeed/?after=x", "/accounts/signup/", "/rules/"]
    staff = ["/admin/", "/admin/newsroom/article/", "/admin/accounts/user/", "/me/"]
    staff += [f"/admin/newsroom/article/{article.pk}/change/", "/admin/newsroom/photo/add/"]
    found = {address: Client().get(address) for address in visitors}
    return found | {address: reader.get(address) for address in staff}


def test_no_page_lets_a_foreign_or_inline_script_run(answers: dict) -> None:
    for address, answer in answers.items():
        said = policy(answer)
        assert said["default-src"] == ["'none'"], address
        for name in ("base-uri", "frame-ancestors", "object-src"):
            assert said[name] == ["'none'"], address
        assert said["form-action"] == said["connect-src"] == ["'self'"], address
        assert "'self'" in said["script-src"], address
        assert said["report-uri"] == ["/csp-report/"], address
        assert not [word for word in NEVER if word in answer["Content-Security-Policy"]], address


def test_what_readers_get_needs_no_exception_at_all(answers: dict) -> None:
    for address, answer in answers.items():
        if not address.startswith("/admin/newsroom/article/"):
            assert policy(answer)["script-src"] == policy(answer)["style-src"] == ["'self'"], (
                address
            )


def test_every_answer_closes_what_it_does_not_need(answers: dict) -> None:
    for address, answer in answers.items():
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert answer["X-Frame-Options"] == "DENY", address
        assert answer["Referrer-Policy"] in ("strict-origin-when-cross-origin", "same-origin")
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
            assert f"{feature}=()" in answer["Permissions-Policy"], address
        assert "Server" not in answer, address
        assert "X-Powered-By" not in answer, address
        assert "Access-Control-Allow-Origin" not in answer, address


def test_visitors_pages_may_be_kept_and_set_nothing(answers: dict) -> None:
    for address in ("/", "/newsfeed/", "/rules/"):
        answer = answers[address]
        assert answer["Cache-Control"] == "public, no-cache"
        assert {"Cookie", "Accept-Language"} <= {part.strip() for part in answer["Vary"].split(",")}
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.attack("A37")
@pytest.mark.django_db
def test_what_is_somebodys_is_kept_by_nobody(reader: User, client: Client) -> None:
    article = cast.an_article()
    client.force_login(reader)
    for address in ("/", article.get_absolute_url(), "/me/", "/nowhere/", "/accounts/logout/"):
        assert "no-store" in client.get(address)["Cache-Control"], address
        assert "private" in client.get(address)["Cache-Control"], address
    for address in ("/accounts/login/", "/accounts/signup/"):
        answer = Client().get(address)
        assert "no-store" in answer["Cache-Control"]
        assert answer.cookies["csrf"]["httponly"]


@pytest.mark.attack("A39")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Original-URL": "/admin/"},
        {"X-Rewrite-URL": "/admin/"},
        {"X-HTTP-Method-Override": "DELETE"},
        {"Forwarded": "host=evil.example"},
        {"X-Forwarded-For": "6.6.6.6"},
        {"HX-Request": "true"},
    ],
    ids=lambda header: next(iter(header)),
)
def test_no_header_of_a_stranger_changes_a_page(client: Client, header: dict[str, str]) -> None:
    address = cast.an_article().get_absolute_url()
    for page in ("/", address):
        assert client.get(page, headers=header).content == client.get(page).content


# Settings, read by a process of their own

READ = """
import json
from django.conf import settings
names = '''SESSION_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE
    CSRF_COOKIE_NAME CSRF_COOKIE_SECURE CSRF_COOKIE_HTTPONLY CSRF_COOKIE_SAMESITE
    SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS ALLOWED_HOSTS DEBUG
    SECURE_PROXY_SSL_HEADER USE_X_FORWARDED_HOST SITE_URL DEMO'''.split()
print(json.dumps({name: getattr(settings, name) for name in names}, default=str))
"""
KEY = "of the tests alone, and of no site anywhere: 0123456789"


def run(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {name: os.environ[name] for name in ("PATH", "DATA") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**keep, "DJANGO_SETTINGS_MODULE": "newsroom.settings", **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(**environment: str) -> dict[str, object]:
    return json.loads(run(READ, SECRET_KEY=KEY, **environment).stdout)


def test_an_https_site_guards_its_cookies() -> None:
    found = read(SITE_URL="https://news.example")
    assert found["SESSION_COOKIE_NAME"] == "__Host-sid"
    assert found["CSRF_COOKIE_NAME"] == "__Host-csrf"
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_SSL_REDIRECT"] is found["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert found["SECURE_HSTS_SECONDS"] == 2 * 365 * 24 * 3600
    assert found["ALLOWED_HOSTS"] == ["news.example"]
    assert found["DEBUG"] is found["DEMO"] is found["USE_X_FORWARDED_HOST"] is False
    assert found["SECURE_PROXY_SSL_HEADER"] is None


def test_a_proxy_is_believed_only_where_there_is_one() -> None:
    found = read(SITE_URL="https://news.example/", TRUSTED_PROXY_COUNT="1")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert found["SITE_URL"] == "https://news.example"


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "", "SITE_URL": "https://news.example"}, "SECRET_KEY"),
        ({"SECRET_KEY": KEY}, "Set SITE_URL to the address readers use, such as https://news.org"),
        ({"SECRET_KEY": KEY, "SITE_URL": ""}, "Set SITE_URL"),
        ({"SECRET_KEY": KEY, "SITE_URL": "news.example"}, "Set SITE_URL"),
        ({"SECRET_KEY": KEY, "SITE_URL": "ftp://news.example"}, "Set SITE_URL"),
        ({"SECRET_KEY": KEY, "SITE_URL": "https://"}, "Set SITE_URL"),
        ({"SECRET_KEY": KEY, "SITE_URL": "https://news.example", "DEBUG": "maybe"}, "DEBUG"),
        ({"SECRET_KEY": KEY, "SITE_URL": "https://n.example", "TRUSTED_PROXY_COUNT": "x"}, "PROXY"),
    ],
)
def test_the_site_does_not_start_with_a_wrong_environment(
    environment: dict[str, str], words: str
) -> None:
    found = run("from django.conf import settings; settings.SECRET_KEY", **environment)
    assert found.returncode == 1
    assert words in found.stderr.splitlines()[-1]
    assert KEY not in found.stderr


# Reports about the policy


@pytest.fixture
def reporting() -> Client:
    return Client(enforce_csrf_checks=True)


def report(client: Client, body: bytes | str) -> Any:
    return client.post("/csp-report/", body, content_type="application/csp-report")


@pytest.mark.django_db
def test_a_report_is_one_line_in_the_log(
    reporting: Client, caplog: pytest.LogCaptureFixture
) -> None:
    evil = {"violated-directive": "x\nERROR root forged", "document-uri": "/\x1b[31m" + "x" * 5000}
    with caplog.at_level(logging.WARNING, "security"):
        assert report(reporting, json.dumps(REPORT)).status_code == 204
        assert report(reporting, json.dumps({"csp-report": evil})).status_code == 204
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "csp_violation directive='script-src' page='http://testserver/'"
    assert len(lines) == 2
    assert "\n" not in lines[1]
    assert "\x1b" not in lines[1]
    assert len(lines[1]) < 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "{}", "null", "1", '"csp-report"', '{"csp-report": null}', '{"csp-report": []}']
    + ['{"csp-report": {}}', '[{"csp-report": 1}]', "[" * 9000, b"\xff\xfe\x00", b"\x00" * 50],
)
def test_garbage_is_no_report(reporting: Client, body: bytes | str) -> None:
    assert report(reporting, body).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("size", [10_001, 2 * 1024 * 1024])
def test_a_long_report_is_not_read(reporting: Client, size: int) -> None:
    assert report(reporting, "x" * size).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_reports_come_by_post(reporting: Client, method: str) -> None:
    assert getattr(reporting, method)("/csp-report/").status_code == 405
