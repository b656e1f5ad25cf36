"""The embedded default's one door: pages are WSGI, run in a small fixed pool of threads."""

from a2wsgi import WSGIMiddleware

from newsroom.wsgi import application as pages

PAGE_THREADS = 8

application = WSGIMiddleware(pages, workers=PAGE_THREADS)  # type: ignore[arg-type]
