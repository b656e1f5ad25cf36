"""`/live/?topics=newsfeed,discussion:12&language=ru`: the event stream, a raw ASGI application.

It stands outside Django's middleware, so it checks method, host, origin and session itself.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

from newsroom.hub import Reader, beat, hub, in_database, readers_now, words_of
from newsroom.retelling import missed
from newsroom.streamers import listener_of

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'"),
]
RELOAD = b"event: reload\ndata: {}\n\n"

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def stream(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Answer one request; returns when either side ends it."""
    reader, last, status, sentence = await admitted(scope)
    if reader is None:
        return await answer(send, status, sentence)
    gone = asyncio.create_task(disconnected(receive, reader))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await write(send, await in_database(beginning, reader, last))
        while not reader.closing:
            await reader.wake.wait()
            reader.wake.clear()
            waiting, reader.waiting = b"".join(reader.waiting), []
            if waiting:
                await write(send, waiting)
            reader.size = sum(map(len, reader.waiting))
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        gone.cancel()
        hub.remove(reader)


async def admitted(
    scope: dict[str, Any],
) -> tuple[Reader | None, int | None, int, str]:
    """A reader and where it was before; or none, with a status and a sentence."""
    request = ASGIRequest(scope, BytesIO())
    said = request.headers.get("Last-Event-ID") or request.GET.get("since", "")
    refusal = refused(request, said)
    if refusal:
        return None, None, *refusal
    listener = await in_database(listener_of, request)
    if not listener.topics:
        return None, None, 204, ""
    await hub.start()
    last = int(said) if said else None
    reader = hub.admit(listener, last or 0)
    return reader, last, 429, "Too many streams are open. The page asks now and then."


async def disconnected(receive: Receive, reader: Reader) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    reader.close()


async def write(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def answer(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS[1:]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


def refused(request: ASGIRequest, last: str) -> tuple[int, str] | None:
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
    if last and not (last.isascii() and last.isdigit() and len(last) < 19):
        return 400, "No event has such a number."
    return None


def beginning(reader: Reader, last: int | None) -> bytes:
    """What was missed since `last`, as it looks now; the hub tells what comes after."""
    # So that they do not all come back at once.
    said = f"retry: {random.randint(2000, 6000)}\n\n".encode()  # noqa: S311
    events = missed(last, reader.after, reader.listener.topics) if last is not None else []
    if events is None:
        reader.after = min(reader.after, hub.last)
        said += RELOAD
    else:
        said += words_of(events, reader.listener.language)
    for topic in reader.listener.topics & hub.here.keys():
        said += readers_now(topic, hub.here[topic])
    return said + beat(reader.after)
