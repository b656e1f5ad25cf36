"""Being told: of answers, picks and decisions, and of what one follows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from comments import telling
from comments.counters import drifts
from comments.models import Comment, Decision, Follow, Notification, NotificationChoice
from comments.models.notification import Kind
from comments.notifications import look
from newsroom import clock
from newsroom.live import LiveEvent
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, do, later, read, removed, seen
from tests.newsroom.mailing import work

pytestmark = pytest.mark.django_db

CENTRE = "/me/notifications/"


def tell() -> None:
    """What the clock and the worker do within a second or two."""
    telling.look()
    work()


def told(person: User) -> list[str]:
    """The kinds of what stands unread in this person's notification centre, the newest first."""
    unread = Notification.objects.unread().filter(person=person)
    person.refresh_from_db()
    assert person.unread == unread.count()
    return list(unread.order_by("-id").values_list("kind", flat=True))


def follows(person: User, **what: Any) -> None:
    Follow.objects.begin(person, **what)


# Who is told


def test_who_is_answered_is_told_and_nobody_else(
    article: Article, reader: User, stranger: User
) -> None:
    comment = cast.a_comment(article, reader)
    do(acting(stranger), comment, "reply", text="I do not think so.")
    tell()
    assert (told(reader), told(stranger)) == (["reply"], [])
    page = read(acting(reader), CENTRE)
    assert "\u2068Sam Stranger\u2069 answered you" in page
    assert "I do not think so." in page
    assert "I do not think so." not in read(acting(stranger), CENTRE)


def test_nobody_is_told_of_what_they_say_themselves(article: Article, reader: User) -> None:
    comment = cast.a_comment(article, reader)
    follows(reader, discussion=comment.discussion)
    do(acting(reader), comment, "reply", text="I add this.")
    tell()
    assert told(reader) == []


def test_the_outbox_is_read_once_and_telling_twice_tells_once(
    article: Article, reader: User, stranger: User
) -> None:
    reply = cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    telling.look()
    telling.follow_up.call(reply.pk)
    work()
    assert told(reader) == ["reply"]
    assert list(drifts()) == []


def test_posting_waits_for_none_of_it(article: Article, reader: User, stranger: User) -> None:
    comment = cast.a_comment(article, reader)
    counts = []
    for followers in (0, 1, 9):  # at the first one there is more to be made
        for number in range(followers):
            follows(cast.a_reader(f"Reader {followers} {number}"), discussion=comment.discussion)
        with CaptureQueriesContext(connection) as queries:
            do(acting(stranger), comment, "reply", text=f"With {followers} followers.")
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert not Notification.objects.exists()


def test_a_comment_that_waits_tells_nobody_until_it_is_approved(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    comment = cast.a_comment(article, reader)
    held = cast.a_comment(article, stranger, "Look here.", comment, held_because="a link")
    tell()
    assert told(reader) == []
    Decision.objects.all().approve(held, moderator, held.current.n)
    tell()
    assert told(reader) == ["reply"]


def test_who_follows_a_discussion_is_told_once_until_they_read_it(
    article: Article, reader: User, stranger: User
) -> None:
    first = cast.a_comment(article, stranger, "Before I came.")
    follows(reader, discussion=first.discussion)
    tell()
    assert told(reader) == []
    cast.a_comment(article, stranger, "One.")
    cast.a_comment(article, stranger, "Two.")
    tell()
    assert told(reader) == ["discussion"]
    notification = Notification.objects.get(person=reader)
    assert str(notification.comment).endswith("One.")
    acting(reader).post(f"{CENTRE}{notification.pk}/")
    cast.a_comment(article, stranger, "Three.")
    tell()
    assert told(reader) == ["discussion"]


def test_who_follows_a_person_is_told_what_they_say(
    article: Article, reader: User, stranger: User
) -> None:
    follows(reader, followed=stranger)
    cast.a_comment(article, stranger)
    cast.a_comment(article, cast.a_reader("Somebody Else"))
    tell()
    assert told(reader) == ["person"]
    follows(reader, discussion=article.discussion)
    cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    assert told(reader) == ["reply", "person"]  # once, for the strongest of three reasons


def test_many_followers_are_told_by_several_tasks(
    article: Article, stranger: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    people = [cast.a_reader(f"Follower {number}") for number in range(5)]
    for person in people:
        follows(person, followed=stranger)
    cast.a_comment(article, stranger)
    tell()
    assert [told(person) for person in people] == [["person"]] * 5


def test_an_author_is_told_of_a_pick(article: Article, reader: User) -> None:
    comment = cast.a_comment(article, reader)
    with comment.in_hand("pick"):
        comment.picked_at = timezone.now()
        comment.save(update_fields=["picked_at"])
    tell()
    assert told(reader) == ["pick"]
    assert "An editor picked your comment" in read(acting(reader), CENTRE)


def test_what_is_old_is_nobodys_news(article: Article, reader: User, stranger: User) -> None:
    reply = cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    LiveEvent.objects.all().delete()
    with later(days=31):
        reply.edit("I meant the other bridge.", reply.current.n)
        tell()
    assert told(reader) == []


# What nobody is told


@pytest.mark.parametrize("how", ["removed", "withdrawn", "erased", "muted", "withdrawn article"])
def test_what_is_hidden_is_told_to_nobody_and_is_gone_from_what_was_told(
    article: Article, reader: User, stranger: User, moderator: User, how: str
) -> None:
    comment = cast.a_comment(article, reader)
    first = cast.a_comment(article, stranger, "A quite unusual word.", comment)
    tell()
    assert told(reader) == ["reply"]
    second = cast.a_comment(article, stranger, "Another quite unusual word.", comment)
    for reply in (first, second):
        if how == "removed":
            removed(reply, moderator)
        elif how == "withdrawn":
            reply.withdraw()
    if how == "erased":
        with first.in_hand("edit"):
            Comment.objects.filter(author=stranger).update(author=None)
    elif how == "muted":
        acting(reader).post(f"/people/{stranger.username}/mute/")
    elif how == "withdrawn article":
        article.withdraw(None)
    tell()
    assert told(reader) == []
    assert "unusual word" not in read(acting(reader), CENTRE)
    assert list(drifts()) == []
    browser = acting(reader)
    hidden = Notification.objects.filter(person=reader).values_list("pk", flat=True)
    for pk in hidden:
        assert browser.post(f"{CENTRE}{pk}/").status_code == 404


def test_who_was_led_to_what_is_hidden_now_is_led_to_what_follows(
    article: Article, reader: User, stranger: User
) -> None:
    follows(reader, discussion=cast.a_comment(article, stranger).discussion)
    tell()
    one, two = (cast.a_comment(article, stranger, text) for text in ("One.", "Two."))
    tell()
    one.withdraw()
    tell()
    assert told(reader) == ["discussion"]
    assert Notification.objects.unread().get(person=reader).comment == two


def test_what_comes_back_is_told_again(
    article: Article, reader: User, stranger: User, moderator: User
) -> None:
    reply = cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    removed(reply, moderator)
    tell()
    assert told(reader) == []
    Decision.objects.all().restore(reply, moderator)
    tell()
    assert told(reader) == ["reply"]


# The centre


def test_a_click_reads_it_and_leads_to_the_comment(
    article: Article, reader: User, stranger: User
) -> None:
    reply = cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    notification = Notification.objects.get(person=reader)
    address = f"{CENTRE}{notification.pk}/"
    assert acting(stranger).post(address).status_code == 404
    assert acting(reader).get(address).status_code == 405
    assert told(reader) == ["reply"]
    answer = acting(reader).post(address)
    assert answer["Location"] == f"/comments/{reply.pk}/#c{reply.pk}"
    assert told(reader) == []


@pytest.mark.attack("A14")
def test_all_are_read_at_once_and_only_ones_own(
    article: Article, reader: User, stranger: User
) -> None:
    for person, other in ((reader, stranger), (stranger, reader)):
        cast.a_comment(article, other, reply_to=cast.a_comment(article, person, other.name))
    tell()
    assert acting(reader).get(f"{CENTRE}read/").status_code == 405
    assert "Mark all as read" in read(acting(reader), CENTRE)
    acting(reader).post(f"{CENTRE}read/")
    assert (told(reader), told(stranger)) == ([], ["reply"])
    assert "Mark all as read" not in read(acting(reader), CENTRE)


def test_the_number_stands_on_every_page_without_a_query_more(
    article: Article, reader: User, stranger: User
) -> None:
    browser, counts = acting(reader), []
    for unread in (0, 1):
        with CaptureQueriesContext(connection) as queries:
            page = read(browser, "/corrections/")
        assert (f"<b data-unread>{unread}</b>" in page) == bool(unread)
        counts.append(len(queries))
        cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
        tell()
    assert counts[0] == counts[1]


@pytest.mark.attack("A40")
def test_the_number_is_told_live_to_its_person_alone(
    article: Article, reader: User, stranger: User
) -> None:
    cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    event = LiveEvent.objects.get(kind="notification")
    assert event.topic == f"person:{reader.pk}"
    assert look(event.kind, event.subject) == {"kind": "notification", "unread": 1}


def test_saving_a_person_read_before_leaves_the_number(
    article: Article, reader: User, stranger: User
) -> None:
    stale = User.objects.get(pk=reader.pk)
    cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    stale.bio = "I read."
    stale.save()
    reader.refresh_from_db()
    assert (reader.unread, reader.bio) == (1, "I read.")


def test_the_centre_goes_on_by_cursor_with_as_many_queries_for_many(
    article: Article, reader: User, stranger: User
) -> None:
    comment = cast.a_comment(article, reader)
    counts = []
    for number in range(2):
        for n in range(1 + number * 31):
            cast.a_comment(article, stranger, f"Answer {number}.{n}.", comment)
        tell()
        with CaptureQueriesContext(connection) as queries:
            page = read(acting(reader), CENTRE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    older = page.partition('rel="next" href="')[2].partition('"')[0]
    assert page.count("answered you") == 30
    assert read(acting(reader), f"{CENTRE}{older}").count("answered you") == 3
    assert acting(reader).get(f"{CENTRE}?after=nonsense").status_code == 400


@pytest.mark.parametrize("page", [CENTRE, f"{CENTRE}settings/"])
def test_a_visitor_is_asked_to_log_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"


def test_old_ones_are_forgotten(article: Article, reader: User, stranger: User) -> None:
    cast.a_comment(article, stranger, reply_to=cast.a_comment(article, reader))
    tell()
    (job,) = [job for job in clock.JOBS if job.name == "old notifications"]
    with later(days=91):
        job.task()  # type: ignore[operator]
    assert told(reader) == []
    assert not Notification.objects.exists()


# How one wants to be told


def choices(**more: str) -> dict[str, str]:
    """The form as it stands at first, with these changed; `shown_reply=""` unticks a box."""
    form = {f"mail-{kind}": "never" for kind in Kind} | {f"shown-{kind}": "on" for kind in Kind}
    form |= {name.replace("_", "-"): value for name, value in more.items()}
    return {name: value for name, value in form.items() if value}


def test_each_kind_is_chosen_by_itself(article: Article, reader: User, stranger: User) -> None:
    browser = acting(reader)
    comment = cast.a_comment(article, reader)
    browser.post(f"{CENTRE}settings/", choices(shown_reply="", mail_pick="daily"))
    chosen = NotificationChoice.objects.of(reader)
    assert (chosen["reply"], chosen["pick"]) == ((False, "never"), (True, "daily"))
    cast.a_comment(article, stranger, reply_to=comment)
    tell()
    assert told(reader) == []
    assert told(stranger) == []
    assert NotificationChoice.objects.of(stranger)["reply"] == (True, "once")


def test_decisions_are_always_shown(reader: User) -> None:
    acting(reader).post(f"{CENTRE}settings/", choices(shown_decision="", shown_appeal=""))
    chosen = NotificationChoice.objects.of(reader)
    assert chosen["decision"] == chosen["appeal"] == (True, "never")


@pytest.mark.parametrize("said", [{}, {"mail-reply": "hourly"}, {"mail-nonsense": "never"}])
def test_what_makes_no_sense_changes_nothing(reader: User, said: dict[str, str]) -> None:
    assert acting(reader).post(f"{CENTRE}settings/", said).status_code == 302
    assert not NotificationChoice.objects.exists()


# Following


def test_a_discussion_is_followed_and_left_by_its_button(article: Article, reader: User) -> None:
    browser, address = acting(reader), f"/discussions/{article.pk}/follow/"
    assert 'aria-pressed="false">Follow' in read(browser, article.get_absolute_url())
    for _twice in range(2):
        assert browser.post(address)["Location"] == f"{article.get_absolute_url()}#discussion"
    assert Follow.objects.get().discussion_id == article.pk
    assert 'aria-pressed="true">✓ Following' in read(browser, article.get_absolute_url())
    assert "Follow no longer" in read(browser, address)
    assert article.headline in read(browser, f"{CENTRE}settings/")
    assert "Follow</button>" in seen(
        browser.post(address, {"undo": "1"}, headers={"HX-Request": "true"})
    )
    assert not Follow.objects.exists()


def test_a_person_is_followed_and_left(reader: User, stranger: User) -> None:
    browser, address = acting(reader), f"/people/{stranger.username}/follow/"
    assert "Follow <bdi>Sam Stranger</bdi>" in read(browser, address)
    browser.post(address)
    assert Follow.objects.get().followed == stranger
    browser.post(address, {"undo": "1"})
    assert not Follow.objects.exists()
    own = browser.post(f"/people/{reader.username}/follow/")
    assert own.status_code == 403
    assert browser.get("/people/nobody/follow/").status_code == 404


def test_looking_follows_nothing_and_a_visitor_is_led_to_log_in(
    article: Article, client: Client
) -> None:
    address = f"/discussions/{article.pk}/follow/"
    assert f'href="{address}"' in read(client, article.get_absolute_url())
    for answer in (client.get(address), client.post(address)):
        assert answer["Location"].startswith("/accounts/login/")
    acting(cast.a_reader()).get(address)
    assert not Follow.objects.exists()
    article.withdraw(None)
    assert acting(cast.a_stranger()).post(address).status_code == 404


def test_following_is_limited(article: Article, reader: User, stranger: User) -> None:
    browser = acting(reader)
    address = f"/people/{stranger.username}/follow/"
    assert {browser.post(address).status_code for _ in range(60)} == {302}
    answer = browser.post(address)
    assert answer.status_code == 429
    assert browser.post(address, {"undo": "1"}).status_code == 302
