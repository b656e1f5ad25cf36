"""How a hub learns that there may be something new in the outbox."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from importlib import import_module

from django.db import connection

from newsroom.live import CHANNEL

POLL = 0.1  # seconds between two looks at an SQLite file
NET = 1.0  # on PostgreSQL a look without a notification, should one have been lost
PAUSE = 0.03  # what is committed within it is told together
MOST = 200  # topics in one notification, which holds 8,000 bytes

Hear = Callable[[str], None]


async def looks(hear: Hear) -> AsyncGenerator[None]:
    """Yields whenever it is time to look; `hear` gets what other hubs say."""
    if connection.vendor == "postgresql":
        async for _ in notified(hear):
            yield
            await asyncio.sleep(PAUSE)
    while True:
        await asyncio.sleep(POLL)
        yield


async def notified(hear: Hear) -> AsyncGenerator[None]:
    """On a connection of its own that LISTENs; raises when the server goes away."""
    # Not there in an installation that has no PostgreSQL.
    psycopg = import_module("psycopg")
    own = {"host", "port", "user", "password", "dbname", "sslmode"}
    settings = {k: v for k, v in connection.get_connection_params().items() if k in own}
    async with await psycopg.AsyncConnection.connect(**settings, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        while True:
            async for said in listening.notifies(timeout=NET, stop_after=1):
                if said.payload:
                    hear(said.payload)
            yield


def tell_other_hubs(name: str, counts: dict[str, int]) -> None:
    """SQLite has one process of streams, which knows all."""
    if connection.vendor == "postgresql":
        parts = list(counts.items())
        with connection.cursor() as cursor:
            for start in range(0, len(parts), MOST):
                said = json.dumps([name, start, dict(parts[start : start + MOST])])
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, said])
