"""A name that changes, a face, and what of it others see."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image

from accounts import avatars, names
from accounts.models import NameHistory, User
from comments.models import Decision
from newsroom.models import Article
from tests import cast
from tests.comments.acting import a_clause, acting, later, read, seen

RED, BLUE = (220, 30, 30), (30, 30, 220)


def a_picture(format: str = "JPEG", size: tuple[int, int] = (900, 300), **how: Any) -> bytes:
    """Blue, with a red square in its middle."""
    picture = Image.new("RGB", size, BLUE)
    side = min(size)
    picture.paste(RED, ((size[0] - side) // 2, 0, (size[0] + side) // 2, side))
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def send(browser: Client, data: bytes, name: str = "me.jpg") -> Any:
    return browser.post("/me/profile/avatar/", {"picture": SimpleUploadedFile(name, data)})


def files_of(person: User) -> list[str]:
    return [avatars.path(person.avatar, size) for size in (avatars.SMALL, avatars.LARGE)]


def rename(person: User, name: str) -> Any:
    return acting(person).post("/me/profile/name/", {"name": name})


# Names


@pytest.mark.attack("A10")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted",
    [
        "x",
        "Rita\u200bReader",
        "Rita\u202eReader",
        "🦊🦊",
        "Rita ✓",
        "Ritа Reader",  # one letter is Cyrillic
        "admin",
        "Moderator Max",
        "Max (Editor)",
        "Редакция",
        "The Newsroom Sport",
        "N e w s r o o m",
        "Z" + "\u0301" * 9,
        "<b>Rita</b>",
    ],
)
def test_a_refused_name_says_why_and_suggests_a_free_one(reader: User, wanted: str) -> None:
    with pytest.raises(ValidationError) as refused:
        User.objects.clean_name(wanted)
    (sentence,) = refused.value.messages
    free = sentence.split("“")[1].split("”")[0]
    assert names.clean_name(free) == free
    assert User.objects.name_is_free(free)
    assert refused.value.messages[0].endswith("is free.")


def test_the_papers_own_name_is_nobodys(settings: Any) -> None:
    settings.SITE_NAME = "The Harbour Post"
    for name in ("Harbour Post", "the harbour p0st", "The Harbour Post Sport"):
        with pytest.raises(ValidationError):
            names.clean_name(name)
    assert names.clean_name("Harbour Pilot")


def test_a_new_name_shows_where_they_spoke_and_the_old_address_leads_on(
    reader: User, article: Article
) -> None:
    cast.a_comment(article, reader)
    assert "Rita Reader" in read(Client(), article.get_absolute_url())
    assert rename(reader, "Rita Harbour").status_code == 302
    page = read(Client(), article.get_absolute_url())
    assert "Rita Harbour" in page
    assert "Rita Reader" not in page
    answer = Client().get("/people/rita-reader/")
    assert (answer.status_code, answer["Location"]) == (302, "/people/rita-harbour/")
    with later(days=91):
        assert Client().get("/people/rita-reader/").status_code == 404


def test_a_name_changes_every_thirty_days(reader: User) -> None:
    rename(reader, "Rita Harbour")
    answer = rename(reader, "Rita Again")
    assert answer.status_code == 400
    assert "You can change your name again from" in seen(answer)
    with later(days=31):
        assert rename(reader, "Rita Again").status_code == 302


def test_a_former_name_is_kept_for_whoever_had_it(reader: User, stranger: User) -> None:
    rename(reader, "Rita Harbour")
    assert "Somebody is called that already, or nearly. “" in seen(rename(stranger, "R1ta Reader"))
    with later(days=31):
        assert rename(reader, "Rita Reader").status_code == 302
    with later(days=62):
        rename(reader, "Rita Third")
    with later(days=153):
        NameHistory.objects.forget()
        assert not NameHistory.objects.exists()
        assert rename(stranger, "Rita Reader").status_code == 302


# The picture


def test_a_picture_is_cut_to_its_middle_in_two_sizes(reader: User) -> None:
    assert send(acting(reader), a_picture()).status_code == 302
    reader.refresh_from_db()
    for path, side in zip(files_of(reader), (avatars.SMALL, avatars.LARGE), strict=True):
        with default_storage.open(path) as file:
            picture = Image.open(file)
            assert (picture.format, picture.size) == ("WEBP", (side, side))
            for corner in ((2, 2), (side - 3, side - 3)):
                colour = picture.convert("RGB").getpixel(corner)
                assert isinstance(colour, tuple)
                assert all(abs(a - b) < 40 for a, b in zip(colour, RED, strict=True))


def test_it_shows_beside_what_they_say_with_its_place_reserved(
    reader: User, article: Article
) -> None:
    cast.a_comment(article, reader)
    send(acting(reader), a_picture())
    reader.refresh_from_db()
    page = read(Client(), article.get_absolute_url())
    assert f'src="{reader.small_avatar}" width="36" height="36" alt="" loading="lazy"' in page


def test_old_files_go_with_a_change_and_with_a_ban(
    reader: User, moderator: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = acting(reader)
    for deed in (
        lambda: send(browser, a_picture("PNG")),
        lambda: browser.post("/me/profile/avatar/", {"remove": ""}),
        lambda: Decision.objects.all().suspend(reader, moderator, a_clause(), "Enough.", None),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            send(browser, a_picture())
        reader.refresh_from_db()
        before = files_of(reader)
        assert all(map(default_storage.exists, before))
        with django_capture_on_commit_callbacks(execute=True):
            deed()
        for row in DBTaskResult.objects.filter(task_path="accounts.avatars.discard"):
            avatars.discard.func(*row.args_kwargs["args"])
        assert not any(map(default_storage.exists, before))


HOSTILE = {
    "A32 truncated": a_picture()[:400],
    "A33 too many pixels": a_picture("PNG", (5000, 4000)),
    "A34 a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "A34 a moving GIF": a_picture("GIF"),
    "A34 no picture": b"<html><script>alert(1)</script></html>",
    "A32 larger than 4 MiB": a_picture("PNG") + b"\0" * avatars.LARGEST_FILE,
}


@pytest.mark.attack("A32", "A33", "A34")
@pytest.mark.django_db
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_picture_is_refused_with_the_next_step(reader: User, data: bytes) -> None:
    answer = send(acting(reader), data)
    assert answer.status_code == 400
    assert "Please" in seen(answer)
    reader.refresh_from_db()
    assert reader.avatar == ""


@pytest.mark.attack("A35")
def test_a_polyglot_leaves_nothing_of_itself(reader: User) -> None:
    exif = Image.Exif()
    exif[0x010E] = "of Rita"
    data = a_picture(exif=exif.tobytes(), comment=b"<script>alert(1)</script>")
    send(acting(reader), data + b"PK\x03\x04<script>alert(2)</script>", "../../evil.html")
    reader.refresh_from_db()
    for address in (reader.small_avatar, f"{reader.large_avatar}?x.html"):
        answer = Client().get(address)
        body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"] == 'inline; filename="image.webp"'
        assert b"script" not in body
        assert b"Rita" not in body
    assert Client().get(f"{reader.small_avatar}/x.html").status_code == 404


# The page about oneself


def test_what_one_writes_about_oneself_is_shown(reader: User, stranger: User) -> None:
    form = {"bio": "Keeps bees.", "shows_comments": "on"}
    assert acting(reader).post("/me/profile/", form).status_code == 302
    page = read(acting(stranger), "/people/rita-reader/")
    assert "Keeps bees." in page
    assert "Here since" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["", "name/", "avatar/"])
def test_strangers_and_wrong_methods_change_nothing(reader: User, address: str) -> None:
    answer = Client().post(f"/me/profile/{address}", {"name": "Rita Harbour"})
    assert answer["Location"].startswith("/accounts/login/")
    assert acting(reader).delete(f"/me/profile/{address}").status_code == 405
