"""Rooms: a concert hall, a library, a laboratory."""

import math
from collections.abc import Sequence
from random import Random

from comments.demo.drawings.canvas import (
    CREAM,
    DAYS,
    DEEP,
    DUSKS,
    GREEN,
    HEIGHT,
    INK,
    LAMP,
    NAVY,
    OCHRE,
    ORANGE,
    RED,
    RUST,
    SAND,
    SEA,
    WIDTH,
    Canvas,
    Colour,
    Pen,
    Point,
    both_sides,
    mix,
)

GLASS: Colour = (226, 238, 238)


def concert(c: Canvas, rng: Random) -> None:
    """A concert hall from the back rows: seats, a bright stage, organ pipes."""
    wood = rng.choice(((150, 92, 48), (128, 78, 58), (110, 86, 70)))
    cloth = rng.choice(((150, 44, 36), (36, 66, 104), (172, 84, 36)))
    c.gradient(0, HEIGHT, [mix(INK, wood, 0.2), mix(INK, wood, 0.45), mix(wood, INK, 0.3)])
    boxes(c.at(0, 0), wood)
    boxes(c.at(WIDTH, 0, side=-1), wood)
    stage = c.at(800, 0)
    stage.turned([(370, 560), (330, 130)], mix(wood, LAMP, 0.35))
    pipes(c, mix(OCHRE, CREAM, 0.35), rng.random() < 0.5)
    stage.glow(0, 470, 640, LAMP, 0.6)
    stage.turned([(370, 470), (470, 572)], mix(OCHRE, LAMP, 0.5))
    stage.rect(-470, 572, 470, 604, mix(wood, INK, 0.4))
    count = rng.choice((4, 4, 5, 6))
    for index in range(count):
        x = 800 + (index - (count - 1) / 2) * 106 + rng.randint(-10, 10)
        player(c.at(x, 556, side=1 if index < count / 2 else -1), rng)
    for row in range(7):
        y = 612 + row * 34 + row * row * 3
        seats(c, y, 26 + row * 8, row % 2 / 2, mix(cloth, INK, 0.62 - row * 0.08))
    for x in (560, 800, 1040):
        c.glow(x, 30, 160, LAMP, 0.5)


def boxes(p: Pen, wood: Colour) -> None:
    """Two tiers of boxes along a wall, drawn towards the stage."""
    shade = mix(wood, INK, 0.7)
    for outer, inner, drop in ((150, 250, 84), (330, 372, 76)):
        near, far = outer + drop, inner + drop / 2
        p.poly([(0, near), (430, far), (430, far + drop * 0.4), (0, near + drop * 0.9)], shade)
        p.poly([(0, outer), (430, inner), (430, far), (0, near)], mix(wood, OCHRE, 0.35))
        for x in range(40, 430, 88):
            y = outer + (inner - outer) * x / 430 + drop
            p.glow(x, y + drop * 0.15, 60, LAMP, 0.45)
            p.disc(x, y + drop * 0.05, 5, CREAM)


def pipes(c: Canvas, metal: Colour, high_inside: bool) -> None:
    for pipe in range(35):
        bend = abs(pipe % 12 - 6) / 6
        p = c.at(498 + pipe * 17.6, 420)
        top = -250 + 90 * (bend if high_inside else 1 - bend)
        p.rect(0, top, 14, 0, metal)
        p.rect(9, top, 14, 0, mix(metal, RUST, 0.4))
        p.poly([(0, -28), (14, -28), (7, -12)], mix(metal, INK, 0.6))
    c.rect(486, 420, 1118, 470, mix(RUST, OCHRE, 0.35))


def player(p: Pen, rng: Random) -> None:
    """A musician with a fiddle and a bow, before a music stand."""
    p.turned([(22, 0), (16, -66)], INK)
    p.disc(0, -82, 13, mix(SAND, RUST, rng.uniform(0.2, 0.6)))
    p.oval(-10, -50, 18, -10, RUST)
    p.line([(-26, -60), (34, -22)], SAND, 2)
    p.line([(44, 0), (44, -46)], INK, 3)
    p.poly([(30, -52), (62, -60), (62, -40), (30, -32)], CREAM)


def seats(c: Canvas, y: float, size: float, shift: float, cloth: Colour) -> None:
    for index in range(-16, 17):
        x = (index + shift) * size * 2.1
        p = c.at(800 + x, y + 20 - 34 * (x / 800) ** 2, size)
        p.pill(-1, 0, 1, 3.4, 0.7, mix(cloth, CREAM, 0.14))
        p.pill(-1, 0.16, 1, 3.4, 0.7, cloth)


def library(c: Canvas, rng: Random) -> None:
    """Shelves to the ceiling, reading desks with lit lamps."""
    wood = rng.choice(((112, 70, 44), (86, 60, 50), (128, 88, 56)))
    c.gradient(0, HEIGHT, [mix(wood, INK, 0.55), mix(wood, INK, 0.3)])
    gap = rng.randint(600, 720)
    for y in range(114, 640, 102):
        for left, right in ((0, gap), (gap + 240, WIDTH)):
            c.rect(left, y, right, y + 14, mix(wood, OCHRE, 0.25))
            books(c, rng, left + 14, right - 14, y)
    for x in (0, gap - 14, gap + 240, WIDTH - 14):
        c.rect(x, 0, x + 14, 660, mix(wood, OCHRE, 0.2))
    arched_window(c, gap + 20, rng.choice(DUSKS + DAYS))
    ladder(c, rng.choice((rng.randint(120, 320), rng.randint(1150, 1400))))
    c.gradient(640, HEIGHT, [mix(wood, INK, 0.5), mix(wood, INK, 0.75)])
    for y, step, scale in ((716, 262, 0.8), (806, 388, 1.2)):
        c.rect(0, y, WIDTH, y + 16 * scale, mix(wood, LAMP, 0.3))
        c.rect(0, y + 16 * scale, WIDTH, y + 64 * scale, mix(wood, INK, 0.45))
        for x in range(rng.randint(60, 130), WIDTH, step):
            desk_lamp(c.at(x, y, scale))


def books(c: Canvas, rng: Random, left: float, right: float, shelf: float) -> None:
    spines = [RUST, DEEP, OCHRE, GREEN, NAVY, mix(SAND, OCHRE, 0.4), (122, 42, 40), SEA, CREAM]
    x = left
    while x < right - 24:
        if rng.random() < 0.04:
            x += rng.uniform(16, 50)
            continue
        width, height = rng.uniform(10, 26), rng.uniform(52, 78)
        cloth = mix(rng.choice(spines), INK, rng.uniform(0.1, 0.4))
        c.rect(x, shelf - height, x + width, shelf, cloth)
        for band in (0.2, 0.76) if width > 15 else ():
            c.dash(x + width / 2, shelf - height * band, width, mix(cloth, LAMP, 0.5), 3)
        x += width + 1.5


def arched_window(c: Canvas, left: int, sky: Sequence[Colour]) -> None:
    c.disc(left + 100, 250, 100, sky[0])
    c.gradient(250, 640, sky, left, left + 200)
    for x in (left + 66, left + 133):
        c.rect(x - 3, 150, x + 3, 640, INK)
    for y in range(250, 640, 96):
        c.rect(left, y, left + 200, y + 5, INK)
    c.glow(left + 100, 430, 330, sky[-1], 0.3)


def ladder(c: Canvas, x: float) -> None:
    wood = mix(OCHRE, CREAM, 0.2)
    for foot in (x, x + 76):
        c.line([(foot, 690), (foot + 90, 60)], wood, 8)
    for rung in range(11):
        left = x + 4 + rung * 8
        c.line([(left, 660 - rung * 56), (left + 76, 660 - rung * 56)], wood, 6)


def desk_lamp(p: Pen) -> None:
    """A lamp with a green shade, and an open book in its light."""
    p.glow(0, -20, 150, LAMP, 0.7)
    p.rect(-3, -70, 3, 0, OCHRE)
    p.oval(-26, -8, 26, 4, OCHRE)
    p.turned([(52, -52), (34, -84)], (40, 122, 92))
    p.rect(-50, -53, 50, -47, CREAM)
    p.poly([(90, -4), (50, -14), (44, 2), (90, 6)], mix(CREAM, OCHRE, 0.1))
    p.poly([(90, -4), (130, -14), (136, 2), (90, 6)], mix(CREAM, OCHRE, 0.3))


def laboratory(c: Canvas, rng: Random) -> None:
    """Glass vessels with coloured liquids on a bench."""
    cool, warm = [(222, 232, 230), (190, 214, 216)], [(238, 228, 208), (222, 204, 172)]
    wall = rng.choice((cool, warm, [(150, 186, 196), (206, 220, 214)]))
    c.gradient(0, 690, wall)
    window(c, rng.randint(760, 900), mix(wall[0], CREAM, 0.7))
    c.rect(0, 250, 560, 266, mix(wall[1], INK, 0.35))
    for x in range(40, 540, rng.choice((62, 74, 86))):
        bottle(c.at(x, 250), rng)
    c.gradient(690, HEIGHT, [mix(DEEP, SEA, 0.3), mix(NAVY, INK, 0.2)])
    c.rect(0, 690, WIDTH, 704, mix(SEA, CREAM, 0.35))
    makers = [flask, round_flask, beaker, cylinder, flask, rack, round_flask, beaker]
    rng.shuffle(makers)
    liquids = [ORANGE, SEA, OCHRE, (70, 146, 136), RED, DEEP, LAMP, (96, 152, 190)]
    rng.shuffle(liquids)
    for index, (maker, liquid) in enumerate(zip(makers, liquids, strict=True)):
        x, foot = 120 + index * 194 + rng.randint(-16, 16), 742 + rng.randint(0, 60)
        maker(c.at(x, foot), rng, liquid)


def window(c: Canvas, left: int, frame: Colour) -> None:
    c.rect(left - 16, 84, left + 576, 520, frame)
    for x in range(left, left + 570, 190):
        c.rect(x, 100, x + 178, 296, mix(SEA, CREAM, 0.55))
        c.rect(x, 306, x + 178, 502, mix(SEA, CREAM, 0.75))
    c.glow(left + 280, 260, 520, CREAM, 0.55)


def bottle(p: Pen, rng: Random) -> None:
    high, brown = rng.uniform(80, 130), rng.choice((RUST, DEEP, GREEN, mix(OCHRE, RUST, 0.5)))
    p.rect(0, -high, 46, 0, mix(brown, INK, 0.15))
    p.rect(12, -high - 26, 34, -high, mix(brown, INK, 0.3))
    p.rect(6, -high * 0.7, 40, -high * 0.3, CREAM)
    p.rect(4, -high + 6, 8, -8, mix(brown, CREAM, 0.5))


def vessel(p: Pen, halves: list[Point], level: float, liquid: Colour) -> None:
    """A glass, turned from halves with the foot first, filled up to a level, and its shadow."""
    widest = max(half for half, _ in halves)
    p.oval(-widest - 6, -10, widest + 60, 18, mix(NAVY, INK, 0.5))
    p.turned(halves, mix(GLASS, SEA, 0.14))
    wet = [(half - 4, y) for half, y in halves if y > level]
    (half0, y0), (half1, y1) = halves[len(wet) - 1 : len(wet) + 1]
    brim = half0 + (half1 - half0) * (level - y0) / (y1 - y0) - 4
    p.turned([*wet, (brim, level)], liquid)
    p.oval(-brim, level - 7, brim, level + 7, mix(liquid, CREAM, 0.35))
    outline = both_sides(halves)
    p.line([*outline, outline[0]], mix(DEEP, SEA, 0.4), 4)


def flask(p: Pen, rng: Random, liquid: Colour) -> None:
    high = rng.uniform(210, 270)
    level = -high * rng.uniform(0.25, 0.5)
    vessel(p, [(74, 0), (86, -16), (20, -high * 0.62), (20, -high)], level, liquid)
    p.rect(-26, -high - 8, 26, -high + 2, GLASS)
    p.line([(-62, -30), (-28, -high * 0.5)], CREAM, 5)


def round_flask(p: Pen, rng: Random, liquid: Colour) -> None:
    r = rng.uniform(70, 84)
    angles = [step / 10 for step in range(3, 29)]
    belly = [(r * math.sin(angle), r * math.cos(angle) - r - 16) for angle in angles]
    neck = -2 * r - 136
    vessel(p, [*belly, (18, -2 * r - 16), (18, neck)], -r * rng.uniform(1, 1.4) - 16, liquid)
    p.rect(-52, -18, 52, 0, mix(RUST, OCHRE, 0.3))
    p.rect(-24, neck - 8, 24, neck + 2, GLASS)
    p.line([(-r * 0.66, -r - 2), (-r * 0.62, -r - 32), (-r * 0.4, -r * 1.6 - 16)], CREAM, 6)


def beaker(p: Pen, rng: Random, liquid: Colour) -> None:
    high, half = rng.uniform(130, 180), rng.uniform(56, 70)
    level = -high * rng.uniform(0.35, 0.75)
    vessel(p, [(half, 0), (half, 16 - high), (half + 5, -high)], level, liquid)
    for mark in range(5):
        p.dash(half - 22, -20 - mark * high / 6, 24, CREAM, 3)
    p.line([(16 - half, -14), (16 - half, 30 - high)], CREAM, 5)


def cylinder(p: Pen, rng: Random, liquid: Colour) -> None:
    high = rng.uniform(280, 340)
    vessel(p, [(27, 0), (27, -high)], -high * rng.uniform(0.3, 0.8), liquid)
    p.rect(-52, -8, 52, 4, mix(GLASS, SEA, 0.4))
    for mark in range(12):
        y = -30 - mark * high / 14
        p.rect(6 if mark % 3 else 0, y, 22, y + 2.5, CREAM)
    p.line([(-15, -24), (-15, 16 - high)], CREAM, 4)


def rack(p: Pen, rng: Random, liquid: Colour) -> None:
    for tube in range(4):
        level, shade = rng.uniform(-110, -60), mix(liquid, CREAM, tube * 0.2)
        vessel(p.at(-64 + tube * 42, 0), [(0, -12), (14, -26), (14, -170)], level, shade)
    for y in (-132, -20):
        p.rect(-94, y, 94, y + 16, mix(OCHRE, RUST, 0.3))
    for post in (-94, 84):
        p.rect(post, -132, post + 10, 0, mix(RUST, INK, 0.2))
