"""Work that no reader waits for: the clock's jobs, and the tasks that pages have left behind."""

import logging
import threading

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from newsroom import clock

PAUSE = 1.0  # seconds between two looks: how late a scheduled article may be

logger = logging.getLogger("newsroom.work")


def work_until(stopped: threading.Event) -> None:
    """Look at the clock and do a task, again and again. A failure is logged.

    The clock is looked at between any two tasks, and an end waits for one of them at most.
    """
    worker_id = get_random_string(32)
    pause = PAUSE
    while not stopped.wait(pause):
        pause = PAUSE
        try:
            clock.tick()
            one_round(worker_id, most=1).run()
            if DBTaskResult.objects.ready().exists():
                pause = 0
        except Exception:
            logger.exception("work_failed")
        finally:
            close_old_connections()


def one_round(worker_id: str, most: int | None = None) -> Worker:
    """A worker that does the tasks that are ready, all or so many, and returns."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=most,
        worker_id=worker_id,
        excluded_queue_names=[],
    )
