"""The picture of an article's address where that is shared: drawn by a task, and kept in line."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image, features

from newsroom import poster_art, posters
from newsroom.models import Article, Photo
from newsroom.working import one_round
from tests import cast

pytestmark = pytest.mark.django_db


def asked_for() -> int:
    return DBTaskResult.objects.filter(task_path="newsroom.posters.keep_poster").count()


def kept(article: Article) -> str:
    """The name of its poster, once the task has looked."""
    posters.keep_poster.call(article.pk)
    article.refresh_from_db()
    return article.poster


def a_photo(colour: str = "white") -> Photo:
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), colour).save(out, "JPEG")
    photo = Photo(alt="A bridge", width=1600, height=900)
    photo.file.save("a.jpg", ContentFile(out.getvalue()))
    return photo


def opened(name: str) -> Image.Image:
    with default_storage.open(name) as file:
        return Image.open(io.BytesIO(file.read()))


def tones(picture: Image.Image, *box: int) -> tuple[int, int]:
    """The darkest and the lightest in this part of it, from 0 to 255."""
    grey = list(picture.crop((box[0], box[1], box[2], box[3])).convert("L").tobytes())
    return min(grey), max(grey)


def test_publishing_asks_for_a_poster_in_the_same_transaction() -> None:
    cast.an_article("A draft", status=Article.Status.DRAFT)
    assert asked_for() == 0

    with transaction.atomic():
        cast.an_article()
        assert asked_for() == 1
        transaction.set_rollback(True)
    assert asked_for() == 0


@pytest.mark.django_db(transaction=True)
def test_the_poster_is_what_is_shared(client: Client) -> None:
    article = cast.an_article(lead_photo=a_photo())
    page = client.get(article.get_absolute_url()).content.decode()
    assert (
        f'<meta property="og:image" content="http://testserver{article.lead_photo.file.url}">'
        in page
    )
    one_round("a-worker").run()
    article.refresh_from_db()
    page = client.get(article.get_absolute_url()).content.decode()
    address = f"/media/{article.poster}"
    assert f'<meta property="og:image" content="http://testserver{address}">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    answer = client.get(address)
    assert answer.headers["Content-Type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert (picture.format, picture.size) == ("JPEG", (1200, 630))


def test_looking_again_changes_nothing() -> None:
    article = cast.an_article()
    assert kept(article) == kept(article) != ""


@pytest.mark.parametrize("change", ["headline", "section", "lead_photo"])
def test_a_change_of_what_is_on_it_makes_another(change: str) -> None:
    article = cast.an_article(lead_photo=a_photo())
    before = kept(article)
    other: Any = {
        "headline": "The bridge is shut again",
        "section": cast.a_section("science"),
        "lead_photo": None,
    }
    setattr(article, change, other[change])
    article.save()
    assert kept(article) not in ("", before)
    assert default_storage.exists(article.poster)
    assert not default_storage.exists(before)


def test_what_is_withdrawn_has_none() -> None:
    article = cast.an_article()
    before = kept(article)
    asked = asked_for()
    article.status = Article.Status.WITHDRAWN
    article.save()
    assert asked_for() == asked + 1
    assert kept(article) == ""
    assert not default_storage.exists(before)


def test_what_was_withdrawn_while_it_was_drawn_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    article = cast.an_article()
    draw = posters.drawn

    def slowly(found: Article) -> bytes:
        Article.objects.filter(pk=found.pk).update(status=Article.Status.WITHDRAWN)
        return draw(found)

    name = posters.wanted(article)
    monkeypatch.setattr(posters, "drawn", slowly)
    assert kept(article) == ""
    assert not default_storage.exists(name)


def test_two_workers_at_once_leave_one_poster(monkeypatch: pytest.MonkeyPatch) -> None:
    article = cast.an_article()
    draw = posters.drawn

    def slowly(found: Article) -> bytes:
        monkeypatch.setattr(posters, "drawn", draw)
        posters.keep_poster.call(found.pk)
        return draw(found)

    monkeypatch.setattr(posters, "drawn", slowly)
    assert default_storage.exists(kept(article))


@pytest.mark.parametrize(
    "headline",
    [
        "The bridge is open again",
        "Мост снова открыт: «первые» машины – в полдень",
        "Η γέφυρα άνοιξε",
        "A" * 160,
        "a" + " b" * 79,
        "\x01\u202e🚀 <b>]]>",
        "🚀",
    ],
)
@pytest.mark.parametrize("photo", [False, True])
def test_any_headline_fits(headline: str, photo: bool) -> None:
    article = cast.an_article(headline, lead_photo=a_photo() if photo else None)
    picture = opened(kept(article))
    assert picture.size == (1200, 630)
    if not photo:  # nothing runs over the margins
        assert tones(picture, 0, 100, 50, 630)[0] > 200
        assert tones(picture, 1150, 100, 1200, 630)[0] > 200


@pytest.mark.skipif(not features.check("fribidi"), reason="No FriBiDi here to join letters")
def test_arabic_begins_on_the_right() -> None:
    picture = opened(kept(cast.an_article("فتح الجسر")))
    assert tones(picture, 64, 40, 400, 300)[0] > 200 > tones(picture, 800, 40, 1136, 300)[0]


@pytest.mark.parametrize("headline", ["橋が再び開通", "पुल फिर खुला"])
def test_what_our_fonts_cannot_write_is_not_tried(client: Client, headline: str) -> None:
    photo = a_photo()
    article = cast.an_article(headline, slug="bridge", lead_photo=photo)
    assert kept(article) == ""
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'<meta property="og:image" content="http://testserver{photo.file.url}">' in page


def test_without_the_means_to_join_letters_arabic_is_not_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)
    assert not poster_art.can_draw("فتح الجسر")
    assert poster_art.can_draw("Мост открыт")


def test_words_can_be_read_on_a_white_photo() -> None:
    white = io.BytesIO()
    Image.new("RGB", (1600, 900), "white").save(white, "JPEG")
    picture = poster_art.darkened(white, (50, 50))
    assert tones(picture, 0, 230, 1200, 630)[1] < 140
