from dataclasses import dataclass


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
