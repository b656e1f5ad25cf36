"""`/live/?topics=newsfeed,discussion:12`: the event stream, a raw ASGI application.

It stands outside Django's middleware, so it checks method, host, origin and session itself. One hub
a process reads the outbox, asks once how each event looks now, and hands the same bytes to every
reader of its topic. A reader holds no database connection, and is cut when it stops reading.
"""

import asyncio
import json
import logging
import random
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.utils.module_loading import import_string

from newsroom.live import LiveEvent
from newsroom.streamers import Listener, listener_of, no_longer_entitled
from newsroom.waking import looks

HEARTBEAT = 15
CHECK = 30  # seconds between two questions whether a reader may still listen
SLICE = 100  # readers served before others get their turn
BUFFER = 64 * 1024  # bytes a reader may leave unread
REPLAYED = 500  # events at most; who missed more reloads
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'"),
]

logger = logging.getLogger("newsroom.stream")
database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stream-database")

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Reader:
    """One open stream: what it listens to, and the bytes that wait to be sent."""

    __slots__ = ("closing", "listener", "size", "topics", "waiting", "wake")

    def __init__(self, listener: Listener, topics: frozenset[str]) -> None:
        self.listener, self.topics = listener, topics
        self.waiting: list[bytes] = []
        self.size = 0
        self.closing = False
        self.wake = asyncio.Event()

    def give(self, data: bytes) -> None:
        self.waiting.append(data)
        self.size += len(data)
        if self.size > BUFFER:
            self.close()
        self.wake.set()

    def close(self) -> None:
        self.closing = True
        self.wake.set()


class Hub:
    """The readers of this process, and the place in the outbox up to which they know it."""

    def __init__(self) -> None:
        self.readers: dict[str, set[Reader]] = defaultdict(set)
        self.all: set[Reader] = set()
        self.last = 0
        self.next_beat = self.next_check = 0.0
        self.task: asyncio.Task[None] | None = None

    def add(self, reader: Reader) -> None:
        self.all.add(reader)
        for topic in reader.topics:
            self.readers[topic].add(reader)

    def remove(self, reader: Reader) -> None:
        self.all.discard(reader)
        for topic in reader.topics:
            self.readers[topic].discard(reader)
            if not self.readers[topic]:
                del self.readers[topic]

    async def start(self) -> None:
        if self.task is None or self.task.done():
            self.last = await in_database(newest)
            self.task = asyncio.create_task(self.run())

    async def run(self) -> None:
        """Look whenever it is time. A failure is logged; the next look may go better."""
        while True:
            try:
                async for _ in looks():
                    await self.tell()
                    await self.beat()
            except Exception:
                logger.exception("stream_failed")
                await asyncio.sleep(1)

    async def beat(self) -> None:
        """Now and then: a sign of life, and the question who may still listen."""
        now = time.monotonic()
        if now > self.next_beat:
            self.next_beat = now + HEARTBEAT
            await self.give(self.all, b": \n\n")
        if now > self.next_check:
            self.next_check = now + CHECK
            await self.check()

    async def tell(self) -> None:
        """Read what is new, render it once for each topic that somebody listens to."""
        told = await in_database(since, self.last, frozenset(self.readers))
        for id, topic, data in told:
            self.last = max(self.last, id)
            if data:
                await self.give(self.readers.get(topic, ()), data)
            if topic.startswith("person:"):
                await self.check(int(topic.partition(":")[2]))

    async def give(self, readers: Iterable[Reader], data: bytes) -> None:
        for number, reader in enumerate(tuple(readers), start=1):
            reader.give(data)
            if number % SLICE == 0:
                await asyncio.sleep(0)

    async def check(self, person: int | None = None) -> None:
        """Close the streams of those who may not listen any more; of one person, or of all."""
        known = [r for r in self.all if r.listener.session and person in (None, r.listener.person)]
        gone = await in_database(no_longer_entitled, {r.listener for r in known})
        for reader in known:
            if reader.listener in gone:
                reader.close()

    def close(self) -> None:
        for reader in self.all:
            reader.close()


hub = Hub()


async def stream(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Send) -> None:
    """Answer one request; returns when either side ends it."""
    request = ASGIRequest(scope, BytesIO())
    refusal = refused(request)
    if refusal:
        return await answer(send, *refusal)
    listener = await in_database(listener_of, request)
    topics = frozenset(topic for topic in topics_of(request) if listener.may_hear(topic))
    if not topics:
        return await answer(send, 204, "")
    if too_many(listener):
        return await answer(send, 429, "Too many streams are open. The page asks now and then.")
    await hub.start()
    reader = Reader(listener, topics)
    hub.add(reader)
    gone = asyncio.create_task(disconnected(receive, reader))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        retry = random.randint(2000, 6000)  # noqa: S311 - so that they do not all come back at once
        await write(send, f"retry: {retry}\nid: {hub.last}\n\n".encode())
        for data in await in_database(replay, last_id(request), topics):
            await write(send, data)
        while not reader.closing:
            await reader.wake.wait()
            reader.wake.clear()
            waiting, reader.waiting = b"".join(reader.waiting), []
            if waiting and not reader.closing:
                await write(send, waiting)
            reader.size = sum(map(len, reader.waiting))
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        hub.remove(reader)


async def disconnected(receive: Callable[[], Awaitable[Any]], reader: Reader) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.close()


async def write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS[1:]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def in_database(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run it in the stream's one database thread."""

    def run() -> Any:
        close_old_connections()
        return work(*arguments)

    return await asyncio.get_running_loop().run_in_executor(database, run)


def refused(request: ASGIRequest) -> tuple[int, str] | None:
    """A status and a sentence for what no page of ours asks."""
    if request.method != "GET":
        return 405, "This address is a stream: GET it."
    try:
        host = request.get_host()
    except DisallowedHost:
        return 400, "This is not the name of this site."
    origin = request.headers.get("Origin")
    if origin and origin.partition("://")[2] != host:
        return 403, "Only pages of this site may listen."
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return 403, "Only pages of this site may listen."
    return None


def topics_of(request: ASGIRequest) -> list[str]:
    return request.GET.get("topics", "").split(",")[:10]


def too_many(listener: Listener) -> bool:
    """Whether this person or this address has all the streams it may have."""
    of_person = of_address = 0
    for reader in hub.all:
        of_person += bool(listener.person) and reader.listener.person == listener.person
        of_address += reader.listener.address == listener.address
    return of_person >= settings.STREAMS_A_PERSON or of_address >= settings.STREAMS_AN_ADDRESS


def last_id(request: ASGIRequest) -> int | None:
    """Where the browser was when it lost the stream; None for a new one, or for nonsense."""
    said = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    return int(said) if said.isdigit() and len(said) < 19 else None


def newest() -> int:
    return LiveEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0


def since(last: int, topics: frozenset[str]) -> list[tuple[int, str, bytes]]:
    """What is new after `last`: its id, topic, and bytes where somebody listens to it."""
    events = LiveEvent.objects.filter(pk__gt=last).order_by("id")
    return [
        (event.pk, event.topic, look(event) if event.topic in topics else b"")
        for event in events[:REPLAYED]
    ]


def replay(last: int | None, topics: frozenset[str]) -> list[bytes]:
    """What was missed since `last`, as it looks now; one "reload" where it is too long ago."""
    if last is None:
        return []
    oldest = LiveEvent.objects.order_by("id").values_list("id", flat=True).first()
    missed = list(
        LiveEvent.objects.filter(pk__gt=last, topic__in=topics).order_by("id")[: REPLAYED + 1]
    )
    if len(missed) > REPLAYED or (oldest and last < oldest - 1):
        return [b"event: reload\ndata: {}\n\n"]
    return [look(event) for event in missed]


def look(event: LiveEvent) -> bytes:
    """The event's bytes, from what its subject is now and who may see it; none to say nothing."""
    renderer = settings.LIVE_RENDERERS.get(event.topic.partition(":")[0])
    data = import_string(renderer)(event.kind, event.subject) if renderer else {}
    if data is None:
        return b""
    topic = event.topic
    return f"id: {event.pk}\nevent: {topic}\ndata: {json.dumps(data)}\n\n".encode()
