import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.dsa import as_data
from comments.models import Decision, StatementOfReasons


class Command(BaseCommand):
    help = "Print the statements of reasons as the EU's transparency database takes them (JSON)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--since", type=datetime.fromisoformat, help="a day, as 2026-11-01")
        parser.add_argument("--until", type=datetime.fromisoformat, help="the day after the last")

    def handle(self, *args: Any, since: datetime, until: datetime, **options: Any) -> None:
        found = StatementOfReasons.objects.filter(
            decision__action__in=Decision.RESTRICTIONS
        ).select_related(
            "decision__clause", "decision__person", "decision__comment__discussion__article"
        )
        if since:
            found = found.filter(created_at__gte=timezone.make_aware(since))
        if until:
            found = found.filter(created_at__lt=timezone.make_aware(until))
        self.stdout.write('{"statements": [')
        for number, statement in enumerate(found.order_by("pk").iterator(chunk_size=500)):
            comma = "," if number else ""
            self.stdout.write(comma + json.dumps(as_data(statement), ensure_ascii=False))
        self.stdout.write("]}")
