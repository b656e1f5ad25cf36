from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from newsroom.models import Article, Correction, LiveEvent
from tests import cast

pytestmark = pytest.mark.django_db


def correct(article: Article, text: str) -> None:
    editor = Client()
    editor.force_login(cast.an_editor())
    editor.post("/admin/newsroom/correction/add/", {"article": article.pk, "text": text})


def test_a_correction_stands_on_its_article_and_in_the_list(client: Client) -> None:
    article = cast.an_article()
    correct(article, "The bridge is 400 m long, not 4 km.")
    for address in (article.get_absolute_url(), "/corrections/"):
        assert "The bridge is 400 m long, not 4 km." in client.get(address).content.decode()
    article.refresh_from_db()
    assert article.was_updated
    assert Correction.objects.get().by.name == "Edgar Editor"


def test_what_was_written_before_a_correction_says_so(client: Client) -> None:
    article = cast.an_article()
    cast.a_comment(article, cast.a_reader(), "Four kilometres!")
    assert "written before" not in client.get(article.get_absolute_url()).content.decode()
    correct(article, "It is 400 m long.")
    cast.a_comment(article, cast.a_stranger(), "That explains it.")
    page = client.get(article.get_absolute_url()).content.decode()
    assert page.count("written before the") == 1


def test_what_was_written_before_a_substantive_update_says_so(client: Client) -> None:
    article = cast.an_article()
    cast.a_comment(article, cast.a_reader(), "When does it open?")
    desk = Client()
    desk.force_login(cast.an_editor())
    form = f"/admin/newsroom/article/{article.pk}/change/"
    sent = desk.get(form).context["adminform"].form.initial
    words = {name: sent[name] or "" for name in ("headline", "standfirst", "slug", "language")}
    words |= {"section": article.section_id, "version": 0, "body": "Nobody knows."}
    words |= {"published_at_0": f"{article.published_at:%Y-%m-%d}"}
    words |= {"published_at_1": f"{article.published_at:%H:%M:%S}"}
    desk.post(form, words)
    assert "written before" not in client.get(article.get_absolute_url()).content.decode()
    desk.post(form, words | {"version": 2, "body": "It opens in May.", "substantive": "on"})
    page = client.get(article.get_absolute_url()).content.decode()
    at = Article.objects.get().substantive_at
    clock = f'<time datetime="{at.isoformat()}" data-clock>{at:%H:%M}</time>'
    assert f"written before the {clock} update" in page


def test_only_what_readers_see_is_corrected(client: Client) -> None:
    soon = timezone.now() + timedelta(hours=1)
    article = cast.an_article(status=Article.Status.SCHEDULED, published_at=soon)
    client.force_login(cast.an_editor())
    sent = {"article": article.pk, "text": "It is 400 m long."}
    page = client.post("/admin/newsroom/correction/add/", sent).content.decode()
    assert "Readers do not see this article" in page
    assert not Correction.objects.exists()
    assert not LiveEvent.objects.filter(topic="newsfeed").exists()


def test_a_correction_is_neither_changed_nor_deleted(client: Client) -> None:
    correct(cast.an_article(), "It is 400 m long.")
    number = Correction.objects.get().pk
    client.force_login(cast.an_admin())
    for deed in ("change", "delete"):
        address = f"/admin/newsroom/correction/{number}/{deed}/"
        assert client.post(address, {"text": "Never mind."}).status_code == 403


def test_corrections_of_a_withdrawn_article_are_not_listed(client: Client) -> None:
    article = cast.an_article()
    correct(article, "It is 400 m long.")
    article.refresh_from_db()
    article.status = Article.Status.WITHDRAWN
    article.save()
    assert "400 m" not in client.get("/corrections/").content.decode()


def test_the_list_goes_on_where_it_stopped(client: Client) -> None:
    article = cast.an_article()
    for number in range(35):
        Correction(article=article, text=f"No. {number:02}").publish()
    first = client.get("/corrections/")
    assert "No. 34" in first.content.decode()
    second = client.get("/corrections/", {"after": first.context["older"]}).content.decode()
    assert "No. 04" in second
    assert "No. 05" not in second
