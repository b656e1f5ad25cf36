import tarfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import leaving
from newsroom import backups


class Command(BaseCommand):
    help = "Make this installation what a backup holds. Stop the site first."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--yes", action="store_true", help="ask nothing")
        parser.add_argument(
            "--erasures",
            type=Path,
            default=leaving.ledger(),
            help="who was erased, where the file in DATA is lost: erased since, they are again",
        )

    def handle(self, *, file: Path, yes: bool, erasures: Path, **options: Any) -> None:
        if not yes:
            question = f"Replace the database and the uploads of {settings.SITE_URL}? [y/N] "
            if input(question).strip().lower() not in ("y", "yes"):
                raise CommandError("Nothing was changed.")
        try:
            sentences = backups.put_back(file, erasures)
        except backups.Refused as reason:
            raise CommandError(str(reason)) from reason
        except (OSError, tarfile.TarError, KeyError, ValueError) as error:
            raise CommandError(f"{file} is no backup that can be read: {error}") from error
        self.stdout.write("\n".join(sentences))
