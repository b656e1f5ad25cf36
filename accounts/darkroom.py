"""Opens a picture that somebody sent, and prints it anew from nothing but its pixels.

A program of its own, which pictures.py runs: what a hostile file does to a decoder it does here,
under limits of memory and time, without the site's settings, and able to write no file.
In: the picture. Out: a line of JSON, then the prints one after the other.
"""

import io
import json
import os
import resource
import sys
import warnings
from typing import Any

from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
SAVED: dict[str, dict[str, Any]] = {  # how each format is written
    "JPEG": {"quality": 82, "optimize": True, "progressive": True},
    "WEBP": {"quality": 75, "method": 4},
    # A third of the default speed's time, for files 5 % larger.
    "AVIF": {"quality": 55, "speed": 7, "max_threads": 1},
}
WHOLE = ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr")  # modes in which Pillow scales well
UPRIGHT = {  # how a picture with this EXIF orientation is turned
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LIES_DOWN = 5  # from this orientation on, width and height change places

Box = tuple[int, int]


class Refused(Exception):
    pass


def main() -> None:
    job = json.loads(sys.argv[1])
    shut_in(job["memory"], job["seconds"])
    os.nice(job["nice"])
    try:
        head, prints = printed(sys.stdin.buffer.read(), job["pixels"], job["prints"])
    except Refused as refusal:
        head, prints = {"refused": str(refusal)}, []
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + b"".join(prints))


def shut_in(memory: int, seconds: int) -> None:
    for limit, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def printed(
    data: bytes, pixels: int, wanted: list[tuple[str, int, int, bool]]
) -> tuple[dict[str, Any], list[bytes]]:
    box = max(w[1] for w in wanted), max(w[2] for w in wanted)
    try:
        picture = fresh(data, pixels, box, fills=any(w[3] for w in wanted))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused("pixels") from error
    except UnidentifiedImageError as error:
        raise Refused("format") from error
    except MemoryError as error:
        raise Refused("heavy") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("damaged") from error
    sizes, prints = [], []
    for format, width, height, fills in wanted:
        copy = middle(picture) if fills else picture.copy()
        copy.thumbnail((width, height))
        out = io.BytesIO()
        copy.save(out, format, **SAVED[format])
        sizes.append([*copy.size, len(out.getvalue())])
        prints.append(out.getvalue())
    return {"prints": sizes}, prints


def middle(picture: Image.Image) -> Image.Image:
    """The square in its middle."""
    side = min(picture.size)
    x, y = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((x, y, x + side, y + side))


def fresh(data: bytes, pixels: int, box: Box, fills: bool) -> Image.Image:
    """On a new canvas, upright, in the web's colours, and no larger than the box; where it is to
    fill the box, its shorter side is as long as the box's."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = pixels
    if data[8:12] == b"WEBP" and webp_pixels(data) > pixels:
        raise Refused("pixels")
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        # The JPEG opener may answer with MPO, several pictures in one file.
        if picture.format not in FORMATS or getattr(picture, "n_frames", 1) > 1:
            raise Refused("frames")
        if fills:
            short = min(picture.size)
            box = box[0] * picture.width // short, box[1] * picture.height // short
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
        small = picture if picture.mode in WHOLE else picture.convert("RGBA")
        # Before anything else, so that only this step knows all the pixels.
        small.thumbnail(box[::-1] if orientation >= LIES_DOWN and not fills else box)
        upright = in_srgb(small).convert("RGBA")
    if orientation in UPRIGHT:
        upright = upright.transpose(UPRIGHT[orientation])
    canvas = Image.new("RGB", upright.size, "white")
    canvas.paste(upright, mask=upright)
    return canvas


def webp_pixels(data: bytes) -> int:
    """Its opener takes the memory of two whole frames before it says how large they are."""
    if data[12:16] == b"VP8X":
        width, height = number(data[24:27]) + 1, number(data[27:30]) + 1
    elif data[12:16] == b"VP8L":
        bits = number(data[21:25])
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = number(data[26:28]) & 0x3FFF, number(data[28:30]) & 0x3FFF
    return width * height


def number(octets: bytes) -> int:
    return int.from_bytes(octets, "little")


def in_srgb(picture: Image.Image) -> Image.Image:
    """What a wide-gamut camera took would look pale without its profile, which stays behind."""
    profile = picture.info.get("icc_profile")
    if not profile:
        return picture
    mode = "RGBA" if picture.mode in ("LA", "RGBA") else "RGB"
    try:
        theirs = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, theirs, srgb, outputMode=mode) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture  # a broken profile, or one for another kind of picture


if __name__ == "__main__":
    main()
