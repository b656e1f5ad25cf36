"""Joining, logging in and coming back to where one was; and what nobody can find out that way."""

import re
import threading
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from justhtml import JustHTML

from accounts.models import RulesAcceptance, User
from tests import cast
from tests.newsroom.mailing import work

pytestmark = pytest.mark.django_db

ARTICLE = "/2026/11/24/the-bridge/?sort=newest#composer"
FORM = {
    "email": "marta.l@example.com",
    "name": "Marta Lindqvist",
    "password1": "letters-take-three-weeks",
    "rules": "on",
}
CREDENTIALS = {"login": FORM["email"], "password": FORM["password1"]}
RITA = {"login": "rita.reader@example.com", "password": cast.PASSWORD}


def join(client: Client, **more: str):
    return client.post("/accounts/signup/", FORM | more, follow=True)


def link() -> str:
    """The one in the latest mail, without the site's own address."""
    found = re.search(r"http://testserver(\S+)", str(letters()[-1].body))
    assert found
    return found[1]


def letters() -> list[Any]:
    """What has been sent by now, once the queue is done."""
    work()
    return mail.outbox


def is_known(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Signing up


def test_it_asks_for_an_address_a_name_a_password_and_the_rules(client: Client) -> None:
    page = client.get("/accounts/signup/").content.decode().partition("<footer")[0]
    fields = re.findall(r'<input[^>]* name="(\w+)"', page)
    assert fields == ["csrfmiddlewaretoken", "email", "name", "password1", "rules", "website"]
    assert 'href="/rules/"' in page


def test_who_joins_has_accepted_the_rules_of_today(client: Client) -> None:
    assert "Check your mail" in join(client).content.decode()
    acceptance = RulesAcceptance.objects.get()
    assert (acceptance.person.email, acceptance.rulebook.version) == (FORM["email"], 1)


@pytest.mark.parametrize("said", ["", "false", "False"])
def test_who_refuses_the_rules_is_asked_again_and_keeps_the_typed_name(
    client: Client, said: str
) -> None:
    page = join(client, rules=said).content.decode()
    assert "Please read the rules and accept them." in page
    assert 'value="Marta Lindqvist"' in page
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["Marta Lindqvist", "王小明", "O'Brien", "नेहा", "ʻʼa"])
def test_the_handle_never_comes_from_the_address(client: Client, name: str) -> None:
    join(client, name=name, email="very-private-77@example.com")
    person = User.objects.get()
    assert not re.search("private|77|example", person.username)
    assert 1 <= len(person.username) <= 30


@pytest.mark.attack("A18")
def test_what_was_not_asked_for_is_not_taken(client: Client) -> None:
    more = {"is_staff": "on", "is_superuser": "on", "username": "boss", "is_active": "", "id": "1"}
    join(client, **more)
    person = User.objects.get()
    assert (person.is_staff, person.is_superuser, person.is_active) == (False, False, True)
    assert person.username == "marta-lindqvist"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "marta@", "Enter a valid email address."),
        ("email", "", "This field is required."),
        ("email", "a@example.com\r\nBcc: b@example.com", "Enter a valid email address."),
        ("password1", "short", "This password is too short."),
        ("password1", "marta lindqvist", "too similar to the name"),
        ("password1", "password1234", "too common"),
        ("name", "Rita\u200bReader", "invisible character"),
        ("name", "Moderator", "kept for the newsroom"),
        ("name", "x" * 5000, "Ensure this value has at most 200 characters"),
    ],
)
def test_each_field_says_what_is_wrong_with_it(
    client: Client, field: str, value: str, sentence: str
) -> None:
    assert sentence in join(client, **{field: value}).content.decode()
    assert not User.objects.exists()
    assert not letters()


def test_a_robot_that_fills_every_field_joins_nothing_and_is_told_nothing(client: Client) -> None:
    assert "Check your mail" in join(client, website="https://spam.example").content.decode()
    assert not User.objects.exists()
    assert not letters()


@pytest.mark.attack("A46")
@pytest.mark.django_db(transaction=True)
def test_a_form_sent_six_times_at_once_joins_once() -> None:
    together, answers = threading.Barrier(6), []

    def press() -> None:
        client = Client(raise_request_exception=False)
        together.wait()
        answers.append(client.post("/accounts/signup/", FORM))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.count() == 1
    # Who came late enough for the form to see it is told that the name is taken.
    assert {answer.status_code for answer in answers} <= {200, 302}
    led = {answer["Location"] for answer in answers if answer.status_code == 302}
    assert led == {"/accounts/confirm-email/"}


def test_who_is_slower_by_a_moment_is_told_to_take_another_name(
    client: Client, reader: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(User.objects), "name_is_free", lambda *_: True)
    assert "took this name a moment ago" in join(client, name=reader.name).content.decode()
    assert User.objects.count() == 1


# The mail's link


def test_nobody_logs_in_before_the_address_is_verified(client: Client) -> None:
    join(client)
    other = Client()
    answer = other.post("/accounts/login/", CREDENTIALS, follow=True)
    assert "Check your mail" in answer.content.decode()
    assert not is_known(other)
    assert not is_known(client)


def test_the_mail_names_the_paper_and_the_address(client: Client) -> None:
    join(client)
    body = str(letters()[-1].body)
    assert "\n-- \nThe Newsroom\nhttp://testserver/\n" in body


def test_looking_at_the_link_confirms_nothing(client: Client) -> None:
    join(client)
    for _ in range(2):
        assert FORM["email"] in client.get(link()).content.decode()
    assert not User.objects.get().is_verified


def test_confirmed_in_the_same_browser_it_logs_in_and_leads_back(client: Client) -> None:
    join(client, next=ARTICLE)
    answer = client.post(link())
    assert answer["Location"] == ARTICLE
    assert is_known(client)


def test_in_another_browser_it_leads_to_log_in_and_then_back(client: Client) -> None:
    join(client, next=ARTICLE)
    phone = Client()
    to_log_in = phone.post(link())["Location"]
    assert not is_known(phone)
    assert urlsplit(to_log_in).path == "/accounts/login/"
    (wanted,) = parse_qs(urlsplit(to_log_in).query)["next"]
    assert wanted == ARTICLE
    form = phone.get(to_log_in).content.decode()
    assert f'name="next" value="{ARTICLE}"' in form
    assert phone.post("/accounts/login/", CREDENTIALS | {"next": wanted})["Location"] == ARTICLE


def test_a_link_works_once_and_says_so_the_second_time(client: Client) -> None:
    join(client)
    client.post(link())
    stranger = Client()
    page = stranger.get(link()).content.decode()
    assert "confirmed before" in page or "no longer good" in page
    stranger.post(link())
    assert not is_known(stranger)


def test_a_mail_sent_again_at_log_in_still_leads_back(client: Client) -> None:
    join(client)
    phone = Client()
    phone.post("/accounts/login/", CREDENTIALS | {"next": ARTICLE})
    mails = len(letters())
    assert link()
    if mails > 1:  # it may have been sent too lately to be sent again
        assert parse_qs(urlsplit(link()).query)["back"] == [ARTICLE]


ELSEWHERE = """
    https://evil.example/|http://evil.example|//evil.example|///evil.example|////evil.example
    /\\evil.example|\\\\evil.example|\\/evil.example|/\\/evil.example|https:evil.example
    https:/evil.example|https:///evil.example|http:\\\\evil.example|javascript:alert(1)
    JaVaScRiPt:alert(1)|data:text/html,x|vbscript:x|ftp://testserver/|https://testserver@evil.example
    http://testserver.evil.example/|http://evil.example#testserver|http://evil.example?testserver
    http://evil.example\\@testserver/|http://testserver:80@evil.example/|/\t/evil.example
    //evil.example/%2f..|http://[::1]/|http://127.0.0.1/|http://[evil|mailto:a@evil.example
    \x01//evil.example|\thttps://evil.example|http:///testserver/|http://ⓔvil.example/|//evil.example:80
""".strip("\n").replace("\n", "|")
OPEN_REDIRECTS = [form.lstrip(" ") for form in ELSEWHERE.split("|") if form.strip(" ")]


def leads_away(address: str) -> bool:
    """As a browser reads it: backslashes are slashes, tabs and newlines are nothing."""
    seen = re.sub(r"[\t\r\n]", "", address).strip("".join(map(chr, range(33)))).replace("\\", "/")
    try:
        parts = urlsplit(seen)
    except ValueError:
        return True
    return seen.startswith("//") or bool(parts.scheme) or parts.netloc not in ("", "testserver")


@pytest.mark.attack("A24")
@pytest.mark.parametrize("elsewhere", OPEN_REDIRECTS)
def test_no_way_in_leads_to_another_site(client: Client, elsewhere: str) -> None:
    assert leads_away(elsewhere)
    join(client, next=elsewhere)
    assert "evil" not in str(letters()[-1].body)
    address = f"{urlsplit(link()).path}?back={quote(elsewhere)}"
    other = Client()
    assert other.post(address)["Location"] == "/accounts/login/?next=%2F"
    for way in ("/accounts/login/", f"/accounts/login/?next={quote(elsewhere)}"):
        answer = Client().post(way, CREDENTIALS | {"next": elsewhere})
        assert answer.status_code == 302
        assert not leads_away(answer["Location"]), answer["Location"]
    assert not leads_away(other.post("/accounts/logout/", {"next": elsewhere})["Location"])


@pytest.mark.attack("A24")
@pytest.mark.parametrize("elsewhere", OPEN_REDIRECTS)
def test_the_same_browsers_link_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    join(client)
    answer = client.post(f"{urlsplit(link()).path}?back={quote(elsewhere)}")
    assert answer["Location"] == "/"


@pytest.mark.attack("A24")
def test_three_hundred_forms_of_elsewhere_lead_nowhere(reader: User) -> None:
    schemes = ["", "http:", "https:", "javascript:", "data:", "\tjavascript:", "ftp:"]
    slashes = ["//", "/\\", "\\\\", "///", "/\t/", "\\/"]
    hosts = """
        evil.example testserver@evil.example evil.example#testserver evil.example:80 [::1]
        testserver.evil.example evil%E3%80%82example
    """.split()
    forms = [scheme + slash + host for scheme in schemes for slash in slashes for host in hosts]
    forms += OPEN_REDIRECTS
    assert len(forms) > 300
    me = Client()
    me.force_login(reader)
    RulesAcceptance.objects.all().delete()
    for form in filter(leads_away, forms):
        ways = [
            me.get("/accounts/login/", {"next": form}),
            me.get("/accounts/signup/", {"next": form}),
            Client().post("/accounts/logout/", {"next": form}),
            me.post("/rules/accept/", {"next": form, "rules": "1"}),
        ]
        for answer in ways:
            assert not leads_away(answer.headers.get("Location", "")), form


# What nobody can find out


def normal(page: bytes) -> str:
    """Without what differs on every page, and without the address that was typed."""
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]+|[\w.]+@example.com', r"\1", page.decode())


@pytest.mark.attack("A26")
def test_an_address_that_exists_joins_like_a_new_one(reader: User) -> None:
    new, known = Client(), Client()
    answers = [join(new), join(known, email=reader.email.upper(), name="Somebody Else")]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert normal(answers[0].content) == normal(answers[1].content)
    assert new.cookies.keys() == known.cookies.keys()
    assert [message.to for message in letters()] == [[FORM["email"]], [reader.email]]
    assert "already exists" in letters()[-1].body
    assert User.objects.count() == 2


@pytest.mark.attack("A26")
def test_an_unknown_address_logs_in_like_a_wrong_password(reader: User, client: Client) -> None:
    wrong = {"login": reader.email, "password": "not-the-password"}
    unknown = {"login": "nobody@example.com", "password": "not-the-password"}
    pages = [normal(client.post("/accounts/login/", form).content) for form in (wrong, unknown)]
    assert pages[0] == pages[1]
    assert "are not correct" in pages[0]


@pytest.mark.attack("A26")
def test_an_unknown_address_is_reset_like_a_known_one(reader: User) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": address}, follow=True)
        for address in (reader.email, "nobody@example.com")
    ]
    assert answers[0].redirect_chain == answers[1].redirect_chain
    assert normal(answers[0].content) == normal(answers[1].content)
    assert [message.to for message in letters()] == [[reader.email]]


@pytest.mark.attack("A30")
def test_a_reset_mail_goes_to_the_stored_address_only(reader: User, client: Client) -> None:
    for alike in ("rita.reader@example.com\r\nBcc: x@evil.example", "rıta.reader@example.com"):
        client.post("/accounts/password/reset/", {"email": alike})
    assert not letters()
    client.post("/accounts/password/reset/", {"email": " RITA.Reader@Example.com "})
    assert [message.to for message in letters()] == [[reader.email]]


@pytest.mark.attack("A25")
@pytest.mark.parametrize("host", ["evil.example", "testserver:evil", "testserver@evil.example"])
def test_a_forged_host_is_in_no_mail(reader: User, client: Client, host: str) -> None:
    form = {"email": reader.email}
    answer = client.post("/accounts/password/reset/", form, headers={"Host": host})
    assert answer.status_code == 400
    client.post("/accounts/password/reset/", form, headers={"X-Forwarded-Host": host})
    assert "http://testserver/" in letters()[-1].body
    assert "evil" not in letters()[-1].body


# Coming back


def test_a_forgotten_password_is_replaced_to_the_end(reader: User, client: Client) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", RITA)
    assert is_known(elsewhere)
    client.post("/accounts/password/reset/", {"email": reader.email})
    reset = link()
    form = client.get(reset, follow=True)
    new = {"password1": "another-long-password", "password2": "another-long-password"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    assert done.status_code == 200
    assert client.post("/accounts/login/", RITA).status_code == 200  # no longer good
    again = {"login": reader.email, "password": new["password1"]}
    assert client.post("/accounts/login/", again)["Location"] == "/"
    assert elsewhere.get("/me/").status_code == 302  # the old session ended with the old password
    used = Client().get(reset, follow=True).content.decode()
    assert "password1" not in used


@pytest.mark.attack("A27")
def test_logging_in_changes_the_session_and_logging_out_ends_it(reader: User) -> None:
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    before = str(session.session_key)
    client.cookies["sid"] = before
    client.post("/accounts/login/", RITA)
    within = client.cookies["sid"].value
    assert within != before
    client.post("/accounts/logout/")
    client.cookies["sid"] = within
    assert not is_known(client)


@pytest.mark.attack("A20")
def test_logging_out_is_asked_first_and_done_by_post_alone(reader: User, client: Client) -> None:
    client.force_login(reader)
    assert "Log out?" in client.get("/accounts/logout/").content.decode()
    assert is_known(client)
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert not is_known(client)


@pytest.mark.attack("A20")
@pytest.mark.parametrize("page", ["/accounts/login/", "/accounts/signup/", "/accounts/logout/"])
def test_a_form_without_its_token_is_refused(reader: User, page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)
    assert client.post(page, RITA).status_code == 403
    assert is_known(client)


def test_the_refusal_of_a_form_keeps_the_typed_text(reader: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in ("a visitor", "a reader"):
        answer = client.post("/accounts/login/", {"text": "</textarea><script>1</script>Hours!"})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "&lt;/textarea&gt;&lt;script&gt;1&lt;/script&gt;Hours!</textarea>" in page
        assert "reload the page and send it again" in page
        client.force_login(reader)


def test_too_many_wrong_passwords_are_stopped_with_a_sentence(reader: User, client: Client) -> None:
    wrong = RITA | {"password": "not-the-password"}
    answers = [client.post("/accounts/login/", wrong).content.decode() for _ in range(12)]
    assert "Too many failed login attempts" in answers[-1]


def test_too_many_sign_ups_are_stopped_with_a_page(client: Client) -> None:
    answers = [
        client.post("/accounts/signup/", FORM | {"email": f"a{n}@example.com", "name": f"Ann {n}"})
        for n in range(22)
    ]
    assert answers[-1].status_code == 429
    assert 'class="masthead"' in answers[-1].content.decode()


# The pages


ACCOUNT_PAGES = sorted(
    name
    for name in get_resolver().reverse_dict
    if isinstance(name, str) and re.match("account_|mfa_|usersessions_|socialaccount_", name)
)
ARGUMENTS: dict[str, list[Any]] = {
    "account_confirm_email": ["no-such-key"],
    "account_reset_password_from_key": ["1", "no-such-key"],
    "mfa_edit_webauthn": [1],
    "mfa_remove_webauthn": [1],
}


@pytest.mark.parametrize("who", ["visitor", "reader"])
@pytest.mark.parametrize("name", ACCOUNT_PAGES)
def test_every_page_about_an_account_is_in_our_layout(
    client: Client, reader: User, name: str, who: str
) -> None:
    if who == "reader":
        client.post("/accounts/login/", RITA)
    answer = client.get(reverse(name, args=ARGUMENTS.get(name, [])))
    assert answer.status_code in (200, 302, 401, 404)
    if answer.status_code != 302:
        page = answer.content.decode()
        assert 'class="masthead"' in page
        assert "<h1>" in page
        assert_strict(page)


def assert_strict(page: str) -> None:
    """Nothing in it that the content security policy would stop."""
    for element in JustHTML(page, sanitize=False).query("*"):
        assert element.name != "style"
        assert not [name for name in element.attrs if name == "style" or name.startswith("on")]
        if element.name == "script" and element.attrs.get("type") != "application/json":
            assert element.attrs.get("src", "").startswith("/static/"), element.to_html()


def test_the_link_of_a_reset_is_in_our_layout(reader: User, client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": reader.email})
    page = client.get(link(), follow=True).content.decode()
    assert 'class="masthead"' in page
    assert_strict(page)
