"""Pictures that people send. This process never decodes one: it asks darkroom.py, on a leash."""

import json
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DARKROOM = Path(__file__).with_name("darkroom.py")
MEMORY = 512 * 1024 * 1024  # of the child's addresses: a JPEG or PNG of 40 million pixels fits
MILLION = 1_000_000

REFUSALS = {
    "format": gettext_lazy("This is no picture we can read. Please save it as JPEG, PNG or WebP."),
    "frames": gettext_lazy(
        "This file holds several pictures, or one that moves. Please save the one you mean as a "
        "plain JPEG, PNG or WebP."
    ),
    "damaged": gettext_lazy(
        "This picture is damaged or not complete. Please save it again, as JPEG, PNG or WebP."
    ),
    "heavy": gettext_lazy(
        "This picture takes too much memory or time to open. Please scale it down, or save it as "
        "JPEG."
    ),
}

logger = logging.getLogger(__name__)


class Wanted(NamedTuple):
    """One print: as large as fits into the box, and never larger than the picture."""

    format: str  # JPEG, WEBP or AVIF
    width: int
    height: int
    square: bool = False  # the picture's middle, with what is too long on either side cut off


class Print(NamedTuple):
    data: bytes
    width: int
    height: int


def develop(
    data: bytes,
    wanted: Sequence[Wanted],
    *,
    pixels: int = 40 * MILLION,
    seconds: int = 5,
    timeout: float = 8,
    nice: int = 0,
) -> list[Print]:
    """The prints that are wanted, of the bytes of a JPEG, PNG or WebP file. `seconds` is of the
    processor, `timeout` of the clock. It takes 0.1 s and more: never inside a transaction.

    Raises ValidationError with a sentence for whoever sent it.
    """
    limits = {"memory": MEMORY, "seconds": seconds, "nice": nice, "pixels": pixels}
    job = json.dumps({**limits, "prints": wanted})
    try:
        child = subprocess.run(  # noqa: S603 - our own program, and no word of it from outside
            [sys.executable, "-I", str(DARKROOM), job],
            input=data,
            capture_output=True,
            timeout=timeout,
            check=True,
            env={},
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        said = (error.stderr or b"").decode(errors="replace").strip().rpartition("\n")[2]
        logger.warning("picture_not_opened %s %r", type(error).__name__, said[:200])
        raise refusal("heavy", pixels) from error
    head, _newline, rest = child.stdout.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise refusal(answer["refused"], pixels)
    prints = []
    for width, height, length in answer["prints"]:
        prints.append(Print(rest[:length], width, height))
        rest = rest[length:]
    return prints


def refusal(reason: str, pixels: int) -> ValidationError:
    if reason == "pixels":
        sentence = _("This picture has more than %(number)d million pixels. Please scale it down.")
        return ValidationError(sentence % {"number": pixels // MILLION}, reason)
    return ValidationError(REFUSALS[reason], reason)
