"""Bars, drawn on the server: where each stands, for `comments/_bars.html`."""

from collections.abc import Iterable
from typing import Any

WIDE, HIGH = 300, 100
LABELS = 6  # at most so many have room under the bars
VALUES = 12  # and so many above them


def bars(values: Iterable[tuple[Any, int]]) -> list[dict[str, Any]]:
    """Each (label, value) as a bar of a chart of 300 by 100, the greatest as high as it."""
    values = list(values)
    most = max((value for _label, value in values), default=0) or 1
    step = WIDE / max(len(values), LABELS)  # a bar alone is no wall
    every = -(-len(values) // LABELS)
    return [
        {
            "label": label,
            "value": value,
            "x": round(number * step + 2, 1),
            "width": round(step - 4, 1),
            "y": round(HIGH - HIGH * value / most, 1),
            "height": round(HIGH * value / most, 1),
            "middle": round((number + 0.5) * step, 1),
            "has_label": number % every == 0,
            "has_value": bool(value) and len(values) <= VALUES,
        }
        for number, (label, value) in enumerate(values)
    ]
