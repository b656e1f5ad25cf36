"""Which language a page speaks, and who may change it."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from newsroom.models import Article
from tests import cast

pytestmark = pytest.mark.django_db

RUSSIAN = {"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}


@pytest.fixture(autouse=True)
def of_four(settings: Any) -> None:
    settings.LANGUAGES = [
        ("en", "English"),
        ("ru", "Русский"),
        ("es", "Español"),
        ("ar", "العربية"),
    ]


@pytest.fixture
def client(client: Client) -> Client:
    client.defaults["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client


def html_of(client: Client, address: str = "/", **headers: Any) -> str:
    return client.get(address, headers=headers).content.decode().partition("<head>")[0]


def choose(client: Client, language: str, **more: Any) -> Any:
    return client.post("/i18n/", {"language": language, "next": "/newsfeed/"}, **more)


def test_the_choice_is_offered_on_every_page_by_name(client: Client, article: Article) -> None:
    for address in ("/", article.get_absolute_url(), "/accounts/login/", "/nothing/there/"):
        page = client.get(address).content.decode()
        assert '<button class="quiet" name="language" value="ru" lang="ru">Русский</button>' in page
        assert 'value="ar" lang="ar" dir="rtl">العربية</button>' in page
        assert 'value="en" aria-current="true">English</button>' in page


def test_a_paper_of_one_language_offers_none(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]
    assert 'action="/i18n/"' not in client.get("/").content.decode()


def test_a_visitors_choice_leads_back_and_is_remembered(client: Client) -> None:
    response = choose(client, "ar")
    assert (response.status_code, response["Location"]) == (302, "/newsfeed/")
    for address in ("/newsfeed/", "/", "/accounts/login/", "/nothing/there/"):
        assert '<html lang="ar" dir="rtl">' in html_of(client, address, **RUSSIAN)


def test_without_a_choice_the_browser_is_asked(client: Client) -> None:
    assert '<html lang="ru" dir="ltr">' in html_of(client, **RUSSIAN)
    assert '<html lang="en" dir="ltr">' in html_of(client, **{"Accept-Language": "fi"})


def test_a_members_choice_is_remembered_on_other_devices(client: Client, reader: User) -> None:
    client.force_login(reader)
    choose(client, "es")
    reader.refresh_from_db()
    assert reader.language == "es"
    elsewhere = Client()
    elsewhere.force_login(reader)
    assert '<html lang="es"' in html_of(elsewhere, **RUSSIAN)
    choose(elsewhere, "ru", headers={"Sec-Fetch-Site": "same-origin"})
    assert '<html lang="es"' in html_of(client)  # what was chosen here stays chosen


def test_a_kept_page_is_of_its_readers_language(client: Client, article: Article) -> None:
    address = article.get_absolute_url()
    tags = {}
    for language in ("en", "ru", "ar"):
        response = client.get(address, headers={"Accept-Language": language})
        assert f'<html lang="{language}"'.encode() in response.content
        assert response["Content-Language"] == language
        assert {"Cookie", "Accept-Language"} <= set(response["Vary"].split(", "))
        tags[language] = response["ETag"]
    assert len(set(tags.values())) == 3
    english = {"If-None-Match": tags["en"]}
    assert client.get(address, headers=english | {"Accept-Language": "en"}).status_code == 304
    assert client.get(address, headers=english | {"Accept-Language": "ru"}).status_code == 200
    choose(client, "ar")
    arabic = client.get(address, headers={"Accept-Language": "en", "If-None-Match": tags["ar"]})
    assert arabic.status_code == 304


def test_mail_follows_the_language_of_the_first_log_in(client: Client, reader: User) -> None:
    said = {"login": reader.email, "password": cast.PASSWORD}
    client.post("/accounts/login/", said, headers=RUSSIAN)
    reader.refresh_from_db()
    assert reader.language == "ru"
    client.logout()
    client.post("/accounts/login/", said, headers={"Accept-Language": "es"})
    reader.refresh_from_db()
    assert reader.language == "ru"


@pytest.mark.parametrize("language", ["", "fi", "EN", "en; path=/", "x" * 9000])
def test_what_is_no_language_of_ours_is_refused(client: Client, language: str) -> None:
    response = choose(client, language)
    assert response.status_code == 400
    assert not response.cookies


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_other_sites_cannot_choose(client: Client, reader: User, site: str) -> None:
    client.force_login(reader)
    assert choose(client, "ru", headers={"Sec-Fetch-Site": site}).status_code == 403
    reader.refresh_from_db()
    assert reader.language == ""


@pytest.mark.attack("A24")
@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client: Client, back: str) -> None:
    response = client.post("/i18n/", {"language": "ru", "next": back})
    assert response["Location"] == "/"


def test_a_cookie_of_no_language_of_ours_counts_for_nothing(client: Client, reader: User) -> None:
    User.objects.filter(pk=reader.pk).update(language="es")
    client.force_login(reader)
    client.cookies["language"] = "klingon"
    assert '<html lang="es"' in html_of(client)


def test_looking_at_it_changes_nothing(client: Client) -> None:
    assert client.get("/i18n/").status_code == 405
