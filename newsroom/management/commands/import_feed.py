from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from newsroom import importing
from newsroom.models import Section


class Command(BaseCommand):
    help = "Make articles of the entries in an RSS or Atom file. Running it again is harmless."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="an RSS 2.0 or Atom file on this machine")
        parser.add_argument("--section", required=True, help="the slug of the articles' section")

    def handle(self, *, file: str, section: str, **options: Any) -> None:
        into = find_section(section)
        try:
            feed = importing.read(contents(file))
        except importing.NotAFeed as reason:
            raise CommandError(f"{file} {reason}") from reason
        counts: Counter[str] = Counter()
        with tqdm(total=len(feed.entries), unit=" entries", leave=False, disable=None) as bar:
            for outcome, reason in importing.bring_in(feed, into):
                counts[outcome] += 1
                if reason:
                    bar.clear()
                    self.stderr.write(reason)
                bar.update()
        self.stdout.write(", ".join(f"{counts[word]} {word}" for word in importing.OUTCOMES))


def find_section(slug: str) -> Section:
    section = Section.objects.filter(slug=slug).first()
    if section is None:
        slugs = ", ".join(Section.objects.values_list("slug", flat=True))
        there = (
            f"The sections are: {slugs}." if slugs else "There are none yet: add one at /admin/."
        )
        raise CommandError(f"There is no section “{slug}”. {there}")
    return section


def contents(file: str) -> bytes:
    if "://" in file:
        raise CommandError(
            f"{file} is an address, and nothing is fetched here. "
            "Download the feed first, then name the file."
        )
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
