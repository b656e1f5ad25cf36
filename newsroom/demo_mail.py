"""The demo's letter box: the mails a demo site did not send, readable. Not there without DEMO=1."""

import email
import time
from email import policy
from pathlib import Path
from typing import NamedTuple

from csp.decorators import csp, csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django_tasks_db.models import DBTaskResult

from accounts.letters import AS_MAIL
from accounts.mailing import send
from newsroom.subscribing import send_confirmation

SHOWN = 20
OUT_OF_THE_FRAME = '<head>\n<base target="_top">'


class Mail(NamedTuple):
    file: str
    number: int  # in its file
    subject: str
    to: str
    date: str
    plain: str
    html: str


@never_cache  # a 304 would come with the policy of the other pages
@csp_update({"frame-src": ["'self'"]})
def demo_mail(request: HttpRequest) -> HttpResponse:
    wait_for_the_post()
    mails = [mail for file in files()[:SHOWN] for mail in read(file)]
    return render(request, "demo_mail.html", {"mails": mails})


@never_cache
@csp(AS_MAIL)  # type: ignore[arg-type]
@xframe_options_sameorigin
def as_html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML of a mail, for a frame in the box: its links lead out of there."""
    for mail in (mail for file in files() if file.stem == name for mail in read(file)):
        if mail.number == number and mail.html:
            return HttpResponse(mail.html.replace("<head>", OUT_OF_THE_FRAME, 1))
    raise Http404


def files() -> list[Path]:
    return sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"), reverse=True)


def wait_for_the_post() -> None:
    """Mail is in the queue for a second or a few: whoever was told to look here finds it."""
    writers = [task.module_path for task in (send, send_confirmation)]
    tasks = DBTaskResult.objects.filter(task_path__in=writers)
    for _look in range(100):
        if not (tasks.ready() | tasks.running()).exists():
            return
        time.sleep(0.1)


def read(file: Path) -> list[Mail]:
    """The mails in one of the file backend's files, the newest first."""
    mails: list[Mail] = []
    for raw in file.read_bytes().split(b"-" * 79 + b"\n"):
        if raw.strip():
            message = email.message_from_bytes(raw.strip(), policy=policy.default)
            head = [str(message[name]) for name in ("subject", "to", "date")]
            parts = [message.get_body((kind,)) for kind in ("plain", "html")]
            words = [part.get_content() if part else "" for part in parts]
            mails.append(Mail(file.stem, len(mails), *head, *words))
    return mails[::-1]
