"""The embedded server: the pages, and the work behind them, from one process."""

import socket
import threading
from contextlib import suppress
from errno import EADDRINUSE
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom import metrics
from newsroom.working import work_until

WELCOME = """
  {site_name} is at  {site_url}/

  To log in there:   reader, author, moderator, editor or admin @example.com
  Their password:    newsroom-demo
  Mail it sends:     {site_url}/demo/mail/

  Ctrl-C ends it.
"""


class Command(BaseCommand):
    help = "Serves the site at HOST and PORT until it is interrupted."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        listener = listen(settings.HOST, settings.PORT)
        if settings.DEMO:
            self.stdout.write(
                WELCOME.format(site_name=settings.SITE_NAME, site_url=settings.SITE_URL)
            )
            self.stdout.flush()
        server = uvicorn.Server(
            uvicorn.Config(
                "newsroom.asgi:application",
                lifespan="on",
                ws="none",
                # Whom to believe about addresses is TRUSTED_PROXY_COUNT's to say, alone.
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                log_level="warning",
                timeout_graceful_shutdown=5,
            )
        )
        metrics.serve()
        stopped = threading.Event()
        work = threading.Thread(target=work_until, args=[stopped], name="work", daemon=True)
        work.start()
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])
        stopped.set()
        work.join(timeout=5)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there, or a sentence that says why not and what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as error:
        number = getattr(error, "errno", None)
        reason = "it is taken" if number == EADDRINUSE else str(error)
        raise CommandError(
            f"Cannot listen on port {port} of {host}: {reason}. "
            "Choose another, for example: PORT=8001 make run"
        ) from None
    # asyncio does it for the sockets that it opens. Without it each answer on a connection kept
    # open waits 40 ms, until the other side has acknowledged its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
