"""Pictures for the demo paper, drawn with Pillow alone.

Every scene takes a random generator, so that two articles with the same scene differ and the
same article always looks the same.
"""

import io
import random
from collections.abc import Callable

from comments.demo.drawings import halls, land, sport, town, water
from comments.demo.drawings.canvas import HEIGHT, WIDTH, Canvas

__all__ = ["HEIGHT", "SCENES", "WIDTH", "draw"]

JPEG_QUALITY = 82

SCENES: dict[str, Callable[[Canvas, random.Random], None]] = {
    scene.__name__: scene
    for scene in (
        halls.concert,
        halls.laboratory,
        halls.library,
        land.glacier,
        land.observatory,
        land.railway,
        land.village,
        land.wheat,
        sport.chess,
        sport.pool,
        sport.stadium,
        town.bank,
        town.city,
        town.market,
        town.museum,
        water.bridge,
        water.embankment,
        water.harbour,
        water.lighthouse,
    )
}


def draw(scene: str, seed: str) -> bytes:
    """Return a scene as a JPEG of 1600 by 900; the same scene and seed give the same bytes."""
    rng = random.Random(f"{scene}:{seed}")  # noqa: S311 - repeatable on purpose, guards nothing
    canvas = Canvas()
    SCENES[scene](canvas, rng)
    out = io.BytesIO()
    canvas.finish(rng).save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return out.getvalue()
