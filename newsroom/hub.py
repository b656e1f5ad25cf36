"""The readers of this process, and what they are told.

One hub reads the outbox, asks once how each event looks now in each language that is listened in,
and hands the same bytes to every reader of that topic and language. A reader holds no database
connection, and is cut when it stops reading.
"""

import asyncio
import json
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.utils import translation

from newsroom.live import GATHERED, LiveEvent
from newsroom.retelling import look
from newsroom.streamers import Listener, no_longer_entitled
from newsroom.waking import looks, tell_other_hubs

HEARTBEAT = 15.0
CHECK = 5.0  # seconds between two questions whether all readers may still listen
GATHER = 1.0  # seconds in which a topic's gathered kinds are told once
COUNT = 5.0  # seconds between two counts of readers
FORGET = 3 * COUNT  # seconds after which a hub that says nothing counts no more
BATCH = 500  # events read at once
SLICE = 100  # readers served before others get their turn
BUFFER = 64 * 1024  # bytes a reader may leave unread

Ear = tuple[str, str]  # a topic, and the language that it is heard in

logger = logging.getLogger("newsroom.stream")
database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stream-database")


async def in_database(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run it in the streams' one database thread."""

    def run() -> Any:
        close_old_connections()
        return work(*arguments)

    return await asyncio.get_running_loop().run_in_executor(database, run)


class Reader:
    """One open stream: where it is in the outbox, and the bytes that wait to be sent."""

    __slots__ = ("after", "closing", "listener", "size", "waiting", "wake")

    def __init__(self, listener: Listener, after: int = 0) -> None:
        self.listener, self.after = listener, after
        self.waiting: list[bytes] = []
        self.size = 0
        self.closing = False
        self.wake = asyncio.Event()

    def give(self, data: bytes, id: int | None = None) -> None:
        """Unless it has the event of this number already, or is on its way out."""
        if self.closing or (id is not None and id <= self.after):
            return
        self.waiting.append(data)
        self.size += len(data)
        if self.size > BUFFER:
            self.waiting.clear()
            self.closing = True
        self.wake.set()

    def close(self) -> None:
        """End it when what waits is sent."""
        self.closing = True
        self.wake.set()


class Hub:
    def __init__(self) -> None:
        self.name = token_hex(4)
        self.readers: dict[Ear, set[Reader]] = defaultdict(set)
        self.all: set[Reader] = set()
        self.of_address: Counter[str] = Counter()
        self.of_person: Counter[int | None] = Counter()
        self.last = 0  # every event up to this one was told
        self.gathered: dict[str, dict[tuple[str, int], LiveEvent]] = defaultdict(dict)
        self.gathered_at: dict[str, float] = {}
        self.here: dict[str, int] = {}  # readers now, by topic, as last told
        self.elsewhere: dict[str, tuple[float, dict[str, int]]] = {}  # by the other hubs' names
        self.due: dict[str, float] = {}
        self.closed = False
        self.begun = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when it runs. After a restart hundreds come at once: only the first starts it."""
        if self.task is None or self.task.done():
            self.begun = asyncio.Event()
            self.task = asyncio.create_task(self.run())
        await self.begun.wait()

    def admit(self, listener: Listener, last: int) -> Reader | None:
        """A place for one more, unless this person or this address has all that it may have."""
        if (
            self.closed
            or self.of_address[listener.address] >= settings.STREAMS_AN_ADDRESS
            or (listener.person and self.of_person[listener.person] >= settings.STREAMS_A_PERSON)
        ):
            return None
        reader = Reader(listener, max(last, self.last))
        self.all.add(reader)
        for ear in listener.ears:
            self.readers[ear].add(reader)
        self.of_address[listener.address] += 1
        self.of_person[listener.person] += 1
        return reader

    def remove(self, reader: Reader) -> None:
        listener = reader.listener
        self.all.discard(reader)
        for ear in listener.ears:
            self.readers[ear].discard(reader)
            if not self.readers[ear]:
                del self.readers[ear]
        self.of_address -= Counter([listener.address])
        self.of_person -= Counter([listener.person])

    async def run(self) -> None:
        """Look whenever it is time, and end when nobody has listened for a while. A failure is
        logged; the next look may go better."""
        while True:
            try:
                if not self.begun.is_set():
                    self.last = await in_database(LiveEvent.objects.newest)
                    self.begun.set()
                async with aclosing(looks(self.hear)) as times:
                    async for _ in times:
                        await self.tell()
                        await self.tell_gathered()
                        if self.is_due("count", COUNT):
                            await self.count()
                        if self.is_due("beat", HEARTBEAT):
                            if not self.all:
                                return
                            await self.give(self.all, beat(self.last), self.last + 1)
                        if self.is_due("check", CHECK):
                            await self.check(self.all)
            except Exception:
                logger.exception("stream_failed")
                await asyncio.sleep(1)

    def is_due(self, what: str, every: float) -> bool:
        now = time.monotonic()
        if now < self.due.get(what, 0):
            return False
        self.due[what] = now + every
        return True

    async def tell(self) -> None:
        """Read what is new, and tell it those who listen to it."""
        events: list[tuple[LiveEvent, dict[Ear, bytes]]] = []
        while not events or len(events) == BATCH:
            events = await in_database(after, self.last, set(self.readers))
            for event, told in events:
                while since_a_moment_ago := self.ears(event.topic) - told.keys():
                    told |= await in_database(words, event, since_a_moment_ago)
                if event.kind in GATHERED and told:
                    self.gathered[event.topic][event.kind, event.subject] = event
                self.last = event.pk
                for ear, data in told.items():
                    if data:
                        await self.give(self.readers.get(ear, ()), data, event.pk)
                await self.heed(event)
            if not events:
                break

    def ears(self, topic: str) -> set[Ear]:
        """Those of this topic that somebody listens with."""
        return {(topic, code) for code, _name in settings.LANGUAGES} & self.readers.keys()

    async def heed(self, event: LiveEvent) -> None:
        """After an event that may end streams."""
        if event.topic.startswith("person:"):
            person = int(event.topic.partition(":")[2])
            theirs = [reader for reader in self.all if reader.listener.person == person]
            await self.check(theirs)
            if event.kind == "suspend":  # they come back at once, as what they are now
                for reader in theirs:
                    reader.close()
        elif event.topic == "newsfeed":
            await self.check(self.all)

    async def tell_gathered(self) -> None:
        now = time.monotonic()
        for topic in [t for t in self.gathered if now >= self.gathered_at.get(t, 0) + GATHER]:
            self.gathered_at[topic] = now
            events = list(self.gathered.pop(topic).values())
            for ear in self.ears(topic):
                data = await in_database(words_of, events, ear[1])
                await self.give(self.readers.get(ear, ()), data)
        if not self.gathered:
            self.gathered_at = {t: at for t, at in self.gathered_at.items() if now < at + GATHER}

    async def give(self, readers: Iterable[Reader], data: bytes, id: int | None = None) -> None:
        for number, reader in enumerate(tuple(readers), start=1):
            reader.give(data, id)
            if number % SLICE == 0:
                await asyncio.sleep(0)

    async def check(self, readers: Iterable[Reader]) -> None:
        """Close the streams of those who may not listen any more."""
        known = {reader.listener: reader for reader in readers}
        if not known:
            return
        for listener in await in_database(no_longer_entitled, known):
            known[listener].close()

    async def count(self) -> None:
        """How many read each discussion now, here and in the other processes.

        Streams are counted, nobody is named. A tab that is hidden has no stream.
        """
        mine: Counter[str] = Counter()
        for (topic, _language), readers in self.readers.items():
            if topic.startswith("discussion:"):
                mine[topic] += len(readers)
        await in_database(tell_other_hubs, self.name, mine)
        now = time.monotonic()
        self.elsewhere = {n: said for n, said in self.elsewhere.items() if now < said[0] + FORGET}
        here = Counter(mine)
        for _at, theirs in self.elsewhere.values():
            here.update({topic: number for topic, number in theirs.items() if topic in mine})
        changed = {topic for topic in here if here[topic] != self.here.get(topic)}
        self.here = dict(here)
        for topic in changed:
            for ear in self.ears(topic):
                await self.give(self.readers.get(ear, ()), readers_now(topic, here[topic]))

    def hear(self, said: str) -> None:
        """What another hub, or this one, has counted."""
        name, part, counts = json.loads(said)
        if name != self.name:
            self.elsewhere[f"{name}/{part}"] = (time.monotonic(), counts)

    def close(self) -> None:
        """End all streams, and admit no more: the process is about to end."""
        self.closed = True
        for reader in self.all:
            reader.close()


hub = Hub()


def after(last: int, ears: set[Ear]) -> list[tuple[LiveEvent, dict[Ear, bytes]]]:
    """What is new, in words where somebody listens to it."""
    listened: dict[str, set[Ear]] = defaultdict(set)
    for ear in ears:
        listened[ear[0]].add(ear)
    events = LiveEvent.objects.filter(pk__gt=last).order_by("id")[:BATCH]
    return [(event, words(event, listened[event.topic])) for event in events]


def words(event: LiveEvent, ears: set[Ear]) -> dict[Ear, bytes]:
    """For each of them. Gathered kinds have none yet."""
    if event.kind in GATHERED:
        return dict.fromkeys(ears, b"")
    return {ear: words_of([event], ear[1]) for ear in ears}


def words_of(events: list[LiveEvent], language: str) -> bytes:
    """Gathered ones are told late, and so say nothing of how far their reader has come."""
    with translation.override(language):
        looks = [(event, look(event)) for event in events]
    return b"".join(
        message(event.topic, data, None if event.kind in GATHERED else event.pk)
        for event, data in looks
        if data is not None
    )


def message(topic: str, data: dict[str, Any], id: int | None = None) -> bytes:
    name = "person" if topic.startswith("person:") else topic
    place = "" if id is None else f"id: {id}\n"
    return f"{place}event: {name}\ndata: {json.dumps(data)}\n\n".encode()


def readers_now(topic: str, number: int) -> bytes:
    return message(topic, {"kind": "here", "here": number})


def beat(last: int) -> bytes:
    """A sign of life, and how far who hears it has come."""
    return message("beat", {}, last)
