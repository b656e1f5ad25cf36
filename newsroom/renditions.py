"""A photo in the sizes and formats that screens ask for: made once, and for no reader to wait."""

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks import task

from accounts import pictures
from newsroom.live import announce, publishing

WIDTHS = (320, 640, 960)  # and the photo's own
FORMATS = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
# Our own picture on nobody's time: on a slow machine it may take long, and readers go first.
LEISURE = {"seconds": 60, "timeout": 240, "nice": 10}


@task(priority=-10)
def make_renditions(id: int, name: str) -> None:
    """Make and record all that the photo with this file lacks. May run twice, or late: a file that
    was replaced or deleted meanwhile leaves nothing behind."""
    photos = apps.get_model("newsroom", "Photo").objects.filter(pk=id, file=name)
    photo = photos.first()
    if photo is None or photo.renditions:
        return
    with photo.file.open() as file:
        data = file.read()
    files = files_of(name, photo.width)
    wanted = [pictures.Wanted(FORMATS[end], width, photo.height) for width, end in files.values()]
    for path, made in zip(files, pictures.develop(data, wanted, **LEISURE), strict=True):
        default_storage.delete(path)  # of an attempt that was broken off
        default_storage.save(path, ContentFile(made.data))
    with publishing():
        is_still_there = photos.update(renditions=widths_for(photo.width))
        announce("paper", "photo", id)
    if not is_still_there:
        discard(name, photo.width)


def widths_for(whole: int) -> list[int]:
    return [*(width for width in WIDTHS if width < whole), whole]


def files_of(name: str, whole: int) -> dict[str, tuple[int, str]]:
    """Every rendition of a photo so wide, with its width and ending; the widest JPEG is the
    original."""
    return {
        named(name, width, end): (width, end)
        for end in FORMATS
        for width in widths_for(whole)
        if (width, end) != (whole, "jpg")
    }


def named(name: str, width: int, end: str) -> str:
    return f"{name.removesuffix('.jpg')}-{width}.{end}"


def discard(name: str, whole: int) -> None:
    """Delete a file that no photo has any more, and all that was made of it; but not what stands
    in the text of an article, or once did."""
    for model in ("Article", "ArticleVersion"):
        texts = apps.get_model("newsroom", model).objects
        if texts.filter(body__contains=name).exists():
            return
    for path in (name, *files_of(name, whole)):
        default_storage.delete(path)
