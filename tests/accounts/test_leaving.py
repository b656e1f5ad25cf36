"""Taking everything along, and leaving: what goes, what stays, and the way back."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django_tasks_db.models import DBTaskResult

from accounts import avatars, exporting, leaving
from accounts.models import Departure, Export, Mail, User
from comments import personal
from comments.counters import drifts
from comments.models import Comment, Note, Opinion, Recommendation, Report, Revision
from newsroom.models import Article
from tests import cast
from tests.comments.acting import acting, later, read, say

pytestmark = pytest.mark.django_db


def logged_in(person: User) -> Client:
    """With the password given a moment ago."""
    browser = acting(person)
    browser.post("/accounts/reauthenticate/", {"password": cast.PASSWORD})
    return browser


def work() -> None:
    """What was left to the worker."""
    for row in DBTaskResult.objects.filter(status="READY", task_path__startswith="accounts."):
        DBTaskResult.objects.filter(pk=row.pk).update(status="SUCCESSFUL")
        row.task.func(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def exported(browser: Client) -> zipfile.ZipFile:
    assert browser.post("/me/privacy/export/").status_code == 302
    work()
    answer = browser.get("/me/privacy/export/file/")
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def leave(browser: Client, words: str = "stay", when: str = "later") -> Any:
    return browser.post("/me/privacy/leave/", {"words": words, "when": when})


@pytest.mark.attack("A47")
def test_everything_that_is_mine_is_in_the_file_and_nothing_of_others(
    reader: User, stranger: User, article: Article
) -> None:
    cast.a_comment(article, reader, "=1+1 <b>mine</b>")
    theirs = cast.a_comment(article, stranger, "Not yours.")
    Recommendation.objects.add(reader, theirs)
    archive = exported(logged_in(reader))
    (comment,) = json.loads(archive.read("json/comments.json"))
    assert comment["text"] == "=1+1 <b>mine</b>"
    assert "=1+1 &lt;b&gt;mine&lt;/b&gt;" in archive.read("comments-1.html").decode()
    assert len(json.loads(archive.read("json/recommended.json"))) == 1
    assert "Rita Reader" in archive.read("index.html").decode()
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Not yours." not in everything
    assert stranger.email.encode() not in everything


def test_what_moderators_noted_is_in_it_without_their_names(
    reader: User, stranger: User, moderator: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader)
    Note.objects.create(person=reader, by=moderator, text="Kind on Mondays.")
    Note.objects.create(person=stranger, by=moderator, text="About somebody else.")
    Opinion.objects.create(comment=comment, by=moderator, question="Is this irony?")
    archive = exported(logged_in(reader))
    (note,) = json.loads(archive.read("json/notes.json"))
    assert note["text"] == "Kind on Mondays."
    (opinion,) = json.loads(archive.read("json/opinions.json"))
    assert (opinion["comment"], opinion["question"]) == (comment.pk, "Is this irony?")
    assert "Kind on Mondays." in archive.read("notes-1.html").decode()
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"Mona" not in everything


@pytest.mark.attack("A14")
def test_the_page_tells_the_progress_and_the_file_goes_after_days(reader: User) -> None:
    browser = logged_in(reader)
    browser.post("/me/privacy/export/")
    assert "<progress" in read(browser, "/me/privacy/")
    assert "<progress" in read(browser, "/me/privacy/export/progress/")
    assert browser.get("/me/privacy/export/file/").status_code == 404
    work()
    assert "Download the file" in read(browser, "/me/privacy/")
    with later(days=8):
        Export.objects.all().forget()
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("post", "/me/privacy/export/"),
        ("get", "/me/privacy/export/file/"),
        ("post", "/me/privacy/leave/"),
    ],
)
def test_a_session_of_long_ago_is_asked_for_the_password(
    reader: User, method: str, address: str
) -> None:
    Export.objects.create(person=reader, made_at=reader.date_joined, archive=b"secret")
    browser = logged_in(reader)
    with later(hours=1):
        answer = getattr(browser, method)(address, {"words": "stay", "when": "now"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Departure.objects.exists()
    assert Client().get(address).status_code in (302, 405)


def test_for_thirty_days_the_mailed_link_calls_it_off(reader: User) -> None:
    browser = logged_in(reader)
    assert leave(browser).status_code == 200
    assert browser.get("/me/").status_code == 302  # logged out
    (departure,) = Departure.objects.all()
    (mail,) = Mail.objects.all()
    link = f"/me/privacy/stay/{departure.token}/"
    assert link in mail.text
    with later(days=29):
        leaving.erase_due()
        work()
        assert User.objects.filter(pk=reader.pk).exists()
        assert "will be deleted on" in read(logged_in(reader), "/me/privacy/")
        assert "Keep your account?" in read(Client(), link)
        assert Client().get("/me/privacy/stay/wrong/").status_code == 404
        assert Client().post(link).status_code == 302
    with later(days=31):
        leaving.erase_due()
        work()
    assert User.objects.filter(pk=reader.pk).exists()


def test_words_that_stay_lose_their_name(reader: User, stranger: User, article: Article) -> None:
    comment = cast.a_comment(article, reader, "The tide is late.")
    Recommendation.objects.add(reader, cast.a_comment(article, stranger, "Well said."))
    assert "Rita Reader" in read(Client(), article.get_absolute_url())
    leave(logged_in(reader))
    with later(days=31):
        leaving.erase_due()
        work()
    page = read(Client(), article.get_absolute_url())
    assert "The tide is late." in page
    assert "deleted account" in page
    assert "Rita Reader" not in page
    assert Client().get("/people/rita-reader/").status_code == 404
    comment.refresh_from_db()
    assert comment.author is None
    assert list(drifts()) == []


def test_at_once_and_all_of_it(
    reader: User, article: Article, django_capture_on_commit_callbacks: Any
) -> None:
    cast.a_comment(article, reader, "The tide is late.")
    reader.wear("0" * 24)
    for path in (avatars.path(reader.avatar, size) for size in (avatars.SMALL, avatars.LARGE)):
        default_storage.save(path, io.BytesIO(b"face"))
    browser = logged_in(reader)
    leave(browser, "go", "now")
    work()
    work()  # what erasing left to be done: the files
    assert not User.objects.filter(pk=reader.pk).exists()
    assert not default_storage.exists(avatars.path("0" * 24, avatars.LARGE))
    assert "The tide" not in read(Client(), article.get_absolute_url())
    assert "The tide" not in read(Client(), "/search/?q=tide")
    assert not Revision.objects.filter(text__contains="tide").exists()
    assert list(drifts()) == []
    assert say(browser, article, "Still here?").status_code == 302


def test_what_was_reported_is_held_until_it_is_decided(
    reader: User, stranger: User, article: Article
) -> None:
    comment = cast.a_comment(article, reader, "Something vile.")
    report = Report.objects.create(
        comment=comment, revision=comment.current, reporter=stranger, kind="hatred"
    )
    browser = logged_in(reader)
    assert "1 text of yours was reported" in read(browser, "/me/privacy/")
    leave(browser, "go", "now")
    work()
    assert "Something vile." not in read(Client(), article.get_absolute_url())
    assert Revision.objects.get(comment=comment).text == "Something vile."
    report.outcome = Report.Outcome.DISMISSED
    report.save(update_fields=["outcome"])
    personal.sweep()
    assert Revision.objects.get(comment=comment).text == personal.SCRUBBED
    assert Comment.objects.get(pk=comment.pk).author is None


def test_an_unfinished_wish_changes_nothing(reader: User) -> None:
    answer = acting(reader).get("/me/privacy/leave/")
    assert answer.status_code == 405
    assert leave(logged_in(reader), "burn").status_code == 400
    assert not Departure.objects.exists()
    assert exporting.make.func(0) is None
