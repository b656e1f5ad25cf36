"""Subscribing by mail: asked by anybody, confirmed by the address, ended by one click."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Allowance, User
from newsroom import clock
from newsroom.models import Article, Section, Subscriber, Subscription, Topic
from newsroom.models.subscriber import masked
from tests import cast
from tests.newsroom.mailing import (
    BREAKING,
    DAILY,
    OWN_PAGE,
    a_subscriber,
    html_of,
    letters,
    link_to,
    links,
    work,
)

pytestmark = pytest.mark.django_db

ROSA = "rosa@example.org"


def ask(
    email: str = ROSA, what: str = "paper", pace: str = DAILY, browser: Client | None = None
) -> Any:
    """Fill in the form and follow it to the page that comes then."""
    answer = (browser or Client()).post(
        "/subscribe/",
        {"email": email, "what": what, "pace": pace},
        headers=OWN_PAGE,
        follow=True,
    )
    work()
    return answer


def confirm_link(email: str = ROSA) -> str:
    return link_to(letters(email)[-1], "/confirm/")


def gets(email: str = ROSA) -> set[str]:
    """What this address gets, in the words of the page where it is changed."""
    mine = Subscription.objects.filter(subscriber__email=email)
    return {str(each) for each in mine if each.subscriber.confirmed_at}


# Asking


def test_an_article_a_section_and_a_topic_have_a_button(client: Client) -> None:
    article = cast.an_article(section=cast.a_section("russia"))
    topic = Topic.objects.create(slug="bridges", name="Bridges")
    pages = {
        article.get_absolute_url(): ("/subscribe/?section=russia", "Subscribe to Russia"),
        "/russia/": ("/subscribe/?section=russia", "Subscribe to Russia"),
        topic.get_absolute_url(): ("/subscribe/?topic=bridges", "Subscribe to Bridges"),
    }
    for page, (address, words) in pages.items():
        html = client.get(page).content.decode()
        assert f'href="{address}"' in html
        assert words in html
        assert f'value="{address.partition("?")[2].replace("=", ":")}" selected' in (
            client.get(address).content.decode()
        )


def test_the_form_is_everybodys_and_may_be_cached(client: Client) -> None:
    page = client.get("/subscribe/")
    assert page.headers["Cache-Control"] == "public, no-cache"
    assert not page.cookies
    assert b"csrf" not in page.content
    assert page.content.count(b'type="radio"') == 2
    assert b'value="paper" selected' in page.content


@pytest.mark.parametrize("query", ["section=nowhere", "topic=none", "topic=%27", "section=%0d%0a"])
def test_an_unknown_name_offers_the_whole_paper(client: Client, query: str) -> None:
    page = client.get(f"/subscribe/?{query}")
    assert page.status_code == 200
    assert b'value="paper"' in page.content


def test_a_readers_own_verified_address_stands_there_already(client: Client, reader: User) -> None:
    client.force_login(reader)
    page = client.get("/subscribe/")
    assert f'value="{reader.email}"' in page.content.decode()
    assert page.headers["Cache-Control"] == "private, no-store"


def test_an_address_that_is_not_verified_does_not(client: Client) -> None:
    client.force_login(cast.a_reader(verified=False))
    assert b"rita.reader@" not in client.get("/subscribe/").content


def test_nothing_is_sent_for_before_the_address_is_confirmed(article: Article) -> None:
    ask()
    assert gets() == set()
    (letter,) = letters(ROSA)
    assert "Everything in The Newsroom, once a day" in letter.body
    browser = Client()
    page = browser.get(confirm_link())
    assert "Everything in The Newsroom" in page.content.decode()
    assert gets() == set()  # a program that looks at links has confirmed nothing
    answer = browser.post(confirm_link(), follow=True)
    assert "Saved. From now on you get this:" in answer.content.decode()
    assert gets() == {"Everything in The Newsroom, once a day"}


def test_the_confirming_mail_is_whole_in_both_parts(section: Section) -> None:
    ask(what="section:world", pace=BREAKING)
    (letter,) = letters(ROSA)
    for part in (letter.body, html_of(letter).replace("&amp;", "&")):
        assert "World" in part
        assert "when something breaks" in part
        assert f"http://testserver{confirm_link()}" in part
        assert "after 7 days" in part
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


@pytest.mark.attack("A25")
def test_links_in_mails_do_not_believe_the_host_of_a_request(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    form = {"email": ROSA, "what": "paper", "pace": DAILY}
    Client().post("/subscribe/", form, headers=OWN_PAGE | {"Host": "evil.example"})
    work()
    (letter,) = letters(ROSA)
    assert {link.split("/")[2] for link in links(letter)} == {"testserver"}


def test_a_topic_is_asked_for_and_confirmed() -> None:
    Topic.objects.create(slug="мосты", name="Мосты")
    ask(what="topic:мосты")
    Client().post(confirm_link())
    assert gets() == {"Мосты, once a day"}


def test_what_is_gone_when_it_is_confirmed_leads_to_the_choice(section: Section) -> None:
    ask(what="section:world")
    section.delete()
    page = Client().post(confirm_link(), follow=True)
    assert "Your subscription" in page.content.decode()
    assert gets() == set()


# Nobody learns who reads us


@pytest.mark.attack("A26")
def test_the_answer_is_the_same_whatever_the_address() -> None:
    a_subscriber("known@example.org")
    Subscriber.objects.create(email="asked@example.org")
    for _again in range(4):  # above its allowance
        ask("often@example.org")
    Allowance.objects.all().delete()
    answers = {
        (answer.status_code, answer.content)
        for email in ("new", "known", "asked", "often", "NEW", "new+tag")
        for answer in [ask(f"{email}@example.org")]
    }
    assert len(answers) == 1
    assert len(letters("known@example.org")) == 1


def test_a_stranger_changes_nothing_of_an_address_that_is_confirmed(section: Section) -> None:
    subscriber = a_subscriber(ROSA, section)
    ask(pace=BREAKING)
    assert gets() == {"World, once a day"}
    subscriber.refresh_from_db()
    assert subscriber.confirmed_at
    Client().post(confirm_link())
    assert gets() == {"World, once a day", "Everything in The Newsroom, when something breaks"}


def test_one_address_is_one_subscriber_however_it_is_written() -> None:
    ask("Rosa@Example.org")
    ask(ROSA)
    assert Subscriber.objects.get().email == ROSA


# What is refused


@pytest.mark.parametrize(
    "email",
    [
        "rosa@example.org\r\nBcc: victim@example.org",
        "rosa@example.org\nBcc: victim@example.org",
        "rosa@example.org%0d%0aBcc:victim@example.org",
        "rosa@example.org, victim@example.org",
        "Rosa <rosa@example.org>",
        "rosa@example.org\x00",
        "rosa@",
        "",
        f"{'a' * 300}@example.org",
    ],
)
def test_what_is_no_address_is_told_and_nothing_sent(email: str) -> None:
    answer = ask(email)
    assert answer.status_code == 400
    assert 'class="errorlist"' in answer.content.decode()
    assert not mail.outbox
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("what", "pace"), [("section:nowhere", DAILY), ("", DAILY), ("paper", "hourly"), ("\0", "\0")]
)
def test_what_is_not_offered_is_refused(what: str, pace: str) -> None:
    assert ask(what=what, pace=pace).status_code == 400
    assert not mail.outbox


@pytest.mark.attack("A20")
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://e"}, {}])
def test_another_site_cannot_ask(headers: dict[str, str]) -> None:
    form = {"email": ROSA, "what": "paper", "pace": DAILY}
    answer = Client(enforce_csrf_checks=True).post("/subscribe/", form, headers=headers)
    assert answer.status_code == 403
    assert "Another site sent this form" in answer.content.decode()
    assert not Subscriber.objects.exists()


@pytest.mark.attack("A24")
def test_no_parameter_leads_to_another_site(client: Client) -> None:
    subscriber = a_subscriber()
    away = "?next=https://evil.example&what=//evil.example&pace=//evil.example"
    for path in ("", f"{subscriber.token}/", f"{subscriber.token}/confirm/"):
        answer = client.post(
            f"/subscribe/{path}{away}", {"next": "//evil.example"}, headers=OWN_PAGE
        )
        assert "evil.example" not in answer.headers.get("Location", "")


# Limits


@pytest.mark.attack("A50")
def test_an_address_gets_three_mails_an_hour_and_ten_a_day() -> None:
    sent_at = []
    start = timezone.now()
    for minutes in range(0, 48 * 60, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            before = len(mail.outbox)
            answer = ask(f"rosa+{minutes}@example.org")
            sent_at += [minutes] * (len(mail.outbox) - before)
        assert "at most three of these mails in an hour" in answer.content.decode()
    assert sent_at[:3] == [0, 10, 20]
    for start_of in sent_at:
        assert sum(start_of <= at < start_of + 60 for at in sent_at) <= 3
        assert sum(start_of <= at < start_of + 24 * 60 for at in sent_at) <= 10
    assert len(sent_at) > 10  # in two days


def test_the_key_of_an_address_does_not_tell_it() -> None:
    ask()
    keys = set(Allowance.objects.values_list("deed", "who"))
    assert {deed for deed, _who in keys} == {
        "subscribe",
        "mail",
        "mails a day",
    }
    assert not any("rosa" in who for _deed, who in keys)


def test_a_visitor_asks_for_ten_addresses_and_is_told_to_wait() -> None:
    answers = [ask(f"victim{number}@example.org") for number in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "You have reached the limit for now. Please try again in 6 minutes." in (
        answers[-1].content.decode()
    )
    assert len(mail.outbox) == 10


def test_guessing_tokens_is_slowed_and_right_ones_are_not(client: Client) -> None:
    statuses = [client.get(f"/subscribe/wrong{n}/").status_code for n in range(12)]
    assert statuses == [404] * 10 + [429] * 2
    token = a_subscriber().token
    assert client.get(f"/subscribe/{token}/").status_code == 200
    assert client.post(f"/subscribe/{token}/unsubscribe/").status_code == 200
    assert gets() == set()


# Changing and ending


def test_everything_is_changed_on_one_page(client: Client, section: Section) -> None:
    subscriber = a_subscriber()
    page = f"/subscribe/{subscriber.token}/"
    assert 'name="daily" value="paper"' in client.get(page).content.decode()
    form = {"daily": ["section:world"], "breaking": ["paper", "section:world", "topic:none"]}
    answer = client.post(page, form, follow=True)
    assert "Saved." in answer.content.decode()
    assert answer.content.count(b" checked") == 3
    assert gets() == {
        "World, once a day",
        "World, when something breaks",
        "Everything in The Newsroom, when something breaks",
    }


def test_a_topic_that_is_read_can_be_kept_and_dropped(client: Client) -> None:
    topic = Topic.objects.create(slug="bridges", name="Bridges")
    page = f"/subscribe/{a_subscriber(ROSA, topic).token}/"
    assert b'value="topic:bridges"' in client.get(page).content
    client.post(page, {"daily": ["topic:bridges", "paper"]})
    assert gets() == {"Bridges, once a day", "Everything in The Newsroom, once a day"}
    client.post(page, {"daily": ["paper"]})
    assert gets() == {"Everything in The Newsroom, once a day"}


def test_nothing_chosen_ends_it(client: Client) -> None:
    answer = client.post(f"/subscribe/{a_subscriber().token}/")
    assert "We send nothing more to <b>r…@example.org</b>" in answer.content.decode()
    assert gets() == set()


@pytest.mark.attack("A50")
def test_unsubscribing_asks_first_and_a_get_changes_nothing(client: Client) -> None:
    page = f"/subscribe/{a_subscriber().token}/unsubscribe/"
    for method in (client.get, client.head, client.options):
        method(page)
        assert len(gets()) == 1
    assert "Yes, end it" in client.get(page).content.decode()
    assert "Unsubscribed" in client.post(page).content.decode()
    assert gets() == set()


def test_one_click_needs_no_cookie_no_token_and_no_origin() -> None:
    """As RFC 8058 has it: the mail provider's machine sends it, not the reader's browser."""
    page = f"/subscribe/{a_subscriber().token}/unsubscribe/"
    machine = Client(enforce_csrf_checks=True)
    for _again in range(2):
        answer = machine.post(page, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert not answer.cookies
        assert gets() == set()


def test_a_link_outlives_a_new_secret_key(client: Client, settings: Any) -> None:
    page = f"/subscribe/{a_subscriber().token}/unsubscribe/"
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, []
    assert client.post(page).status_code == 200
    assert gets() == set()


def test_an_old_link_still_ends_it_for_who_left_and_came_back(client: Client) -> None:
    old = f"/subscribe/{a_subscriber().token}/unsubscribe/"
    client.post(old)
    ask()
    client.post(confirm_link())
    assert len(gets()) == 1
    client.post(old)
    assert gets() == set()


def test_a_link_of_nobody_says_that_no_mail_is_sent(client: Client) -> None:
    for path in ("", "confirm/", "unsubscribe/"):
        answer = client.get(f"/subscribe/{'a' * 32}/{path}")
        assert answer.status_code == 404
        assert "No mail is sent for this link" in answer.content.decode()


def test_pages_with_a_token_are_kept_and_told_nowhere(client: Client) -> None:
    subscriber = a_subscriber()
    for path in ("", "confirm/?what=paper&pace=daily", "unsubscribe/"):
        page = client.get(f"/subscribe/{subscriber.token}/{path}")
        assert page.headers["Cache-Control"] == "private, no-store"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["X-Robots-Tag"] == "noindex"
        assert ROSA not in page.content.decode()
        assert masked(ROSA) in page.content.decode()


# Forgetting


def test_who_never_confirmed_or_left_is_forgotten_after_a_week() -> None:
    a_subscriber("stays@example.org")
    a_subscriber("leaves@example.org").leave()
    ask("never@example.org")
    job = next(job for job in clock.JOBS if job.name == "unconfirmed subscribers")
    for days, left in ((6, 3), (8, 1)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            job.task()  # type: ignore[operator]
        assert Subscriber.objects.count() == left
    assert Subscriber.objects.get().email == "stays@example.org"


def test_asking_again_gives_another_week() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=6)):
        ask()
    ask()
    with time_machine.travel(timezone.now() + timedelta(days=6)):
        Subscriber.objects.all().forget_unconfirmed()
    Client().post(confirm_link())
    assert len(gets()) == 1


# The desk


def test_an_editor_sees_who_reads_what_and_no_address(client: Client, editor: User) -> None:
    a_subscriber(item=cast.a_section())
    client.force_login(editor)
    page = client.get("/admin/newsroom/subscriber/").content.decode()
    assert "r…@example.org" in page
    assert "World, once a day" in page
    assert ROSA not in page
    assert ROSA not in client.get(f"/admin/newsroom/subscriber/?q={ROSA}").content.decode().replace(
        f"q={ROSA}", ""
    ).replace(f'value="{ROSA}"', "")


def test_who_may_change_subscribers_sees_the_address(client: Client, admin: User) -> None:
    subscriber = a_subscriber()
    client.force_login(admin)
    assert ROSA in client.get("/admin/newsroom/subscriber/").content.decode()
    for path in ("add/", f"{subscriber.pk}/delete/"):
        assert client.get(f"/admin/newsroom/subscriber/{path}").status_code == 403


def test_an_author_and_a_moderator_see_neither(
    client: Client, author: User, moderator: User
) -> None:
    for person in (author, moderator):
        client.force_login(person)
        for page in ("subscriber/", "edition/", "edition/next/", "edition/next/mail/"):
            assert client.get(f"/admin/newsroom/{page}").status_code == 403
