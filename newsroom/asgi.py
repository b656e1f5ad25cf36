"""The embedded default's two doors in one process: pages and streams.

Pages are WSGI, run in a small fixed pool of threads; streams live on the loop.
"""

from typing import Any

from a2wsgi import WSGIMiddleware

from newsroom.wsgi import application as pages

PAGE_THREADS = 8

from newsroom.stream import stream  # noqa: E402 - after Django is set up by the line above

in_threads = WSGIMiddleware(pages, workers=PAGE_THREADS)  # type: ignore[arg-type]


async def application(scope: Any, receive: Any, send: Any) -> None:
    door = stream if scope["path"] == "/live/" else in_threads
    await door(scope, receive, send)
