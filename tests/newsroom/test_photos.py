"""Photos: what is taken in comes out as a picture and nothing else; the rest is refused."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import User
from newsroom import photos
from newsroom.models import Photo

pytestmark = pytest.mark.django_db

RED, BLUE = (220, 30, 30), (30, 30, 220)
BODY_OF_HTML = b"<html><script>alert(1)</script></html>"


def two_colours(mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: one sees how it was turned."""
    picture = Image.new("RGB", (60, 20), RED)
    picture.paste(BLUE, (30, 0, 60, 20))
    return picture.convert(mode)


def saved(picture: Image.Image, format: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **how)
    return out.getvalue()


def private(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x9286] = orientation, "of Rita", b"secret words"
    exif[0x8825] = {1: "N", 2: (55.0, 45.0, 21.0), 3: "E", 4: (37.0, 37.0, 2.0)}
    return exif.tobytes()


def taken_in(data: bytes) -> tuple[bytes, Image.Image]:
    file, width, height = photos.take_in(io.BytesIO(data), len(data))
    stored = file.read()
    picture = Image.open(io.BytesIO(stored))
    picture.load()
    assert picture.size == (width, height)
    assert picture.format == "JPEG"
    return stored, picture


def refusal(data: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        photos.take_in(io.BytesIO(data), len(data))
    (sentence,) = refused.value.messages
    assert "Please" in sentence
    return sentence


def near(one: object, other: tuple[int, ...]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


ACCEPTED = {
    "JPEG": lambda: saved(two_colours(), "JPEG", quality=95),
    "grey JPEG": lambda: saved(two_colours("L"), "JPEG"),
    "CMYK JPEG": lambda: saved(two_colours("CMYK"), "JPEG"),
    "progressive JPEG": lambda: saved(two_colours(), "JPEG", progressive=True),
    "PNG": lambda: saved(two_colours(), "PNG"),
    "PNG with alpha": lambda: saved(two_colours("RGBA"), "PNG"),
    "PNG of a palette": lambda: saved(two_colours("P"), "PNG", transparency=0),
    "black and white PNG": lambda: saved(two_colours("1"), "PNG"),
    "WebP": lambda: saved(two_colours(), "WEBP"),
    "lossless WebP": lambda: saved(two_colours("RGBA"), "WEBP", lossless=True),
}


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
def test_a_picture_of_the_web_becomes_a_plain_jpeg(make: Callable[[], bytes]) -> None:
    _stored, picture = taken_in(make())
    assert (picture.mode, picture.size) == ("RGB", (60, 20))


def test_what_is_transparent_becomes_white() -> None:
    _stored, picture = taken_in(saved(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG"))
    assert near(picture.getpixel((10, 10)), (255, 255, 255))


def test_a_large_picture_is_scaled_to_the_width_of_the_page() -> None:
    _stored, picture = taken_in(saved(Image.new("RGB", (3200, 200)), "PNG"))
    assert picture.size == (1600, 100)


@pytest.mark.attack("A35")
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_nothing_private_comes_along(format: str) -> None:
    more = {"comment": b"of Rita"} if format == "JPEG" else {}
    data = saved(two_colours(), format, exif=private(), icc_profile=b"of Rita" * 20, **more)
    assert b"of Rita" in data
    stored, picture = taken_in(data)
    assert b"Rita" not in stored
    assert b"secret" not in stored
    assert not picture.getexif()
    assert picture.info.keys().isdisjoint({"exif", "comment", "icc_profile", "xmp"})


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (60, 20), (5, 10)),
        (2, (60, 20), (55, 10)),
        (3, (60, 20), (55, 10)),
        (4, (60, 20), (5, 10)),
        (5, (20, 60), (10, 5)),
        (6, (20, 60), (10, 5)),
        (7, (20, 60), (10, 55)),
        (8, (20, 60), (10, 55)),
        (9, (60, 20), (5, 10)),  # there is no such one
    ],
)
def test_a_picture_stands_as_the_camera_was_held(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    _stored, picture = taken_in(saved(two_colours(), "JPEG", exif=private(orientation)))
    assert picture.size == size
    assert near(picture.getpixel(red_at), RED)


@pytest.mark.parametrize("at", range(24, 120, 16))
def test_broken_exif_is_a_refusal_or_a_picture(at: int) -> None:
    data = bytearray(saved(two_colours(), "JPEG", exif=private()))
    data[at : at + 4] = b"\xff\xfe\x7f\xff"
    try:
        _stored, picture = taken_in(bytes(data))
    except ValidationError:
        return
    assert set(picture.size) == {60, 20}


def frames(format: str) -> bytes:
    picture = two_colours()
    return saved(picture, format, save_all=True, append_images=[picture.rotate(180)] * 2)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and has hardly any bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(name + data)
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000, 9)
    body = [chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def png_with_text() -> bytes:
    """A PNG whose comment unpacks to 256 MB."""
    plain, packed = saved(two_colours(), "PNG"), zlib.compressobj(9)
    zeros = b"".join(packed.compress(bytes(1024 * 1024)) for _ in range(256)) + packed.flush()
    data = b"zTXtComment\0\0" + zeros
    crc = struct.pack(">I", zlib.crc32(data))
    return plain[:33] + struct.pack(">I", len(data) - 4) + data + crc + plain[33:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>'
JPEG = saved(two_colours(), "JPEG", quality=95)
WEBP_HEAD = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff"

REFUSED = {
    "nothing": lambda: b"",
    "a word": lambda: b"picture",
    "zeros": lambda: bytes(5000),
    "GIF": lambda: saved(two_colours("P"), "GIF"),
    "BMP": lambda: saved(two_colours(), "BMP"),
    "TIFF": lambda: saved(two_colours(), "TIFF"),
    "ICO": lambda: saved(two_colours(), "ICO"),
    "PDF": lambda: saved(two_colours(), "PDF"),
    "EPS": lambda: saved(two_colours(), "EPS"),
    "AVIF": lambda: saved(two_colours(), "AVIF"),
    "JPEG 2000 head": lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(200),
    "SVG": lambda: SVG,
    "packed SVG": lambda: zlib.compress(SVG),
    "HTML": lambda: BODY_OF_HTML,
    "XML bomb": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>',
    "MPO": lambda: frames("MPO"),
    "animated GIF": lambda: frames("GIF"),
    "animated PNG": lambda: frames("PNG"),
    "animated WebP": lambda: frames("WEBP"),
    "JPEG cut off in its head": lambda: JPEG[:100],
    "JPEG cut off in its pixels": lambda: JPEG[: len(JPEG) - 60],
    "PNG cut off": lambda: saved(two_colours(), "PNG")[:60],
    "WebP cut off": lambda: saved(two_colours(), "WEBP")[:40],
    "the start of a JPEG": lambda: b"\xff\xd8\xff\xe0" + bytes(50),
    "JPEG behind a GIF's head": lambda: b"GIF89a" + JPEG,
    "JPEG behind HTML": lambda: BODY_OF_HTML + JPEG,
    "41 million pixels": lambda: png_of(8200, 5000),
    "4,295 million pixels": lambda: png_of(65535, 65535),
    "a hundred million in a line": lambda: png_of(100_000_000, 1),
    "no width": lambda: png_of(0, 10),
    "more than a number holds": lambda: png_of(2**31, 2**31),
    "WebP as large as it can say": lambda: WEBP_HEAD + bytes(40),
    "a comment of 256 MB": png_with_text,
}
TOO_MANY = {"41 million pixels", "4,295 million pixels", "a hundred million in a line"}
TOO_MANY |= {"more than a number holds", "WebP as large as it can say"}


@pytest.mark.attack("A32", "A33", "A34")
@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_with_a_sentence(name: str) -> None:
    sentence = refusal(REFUSED[name]())
    assert ("40 million pixels" in sentence) == (name in TOO_MANY)


def test_forty_million_pixels_are_not_too_many() -> None:
    _stored, picture = taken_in(saved(Image.new("L", (8000, 5000)), "PNG"))
    assert picture.size == (1600, 1000)


@pytest.mark.attack("A33")
def test_a_file_is_weighed_before_it_is_opened() -> None:
    class Unread(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was opened")

    with pytest.raises(ValidationError, match="larger than 10 MiB"):
        photos.take_in(Unread(), 10 * 1024 * 1024 + 1)


@pytest.mark.attack("A35")
@pytest.mark.parametrize("behind", [BODY_OF_HTML, b"PK\x03\x04<?php system(1) ?>", SVG])
def test_what_hides_behind_or_inside_a_picture_is_gone(behind: bytes) -> None:
    for data in (JPEG + behind, saved(two_colours(), "JPEG", comment=behind)):
        stored, _picture = taken_in(data)
        assert behind[:8] not in stored
        assert b"alert" not in stored
        assert stored.endswith(b"\xff\xd9")


# Through the admin


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(somebody: User, data: bytes, name: str = "a.jpg", kind: str = "image/jpeg"):
    client = Client()
    client.force_login(somebody)
    file = SimpleUploadedFile(name, data, kind)
    form = {"file": file, "alt": "Two colours", "focal_x": 50, "focal_y": 50}
    return client.post("/admin/newsroom/photo/add/", form)


NAMES = [
    "page.html",
    "../../../etc/passwd",
    "a.jpg\0.html",
    "x" * 90 + ".png",
    "CON.jpg",
    "\u202egpj.exe",
    "Rita’s holiday.jpeg",
    ".htaccess",
]


@pytest.mark.attack("A34")
@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_the_stored_name_is_ours(author: User, name: str) -> None:
    assert upload(author, JPEG, name, "text/html").status_code == 302
    photo = Photo.objects.get()
    assert photo.file.name.startswith("photos/")
    assert photo.file.name.removeprefix("photos/").removesuffix(".jpg").isalnum()
    assert [path.parent.name for path in Path(settings.MEDIA_ROOT).rglob("*.jpg")] == ["photos"]
    assert (photo.width, photo.height) == (60, 20)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (SVG, "no picture we can read"),
        (JPEG[:200], "Please save it"),
        (png_of(8200, 5000), "40 million pixels"),
        (JPEG + bytes(10 * 1024 * 1024 + 1 - len(JPEG)), "larger than 10 MiB"),
    ],
    ids=["SVG", "cut off", "41 million pixels", "10 MiB and 1"],
)
def test_the_admin_says_why_a_file_is_refused(author: User, data: bytes, sentence: str) -> None:
    answer = upload(author, data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Photo.objects.exists()
    assert not list(Path(settings.MEDIA_ROOT).rglob("*.*"))


def test_exactly_ten_mebibytes_are_taken(author: User) -> None:
    assert upload(author, JPEG + bytes(10 * 1024 * 1024 - len(JPEG))).status_code == 302


def test_new_words_for_a_photo_leave_its_file_alone(editor: User) -> None:
    upload(editor, JPEG)
    photo = Photo.objects.get()
    client = Client()
    client.force_login(editor)
    form = {"file": "", "alt": "Other words", "focal_x": 10, "focal_y": 90}
    assert client.post(f"/admin/newsroom/photo/{photo.pk}/change/", form).status_code == 302
    assert Photo.objects.get().file == photo.file
    form |= {"focal_x": 101}
    assert client.post(f"/admin/newsroom/photo/{photo.pk}/change/", form).status_code == 200


# As it is served


@pytest.mark.attack("A35")
def test_a_file_of_ours_is_a_picture_and_nothing_else(client: Client) -> None:
    folder = Path(settings.MEDIA_ROOT) / "photos"
    folder.mkdir()
    (folder / "0a1b.jpg").write_bytes(JPEG)
    for ending in ("", "/", "?x=.html", "?/.php"):
        answer = client.get(f"/media/photos/0a1b.jpg{ending}")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Content-Disposition"] == 'inline; filename="image.jpg"'
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert b"".join(answer) == JPEG
    assert client.post("/media/photos/0a1b.jpg").status_code == 405


@pytest.mark.attack("A34")
@pytest.mark.parametrize(
    "path",
    """
    ../secret_key|..%2fsecret_key|%2e%2e/secret_key|photos/../../secret_key|photos/%2e%2e%2f..%2fx
    /etc/passwd|//etc/passwd|....//secret_key|..\\secret_key|photos|photos/|.|..|../|photos/none.jpg
    photos/0a1b.jpg/x.html|.htaccess
""".strip()
    .replace("\n", "|")
    .replace(" ", "")
    .split("|"),
)
def test_nothing_beside_the_media_is_served(client: Client, path: str) -> None:
    root = Path(settings.MEDIA_ROOT)
    settings.MEDIA_ROOT = root / "media"
    (root / "media" / "photos").mkdir(parents=True)
    (root / "media" / "photos" / "0a1b.jpg").write_bytes(JPEG)
    (root / "secret_key").write_text("the canary")
    answer = client.get(f"/media/{path}")
    assert answer.status_code == 404
    assert "canary" not in answer.content.decode()


def test_a_name_that_no_disk_holds_is_not_found(client: Client) -> None:
    assert client.get(f"/media/{'x' * 300}").status_code == 404
    assert client.get(f"/media/{'x/' * 3000}").status_code == 404
