"""The event stream, asked as a server would ask it: without one."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Rulebook, User
from comments.models import Comment, Recommendation
from newsroom import hub, retelling, stream
from newsroom.models import Article, LiveEvent
from newsroom.streamers import Listener
from tests import cast, pseudo
from tests.comments.acting import acting, removed, suspended

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    yield
    hub.database.submit(lambda: connection.close()).result()


@pytest.fixture
def rules() -> None:
    """After a test with real commits there are none of those that the migrations brought."""
    if not Rulebook.objects.in_force():
        book = Rulebook.objects.create(version=1, published_at=timezone.now())
        book.clauses.create(number=1, title="Be civil", text="Always.")


class Listening:
    """One open stream and what it has said so far."""

    def __init__(self, query: str, **headers: str) -> None:
        self.said = ""
        self.status = 0
        self.ended = False
        self.gone = asyncio.Event()
        self.scope = {
            "type": "http",
            "method": headers.pop("method", "GET"),
            "path": "/live/",
            "query_string": query.encode(),
            "client": (headers.pop("client", "192.0.2.1"), 1),
            "headers": [(b"host", b"testserver")]
            + [
                (k.replace("_", "-").encode(), v.encode("latin-1", "replace"))
                for k, v in headers.items()
            ],
        }

    async def run(self) -> None:
        await stream.stream(self.scope, self.receive, self.send)
        self.ended = True

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.said += message.get("body", b"").decode()

    async def until(self, holds: Callable[[], bool], seconds: float = 5) -> None:
        for _ in range(int(seconds * 50)):
            if holds():
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"waited in vain; the stream said {self.said!r}")

    async def hears(self, words: str) -> None:
        await self.until(lambda: words in self.said)


@asynccontextmanager
async def listening(query: str = "topics=newsfeed", **headers: str) -> AsyncIterator[Listening]:
    one = Listening(query, **headers)
    task = asyncio.create_task(one.run())
    await one.until(lambda: one.status != 0)
    if one.status == 200:
        await one.hears("retry:")
    yield one
    one.gone.set()
    await asyncio.wait_for(task, 5)


async def meanwhile(deed: Callable[..., Any], *arguments: Any) -> Any:
    """Do it in another thread, as a page would."""

    def run() -> Any:
        try:
            return deed(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


def cookie(user: Any) -> str:
    browser = Client()
    browser.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_a_comment_is_told_to_those_who_read_that_discussion_alone() -> None:
    here, elsewhere = cast.an_article("Here"), cast.an_article("Elsewhere")
    reader = cast.a_reader()

    async def scenario() -> None:
        async with (
            listening(f"topics=discussion:{here.pk}") as one,
            listening(f"topics=discussion:{elsewhere.pk}") as other,
        ):
            comment = await meanwhile(cast.a_comment, here, reader)
            await one.hears(f'"id": {comment.pk}')
            assert "comment" not in other.said

    asyncio.run(scenario())


HIDING: dict[str, Callable[[Comment, User], object]] = {
    "removed": lambda comment, moderator: removed(comment, moderator),
    "withdrawn": lambda comment, moderator: comment.withdraw(),
    "withdrawn with its article": lambda comment, moderator: comment.article.withdraw(moderator),
}


@pytest.mark.attack("A38")
@pytest.mark.parametrize("how", HIDING)
def test_what_was_hidden_meanwhile_is_told_to_nobody(how: str, rules: None) -> None:
    """Neither to who comes back to the stream, nor to a page that asks without one."""
    article, author, moderator = cast.an_article("Canary"), cast.a_reader(), cast.an_admin()
    before = LiveEvent.objects.latest("id").pk
    comment = cast.a_comment(article, author, "A canary sings.")
    comment.edit("A canary sings louder.", 1)
    Recommendation.objects.add(cast.a_stranger(), comment)
    HIDING[how](comment, moderator)
    everybody = [None, author, moderator]

    async def scenario(cookies: list[str]) -> None:
        query = f"topics=newsfeed,chats,desk,person,discussion:{article.pk}"
        for each in cookies:
            async with listening(query, last_event_id=str(before), cookie=each) as one:
                await one.hears("event: beat")
                assert "canary" not in one.said.lower().replace("/canary/", "")

    asyncio.run(scenario([cookie(each) if each else "" for each in everybody]))
    for each in everybody:
        for page in (f"/discussions/{article.pk}/", "/newsfeed/", "/chats/"):
            answer = acting(each).get(f"{page}?since={before}")
            assert "canary sings" not in answer.content.decode()


@pytest.mark.attack("A38")
def test_what_is_hidden_leaves_the_pages_at_once(rules: None) -> None:
    article, author, moderator = cast.an_article(), cast.a_reader(), cast.an_admin()
    comment = cast.a_comment(article, author, "A canary sings.")

    async def scenario() -> None:
        async with listening(f"topics=discussion:{article.pk},chats") as one:
            await meanwhile(removed, comment, moderator)
            await one.hears('"kind": "gone"')
            assert "canary" not in one.said

    asyncio.run(scenario())


@pytest.mark.attack("A40")
@pytest.mark.parametrize(
    ("last", "status"),
    [("0", 200), ("9" * 18, 200), ("-1", 400), ("abc", 400), ("³", 400), ("9" * 40, 400)],
)
def test_a_number_of_no_event_is_refused(last: str, status: int) -> None:
    cast.an_article()

    async def scenario() -> None:
        async with listening(last_event_id=last) as one:
            assert one.status == status
            if last == "9" * 18:  # nobody ever had it: of an outbox that was restored, perhaps
                await one.hears("event: reload")

    asyncio.run(scenario())


@pytest.mark.attack("A40")
def test_the_number_of_another_articles_event_opens_nothing_of_it() -> None:
    here, elsewhere = cast.an_article("Here"), cast.an_article("Elsewhere")
    draft = cast.an_article("Not out", status=Article.Status.DRAFT)
    LiveEvent.objects.create(topic=f"discussion:{draft.pk}", kind="comment", subject=1)
    reader = cast.a_reader()
    cast.a_comment(elsewhere, reader, "Said elsewhere.")
    theirs = LiveEvent.objects.latest("id").pk
    cast.a_comment(elsewhere, reader, "Said elsewhere again.")
    comment = cast.a_comment(here, reader, "Said here.")

    async def scenario() -> None:
        query = f"topics=discussion:{here.pk},discussion:{draft.pk}"
        async with listening(query, last_event_id=str(theirs)) as one:
            await one.hears(f'"id": {comment.pk}')
            assert one.said.count('"kind": "comment"') == 1
            assert f"discussion:{draft.pk}" not in one.said

    asyncio.run(scenario())


@pytest.mark.attack("A40")
def test_who_logged_out_hears_as_a_visitor() -> None:
    reader = cast.a_reader()
    browser = Client()
    browser.force_login(reader)
    name = settings.SESSION_COOKIE_NAME
    old = f"{name}={browser.cookies[name].value}"
    browser.post("/accounts/logout/")

    async def scenario() -> None:
        one = Listening("topics=person", cookie=old)
        await one.run()
        assert one.status == 204

    asyncio.run(scenario())


def test_who_was_away_too_long_is_told_to_reload() -> None:
    LiveEvent.objects.create(topic="newsfeed", kind="published", subject=1)
    LiveEvent.objects.all().delete()
    LiveEvent.objects.create(topic="newsfeed", kind="published", subject=1)
    LiveEvent.objects.create(id=50_000, topic="newsfeed", kind="published", subject=1)
    LiveEvent.objects.filter(pk__lt=50_000).delete()

    async def scenario() -> None:
        async with listening(last_event_id="7") as one:
            await one.hears("event: reload")

    asyncio.run(scenario())


REFUSALS: list[tuple[str, dict[str, str], int]] = [
    ("topics=newsfeed", {"method": "POST"}, 405),
    ("topics=newsfeed", {"origin": "https://evil.example"}, 403),
    ("topics=newsfeed", {"origin": "null"}, 403),
    ("topics=newsfeed", {"sec_fetch_site": "cross-site"}, 403),
    ("topics=newsfeed", {"host": "evil.example"}, 400),
    ("topics=desk,person:1,nonsense", {}, 204),
    ("topics=discussion:" + "9" * 30, {}, 204),
    ("", {}, 204),
]


@pytest.mark.attack("A41")
def test_what_no_page_of_ours_asks_is_refused() -> None:
    async def scenario() -> None:
        for query, headers, status in REFUSALS:
            one = Listening(query, **headers)
            if "host" in headers:
                one.scope["headers"] = [(b"host", headers["host"].encode())]
            await one.run()
            assert one.status == status, (query, headers)

    asyncio.run(scenario())


@pytest.mark.attack("A40")
def test_a_discussion_of_an_unpublished_article_cannot_be_heard() -> None:
    draft = cast.an_article(status=Article.Status.DRAFT)

    async def scenario() -> None:
        one = Listening(f"topics=discussion:{draft.pk}")
        await one.run()
        assert one.status == 204

    asyncio.run(scenario())


@pytest.mark.attack("A41")
def test_an_address_has_only_so_many_streams() -> None:
    async def scenario() -> None:
        streams = [listening(client="192.0.2.7") for _ in range(settings.STREAMS_AN_ADDRESS)]
        for one in streams:
            await one.__aenter__()
        refused = Listening("topics=newsfeed", client="192.0.2.7")
        await refused.run()
        assert refused.status == 429
        async with listening(client="192.0.2.8") as other:
            assert other.status == 200
        for one in streams:
            await one.__aexit__(None, None, None)

    asyncio.run(scenario())


@pytest.mark.attack("A41")
def test_a_person_has_only_so_many_streams_and_a_place_again_when_one_is_closed() -> None:
    reader = cast.a_reader()
    browser = Client()
    browser.force_login(reader)
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def scenario() -> None:
        for _round in range(2):
            streams = [listening(cookie=cookie) for _ in range(settings.STREAMS_A_PERSON)]
            for one in streams:
                assert (await one.__aenter__()).status == 200
            refused = Listening("topics=newsfeed", cookie=cookie)
            await refused.run()
            assert refused.status == 429
            for one in streams:
                await one.__aexit__(None, None, None)

    asyncio.run(scenario())


@pytest.mark.attack("A17", "A40")
def test_a_stream_ends_when_its_session_does() -> None:
    reader = cast.a_reader()
    browser = Client()
    browser.force_login(reader)
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value

    async def scenario() -> None:
        name = settings.SESSION_COOKIE_NAME
        query = f"topics=person:{reader.pk}"
        async with listening(query, cookie=f"{name}={session}") as one:
            assert one.status == 200
            await meanwhile(browser.post, "/accounts/logout/")
            await hub.hub.check(hub.hub.all)
            await one.until(lambda: one.ended)

    asyncio.run(scenario())


def suspended_by(person: User, moderator: User) -> None:
    suspended(person, moderator)


def deactivated_by(person: User, moderator: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def demoted_by(person: User, moderator: User) -> None:
    User.objects.filter(pk=person.pk).update(is_superuser=False)


@pytest.mark.attack("A17")
@pytest.mark.parametrize(
    ("a_person", "deed"),
    [
        (cast.a_stranger, suspended_by),
        (cast.a_stranger, deactivated_by),
        (lambda: cast.an_admin("Max Moderator"), demoted_by),
    ],
)
def test_a_stream_ends_when_its_person_may_no_longer_hear_it(
    a_person: Callable[[], User], deed: Callable[[User, User], None], rules: None
) -> None:
    """In some five seconds: those between two questions of the hub, or at once when it is told."""
    person, moderator = a_person(), cast.an_admin()
    theirs = cookie(person)

    async def scenario() -> None:
        async with listening("topics=person,desk", cookie=theirs) as one:
            assert one.status == 200
            await meanwhile(deed, person, moderator)
            await one.until(lambda: one.ended, seconds=30)

    asyncio.run(scenario())
    assert hub.CHECK <= 5


@pytest.mark.attack("A40")
def test_nobody_hears_what_is_somebody_elses() -> None:
    reader, stranger = cast.a_reader(), cast.a_stranger()
    theirs = cookie(stranger)

    async def scenario() -> None:
        one = Listening(f"topics=person:{reader.pk}", cookie=theirs)
        await one.run()
        assert one.status == 204

    asyncio.run(scenario())


@pytest.mark.attack("A41", "A49")
def test_a_reader_who_stops_reading_is_cut() -> None:
    async def scenario() -> None:
        reader = hub.Reader(Listener("192.0.2.1", frozenset({"newsfeed"})))
        reader.give(b"x" * hub.BUFFER)
        assert reader.size == hub.BUFFER
        reader.give(b"x")
        assert reader.closing
        assert reader.waiting == []

    asyncio.run(scenario())


def test_an_edit_brings_the_new_words() -> None:
    article, reader = cast.an_article(), cast.a_reader()
    comment: Comment = cast.a_comment(article, reader, "First words.")

    async def scenario() -> None:
        async with listening(f"topics=discussion:{article.pk}") as one:
            await meanwhile(comment.edit, "Second words.", 1)
            await one.hears("Second words.")

    asyncio.run(scenario())


def test_each_reader_is_told_in_the_language_of_the_page(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once how an event looks in each language that somebody listens in."""
    looked: list[tuple[int, str | None]] = []

    def counting(event: LiveEvent) -> Any:
        looked.append((event.pk, get_language()))
        return retelling.look(event)

    monkeypatch.setattr(hub, "look", counting)
    settings.LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
    pseudo.speak("ar")
    article, reader = cast.an_article(), cast.a_reader()
    root = cast.a_comment(article, reader)
    cast.a_comment(article, reader, "Answer.", root)
    topics = f"topics=discussion:{article.pk},newsfeed"

    async def scenario() -> None:
        async with (
            listening(f"{topics}&language=en") as english,
            listening(f"{topics}&language=ar") as arabic,
            listening(f"{topics}&language=ar") as another,
            listening(f"{topics}&language=klingon") as unknown,
        ):
            await english.hears('"here": 4')
            await meanwhile(root.withdraw)
            for one in (english, unknown):
                await one.hears("<p>This comment is not shown.</p>")
            for one in (arabic, another):
                await one.hears(json.dumps("<p>⟦This comment is not shown.⟧</p>")[1:-1])
            second = await meanwhile(cast.an_article, "Out now")
            for one in (english, arabic, another, unknown):
                await one.hears(f'"address": "{second.get_absolute_url()}"')
                assert one.said.count("not shown") == 1
            numbers = [re.findall(r"^id: (\d+)", one.said, re.M) for one in (english, arabic)]
            assert set(numbers[0]) & set(numbers[1])
            assert {language for _event, language in looked} == {"en", "ar"}
            assert len(looked) == len(set(looked))

    asyncio.run(scenario())


def test_what_was_missed_is_told_in_the_language_of_the_page(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("ar", "العربية")]
    pseudo.speak("ar")
    article, reader = cast.an_article(), cast.a_reader()
    root = cast.a_comment(article, reader)
    cast.a_comment(article, reader, "Answer.", root)
    before = LiveEvent.objects.latest("id").pk
    root.withdraw()

    async def scenario() -> None:
        query = f"topics=discussion:{article.pk}&language=ar"
        async with listening(query, last_event_id=str(before)) as one:
            await one.hears(json.dumps("⟦This comment is not shown.⟧")[1:-1])


def test_recommends_are_gathered_and_told_at_most_once_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article, author = cast.an_article(), cast.a_reader()
    comments = [cast.a_comment(article, author, f"Word {number}.") for number in range(2)]
    people = [cast.a_reader(f"Friend {number}") for number in range(3)]
    topic = f"discussion:{article.pk}"

    def all_recommend() -> None:
        for person in people:
            for comment in comments:
                Recommendation.objects.add(person, comment)

    async def scenario() -> None:
        async with listening(f"topics={topic}") as one:
            await meanwhile(Recommendation.objects.add, people[0], comments[0])
            await one.hears('"recommends": 1')
            monkeypatch.setattr(hub, "GATHER", 10**9)
            await meanwhile(all_recommend)
            newest = await meanwhile(LiveEvent.objects.newest)
            await one.until(lambda: hub.hub.last == newest)
            assert one.said.count('"kind": "recommend"') == 1
            monkeypatch.setattr(hub, "GATHER", 0)
            await one.until(lambda: one.said.count('"recommends": 3') == 2)
            assert one.said.count('"kind": "recommend"') == 3

    asyncio.run(scenario())


def test_a_hub_that_nobody_listens_to_sleeps_and_misses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    article, reader = cast.an_article(), cast.a_reader()
    monkeypatch.setattr(hub, "HEARTBEAT", 0)
    hub.hub.due.clear()
    query = f"topics=discussion:{article.pk}"

    async def scenario() -> None:
        async with listening(query) as one:
            await one.hears("event: beat")
        await one.until(lambda: hub.hub.task is not None and hub.hub.task.done())
        before = await meanwhile(LiveEvent.objects.newest)
        missed = await meanwhile(cast.a_comment, article, reader, "Said to nobody.")
        async with listening(query, last_event_id=str(before)) as other:
            heard = await meanwhile(cast.a_comment, article, reader, "Said to one.")
            await other.hears(f'"id": {heard.pk}')
            assert other.said.index(f'"id": {missed.pk}') < other.said.index(f'"id": {heard.pk}')

    asyncio.run(scenario())
