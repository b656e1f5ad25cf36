"""The drill: a backup of a site that goes on, and the way back, by the commands themselves."""

import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from newsroom import backups
from tests.site import ROOT, Site, a_site

# What a site says of itself, in JSON: every row but those that a restore makes anew.
FACTS = """
import hashlib, json
from django.apps import apps
from django.conf import settings
from pathlib import Path
from accounts.models import Mail, User
from comments.models import Comment, Notification
from newsroom import digests
from newsroom.models import JobRun
from newsroom.live import LiveEvent

ANEW = {"Session", "JobRun", "LiveEvent", "Mail", "DBTaskResult", "Edition", "UserSession"}
OF_MAIL = {"mail_at"}
rows = {}
for model in apps.get_models():
    if model.__name__ in ANEW or not model._meta.managed:
        continue
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in OF_MAIL]
    said = repr(list(model._base_manager.order_by("pk").values_list(*names)))
    rows[model._meta.label] = hashlib.sha256(said.encode()).hexdigest()
media = {
    str(file.relative_to(settings.MEDIA_ROOT)): hashlib.sha256(file.read_bytes()).hexdigest()
    for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()
}
print(json.dumps({
    "rows": rows,
    "media": media,
    "newest": LiveEvent.objects.newest(),
    "mails": Mail.objects.count(),
    "to be mailed": Notification.objects.filter(mail_at__isnull=False).count(),
    "of the leaver": Comment.objects.filter(author__username="lea").count(),
    "leaver": User.objects.filter(username="lea").count(),
    "digest is due": not JobRun.objects.filter(job="daily digest").exists(),
}))
"""
BEFORE = """
from django.core.mail import EmailMultiAlternatives
from accounts.models import Mail, User
from comments.models import Comment, Discussion, Notification
from newsroom.models import Article

lea = User.objects.create_user(username="lea", name="Lea Leaver", email="lea@example.com")
discussion = Discussion.objects.begun(Article.objects.published().first())
comment = Comment.objects.post(lea, discussion, "I was here.")
letter = EmailMultiAlternatives("Not sent yet", "Words", to=["somebody@example.com"])
letter.attach_alternative("<p>Words</p>", "text/html")
Mail.objects.of(letter, Mail.Kind.OTHER, "")
reader = User.objects.get(email="reader@example.com")
Comment.objects.post(reader, discussion, "So was I.", reply_to=comment)
"""
AFTER = """
from pathlib import Path
from django.conf import settings
from accounts import leaving
from accounts.models import Departure, User
from comments.models import Comment
from django.utils import timezone

lea = User.objects.get(username="lea")
Departure.objects.create(person=lea, words_stay=False, due_at=timezone.now())
leaving.erase.func(lea.pk)
Comment.objects.filter(is_public=True).first().withdraw()
next(file for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()).unlink()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_site(tmp_path_factory.mktemp("site")) as site:
        site.manage("demo", "--comments=20")
        yield site


def run(site: Site, program: str) -> str:
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", program]
    done = subprocess.run(
        command, cwd=ROOT, env=site.environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def facts(site: Site) -> dict[str, Any]:
    return json.loads(run(site, FACTS))


def test_the_drill(site: Site, tmp_path: Path) -> None:
    run(site, BEFORE)
    before = facts(site)
    assert before["mails"]
    assert before["of the leaver"] == 1
    file = tmp_path / "paper.tar"
    site.manage("backup", str(file))
    assert file.stat().st_mode & 0o777 == 0o600
    run(site, AFTER)
    assert facts(site)["leaver"] == 0

    # All of it is back, to the byte.
    nobody = tmp_path / "nobody"
    site.manage("restore", str(file), "--yes", "--erasures", str(nobody))
    back = facts(site)
    assert back["rows"] == before["rows"]
    assert back["media"] == before["media"]

    # But no mail is sent twice, and no page or stream takes what is old for known.
    assert back["mails"] == back["to be mailed"] == 0
    assert not back["digest is due"]
    assert back["newest"] > before["newest"] + 100_000

    # And who was erased since is erased again.
    site.manage("restore", str(file), "--yes")
    erased = facts(site)
    assert erased["leaver"] == erased["of the leaver"] == 0
    assert erased["media"] == before["media"]
    site.manage("check_invariants")


def test_what_a_backup_cannot_be_is_said_and_changes_nothing(site: Site, tmp_path: Path) -> None:
    before = facts(site)
    of_tomorrow = tmp_path / "tomorrow.tar"
    manifest = tmp_path / backups.MANIFEST
    said = {
        "engine": "sqlite",
        "at": "2030-01-01T00:00:00+00:00",
        "migrations": [["comments", "9"]],
    }
    for engine in ("sqlite", "postgresql"):
        manifest.write_text(json.dumps(said | {"engine": engine}))
        with tarfile.open(of_tomorrow, "w") as archive:
            archive.add(manifest, backups.MANIFEST)
        with pytest.raises(subprocess.CalledProcessError):
            site.manage("restore", str(of_tomorrow), "--yes")
    assert facts(site) == before


@pytest.mark.django_db
def test_a_file_that_is_no_backup_is_named(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("I am no backup.")
    with pytest.raises(CommandError, match=r"notes\.txt is no backup that can be read"):
        call_command("restore", str(file), yes=True)
    with pytest.raises(CommandError, match=r"cannot be written"):
        call_command("backup", str(tmp_path / "nowhere" / "paper.tar"))
