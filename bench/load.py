"""Readers: so many connections kept open, each asking again as soon as it has been answered.

    python -m bench.load URL SECONDS CONNECTIONS MUST_HOLD [HEADER...]

A process of its own, so that asking does not slow the server's interpreter. Every answer is read
whole, and one that is not 200 (or 304, where the headers ask for it) or lacks MUST_HOLD fails the
run. Prints JSON: requests a second, and the median and 99th percentile in milliseconds.
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, bytes]:
    """One answer on a connection kept open: status and body, still compressed if it was."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    headers = dict(
        line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:-2] if b": " in line
    )
    if b"content-length" in headers:
        return status, await reader.readexactly(int(headers[b"content-length"]))
    body = b""
    while headers.get(b"transfer-encoding") == b"chunked":
        size = int(await reader.readline(), 16)
        body += (await reader.readexactly(size + 2))[:-2]
        if not size:
            break
    return status, body


async def keep_asking(url: str, end: float, request: bytes, must_hold: bytes) -> list[float]:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**20)
    took = []
    while (begun := time.perf_counter()) < end:
        status, body = await ask(reader, writer, request)
        if status != (200 if must_hold else 304) or must_hold not in body:
            raise AssertionError(f"{url} answered {status} without {must_hold!r}")
        took.append(time.perf_counter() - begun)
    writer.close()
    return took


async def load(
    url: str, seconds: float, connections: int, must_hold: str, headers: list[str]
) -> dict[str, float]:
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *headers]
    request = "\r\n".join([*lines, "", ""]).encode()
    end = time.perf_counter() + seconds
    asking = [keep_asking(url, end, request, must_hold.encode()) for _ in range(connections)]
    took = sorted(second for some in await asyncio.gather(*asking) for second in some)
    return {
        "rate": len(took) / seconds,
        "p50": took[len(took) // 2] * 1000,
        "p99": took[len(took) * 99 // 100] * 1000,
    }


if __name__ == "__main__":
    url, seconds, connections, must_hold, *headers = sys.argv[1:]
    answer = asyncio.run(load(url, float(seconds), int(connections), must_hold, headers))
    print(json.dumps(answer))
