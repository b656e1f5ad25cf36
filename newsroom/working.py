"""Work that no reader waits for: the clock's jobs, and the tasks that pages have left behind."""

import logging
import threading

from django.db import close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from newsroom import clock

PAUSE = 1.0  # seconds between two looks: how late a scheduled article may be

logger = logging.getLogger("newsroom.work")


def work_until(stopped: threading.Event) -> None:
    """Look at the clock and do the tasks there are, again and again. A failure is logged."""
    worker_id = get_random_string(32)
    while not stopped.wait(PAUSE):
        try:
            clock.tick()
            one_round(worker_id).run()
        except Exception:
            logger.exception("work_failed")
        finally:
            close_old_connections()


def one_round(worker_id: str) -> Worker:
    """A worker that does all tasks that are ready, and returns."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=worker_id,
        excluded_queue_names=[],
    )
