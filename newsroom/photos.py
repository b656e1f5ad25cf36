"""Taking in a photo: opened under limits, and saved again from fresh pixels."""

from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from accounts import pictures

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
ORIGINAL = pictures.Wanted("JPEG", 1600, 6400)


def take_in(file: IO[bytes], size: int) -> tuple[ContentFile, int, int]:
    """A JPEG of nothing but the picture, with its width and height.

    Raises ValidationError with a sentence for whoever uploaded it.
    """
    if size > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 10 MiB. Please save it smaller."))
    [original] = pictures.develop(file.read(), [ORIGINAL], pixels=LARGEST_PIXELS)
    return ContentFile(original.data, "photo.jpg"), original.width, original.height
