"""An audience: so many event streams kept open, and opened again as a browser's EventSource does.

    python -m bench.audience URL TOPIC NUMBER

A process of its own, so that listening does not slow the server's interpreter. Each twenty listen
from another loopback address, since more may not listen from one. Says `listening` when all do,
and then reads the numbers of comments. When all have heard the last of them, or nothing more comes,
it prints JSON: for each comment announced, the times at which it was heard.
"""

import asyncio
import json
import re
import sys
import time
from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate
from urllib.parse import urlsplit

AN_ADDRESS = 20
AT_ONCE = 100  # connections being opened: more would only wait in the server's queue
PATIENCE = 30  # seconds in which what was said last must have come
COMMENT = re.compile(rb'"kind": "comment", "id": (\d+)')
PLACE = re.compile(rb"^id: (\d+)\n", re.MULTILINE)
RETRY = re.compile(rb"^retry: (\d+)\n", re.MULTILINE)


class Listener(asyncio.Protocol):
    """One stream, through all its connections: every piece of bytes and when it came."""

    def __init__(self, url: str, topic: str, address: str) -> None:
        self.host = urlsplit(url).netloc
        self.topic, self.address = topic, address
        self.last = b""  # the event it heard last
        self.pieces: list[tuple[float, bytes]] = []
        self.statuses: list[int] = []
        self.ended_well: list[bool] = []
        self.retry = 3.0
        self.transport: asyncio.Transport | None = None
        self.listening = asyncio.Event()
        self.over = False

    async def open(self) -> None:
        """Returns when the stream has begun, however often it must be tried."""
        loop = asyncio.get_running_loop()
        name, _, port = self.host.partition(":")
        while not self.over:
            try:
                await loop.create_connection(
                    lambda: self, name, int(port), local_addr=(self.address, 0)
                )
            except OSError:
                await asyncio.sleep(self.retry)
            else:
                await self.listening.wait()
                return

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.begun = len(self.pieces)
        place = b"Last-Event-ID: %b\r\n" % self.last if self.last else b""
        request = f"GET /live/?topics={self.topic} HTTP/1.1\r\nHost: {self.host}\r\n".encode()
        transport.write(b"%b%b\r\n" % (request, place))

    def data_received(self, data: bytes) -> None:
        self.pieces.append((time.time(), data))
        if not self.listening.is_set() and PLACE.search(data):
            self.listening.set()

    def connection_lost(self, error: Exception | None) -> None:
        self.listening.clear()
        said = b"".join(data for _at, data in self.pieces[self.begun :])
        self.statuses.append(int(said[9:12] or 0))
        self.ended_well.append(said.endswith(b"0\r\n\r\n"))
        self.last = (PLACE.findall(said) or [self.last])[-1]
        self.retry = int((RETRY.findall(said) or [self.retry * 1000])[-1]) / 1000
        if not self.over:
            loop = asyncio.get_running_loop()
            loop.call_later(self.retry, lambda: loop.create_task(self.open()))

    def heard(self) -> list[tuple[int, float]]:
        """The comments announced, in order, each with its time."""
        said = b"".join(data for _at, data in self.pieces)
        ends = list(accumulate(len(data) for _at, data in self.pieces))
        return [
            (int(found[1]), self.pieces[bisect_right(ends, found.end() - 1)][0])
            for found in COMMENT.finditer(said)
        ]

    def close(self) -> None:
        self.over = True
        if self.transport:
            self.transport.close()


def audience(url: str, topic: str, number: int) -> list[Listener]:
    def address(n: int) -> str:
        return f"127.0.{1 + n // AN_ADDRESS // 250}.{1 + n // AN_ADDRESS % 250}"

    return [Listener(url, topic, address(n)) for n in range(number)]


async def all_listen(listeners: list[Listener]) -> None:
    for start in range(0, len(listeners), AT_ONCE):
        await asyncio.gather(*(each.open() for each in listeners[start : start + AT_ONCE]))


async def main(url: str, topic: str, number: int) -> None:
    listeners = audience(url, topic, number)
    await all_listen(listeners)
    print("listening", flush=True)
    said = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(said), sys.stdin)
    last = int(((await said.read()).split() or [b"0"])[-1])
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and not all(last in dict(each.heard()) for each in listeners):
        await asyncio.sleep(0.5)
    heard: dict[int, list[float]] = defaultdict(list)
    for each in listeners:
        for comment, at in each.heard():
            heard[comment].append(at)
    print(json.dumps(heard), flush=True)


if __name__ == "__main__":
    url, topic, number = sys.argv[1:]
    asyncio.run(main(url, topic, int(number)))
