"""Readers: so many connections kept open, each asking again as soon as it has been answered.

    python -m bench.load URL SECONDS CONNECTIONS MUST_HOLD [HEADER...]

A process of its own, so that asking does not slow the server's interpreter. Every answer is read
whole, and one that is not 200 or lacks a line of MUST_HOLD fails the run; what was compressed is
unpacked once, and the same bytes are taken as read after that. Where the headers have an
`If-None-Match`, the answer must be 304; a page that was made anew meanwhile is taken, and its ETag
asked with from then on. Prints JSON: requests a second, and the median and 99th percentile in
milliseconds.
"""

import asyncio
import gzip
import json
import re
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import brotli

UNPACKED: dict[bytes, Callable[[bytes], bytes]] = {
    b"br": brotli.decompress,
    b"gzip": gzip.decompress,
}
CONDITION = re.compile(rb"(?<=If-None-Match: )[^\r]+")


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, dict[bytes, bytes], bytes]:
    """One answer on a connection kept open: status, headers and body, still compressed."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    lines = (line.split(b": ", 1) for line in head.split(b"\r\n")[1:-2])
    headers = {name.lower(): value for name, value in lines}
    if b"content-length" in headers:
        return status, headers, await reader.readexactly(int(headers[b"content-length"]))
    body = b""
    while headers.get(b"transfer-encoding") == b"chunked":
        size = int(await reader.readline(), 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if not size:
            break
    return status, headers, body


class Readers:
    def __init__(self, url: str, must_hold: str, headers: list[str]) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *headers]
        self.request = "\r\n".join([*lines, "", ""]).encode()
        self.must_hold = must_hold.encode().split(b"\n")
        self.right: set[bytes] = set()  # compressed pages that were looked into

    async def keep_asking(self, end: float) -> list[float]:
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=2**20)
        took = []
        while (begun := time.perf_counter()) < end:
            status, headers, body = await ask(reader, writer, self.request)
            took.append(time.perf_counter() - begun)
            self.check(status, headers, body)
        writer.close()
        return took

    def check(self, status: int, headers: dict[bytes, bytes], body: bytes) -> None:
        if CONDITION.search(self.request):
            if status == 304:
                return
            self.request = CONDITION.sub(lambda _: headers[b"etag"], self.request)
        coding = headers.get(b"content-encoding", b"")
        if coding and body in self.right:
            return
        page = UNPACKED[coding](body) if coding else body
        missing = [words for words in self.must_hold if words not in page]
        if status != 200 or missing:
            raise AssertionError(f"{self.request!r} answered {status} without {missing}")
        if coding:
            self.right.add(body)


async def load(readers: Readers, seconds: float, connections: int) -> dict[str, float]:
    end = time.perf_counter() + seconds
    asking = [readers.keep_asking(end) for _ in range(connections)]
    took = sorted(second for some in await asyncio.gather(*asking) for second in some)
    return {
        "rate": len(took) / seconds,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    url, seconds, connections, must_hold, *headers = sys.argv[1:]
    readers = Readers(url, must_hold, headers)
    print(json.dumps(asyncio.run(load(readers, float(seconds), int(connections)))))
