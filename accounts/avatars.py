"""The picture beside a name: taken in, kept in two sizes, and gone when it is no longer theirs."""

import secrets
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from django_tasks import task

from accounts import pictures

LARGEST_FILE = 4 * 1024 * 1024
LARGEST_PIXELS = 16_000_000
SMALL, LARGE = 80, 256  # beside a comment and on the person's page, on a screen of fine pixels


def take_in(file: IO[bytes], size: int) -> str:
    """Keep the middle square of this picture, anew, under a name of our own, which is returned.

    Raises ValidationError with a sentence for whoever uploaded it.
    """
    if size > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 4 MiB. Please save it smaller."))
    wanted = [pictures.Wanted("WEBP", side, side, square=True) for side in (SMALL, LARGE)]
    small, large = pictures.develop(file.read(), wanted, pixels=LARGEST_PIXELS)
    name = secrets.token_hex(12)
    default_storage.save(path(name, SMALL), ContentFile(small.data))
    default_storage.save(path(name, LARGE), ContentFile(large.data))
    return name


@task()
def discard(name: str) -> None:
    """Delete the files; those that are gone already are no error."""
    for size in (SMALL, LARGE):
        default_storage.delete(path(name, size))


def path(name: str, size: int) -> str:
    return f"avatars/{name}-{size}.webp"


def address(name: str, size: int) -> str:
    return default_storage.url(path(name, size))
