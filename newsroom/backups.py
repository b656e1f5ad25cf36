"""One file that holds the paper: its database, its uploads, and how far it had come."""

import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.backends.postgresql.client import DatabaseClient
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from tqdm import tqdm

from accounts import leaving
from newsroom import clock
from newsroom.live import LiveEvent

DATABASE, MANIFEST, MEDIA = "database", "backup.json", "media"
# What was told since the backup had numbers that pages and streams remember: none is given twice.
LEAP = 1_000_000

SILENCERS: list[Callable[[], object]] = []


class Refused(Exception):
    """Nothing was changed; the sentence says why and what to do."""


def silenced_by(silence: Callable[[], object]) -> None:
    """Add what takes back mail that a backup holds as not yet sent. Apps do it in `ready()`."""
    SILENCERS.append(silence)


# Making one


def make(path: Path) -> None:
    """Write the file, whole or not at all, while the site goes on.

    The database is as at one moment. Uploads are taken after it, so none that it names is missing
    but those that were deleted meanwhile.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with (
            tempfile.TemporaryDirectory(dir=path.parent) as folder,
            tarfile.open(unfinished, "w") as archive,
        ):
            unfinished.chmod(0o600)
            manifest = Path(folder, MANIFEST)
            manifest.write_text(json.dumps(facts()))
            archive.add(manifest, MANIFEST)
            dump(Path(folder, DATABASE))
            archive.add(Path(folder, DATABASE), DATABASE)
            for file in tqdm(uploads(), desc="Uploads", unit="file", disable=None):
                archive.add(file, Path(MEDIA, file.relative_to(settings.MEDIA_ROOT)))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def facts() -> dict[str, Any]:
    return {
        "engine": connection.vendor,
        "at": timezone.now().isoformat(),
        "migrations": sorted(MigrationLoader(connection).applied_migrations),
    }


def uploads() -> list[Path]:
    return [file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]


def dump(path: Path) -> None:
    if connection.vendor == "postgresql":
        postgresql("pg_dump", "--format=custom", "--no-owner", "--file", str(path))
        return
    with closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy, pages=1000)


def postgresql(program: str, *arguments: str) -> None:
    """One of its own programs, told of the database as Django is."""
    words, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    server, name = words[1:-1], words[-1]
    command = [program, *server, "--dbname", name, *arguments]
    try:
        subprocess.run(command, env=os.environ | (environment or {}), check=True)  # noqa: S603
    except FileNotFoundError:
        raise Refused(f"Install PostgreSQL's own {program}, of the server's version.") from None
    except subprocess.CalledProcessError as error:
        raise Refused(f"{program} ended with {error.returncode}; it says why above.") from error


# Putting one back


def put_back(path: Path, erasures: Path) -> list[str]:
    """Make this installation what the file holds; returns sentences about what follows.

    Who was erased since is erased again. Mail that the backup holds as not yet sent may have left
    since, so none of it is sent. Everybody logs in anew: a session that was ended stays ended.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
        with tarfile.open(path) as archive:
            archive.extract(MANIFEST, folder, filter="data")
            manifest = json.loads(Path(folder, MANIFEST).read_text())
            refuse(manifest)
            for member in tqdm(archive, desc="Unpacking", unit="file", disable=None):
                archive.extract(member, folder, filter="data")
        load(Path(folder, DATABASE))
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
        media = Path(folder, MEDIA)
        media.mkdir(exist_ok=True)
        media.rename(settings.MEDIA_ROOT)
    call_command("migrate", verbosity=0)
    leap()
    Session.objects.all().delete()
    for silence in SILENCERS:
        silence()
    clock.skip()
    again = leaving.erase_again(erasures, datetime.fromisoformat(manifest["at"]))
    cache.clear()
    return [
        f"The paper is as it was on {manifest['at'][:16].replace('T', ' at ')} UTC.",
        f"Erased again since then: {again}.",
        "No mail that waited then will be sent. Everybody has to log in again.",
    ]


def refuse(manifest: dict[str, Any]) -> None:
    if manifest["engine"] != connection.vendor:
        raise Refused(
            f"This backup is of {manifest['engine']}, and DATABASE_URL names {connection.vendor}."
        )
    known = MigrationLoader(None).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]
    if newer:
        raise Refused(
            f"This backup is of another version, which has {', '.join(newer)}. "
            "Install the version that made it, restore, and update from there."
        )


def load(path: Path) -> None:
    if connection.vendor == "postgresql":
        connection.close()
        postgresql(
            "pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner", str(path)
        )
        return
    with closing(sqlite3.connect(path)) as copy:
        connection.ensure_connection()
        copy.backup(connection.connection)
    connection.close()


def leap() -> None:
    newest = LiveEvent.objects.newest() + LEAP
    LiveEvent.objects.create(pk=newest, topic="newsfeed", kind="restored", subject=0)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [LiveEvent]):
            cursor.execute(statement)
