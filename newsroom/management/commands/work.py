import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from newsroom import metrics
from newsroom.working import work_until


class Command(BaseCommand):
    help = "Does the clock's jobs and the tasks, beside page servers of several processes."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        metrics.serve()
        work_until(stopped)
