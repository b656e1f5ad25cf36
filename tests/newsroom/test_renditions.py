"""Photos as screens ask for them: made once, aside, and gone with their photo."""

import io
import re
import signal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django_tasks_db.models import DBTaskResult
from PIL import Image, ImageCms

from accounts import pictures
from accounts.models import User
from accounts.pictures import Wanted
from newsroom import renditions
from newsroom.models import Article, Photo
from tests import cast
from tests.newsroom.mailing import work

pytestmark = pytest.mark.django_db

FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
SMALL = Wanted("JPEG", 100, 100)


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_jpeg(width: int = 1000, height: int = 500, **how: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG", **how)
    return out.getvalue()


def a_photo(width: int = 1000, height: int = 500, **more: object) -> Photo:
    facts = {"alt": "A gradient", "width": width, "height": height} | more
    return Photo.objects.create(file=ContentFile(a_jpeg(width, height), "a.jpg"), **facts)


def files() -> set[str]:
    return set(default_storage.listdir("photos")[1]) if default_storage.exists("photos") else set()


def stored(name: str | None) -> Image.Image:
    with default_storage.open(str(name)) as file:
        picture = Image.open(io.BytesIO(file.read()))
    picture.load()
    return picture


def logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# The child process


def refused(data: bytes, *wanted: Wanted, **limits: int) -> str:
    with pytest.raises(ValidationError) as refusal:
        pictures.develop(data, wanted or [SMALL], **limits)
    return refusal.value.messages[0]


@pytest.mark.attack("A32", "A33")
def test_a_picture_that_takes_too_much_memory_ends_the_child_and_not_the_site(monkeypatch) -> None:
    out = io.BytesIO()
    Image.new("RGB", (8000, 5000)).save(out, "PNG")
    assert len(out.getvalue()) < 200_000
    monkeypatch.setattr(pictures, "MEMORY", 96 * 1024 * 1024)
    assert "too much memory or time" in refused(out.getvalue())


def test_a_decoder_without_memory_to_begin_with_is_a_sentence(monkeypatch) -> None:
    monkeypatch.setattr(pictures, "MEMORY", 1024 * 1024)
    assert "too much memory or time" in refused(a_jpeg())


@pytest.mark.attack("A32")
def test_a_picture_that_takes_too_long_is_given_up() -> None:
    assert "too much memory or time" in refused(a_jpeg(), timeout=0)


CHILDREN = {
    "hangs": "import time; time.sleep(60)",
    "crashes": f"import os, signal; os.kill(os.getpid(), {signal.SIGSEGV.value})",
    "is broken": "raise RuntimeError",
}


@pytest.mark.attack("A32")
@pytest.mark.parametrize("does", CHILDREN)
def test_whatever_the_child_does_somebody_reads_a_sentence(
    does: str, monkeypatch, tmp_path
) -> None:
    program = tmp_path / "child.py"
    program.write_text(CHILDREN[does])
    monkeypatch.setattr(pictures, "DARKROOM", program)
    assert "too much memory or time" in refused(a_jpeg(), timeout=1)


@pytest.mark.attack("A32")
def test_the_processor_time_is_limited(monkeypatch, tmp_path) -> None:
    """The real limits, around a decoder that never ends."""
    program = tmp_path / "child.py"
    path = repr(str(pictures.DARKROOM.parent))
    endless = "def never(*_):\n    while True:\n        pass\n"
    program.write_text(
        f"import sys\nsys.path.insert(0, {path})\nimport darkroom\n{endless}"
        "darkroom.printed = never\ndarkroom.main()\n"
    )
    monkeypatch.setattr(pictures, "DARKROOM", program)
    assert "too much memory or time" in refused(a_jpeg(), seconds=1, timeout=60)


def test_the_child_can_write_no_file_and_knows_no_secret(monkeypatch, tmp_path) -> None:
    program = tmp_path / "child.py"
    path = repr(str(pictures.DARKROOM.parent))
    program.write_text(
        f"import os, sys\nsys.path.insert(0, {path})\nimport darkroom\n"
        "darkroom.shut_in(2**29, 5)\nassert 'SECRET_KEY' not in os.environ\n"
        f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    open({str(tmp_path / 'loot')!r}, 'w').write('x' * 9999)\n"
        'except OSError:\n    print(\'{"refused": "damaged"}\')\n'
    )
    monkeypatch.setattr(pictures, "DARKROOM", program)
    assert "damaged" in refused(a_jpeg())
    assert (tmp_path / "loot").read_bytes() == b""


def test_another_budget_is_named_in_the_sentence() -> None:
    assert "1 million pixels" in refused(a_jpeg(2000, 1000), pixels=1_000_000)


def test_several_sourcesin_one_file_are_refused_as_such() -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(
        out, "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]
    )
    assert "several pictures" in refused(out.getvalue())


def test_the_colours_of_a_camera_with_a_profile_are_kept() -> None:
    """A profile with red and green exchanged: without it the picture would turn green."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exchanged = bytearray(srgb)
    tags = {bytes(srgb[at : at + 4]): at for at in range(132, 132 + 12 * 20, 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    exchanged[red : red + 4], exchanged[green : green + 4] = b"gXYZ", b"rXYZ"
    out = io.BytesIO()
    Image.new("RGB", (20, 20), (255, 0, 0)).save(out, "PNG", icc_profile=bytes(exchanged))
    [developed] = pictures.develop(out.getvalue(), [SMALL])
    red_now, green_now, _blue = Image.open(io.BytesIO(developed.data)).getpixel((9, 9))
    assert red_now < 60 < 200 < green_now


# Renditions


def test_a_photo_has_its_renditions_made_aside_in_three_formats(own_media: Path) -> None:
    photo = a_photo()
    assert photo.renditions == []
    work()
    photo.refresh_from_db()
    assert photo.renditions == [320, 640, 960, 1000]
    base = photo.file.name.removesuffix(".jpg")
    for width in photo.renditions:
        for end, format in FORMATS.items():
            name = f"{base}-{width}.{end}" if (width, end) != (1000, "jpg") else photo.file.name
            picture = stored(name)
            assert (picture.format, picture.size) == (format, (width, width // 2))
            assert not picture.getexif()
            assert picture.info.keys().isdisjoint({"exif", "icc_profile", "comment", "xmp"})
    assert len(files()) == 3 * 4


def test_no_rendition_is_larger_than_the_photo() -> None:
    photo = a_photo(200, 100)
    work()
    photo.refresh_from_db()
    assert photo.renditions == [200]
    assert len(files()) == 3


def test_the_task_may_run_again_and_changes_nothing(monkeypatch) -> None:
    photo = a_photo(400, 200)
    renditions.make_renditions.call(photo.pk, str(photo.file))
    before = {name: default_storage.get_modified_time(f"photos/{name}") for name in files()}
    work()
    assert before == {name: default_storage.get_modified_time(f"photos/{name}") for name in before}
    assert files() == set(before)


def test_what_a_killed_worker_left_half_made_is_made_again() -> None:
    photo = a_photo(400, 200)
    half = photo.file.name.replace(".jpg", "-320.avif")
    default_storage.save(half, ContentFile(b"half"))
    work()
    assert stored(half).size == (320, 160)
    assert len(files()) == 6


def test_new_words_ask_for_no_new_renditions() -> None:
    photo = a_photo(200, 100)
    photo.alt = "Other words"
    photo.save()
    photo.save(update_fields=["alt"])
    assert DBTaskResult.objects.count() == 1


def test_a_replaced_file_goes_with_all_that_was_made_of_it(
    django_capture_on_commit_callbacks,
) -> None:
    photo = a_photo(400, 200)
    work()
    photo.refresh_from_db()
    old = files()
    with django_capture_on_commit_callbacks(execute=True):
        photo.file, photo.width, photo.height = ContentFile(a_jpeg(200, 100), "b.jpg"), 200, 100
        photo.save()
    assert not old & files()
    photo.refresh_from_db()
    assert photo.renditions == []
    work()
    photo.refresh_from_db()
    assert photo.renditions == [200]
    assert len(files()) == 3


def test_a_file_that_was_replaced_while_its_task_ran_leaves_nothing(monkeypatch) -> None:
    photo = a_photo(400, 200)
    develop = pictures.develop

    def slowly(*args, **kwargs):
        Photo.objects.update(file="photos/other.jpg")
        return develop(*args, **kwargs)

    monkeypatch.setattr(pictures, "develop", slowly)
    renditions.make_renditions.call(photo.pk, str(photo.file))
    assert files() == set()
    assert Photo.objects.get().renditions == []


def test_a_deleted_photo_goes_with_its_files(django_capture_on_commit_callbacks) -> None:
    photo = a_photo(400, 200)
    work()
    with django_capture_on_commit_callbacks(execute=True):
        Photo.objects.get(pk=photo.pk).delete()
    assert files() == set()


def test_the_admin_deletes_files_with_many_photos(
    editor: User, django_capture_on_commit_callbacks
) -> None:
    ids = [a_photo(200, 100).pk for _ in range(2)]
    form = {"action": "delete_selected", "_selected_action": ids, "post": "yes"}
    with django_capture_on_commit_callbacks(execute=True):
        logged_in(editor).post("/admin/newsroom/photo/", form)
    assert not Photo.objects.exists()
    assert files() == set()


def test_a_file_that_the_text_of_an_article_shows_stays(
    django_capture_on_commit_callbacks,
) -> None:
    photo = a_photo(200, 100)
    cast.an_article(body=f'Look: <img src="/media/{photo.file.name}" alt="A gradient">')
    with django_capture_on_commit_callbacks(execute=True):
        photo.delete()
    assert len(files()) == 1


# The page


def test_until_the_renditions_exist_the_original_is_shown_in_its_space(client: Client) -> None:
    article = cast.an_article(lead_photo=a_photo())
    page = client.get(article.get_absolute_url()).content.decode()
    [image] = re.findall(r"<img[^>]*>", page)
    assert f'src="{article.lead_photo.file.url}"' in image
    assert 'width="1000" height="500" alt="A gradient"' in image
    assert "srcset" not in page


def test_every_page_offers_the_sizes_a_screen_may_need(client: Client) -> None:
    article = cast.an_article(lead_photo=a_photo())
    work()
    base = article.lead_photo.file.url.removesuffix(".jpg")
    narrow = {
        "/": "(min-width: 800px) 760px, 100vw",
        "/world/": "(min-width: 720px) 160px, 96px",
        article.get_absolute_url(): "(min-width: 800px) 760px, 100vw",
    }
    for address, sizes in narrow.items():
        page = client.get(address).content.decode()
        for end in ("avif", "webp"):
            listed = ", ".join(f"{base}-{width}.{end} {width}w" for width in (320, 640, 960, 1000))
            assert f'<source type="image/{end}" srcset="{listed}" sizes="{sizes}">' in page
        assert f'{base}-960.jpg 960w, {base}.jpg 1000w" sizes="{sizes}"' in page
        assert 'width="1000" height="500" alt="A gradient"' in page
        assert " style=" not in page


def test_a_photo_in_the_text_has_its_sizes_too(client: Client) -> None:
    photo = a_photo()
    url = photo.file.url
    figure = (
        f'<figure><img src="{url}" alt="A &quot;hill&quot;" width="1000" height="500"></figure>'
    )
    article = cast.an_article(body=f"<p>Look:</p>{figure}")
    assert "<picture>" not in article.html
    work()
    base = url.removesuffix(".jpg")
    page = client.get(article.get_absolute_url()).content.decode()
    [sources] = re.findall("<figure><picture>(.*?)</picture></figure>", page)
    assert re.findall('type="([^"]*)"', sources) == ["image/avif", "image/webp", "image/jpeg"]
    assert f"{base}-320.avif 320w" in sources
    assert sources.endswith(
        f'<img src="{url}" alt="A &quot;hill&quot;" width="1000" height="500" loading="lazy">'
    )
    assert "<picture>" not in client.get("/feeds/atom/").content.decode()


def test_every_rendition_on_a_page_is_served_as_what_it_is(client: Client) -> None:
    article = cast.an_article(lead_photo=a_photo(400, 200))
    work()
    page = client.get(article.get_absolute_url()).content.decode()
    addresses = set(re.findall(r"/media/photos/[\w-]+\.\w+", page))
    assert len(addresses) == 6
    for address in addresses:
        answer = client.get(address)
        end = address.rpartition(".")[2]
        assert answer.status_code == 200
        assert answer["Content-Type"] == f"image/{end.replace('jpg', 'jpeg')}"
        assert answer["Content-Disposition"] == f'inline; filename="image.{end}"'
        assert Image.open(io.BytesIO(b"".join(answer))).format == FORMATS[end]


@pytest.mark.parametrize(
    "name", ["photos/a.html", "photos/a.svg", "photos/a.png", "a.jpg", "x/.jpg"]
)
def test_no_other_kind_of_file_is_served(client: Client, own_media: Path, name: str) -> None:
    (own_media / name).parent.mkdir(exist_ok=True)
    (own_media / name).write_text("<script>alert(1)</script>")
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    ("point", "classes"),
    [((50, 50), ""), ((0, 100), "focal-x-0 focal-y-10"), ((34, 57), "focal-x-3 focal-y-6")],
)
def test_the_focal_point_is_a_class_that_the_style_sheet_knows(
    point: tuple[int, int], classes: str, settings
) -> None:
    photo = Photo(file="photos/a.jpg", width=4, height=3, focal_x=point[0], focal_y=point[1])
    html = render_to_string("_photo.html", {"photo": photo})
    assert re.findall(r'class="([^"]*)"', html) == ([classes] if classes else [])
    css = (settings.BASE_DIR / "static" / "css" / "paper.css").read_text()
    for name in classes.split():
        axis, tens = name.split("-")[1:]
        assert f".{name} {{ --focal-{axis}: {int(tens) * 10}%; }}" in css


def test_pages_ask_no_more_of_the_database_for_renditions(
    client: Client, django_assert_num_queries
) -> None:
    photo = a_photo()
    work()
    photo.refresh_from_db()
    with django_assert_num_queries(0):
        render_to_string("_photo.html", {"photo": photo})


# The newsroom


def test_no_photo_without_a_description_is_published(editor: User) -> None:
    article = cast.an_article(status=Article.Status.DRAFT, lead_photo=a_photo(alt=" "))
    article.status = Article.Status.PUBLISHED
    with pytest.raises(ValidationError, match="no description"):
        article.full_clean()
    article.status = Article.Status.DRAFT
    article.full_clean()
    Photo.objects.update(alt="A gradient")
    article = Article.objects.get()
    article.status = Article.Status.PUBLISHED
    article.full_clean()


def test_a_photo_form_without_a_description_says_so(editor: User) -> None:
    form = {"file": ContentFile(a_jpeg(), "a.jpg"), "alt": " ", "focal_x": 50, "focal_y": 50}
    answer = logged_in(editor).post("/admin/newsroom/photo/add/", form)
    assert "This field is required" in answer.content.decode()
    assert not Photo.objects.exists()


def test_editors_see_their_photos_in_the_list_and_in_the_form(editor: User) -> None:
    photo = a_photo()
    desk = logged_in(editor)
    assert f'src="{photo.file.url}"' in desk.get("/admin/newsroom/photo/").content.decode()
    work()
    small = photo.file.url.replace(".jpg", "-320.jpg")
    for address in ("", f"{photo.pk}/change/"):
        page = desk.get(f"/admin/newsroom/photo/{address}").content.decode()
        assert f'src="{small}"' in page
        assert 'alt="A gradient"' in page
    assert "<img" not in desk.get("/admin/newsroom/photo/add/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_upload_is_opened_while_others_may_write(monkeypatch) -> None:
    """The admin's own transaction would hold SQLite's only write lock meanwhile."""
    open_while: list[bool] = []
    develop = pictures.develop

    def watched(*args, **kwargs):
        open_while.append(connection.in_atomic_block)
        return develop(*args, **kwargs)

    monkeypatch.setattr(pictures, "develop", watched)
    form = {"file": ContentFile(a_jpeg(), "a.jpg"), "alt": "A", "focal_x": 50, "focal_y": 50}
    answer = logged_in(cast.an_admin()).post("/admin/newsroom/photo/add/", form)
    assert answer.status_code == 302
    assert open_while == [False]
