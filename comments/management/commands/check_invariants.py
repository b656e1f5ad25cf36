from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comments.counters import drifts, recount


class Command(BaseCommand):
    help = "Counts everything again and names each stored count that is wrong."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--mend", action="store_true", help="set the counts right")

    def handle(self, *args: Any, mend: bool, **options: Any) -> None:
        found = 0
        for found, drift in enumerate(drifts(), start=1):  # noqa: B007
            self.stdout.write(drift)
        if mend:
            recount()
        elif found:
            raise CommandError(f"{found} counts are wrong; --mend sets them right.")
        self.stdout.write(f"{found} counts mended." if found else "All counts are right.")
