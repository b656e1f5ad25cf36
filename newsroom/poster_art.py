"""How a poster looks: the headline large, below it the section and the paper, over the photo."""

import io
import unicodedata
from functools import cache
from pathlib import Path
from typing import IO

from PIL import Image, ImageDraw, ImageFont, ImageOps, features

WIDTH, HEIGHT = SIZE = 1200, 630  # what the large networks ask for
MARGIN = 64
SIZES = range(96, 43, -4)  # of the headline: the largest at which all of it fits
TALLEST = 340  # that the headline may be
SMALL = 32
INK, PAPER, ACCENT = "#16181a", "#f6f5f1", "#b93e0b"
LIGHT, LIGHT_ACCENT = "#ffffff", "#ff9a66"  # on a photo

# The first that has the letters draws them.
FONTS = [Path(__file__).parent / "fonts" / name for name in ("serif.ttf", "sans.ttf")]

Font = ImageFont.FreeTypeFont


def draw(
    headline: str,
    section: str,
    paper: str,
    photo: IO[bytes] | None,
    focus: tuple[int, int] = (50, 50),
) -> bytes:
    """A JPEG. `focus` is the point of the photo to be kept, in per cent."""
    picture = darkened(photo, focus) if photo else Image.new("RGB", SIZE, PAPER)
    ink, accent = (LIGHT, LIGHT_ACCENT) if photo else (INK, ACCENT)
    canvas = ImageDraw.Draw(picture)
    canvas.rectangle((0, 0, WIDTH, 12), fill=accent)
    bottom = HEIGHT - MARGIN
    small(canvas, (MARGIN, bottom), section, accent, "ls")
    small(canvas, (WIDTH - MARGIN, bottom), paper, ink, "rs")
    lines, font = set_in_lines(headline)
    x, anchor = (WIDTH - MARGIN, "rs") if is_rtl(headline) else (MARGIN, "ls")
    step = line_height(font)
    first = bottom - 2 * SMALL - step * (len(lines) - 1) if photo else MARGIN + step + SMALL
    for n, line in enumerate(lines):
        canvas.text((x, first + n * step), line, ink, font, anchor)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    return out.getvalue()


def can_draw(headline: str) -> bool:
    """Whether we have its letters and, where they are joined, can join them."""
    return font_for(headline) is not None


def darkened(photo: IO[bytes], focus: tuple[int, int]) -> Image.Image:
    """The photo cut to size, and from its middle down ever darker, for words to stand on."""
    with Image.open(photo, formats=["JPEG"]) as opened:
        opened.draft("RGB", SIZE)
        x, y = focus
        picture = ImageOps.fit(opened.convert("RGB"), SIZE, centering=(x / 100, y / 100))
    shade = Image.linear_gradient("L").resize(SIZE).point(lambda tone: min(230, tone * 4 // 3))
    picture.paste("black", mask=shade)
    return picture


def small(
    canvas: ImageDraw.ImageDraw, at: tuple[int, int], text: str, ink: str, anchor: str
) -> None:
    path = font_for(text)
    if path:
        canvas.text(at, drawable(text, path), ink, font_of(path, SMALL), anchor)


def set_in_lines(headline: str) -> tuple[list[str], Font]:
    """The headline in its font, as large as fits; cut off where even the smallest is too large."""
    path = font_for(headline) or FONTS[0]
    text = drawable(headline, path)
    for size in SIZES:
        font = font_of(path, size)
        lines = in_lines(text, font)
        fitting = TALLEST // line_height(font)
        if len(lines) <= fitting:
            return lines, font
    return [*lines[: fitting - 1], lines[fitting - 1].rstrip(" ,.;:–—-") + "…"], font


def line_height(font: Font) -> int:
    return round(font.size * 1.2)


def in_lines(text: str, font: Font) -> list[str]:
    width = WIDTH - 2 * MARGIN
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
            continue
        while font.getlength(word) > width:  # no language has such a word, but somebody will
            cut = int(len(word) * width / font.getlength(word))
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return [line for line in lines if line]


def font_for(text: str) -> Path | None:
    if is_rtl(text) and not (features.check("raqm") and features.check("fribidi")):
        return None
    letters = {c for c in text if unicodedata.category(c)[0] in "LN"}
    return next((path for path in FONTS if all(has(path, c) for c in letters)), None)


def drawable(text: str, path: Path) -> str:
    """It on one line, without the signs that the font lacks: an emoji, a control character."""
    return "".join(c for c in " ".join(text.split()) if c == " " or has(path, c))


def is_rtl(text: str) -> bool:
    """By its first letter that has a direction."""
    ways = (unicodedata.bidirectional(c) for c in text)
    return next((way for way in ways if way in ("L", "R", "AL")), "L") != "L"


@cache
def has(path: Path, c: str) -> bool:
    """What a font lacks it draws all alike. Marks stand on letters, and are not drawn alone."""
    if unicodedata.category(c) in ("Mn", "Me"):
        return True
    return seen(path, c) != seen(path, "\uffff")


def seen(path: Path, c: str) -> bytes:
    return bytes(font_of(path, SMALL).getmask(c))


@cache
def font_of(path: Path, size: int) -> Font:
    return ImageFont.truetype(path, size)
