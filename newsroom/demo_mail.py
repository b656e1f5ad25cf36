"""The demo's letter box: the mails a demo site did not send, readable. Not there without DEMO=1."""

import email
import time
from email import policy
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_tasks_db.models import DBTaskResult

from accounts.mailing import send

SHOWN = 20


def demo_mail(request: HttpRequest) -> HttpResponse:
    wait_for_the_post()
    files = sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)
    mails = [mail for file in files[:SHOWN] for mail in read(file)]
    return render(request, "demo_mail.html", {"mails": mails})


def wait_for_the_post() -> None:
    """Mail is in the queue for a second or a few: whoever was told to look here finds it."""
    waiting = DBTaskResult.objects.filter(task_path=send.module_path, finished_at=None)
    for _look in range(100):
        if not waiting.exists():
            return
        time.sleep(0.1)


def read(file: Path) -> list[dict[str, str]]:
    """The mails in one of the file backend's files, the newest first."""
    mails = []
    for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
        if raw.strip():
            message = email.message_from_bytes(raw.strip(), policy=policy.default)
            body = message.get_body(("plain",))
            mails.append(
                {name: str(message[name]) for name in ("subject", "to", "date")}
                | {"text": body.get_content() if body else ""}
            )
    return mails[::-1]
