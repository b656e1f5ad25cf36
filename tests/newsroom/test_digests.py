"""Digests and breaking news: to whom, with what in them, and once to each address."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from newsroom import clock, digests
from newsroom.models import Article, Delivery, Edition, Section, Topic
from newsroom.working import one_round
from tests import cast
from tests.newsroom.mailing import (
    BREAKING,
    DAILY,
    a_subscriber,
    html_of,
    letters,
    link_to,
    links,
    retry,
    work,
)

pytestmark = pytest.mark.django_db

SIX = datetime(2026, 11, 24, 6, 0, 5, tzinfo=UTC)
AT_NIGHT = SIX + timedelta(hours=17)
ADDRESSES = [f"reader{number}@example.org" for number in range(8)]

SendMessages = Callable[[EmailBackend, list[EmailMultiAlternatives]], int]


def send_daily() -> None:
    digests.make_daily.call()
    work()


def reached() -> list[str]:
    return sorted(address for letter in mail.outbox for address in letter.to)


@pytest.fixture
def eight(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one task, all of them."""
    monkeypatch.setattr(digests, "BATCH", 8)
    for address in ADDRESSES:
        a_subscriber(address)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception | SystemExit | None]]:
    """What the mail server does with the next mails: nothing stands for taking it."""
    answers: list[Any] = []
    take = EmailBackend.send_messages

    def send_messages(backend: EmailBackend, messages: Any) -> int:
        answer = answers.pop(0) if answers else None
        if answer:
            raise answer
        return take(backend, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send_messages)
    yield answers
    assert not answers


# When, and to whom


def test_the_digest_goes_out_at_six_by_the_clock(article: Article) -> None:
    a_subscriber("rosa@example.org")
    with time_machine.travel(SIX - timedelta(hours=1), tick=False) as now:
        Article.objects.update(published_at=timezone.now() - timedelta(hours=1))
        cast.an_article("In the small hours", published_at=SIX - timedelta(minutes=20))
        for moment in (timezone.now(), SIX - timedelta(seconds=10), SIX, SIX, AT_NIGHT):
            now.move_to(moment)
            clock.tick()
            work()
            assert len(mail.outbox) == (moment >= SIX)
    (letter,) = letters("rosa@example.org")
    assert letter.subject == "The Newsroom, 24 November: In the small hours"
    assert article.headline in letter.body
    assert Edition.objects.get().key == "daily 2026-11-24"


@pytest.mark.parametrize(("hours", "is_sent"), [(5, True), (7, False)])
def test_a_site_that_overslept_sends_it_before_noon_or_the_next_morning(
    hours: int, is_sent: bool
) -> None:
    a_subscriber()
    with time_machine.travel(SIX + timedelta(hours=hours), tick=False) as now:
        cast.an_article(published_at=SIX + timedelta(hours=1))
        clock.tick()
        work()
        assert len(mail.outbox) == is_sent
        now.move_to(SIX + timedelta(days=1))
        clock.tick()
        work()
    assert len(mail.outbox) == 1


def test_six_is_the_newsrooms_time(settings: Any, article: Article) -> None:
    settings.TIME_ZONE = "Asia/Vladivostok"
    a_subscriber()
    with time_machine.travel(datetime(2026, 11, 23, 19, 59, tzinfo=UTC), tick=False) as now:
        Article.objects.update(published_at=timezone.now() - timedelta(minutes=5))
        clock.begin(daily_job(), timezone.now())
        now.shift(timedelta(minutes=2))
        cast.an_article(published_at=timezone.now() - timedelta(minutes=1))
        clock.begin(daily_job(), timezone.now())
        work()
    assert Edition.objects.latest("pk").key == "daily 2026-11-24"
    assert len(mail.outbox) == 1


def daily_job() -> clock.Job:
    return next(job for job in clock.JOBS if job.name == "daily digest")


def test_everybody_gets_what_they_asked_for_and_each_article_once() -> None:
    world, sport = cast.a_section("world"), cast.a_section("sport", order=1)
    bridges = Topic.objects.create(slug="bridges", name="Bridges")
    bridge = cast.an_article("The bridge opens", section=world)
    bridge.topics.add(bridges)
    cast.an_article("The cup is ours", section=sport)
    cast.an_article("Nobody knows yet", section=sport, status=Article.Status.DRAFT)
    cast.an_article("Last week", section=world, published_at=timezone.now() - timedelta(days=7))
    a_subscriber("all@example.org").subscribe(world, DAILY)
    a_subscriber("sport@example.org", sport)
    a_subscriber("bridges@example.org", bridges).subscribe(world, DAILY)
    a_subscriber("other@example.org", cast.a_section("culture"))
    a_subscriber("breaking@example.org", pace=BREAKING)
    a_subscriber("left@example.org").leave()
    send_daily()
    headlines = ["The bridge opens", "The cup is ours", "Nobody knows yet", "Last week"]
    assert {
        letter.to[0]: [headline for headline in headlines if headline in letter.body]
        for letter in letters()
    } == {
        "all@example.org": headlines[:2],
        "sport@example.org": ["The cup is ours"],
        "bridges@example.org": ["The bridge opens"],
    }
    for letter in letters():
        for part in (letter.body, html_of(letter).partition("<body")[2]):
            assert part.count("The bridge opens") <= 1


def test_nothing_new_is_no_mail(article: Article) -> None:
    a_subscriber()
    send_daily()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        send_daily()
    assert len(mail.outbox) == 1
    assert Edition.objects.count() == 2


# Breaking news


def test_breaking_news_goes_out_once_when_it_is_published() -> None:
    a_subscriber("breaking@example.org", pace=BREAKING)
    a_subscriber("daily@example.org")
    article = cast.an_article(
        "The dam holds", breaking=True, status=Article.Status.DRAFT, published_at=None
    )
    clock.tick()
    assert not Edition.objects.exists()
    article.status, article.published_at = Article.Status.PUBLISHED, timezone.now()
    article.save()
    for _second in range(3):
        clock.tick()
        work()
    article.headline = "The dam still holds"
    article.save()
    clock.tick()
    work()
    breaking = [letter for letter in letters() if "Breaking" in letter.subject]
    assert [letter.to for letter in breaking] == [["breaking@example.org"]]
    assert breaking[0].subject == "Breaking: The dam holds"
    assert f"http://testserver{article.get_absolute_url()}" in breaking[0].body


def test_the_clock_publishes_and_mails_breaking_news() -> None:
    then = timezone.now() + timedelta(hours=2)
    topic = Topic.objects.create(slug="dams", name="Dams")
    a_subscriber("dams@example.org", topic, BREAKING)
    a_subscriber("sport@example.org", cast.a_section("sport"), BREAKING)
    article = cast.an_article(breaking=True, status=Article.Status.SCHEDULED, published_at=then)
    article.topics.add(topic)
    digests.break_news()
    assert not Edition.objects.exists()
    with time_machine.travel(then + timedelta(seconds=1)):
        clock.tick()
        work()
    assert reached() == ["dams@example.org"]


def test_old_news_does_not_break() -> None:
    a_subscriber(pace=BREAKING)
    cast.an_article(breaking=True, published_at=timezone.now() - timedelta(days=2))
    cast.an_article(breaking=False)
    digests.break_news()
    work()
    assert not mail.outbox


def test_who_subscribes_later_is_not_woken_by_what_broke_before() -> None:
    cast.an_article(breaking=True)
    digests.break_news()
    a_subscriber(pace=BREAKING)
    digests.break_news()
    work()
    assert not mail.outbox


# What changes between making and sending


@pytest.mark.attack("A38")
def test_what_is_withdrawn_before_the_mail_leaves_is_not_in_it(article: Article) -> None:
    wrong = cast.an_article("This was wrong")
    a_subscriber()
    digests.make_daily.call()
    Article.objects.filter(pk=wrong.pk).update(status=Article.Status.WITHDRAWN)
    work()
    (letter,) = letters()
    for part in (letter.subject, letter.body, html_of(letter)):
        assert "This was wrong" not in part
    assert article.headline in letter.body


def test_with_nothing_left_in_it_no_mail_leaves(article: Article) -> None:
    a_subscriber()
    digests.make_daily.call()
    Article.objects.update(status=Article.Status.WITHDRAWN)
    work()
    assert not mail.outbox
    assert not Delivery.objects.exists()


def test_who_leaves_before_the_mail_does_gets_none(article: Article) -> None:
    subscriber = a_subscriber()
    digests.make_daily.call()
    Client().post(f"/subscribe/{subscriber.token}/unsubscribe/")
    work()
    assert not mail.outbox


# Exactly once


def test_made_twice_it_is_one_edition(article: Article, eight: None) -> None:
    digests.make_daily.call()
    digests.make_daily.call()
    work()
    assert reached() == ADDRESSES


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_send_one_mail_to_each(
    article: Article, eight: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several makers of one edition, and for its deliveries more senders than there are tasks."""
    monkeypatch.setattr(digests, "BATCH", 3)
    breaking = cast.an_article("The dam holds", breaking=True)
    for address in ADDRESSES:
        a_subscriber(f"breaking-{address}", pace=BREAKING)

    def a_worker() -> None:
        digests.make_daily.call()
        digests.break_news()
        one_round("one of four").run()
        digests.send.call(list(Delivery.objects.values_list("pk", flat=True)))
        connection.close()

    threads = [threading.Thread(target=a_worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reached() == sorted(ADDRESSES + [f"breaking-{address}" for address in ADDRESSES])
    assert Edition.objects.count() == 2
    assert Delivery.objects.filter(sent_at=None).count() == 0
    assert breaking.headline in "".join(str(letter.body) for letter in letters())


@pytest.mark.attack("A49")
def test_a_sender_killed_half_way_is_resumed(article: Article, eight: None, server: Any) -> None:
    """Its mail of that moment may have been taken or not, and is sent no second time."""
    server += [None, None, None, SystemExit("killed")]
    send_daily()
    assert reached() == ADDRESSES[:3]
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        clock.retry()
    with time_machine.travel(timezone.now() + timedelta(minutes=10)):
        work()
    assert reached() == ADDRESSES[:3] + ADDRESSES[4:]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        retry()
    assert len(reached()) == 7


def test_a_sender_that_died_without_a_word_is_resumed(
    article: Article, eight: None, server: Any
) -> None:
    """kill -9: the task says that it is running, for ever."""
    server += [None, None, SystemExit("killed")]
    send_daily()
    DBTaskResult.objects.failed().update(status="RUNNING", finished_at=None)
    with time_machine.travel(timezone.now() + clock.LEASE + timedelta(minutes=1)):
        clock.retry()
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        work()
    assert reached() == ADDRESSES[:2] + ADDRESSES[3:]


def test_killed_between_the_mail_and_its_mark_it_is_not_sent_twice(
    article: Article, eight: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Delivery, "sent", lambda delivery: (_ for _ in ()).throw(SystemExit()))
        send_daily()
    assert len(reached()) == 1
    retry()
    assert reached() == ADDRESSES


def test_what_the_server_refuses_is_tried_again_and_the_rest_goes_out(
    article: Article, eight: None, server: Any
) -> None:
    refused = {ADDRESSES[1]: (450, b"Greylisted, please try again")}
    server += [None, SMTPRecipientsRefused(refused), RuntimeError("no idea")]
    send_daily()
    assert reached() == [ADDRESSES[0]] + ADDRESSES[3:]
    retry()
    assert reached() == ADDRESSES


@pytest.mark.parametrize(
    "lost", [SMTPServerDisconnected("gone"), TimeoutError(), BrokenPipeError()]
)
def test_a_connection_lost_half_way_may_have_delivered(
    article: Article, eight: None, server: Any, lost: Exception
) -> None:
    server += [None, lost]
    send_daily()
    retry()
    assert reached() == [ADDRESSES[0]] + ADDRESSES[2:]


def test_without_a_mail_server_nothing_is_begun(
    article: Article, eight: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(backend: EmailBackend) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "open", refuse)
        send_daily()
    assert Delivery.objects.filter(begun_at=None).count() == 8
    retry()
    assert reached() == ADDRESSES


def test_a_delivery_has_one_message_id_for_ever(article: Article) -> None:
    a_subscriber()
    digests.make_daily.call()
    delivery = Delivery.objects.get()
    first, second = digests.mail_for(delivery), digests.mail_for(delivery)
    assert first is not None
    assert second is not None
    name = first.message()["Message-ID"]
    assert name == second.message()["Message-ID"]
    assert name == f"<{delivery.edition.key.replace(' ', '-')}.{delivery.pk}@testserver>"


# How it reads


def test_the_mail_readers_own_button_ends_it(article: Article) -> None:
    a_subscriber()
    send_daily()
    headers = letters()[0].message()
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>")
    assert address.startswith("http://testserver/subscribe/")
    machine = Client(enforce_csrf_checks=True)
    path = address.removeprefix("http://testserver")
    assert machine.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        cast.an_article("The next day")
        send_daily()
    assert len(mail.outbox) == 1


@pytest.mark.attack("A5")
def test_both_parts_say_everything_and_link_nowhere_else(section: Section) -> None:
    article = cast.an_article(
        "Bread & “Butter” <script>alert(1)</script>", standfirst="It's <b>cheaper</b> now."
    )
    cast.an_article("Second", section=cast.a_section("sport", name="Sport & Games", order=9))
    subscriber = a_subscriber()
    send_daily()
    (letter,) = letters()
    html = html_of(letter)
    assert "Bread & “Butter” <script>alert(1)</script>\nIt's <b>cheaper</b> now." in letter.body
    assert letter.body.index("WORLD") < letter.body.index("SPORT & GAMES")
    assert "<script" not in html
    assert "<img" not in html
    assert "Bread &amp; “Butter”" in html
    ours = f"http://testserver/subscribe/{subscriber.token}/"
    for part in (letter.body, html):
        for link in (article.get_absolute_url(), f"{ours}unsubscribe/", ours):
            assert link in part
        assert all("testserver" in link for link in links(letter))
    assert html.count("http") == html.count("http://testserver/")
    assert Client().get(link_to(letter, "/unsubscribe/")).status_code == 200


@pytest.mark.attack("A5")
@pytest.mark.parametrize("pace", [DAILY, BREAKING])
def test_a_headline_cannot_add_a_header(pace: str) -> None:
    cast.an_article("Bridge\r\nBcc: victim@example.org\x07" + "x" * 110, breaking=True)
    a_subscriber(pace=pace)
    digests.make_daily.call()
    digests.break_news()
    work()
    (letter,) = letters()
    headers = letter.message()
    assert "Bcc" not in headers
    assert "\n" not in letter.subject
    assert "Bridge Bcc: victim" in letter.subject
    assert letter.recipients() == ["rosa@example.org"]


def test_a_very_full_day_is_cut_and_says_so(article: Article) -> None:
    for number in range(digests.LISTED + 1):
        cast.an_article(f"Article number {number}.")
    a_subscriber()
    send_daily()
    (letter,) = letters()
    assert letter.body.count("Article number") <= digests.LISTED
    assert "There is more in the newsfeed: http://testserver/newsfeed/" in letter.body
    assert len(html_of(letter)) < 100_000


def test_a_mail_costs_the_same_few_queries_however_much_is_in_it(
    django_assert_max_num_queries: Any, article: Article
) -> None:
    for number in range(30):
        cast.an_article(f"Article {number}")
    a_subscriber()
    digests.make_daily.call()
    with django_assert_max_num_queries(6):
        digests.send.call([Delivery.objects.get().pk])
    assert len(mail.outbox) == 1


# The desk


def test_editors_see_the_next_digest_with_its_counts(client: Client, editor: User) -> None:
    sport = cast.a_section("sport", order=9)
    cast.an_article("The cup is ours", section=sport)
    cast.an_article("The bridge opens")
    for number in range(3):
        a_subscriber(f"reader{number}@example.org", sport)
    a_subscriber("all@example.org").subscribe(sport, DAILY)
    a_subscriber("culture@example.org", cast.a_section("culture"))
    client.force_login(editor)
    page = client.get("/admin/newsroom/edition/next/")
    assert page.context["addresses"] == 4
    assert {row[0]: row[1:] for row in page.context["rows"]} == {
        "Everything in The Newsroom": (2, 1),
        "World": (1, 0),
        "Sport": (1, 4),
        "Culture": (0, 1),
    }
    html = page.content.decode()
    assert "4 addresses would get it now" in html
    assert "example.org" not in html
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    letter = client.get("/admin/newsroom/edition/next/mail/")
    assert "The cup is ours" in letter.content.decode()
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = letter.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert not Edition.objects.exists()  # looking makes nothing


def test_a_quiet_day_says_that_nothing_would_be_sent(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert "Nothing is new" in client.get("/admin/newsroom/edition/next/").content.decode()
    assert client.get("/admin/newsroom/edition/next/mail/").status_code == 404


def test_an_edition_is_listed_with_what_was_sent_of_it(
    client: Client, editor: User, article: Article, eight: None, server: Any
) -> None:
    server += [None, TimeoutError()]
    send_daily()
    client.force_login(editor)
    html = client.get("/admin/newsroom/edition/").content.decode()
    for cell, count in (("deliveries", 8), ("sent", 7), ("unknown", 1)):
        assert f'<td class="field-{cell}">{count}</td>' in html
