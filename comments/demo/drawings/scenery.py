"""What stands in more than one picture: hills, trees, towers, birds and people."""

import math
from random import Random

from comments.demo.drawings.canvas import (
    CREAM,
    DEEP,
    GREEN,
    HEIGHT,
    INK,
    LAMP,
    NAVY,
    OCHRE,
    RUST,
    SAND,
    WIDTH,
    Colour,
    Pen,
    Point,
    mix,
)


def ridge(rng: Random, base: float, amp: float) -> list[Point]:
    """The outline of soft hills around a base line, closed along the foot of the picture."""
    waves = [
        (rng.uniform(0.5, 1), rng.uniform(2, 4) * 2**i, rng.uniform(0, 6.3), 0.5**i)
        for i in range(4)
    ]
    line = [
        (x, base + amp * sum(a * w * math.sin(x / WIDTH * f + p) for a, f, p, w in waves))
        for x in range(0, WIDTH + 1, 10)
    ]
    return [(0, HEIGHT), *line, (WIDTH, HEIGHT)]


def cloud(c: Pen, rng: Random, colour: Colour) -> None:
    x, y = rng.uniform(0, WIDTH), rng.uniform(60, 240)
    for _ in range(6):
        rx, ry = rng.uniform(70, 170), rng.uniform(12, 26)
        dx, dy = rng.uniform(-150, 150), rng.uniform(-16, 10)
        c.oval(x + dx - rx, y + dy - ry, x + dx + rx, y + dy + ry, colour)


def birds(c: Pen, rng: Random, count: int, rows: tuple[int, int], colour: Colour) -> None:
    x0 = rng.uniform(200, 1200)
    for _ in range(count):
        x, y, size = x0 + rng.uniform(-180, 180), rng.uniform(*rows), rng.uniform(8, 17)
        wings = [(-1, -0.4), (-0.4, -0.5), (0, 0), (0.4, -0.5), (1, -0.4)]
        c.line([(x + dx * size, y + dy * size) for dx, dy in wings], colour, 2.2)


def fir(c: Pen, x: float, foot: float, height: float, colour: Colour) -> None:
    p = c.at(x, foot, height)
    for tier in range(4):
        top = 0.2 * tier - 1
        p.turned([(0, top), (0.1 + 0.065 * tier, top + 0.38)], colour)


def tree(c: Pen, rng: Random, x: float, foot: float, height: float, leaf: Colour) -> None:
    p = c.at(x, foot, height)
    p.rect(-0.025, -0.5, 0.025, 0, mix(INK, RUST, 0.3))
    for _ in range(14):
        dx, dy = rng.gauss(0, 0.13), rng.gauss(0, 0.13)
        shade = mix(leaf, rng.choice((INK, CREAM)), rng.uniform(0, 0.16))
        p.disc(dx, dy - 0.68, rng.uniform(0.1, 0.17), shade)


def person(c: Pen, rng: Random, x: float, foot: float, scale: float = 1) -> None:
    p = c.at(x, foot, scale)
    coat = mix(rng.choice((INK, DEEP, RUST, NAVY, GREEN, OCHRE)), INK, 0.25)
    p.turned([(4.6, 0), (6.9, -23), (5.5, -37)], coat)
    p.disc(0, -41.4, 4.6, mix(SAND, RUST, rng.uniform(0.1, 0.7)))


def spaced(rng: Random, start: int, stop: int, step: int) -> list[float]:
    """Places at about equal distances."""
    return [x + rng.uniform(-0.2, 0.2) * step for x in range(start, stop, step)]


def skyline(c: Pen, rng: Random, base: int, tall: int, colour: Colour, lit: float = 0) -> None:
    """A row of towers; lit is the share of windows with a light."""
    x = -rng.randint(0, 60)
    while x < WIDTH:
        width, top = rng.randint(44, 120), base - rng.randint(tall // 3, tall)
        shade = mix(colour, INK, rng.uniform(0, 0.18))
        c.rect(x, top, x + width, base, shade)
        if rng.random() < 0.3:
            c.rect(x + width * 0.25, top - 26, x + width * 0.75, top, shade)
        if rng.random() < 0.2:
            c.rect(x + width / 2 - 1, top - 60, x + width / 2 + 1, top, shade)
        for y in range(top + 12, base - 18, 16) if lit else ():
            for left in range(x + 8, x + width - 8, 13):
                if rng.random() < lit:
                    c.rect(
                        left, y, left + 5, y + 7, rng.choice((LAMP, LAMP, CREAM, (248, 176, 96)))
                    )
        x += width + rng.choice((0, 0, 6, 24))
