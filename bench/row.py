from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """Something measured, beside what it must keep up with or beat. The figure says the unit, which
    is milliseconds where it says none."""

    figure: str
    value: float
    reference: float
    ratio: float
    target: str
    met: bool


def at_most(figure: str, value: float, reference: float, limit: float) -> Row:
    return judged(figure, value, reference, f"at most {limit:g}", value <= limit * reference)


def at_least(figure: str, value: float, reference: float, limit: float) -> Row:
    return judged(figure, value, reference, f"at least {limit:g}", value >= limit * reference)


def judged(figure: str, value: float, reference: float, target: str, met: bool) -> Row:
    ratio = value / reference if reference else value
    return Row(figure, round(value, 2), round(reference, 2), round(ratio, 2), target, met)


def in_turns(rounds: int, *sides: Callable[[], float]) -> list[float]:
    """The median of each side, all of them measured in turns; the first round only warms up."""
    measured = [[side() for side in sides] for _ in range(rounds + 1)]
    return [median(values) for values in zip(*measured[1:], strict=True)]
