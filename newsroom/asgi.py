"""Two doors in one process: pages are WSGI, run in a small fixed pool of threads; streams live
on the loop. It is the embedded default whole, and of two services the one of the streams.
"""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from a2wsgi import WSGIMiddleware

from newsroom.wsgi import application as pages

PAGE_THREADS = 8

from newsroom.hub import hub  # noqa: E402 - after Django is set up by the line above
from newsroom.stream import stream  # noqa: E402

in_threads = WSGIMiddleware(pages, workers=PAGE_THREADS)  # type: ignore[arg-type]


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        return await live_and_end(receive, send)
    door = stream if scope["path"] == "/live/" else in_threads
    await door(scope, receive, send)


async def live_and_end(receive: Any, send: Any) -> None:
    """A server that is told to end waits for its answers, and a stream is one that never ends: so
    the streams are ended here, by the same signal."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ending_streams(loop, signal.getsignal(number)))
    kind = ""
    while kind != "lifespan.shutdown":
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})


def ending_streams(loop: asyncio.AbstractEventLoop, before: Any) -> Callable[[int, Any], None]:
    def handler(number: int, frame: Any) -> None:
        loop.call_soon_threadsafe(hub.close)
        if callable(before):
            before(number, frame)

    return handler
