"""How a hub learns that there may be something new in the outbox."""

import asyncio
from collections.abc import AsyncIterator
from importlib import import_module

from django.db import connection

from newsroom.live import CHANNEL

POLL = 0.1  # seconds between two looks at an SQLite file
NET = 1.0  # on PostgreSQL a look without a notification, should one have been lost


async def looks() -> AsyncIterator[None]:
    """Yields whenever it is time to look."""
    if connection.vendor == "postgresql":
        async for _ in notified():
            yield
    while True:
        await asyncio.sleep(POLL)
        yield


async def notified() -> AsyncIterator[None]:
    """On a connection of its own that LISTENs; raises when the server goes away."""
    # Not there in an installation that has no PostgreSQL.
    psycopg = import_module("psycopg")
    own = {"host", "port", "user", "password", "dbname", "sslmode"}
    settings = {k: v for k, v in connection.get_connection_params().items() if k in own}
    async with await psycopg.AsyncConnection.connect(**settings, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        while True:
            async for _ in listening.notifies(timeout=NET, stop_after=1):
                pass
            yield
