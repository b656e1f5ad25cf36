"""Taking in a photo: decoded under limits, and saved again from fresh pixels."""

import io
import warnings
from typing import IO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
WIDEST = 1600


def take_in(file: IO[bytes], size: int) -> tuple[ContentFile, int, int]:
    """A JPEG of nothing but the picture, with its width and height.

    Raises ValidationError with a sentence for whoever uploaded it.
    """
    if size > LARGEST_FILE:
        raise ValidationError(_("This file is larger than 10 MiB. Please save it smaller."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = fresh_pixels(file)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError) as error:
        raise ValidationError(
            _("This is no picture we can read. Please save it as JPEG, PNG or WebP.")
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_many_pixels() from error
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), "photo.jpg"), picture.width, picture.height


def fresh_pixels(file: IO[bytes]) -> Image.Image:
    """The picture turned upright on a new canvas: no EXIF, no GPS, no comment comes along."""
    with Image.open(file, formats=FORMATS) as picture:
        # The JPEG opener may answer with MPO, several pictures in one file.
        if picture.format not in FORMATS or getattr(picture, "n_frames", 1) > 1:
            raise ValueError(picture.format)
        if picture.width * picture.height > LARGEST_PIXELS:
            raise too_many_pixels()
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((WIDEST, WIDEST * 4))
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright)
    return canvas


def too_many_pixels() -> ValidationError:
    return ValidationError(_("This picture has more than 40 million pixels. Please scale it down."))
