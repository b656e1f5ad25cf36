"""What is typed and not saved: kept for whoever typed it, offered again, thrown away."""

import pytest
from django.test import Client

from accounts.models import User
from newsroom.models import Article, Autosave, Topic
from tests import cast
from tests.newsroom.test_writing import ADD, a_draft, address, desk, form

pytestmark = pytest.mark.django_db


def test_unsaved_words_are_offered_and_taken(author: User) -> None:
    mine, client = a_draft(author), desk(author)
    kept = client.post(address(mine, "autosave"), form(mine, headline="Half a headl"))
    assert "not saved yet" in kept.json()["said"]
    opened = client.get(address(mine)).content.decode()
    assert "You have unsaved words from" in opened
    assert "<del>A draft</del><ins>Half a headl</ins>" in opened
    assert 'value="A draft"' in opened
    taken = client.get(f"{address(mine)}?take=unsaved").content.decode()
    assert 'value="Half a headl"' in taken
    assert "You have unsaved words" not in taken
    assert Article.objects.get().headline == "A draft"


def test_every_field_of_the_form_comes_back(editor: User) -> None:
    mine, topic = a_draft(editor), Topic.objects.create(slug="rivers", name="Rivers")
    other = cast.a_section("culture")
    more = {
        "section": other.pk,
        "topics": [topic.pk],
        "breaking": "on",
        "published_at_0": "2027-01-02",
        "published_at_1": "03:04:05",
    }
    desk(editor).post(address(mine, "autosave"), form(mine, **more))
    page = desk(editor).get(f"{address(mine)}?take=unsaved").content.decode()
    assert f'<option value="{other.pk}" selected>' in page
    assert f'<option value="{topic.pk}" selected>Rivers</option>' in page
    assert 'value="2027-01-02"' in page
    assert 'value="03:04:05"' in page
    assert 'name="breaking" id="id_breaking" checked' in page or "checked" in page


def test_a_new_article_is_kept_too_and_saving_it_forgets_it(author: User) -> None:
    client = desk(author)
    client.post(address("new", "autosave"), form(headline="Not yet"))
    client.post(address("new", "autosave"), form(headline="Not yet there"))
    assert Autosave.objects.count() == 1
    assert "You have unsaved words" in client.get(ADD).content.decode()
    assert 'value="Not yet there"' in client.get(f"{ADD}?take=unsaved").content.decode()
    client.post(ADD, form(headline="There"))
    assert not Autosave.objects.exists()


def test_saving_forgets_only_ones_own(author: User, editor: User) -> None:
    mine = a_draft(author)
    for person in (author, editor):
        desk(person).post(address(mine, "autosave"), form(mine, headline=f"Of {person.name}"))
    desk(author).post(address(mine), form(mine, headline="Saved"))
    assert [kept.person for kept in Autosave.objects.all()] == [editor]


def test_a_save_that_is_refused_forgets_nothing(author: User) -> None:
    mine = a_draft(author)
    desk(author).post(address(mine, "autosave"), form(mine, headline="Kept"))
    desk(author).post(address(mine), form(mine, headline="", body=""))
    assert Autosave.objects.exists()


def test_they_are_thrown_away(author: User) -> None:
    mine = a_draft(author)
    desk(author).post(address(mine, "autosave"), form(mine, headline="Rubbish"))
    assert desk(author).get(address(mine, "discard")).status_code == 405
    told = desk(author).post(address(mine, "discard"), follow=True)
    assert "thrown away" in told.content.decode()
    assert not Autosave.objects.exists()


def test_what_says_nothing_new_is_not_offered(author: User) -> None:
    mine = a_draft(author)
    desk(author).post(address(mine, "autosave"), form(mine))
    assert "You have unsaved words" not in desk(author).get(address(mine)).content.decode()


def test_others_are_told_of_unsaved_work_and_never_of_its_words(author: User, editor: User) -> None:
    mine = a_draft(author)
    desk(author).post(address(mine, "autosave"), form(mine, headline="My secret words"))
    page = desk(editor).get(address(mine)).content.decode()
    assert f"<b>{author.name}</b> has unsaved words in this article" in page
    assert "My secret words" not in page
    assert (
        "My secret words" not in desk(editor).get(f"{address(mine)}?take=unsaved").content.decode()
    )


def test_words_typed_over_an_older_version_conflict_when_they_are_saved(
    author: User, editor: User
) -> None:
    mine = a_draft(author)
    desk(author).post(address(mine, "autosave"), form(mine, headline="From yesterday"))
    desk(editor).post(address(mine), form(mine, headline="From today"))
    page = desk(author).get(f"{address(mine)}?take=unsaved").content.decode()
    assert 'name="version" value="0"' in page
    answer = desk(author).post(address(mine), form(mine, headline="From yesterday", version=0))
    assert answer.status_code == 409


def test_only_who_may_write_it_keeps_words_for_it(author: User, reader: User) -> None:
    theirs = a_draft(cast.an_author("Ben Byline"))
    out = cast.an_article("Out", author=author)
    for article in (theirs, out):
        assert desk(author).post(address(article, "autosave"), form(article)).status_code == 403
    for client in (Client(), desk(reader)):
        assert client.post(address("new", "autosave"), form()).status_code == 302
    assert desk(author).get(address("new", "autosave")).status_code == 405
    assert desk(author).post(address("999", "autosave"), form()).status_code == 404
    assert not Autosave.objects.exists()


def test_a_forged_token_keeps_nothing(author: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    assert client.post(address("new", "autosave"), form()).status_code == 403
    assert not Autosave.objects.exists()
