"""A visitor writes first: the words wait, and come back to the one who wrote them."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Allowance, User
from comments.models import Comment, Draft
from newsroom.models import Article
from tests import cast
from tests.comments.acting import OWN_PAGE, acting, in_days, read, removed, typed
from tests.newsroom.mailing import work

pytestmark = pytest.mark.django_db

WORDS = "I crossed it <twice> & it held."


def write(browser: Client, article: Article, text: str = WORDS, **more: Any) -> Any:
    """As the form in the gate sends it."""
    headers = more.pop("headers", OWN_PAGE)
    extra = {name: more.pop(name) for name in list(more) if name.isupper()}
    address = f"/discussions/{article.pk}/draft/"
    return browser.post(address, {"text": text, **more}, headers=headers, **extra)


def log_in(browser: Client, person: User) -> None:
    form = {"login": person.email, "password": cast.PASSWORD}
    assert browser.post("/accounts/login/", form).status_code == 302


def composer(browser: Client, article: Article) -> str:
    return typed(browser.get(article.get_absolute_url()))


# From where it may come


@pytest.mark.attack("A20")
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://evil.example/?http://testserver"},
        {"Origin": "http://[", "Referer": "http://["},
        {"Referer": "https://evil.example/testserver"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], article: Article) -> None:
    response = write(acting(), article, headers=headers)
    assert response.status_code == 403
    assert typed(response) == WORDS
    assert "draft" not in response.cookies
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://testserver"},
        {"Referer": "http://testserver/world/"},
    ],
    ids=str,
)
def test_a_form_of_ours_needs_no_token(headers: dict[str, str], article: Article) -> None:
    browser = Client(enforce_csrf_checks=True)
    response = write(browser, article, headers=headers)
    assert response.status_code == 302
    assert Draft.objects.get().text == WORDS


def test_there_is_nothing_to_get_there(article: Article) -> None:
    read(acting(), f"/discussions/{article.pk}/draft/", status=405)


# What is kept


@pytest.mark.parametrize("then", ["login", "register", "elsewhere"])
def test_it_leads_to_the_log_in_or_the_registration_and_back(then: str, article: Article) -> None:
    location = write(acting(), article, then=then)["Location"]
    page = "signup" if then == "register" else "login"
    assert location.startswith(f"/accounts/{page}/?next=%2F2")
    assert location.endswith("%23composer")


def test_the_way_back_is_not_the_visitors_to_choose(article: Article) -> None:
    location = write(acting(), article, next="https://evil.example")["Location"]
    assert "evil" not in location


@pytest.mark.parametrize("text", ["", " \n\t ", "\0"])
def test_no_words_are_no_draft(text: str, article: Article) -> None:
    response = write(acting(), article, text)
    assert response.status_code == 302
    assert "draft" not in response.cookies
    assert not Draft.objects.exists()


def test_what_is_too_long_to_post_is_kept(article: Article) -> None:
    assert write(acting(), article, "a" * 10_000).status_code == 302
    assert len(Draft.objects.get().text) == 10_000


def test_what_is_too_long_to_keep_comes_back(article: Article) -> None:
    response = write(acting(), article, "a" * 10_001)
    assert response.status_code == 413
    assert typed(response) == "a" * 10_001
    assert not Draft.objects.exists()


def test_the_last_words_count(article: Article) -> None:
    browser = acting()
    write(browser, article, "First thought.")
    write(browser, article, "Second thought.")
    assert Draft.objects.get().text == "Second thought."


@pytest.mark.parametrize("status", [Article.Status.DRAFT, Article.Status.WITHDRAWN])
def test_there_is_no_draft_for_what_is_not_published(status: str) -> None:
    assert write(acting(), cast.an_article(status=status)).status_code == 404
    assert write(acting(), cast.an_article(published_at=in_days(1))).status_code == 404


def test_the_cookie_is_ours_alone(article: Article, settings: Any) -> None:
    settings.SECURE = True
    cookie = write(acting(), article).cookies["draft"]
    assert cookie["httponly"]
    assert cookie["secure"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert cookie["max-age"] == 7 * 24 * 3600
    assert re.fullmatch("[A-Za-z0-9_-]{32}", cookie.value)


def test_no_two_visitors_have_one_key(article: Article) -> None:
    keys = {write(acting(), article).cookies["draft"].value for _visitor in range(5)}
    assert len(keys) == 5


@pytest.mark.parametrize("cookie", ['"\\000"', "", "k" * 5000, '"\\012x"', "é", "a;b"])
def test_a_cookie_that_we_never_gave_is_replaced(
    cookie: str, reader: User, article: Article
) -> None:
    browser = acting()
    assert write(browser, article, HTTP_COOKIE=f"draft={cookie}").status_code == 302
    assert re.fullmatch("[A-Za-z0-9_-]{32}", browser.cookies["draft"].value)
    form = {"login": reader.email, "password": cast.PASSWORD}
    response = acting().post("/accounts/login/", form, HTTP_COOKIE=f"draft={cookie}")
    assert response.status_code == 302


# How much


def addresses(*headers: dict[str, str]) -> list[dict[str, str]]:
    return [headers[number % len(headers)] for number in range(20)]


@pytest.mark.attack("A29")
@pytest.mark.parametrize(
    ("twenty", "one_more"),
    [
        (addresses({"REMOTE_ADDR": "203.0.113.7"}), {"REMOTE_ADDR": "203.0.113.7"}),
        (
            [{"REMOTE_ADDR": f"2001:db8:1:2:{number:x}::{number:x}"} for number in range(20)],
            {"REMOTE_ADDR": "2001:db8:1:2:ffff::1"},
        ),
        (
            addresses({"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "::ffff:203.0.113.7"}),
            {"REMOTE_ADDR": "::ffff:cb00:7107"},
        ),
        (
            [{"HTTP_X_FORWARDED_FOR": f"198.51.100.{number}"} for number in range(20)],
            {"HTTP_X_FORWARDED_FOR": "198.51.100.99"},
        ),
        (
            [{"HTTP_X_REAL_IP": f"198.51.100.{number}"} for number in range(20)],
            {"HTTP_FORWARDED": "for=198.51.100.99"},
        ),
    ],
    ids=["one address", "one /64", "mapped", "X-Forwarded-For", "X-Real-IP"],
)
def test_one_address_has_one_budget(
    twenty: list[dict[str, str]], one_more: dict[str, str], article: Article
) -> None:
    for address in twenty:
        assert write(acting(), article, **address).status_code == 302
    response = write(acting(), article, **one_more)
    assert response.status_code == 429
    assert typed(response) == WORDS
    assert Draft.objects.count() == 20


@pytest.mark.parametrize("address", ["203.0.113.8", "2001:db8:1:3::1"])
def test_the_neighbours_have_their_own(address: str, article: Article) -> None:
    for home in ("203.0.113.7", "2001:db8:1:2::1"):
        for _time in range(20):
            write(acting(), article, REMOTE_ADDR=home)
    assert write(acting(), article, REMOTE_ADDR=address).status_code == 302


@pytest.mark.parametrize("address", ["", "unix:", "fe80::1%eth0", "1" * 500])
def test_an_odd_address_is_limited_too(address: str, article: Article) -> None:
    assert write(acting(), article, REMOTE_ADDR=address).status_code == 302
    assert Allowance.objects.count() == 1


def test_behind_a_proxy_the_address_is_the_one_it_saw(article: Article, settings: Any) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        forged = f"198.51.100.{number}, 203.0.113.7"
        assert write(acting(), article, HTTP_X_FORWARDED_FOR=forged).status_code == 302
    one_more = "198.51.100.99, 203.0.113.7"
    assert write(acting(), article, HTTP_X_FORWARDED_FOR=one_more).status_code == 429
    other = "203.0.113.7, 203.0.113.8"
    assert write(acting(), article, HTTP_X_FORWARDED_FOR=other).status_code == 302


# Whose it is


def test_logging_in_brings_the_words_along(reader: User, article: Article) -> None:
    browser = acting()
    write(browser, article)
    log_in(browser, reader)
    assert composer(browser, article) == WORDS
    assert composer(acting(reader), article) == WORDS


def test_joining_brings_the_words_to_any_browser(article: Article) -> None:
    laptop, phone = acting(), acting()
    write(laptop, article)
    form = {"email": "nora@example.com", "name": "Nora Ny", "password1": cast.PASSWORD}
    laptop.post("/accounts/signup/", form | {"rules": "on"})
    work()
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert link
    assert phone.post(link[1]).status_code == 302
    log_in(phone, User.objects.get())
    assert composer(phone, article) == WORDS


def test_a_refused_registration_takes_nothing(reader: User, article: Article) -> None:
    browser = acting()
    write(browser, article)
    form = {"email": reader.email, "name": "Nora Ny", "password1": cast.PASSWORD, "rules": "on"}
    browser.post("/accounts/signup/", form)
    assert Draft.objects.get().person is None
    assert composer(acting(reader), article) == ""


def test_a_reply_waits_beside_what_it_answers(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, stranger)
    browser = acting()
    location = write(browser, article, reply_to=comment.pk)["Location"]
    assert location == f"/accounts/login/?next=%2Fcomments%2F{comment.pk}%2Freply%2F"
    log_in(browser, reader)
    assert typed(browser.get(f"/comments/{comment.pk}/reply/")) == WORDS
    assert composer(browser, article) == ""


def test_a_reply_and_a_comment_wait_beside_each_other(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, stranger)
    browser = acting()
    write(browser, article, "To all.")
    write(browser, article, "To you.", reply_to=comment.pk)
    log_in(browser, reader)
    assert composer(browser, article) == "To all."
    assert typed(browser.get(f"/comments/{comment.pk}/reply/")) == "To you."


@pytest.mark.parametrize("answered", ["0", "-1", "²", "9" * 5000, str(2**63), "x"])
def test_there_is_no_answer_to_nothing(answered: str, article: Article) -> None:
    assert write(acting(), article, reply_to=answered).status_code == 404
    assert not Draft.objects.exists()


@pytest.mark.attack("A15")
def test_there_is_no_answer_to_what_is_hidden_or_elsewhere(
    reader: User, moderator: User, article: Article
) -> None:
    gone = cast.a_comment(article, reader)
    removed(gone, moderator)
    waiting = cast.a_comment(article, reader, "Later.", held_because="a link")
    elsewhere = cast.a_comment(cast.an_article("Elsewhere"), reader)
    for comment in (gone, waiting, elsewhere):
        assert write(acting(), article, reply_to=comment.pk).status_code == 404
    assert not Draft.objects.exists()


def test_nobody_else_is_shown_it(reader: User, stranger: User, article: Article) -> None:
    browser = acting()
    write(browser, article)
    assert WORDS not in read(acting(), article.get_absolute_url())
    log_in(browser, reader)
    assert composer(acting(stranger), article) == ""
    browser.post("/accounts/logout/")
    assert composer(browser, article) == ""
    log_in(browser, stranger)
    assert composer(browser, article) == ""


def test_a_visitors_page_shows_no_draft_even_to_its_writer(article: Article) -> None:
    """It is everybody's page: what it shows may be kept by anybody."""
    browser = acting()
    write(browser, article)
    assert browser.get(article.get_absolute_url()).content == (
        acting().get(article.get_absolute_url()).content
    )


def test_what_was_posted_is_no_draft_any_more(reader: User, article: Article) -> None:
    browser = acting()
    write(browser, article)
    log_in(browser, reader)
    browser.post(f"/discussions/{article.pk}/", {"text": WORDS})
    assert composer(browser, article) == ""
    assert Comment.objects.get().current.text == WORDS
