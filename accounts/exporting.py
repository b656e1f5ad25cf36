"""Everything about me in one file: pages to read, and the same as JSON."""

import io
import json
import zipfile
from itertools import islice
from typing import Any
from urllib.parse import quote

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_tasks import task

from accounts import avatars
from accounts.http import HttpRequest
from accounts.models import Allowance, Export, TooFast
from accounts.participants import Part, participants

ROWS = 500  # of one page to read; as often the progress is told


@login_required
@require_POST
@reauthentication_required
def ask(request: HttpRequest) -> HttpResponse:
    try:
        Allowance.objects.spend("export", f"person:{request.user.pk}")
    except TooFast as too_fast:
        context = {"title": _("One moment, please"), "sentence": too_fast.sentence}
        return render(request, "refusal.html", context, status=429)
    with transaction.atomic():
        Export.objects.filter(person=request.user).delete()
        make.enqueue(Export.objects.create(person=request.user).pk)
    return redirect("privacy")


@login_required
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """How far it is, for the page that waits: it asks again and again."""
    export = Export.objects.filter(person=request.user).defer("archive").first()
    return render(request, "accounts/_export.html", {"export": export})


@login_required
@require_safe
@reauthentication_required
def download(request: HttpRequest) -> HttpResponse:
    export = Export.objects.filter(person=request.user, made_at__isnull=False).first()
    if export is None:
        raise Http404
    response = HttpResponse(bytes(export.archive or b""), content_type="application/zip")
    name = quote(f"{request.user.username}-{export.asked_at:%Y-%m-%d}.zip")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


@task()
def make(id: int) -> None:
    """May run twice: the second finds it made."""
    exports = Export.objects.filter(pk=id, made_at=None)
    export = exports.select_related("person").defer("archive").first()
    if export is None:
        return
    person = export.person
    parts = [part for app in participants() for part in app.PARTS]
    counts = [part.of(person).count() for part in parts]
    exports.update(done=0, of=sum(counts))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        done, index = 0, []
        for part in parts:
            pages, kept = 0, []
            rows = part.of(person).iterator(chunk_size=ROWS)
            while page := list(islice(rows, ROWS)):
                pages += 1
                facts = [values(row, part) for row in page]
                kept += facts
                archive.writestr(f"{part.name}-{pages}.html", readable(part, facts, pages))
                exports.update(done=done + len(kept))
            done += len(kept)
            as_json = json.dumps(kept, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
            archive.writestr(f"json/{part.name}.json", as_json)
            index.append((part, len(kept), range(1, pages + 1)))
        context = {"person": person, "index": index, "paper": settings.SITE_NAME}
        archive.writestr("index.html", render_to_string("accounts/export/index.html", context))
        if person.avatar:
            with default_storage.open(avatars.path(person.avatar, avatars.LARGE)) as file:
                archive.writestr("picture.webp", file.read())
    exports.update(archive=out.getvalue(), made_at=timezone.now())


def values(row: Any, part: Part) -> dict[str, Any]:
    return {key: value(row, path) for key, _heading, path in part.columns}


def value(row: Any, path: str) -> Any:
    """What stands there, ready to be read; nothing where a step on the way is empty."""
    found = row
    for step in path.split("."):
        found = getattr(found, step, None)
        found = found() if callable(found) else found
    if path.endswith("get_absolute_url") and found:
        return f"{settings.SITE_URL}{found}"
    plain = found is None or isinstance(found, str | int | float | dict | list)
    return found if plain or hasattr(found, "isoformat") else str(found)


def readable(part: Part, facts: list[dict[str, Any]], number: int) -> str:
    headings = {key: heading for key, heading, _path in part.columns}
    rows = [[(headings[key], fact) for key, fact in row.items()] for row in facts]
    context = {"part": part, "rows": rows, "number": number}
    return render_to_string("accounts/export/part.html", context)
