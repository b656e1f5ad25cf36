"""Mountains, fields, and what people built among them."""

import math
from collections.abc import Sequence
from random import Random

from comments.demo.drawings.canvas import (
    CREAM,
    DAYS,
    DEEP,
    DUSKS,
    FOAM,
    GREEN,
    HEIGHT,
    INK,
    LAMP,
    NAVY,
    NIGHTS,
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
    arc,
    mix,
)
from comments.demo.drawings.scenery import fir, ridge, spaced

ICE: Colour = (214, 230, 234)


def glacier(c: Canvas, rng: Random) -> None:
    """Mountain ridges one behind another, with a glacier winding down between them."""
    sky = rng.choice(DAYS + DUSKS[1:2])
    c.gradient(0, HEIGHT, sky)
    c.glow(rng.randint(200, 1400), 240, 460, sky[-1], 0.7)
    far = mix(sky[0], SEA, 0.4)
    peaks(c, rng, far, mix(CREAM, sky[0], 0.25))
    middle = rng.randint(700, 900)
    mist = mix(far, sky[-1], 0.35)
    c.fade(290, 490, mist, 1)
    c.gradient(490, HEIGHT, [mist, mix(far, DEEP, 0.6)])
    ice(c, rng, middle)
    slope = mix(DEEP, SEA, 0.45)
    for top, inset, shade in ((400, 100, slope), (570, 230, mix(slope, NAVY, 0.5))):
        for side in (-1, 1):
            outer, inner = (0 if side < 0 else WIDTH), middle + side * inset
            foot = (inner, HEIGHT + 20)
            a, b = sorted([(outer, top + rng.uniform(-50, 50)), foot])
            c.poly([(outer, HEIGHT + 20), a, *jagged(rng, a, b, 90)], shade)
    c.fade(600, HEIGHT, mix(sky[1], DEEP, 0.3), 0.35)
    c.poly(ridge(rng, 830, 40), mix(NAVY, INK, 0.5))
    for _ in range(46):
        fir(c, rng.uniform(0, WIDTH), rng.uniform(850, 915), rng.uniform(40, 100), INK)


def peaks(c: Canvas, rng: Random, rock: Colour, snow: Colour) -> None:
    x = -160.0
    while x < WIDTH:
        half, top, foot = rng.uniform(190, 300), 400 - rng.uniform(112, 250), 490.0
        peak = (x + half, top)
        left = [(x, foot), *jagged(rng, (x, foot), peak, 40)]
        right = jagged(rng, peak, (x + 2 * half, foot), 40)
        c.poly([*left, *right], rock)
        c.poly([peak, *right, (x + half * 0.9, foot)], mix(rock, NAVY, 0.22))
        cut = top + (400 - top) * 0.42
        cap = [point for point in left + right if point[1] < cut]
        drip = [(q[0] + rng.uniform(-12, 12), cut + rng.uniform(-26, 34)) for q in cap[::-2]]
        c.poly(cap + drip, snow)
        x += half * rng.uniform(0.9, 1.3)


def jagged(rng: Random, a: Point, b: Point, rough: float) -> list[Point]:
    """The points after a up to b of a broken line, by displacing midpoints."""
    if b[0] - a[0] < 14:
        return [b]
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + rng.uniform(-rough, rough))
    return jagged(rng, a, middle, rough * 0.52) + jagged(rng, middle, b, rough * 0.52)


def ice(c: Canvas, rng: Random, middle: int) -> None:
    """The tongue of a glacier, with crevasses and dark stripes of rubble."""
    phase = rng.uniform(0, 6.3)
    rows = [float(y) for y in range(380, HEIGHT + 10, 5)]

    def place(lane: float, y: float) -> float:
        centre = middle + 70 * math.sin((y - 420) / 105 + phase) * (y - 180) / 600
        return centre + lane * (16 + (y - 380) ** 0.91)

    def strip(a: float, b: float) -> list[Point]:
        return [(place(a, y), y) for y in rows] + [(place(b, y), y) for y in rows[::-1]]

    c.poly(strip(-1, 1), ICE)
    for lane, tint in ((-0.55, 0.18), (-0.2, 0.3), (0.25, 0.22), (0.6, 0.3)):
        c.poly(strip(lane, lane + 0.14), mix(ICE, SEA, tint))
    for _ in range(120):
        y = rng.choice(rows)
        x, length = place(rng.uniform(-0.8, 0.8), y), 10 + (y - 420) * 0.12
        shade = mix(ICE, DEEP, rng.uniform(0.2, 0.5))
        c.line([(x - length, y), (x, y + 5), (x + length, y + 1)], shade, 2)


def wheat(c: Canvas, rng: Random) -> None:
    """Rows of ripe wheat running towards low hills, flowers along one of them."""
    sky = rng.choice(DAYS)
    edge = rng.randint(420, 470)
    c.gradient(0, edge, sky)
    sun = rng.randint(300, 1300)
    c.glow(sun, edge - 110, 380, CREAM, 0.8)
    c.disc(sun, edge - 110, 48, CREAM)
    c.poly(ridge(rng, edge - 70, 40), mix(SEA, sky[1], 0.45))
    c.poly(ridge(rng, edge - 28, 26), mix(GREEN, sky[1], 0.3))
    c.gradient(edge, HEIGHT, [(240, 208, 140), OCHRE, (158, 104, 48)])
    vanish = sun + rng.randint(-200, 200)
    for row in range(-34, 35):
        foot = vanish + row * 130
        shade = (186, 130, 62) if row % 2 else (228, 184, 106)
        c.poly([(vanish + row * 9, edge), (foot - 34, HEIGHT), (foot + 26, HEIGHT)], shade)
    bushes(c, rng, edge + 4, mix(GREEN, INK, 0.25))
    side = rng.choice((-1, 1))
    for _ in range(520):
        y = HEIGHT - (HEIGHT - edge - 30) * rng.random() ** 1.5
        x = vanish + side * (70 + (y - edge) * rng.uniform(1.5, 2.2))
        colour = rng.choice((ORANGE, CREAM, RED, (92, 122, 176), GREEN, GREEN))
        c.disc(x, y, 1.5 + 7 * (y - edge) / (HEIGHT - edge), colour)
    for _ in range(150):
        x, top = rng.uniform(0, WIDTH), rng.uniform(690, 850)
        ear(c, x, top, rng.uniform(-26, 26), rng.choice(((246, 216, 146), OCHRE, (134, 84, 36))))


def bushes(c: Canvas, rng: Random, y: float, colour: Colour) -> None:
    x = rng.uniform(0, 200)
    while x < WIDTH:
        for _ in range(rng.choice((0, 0, 2, 4, 6))):
            r = rng.uniform(8, 19)
            c.disc(x, y - r * 0.8, r, mix(colour, CREAM, rng.uniform(0, 0.12)))
            x += r
        x += rng.uniform(10, 110)


def ear(c: Canvas, x: float, top: float, lean: float, colour: Colour) -> None:
    c.line([(x, HEIGHT + 5), (x + lean * 0.5, (top + HEIGHT) / 2), (x + lean, top)], colour, 2.4)
    for grain in range(6):
        p = c.at(x + lean * (1 - grain * 0.03), top + grain * 11)
        p.oval(-9, -8, -1, 7, colour)
        p.oval(1, -8, 9, 7, colour)


def railway(c: Canvas, rng: Random) -> None:
    """A train with lit windows crossing a plain on a viaduct in the evening."""
    sky = rng.choice(DUSKS)
    track = 640
    c.gradient(0, track, sky)
    moon = rng.randint(200, 1400)
    c.glow(moon, 190, 200, CREAM, 0.35)
    c.disc(moon, 190, 40, mix(CREAM, sky[1], 0.1))
    for index, base in enumerate((470, 530, 590)):
        c.poly(ridge(rng, base, 60 - index * 14), mix(sky[1], NAVY, 0.2 + index * 0.22))
    c.fade(480, track, sky[-1], 0.4)
    c.gradient(track, HEIGHT, [mix(DEEP, GREEN, 0.5), mix(INK, GREEN, 0.2)])
    stream(c, rng, mix(sky[2], SEA, 0.3))
    viaduct(c, track, mix(NAVY, INK, 0.3))
    train(c, rng, rng.randint(-120, 360), track)
    for pole in range(rng.randint(20, 90), WIDTH, 230):
        p = c.at(pole, track)
        p.rect(-3, -150, 3, 0, INK)
        p.rect(-24, -142, 24, -137, INK)
        wire = [(t * 23, 16 * math.sin(math.pi * t / 10) - 140) for t in range(11)]
        p.line(wire, mix(INK, sky[1], 0.3), 1.5)
    for _ in range(420):
        x, y = rng.uniform(0, WIDTH), rng.uniform(790, 915)
        c.line([(x, y), (x + rng.uniform(-14, 14), y - rng.uniform(20, 60))], INK, 2)


def stream(c: Canvas, rng: Random, colour: Colour) -> None:
    """A stream that bends and widens towards us."""
    x, left, right = rng.uniform(400, 1200), [], []
    for y in range(660, HEIGHT + 1, 12):
        depth = (y - 660) / 240
        middle, half = x + 160 * math.sin(depth * 5) * depth, 10 + 150 * depth**1.6
        left.append((middle - half, y))
        right.append((middle + half, y))
    c.poly(left + right[::-1], colour)


def viaduct(c: Canvas, track: int, stone: Colour) -> None:
    for x in range(-60, WIDTH, 190):
        c.rect(x, track, x + 46, track + 190, stone)
        under = arc(x + 118, track + 84, 72, 56, math.pi, 2 * math.pi)
        c.poly([(x + 46, track), *under, (x + 190, track)], stone)


def train(c: Canvas, rng: Random, x: float, track: float) -> None:
    body = rng.choice((mix(RUST, INK, 0.25), mix(DEEP, INK, 0.3), mix(GREEN, INK, 0.3)))
    for car in range(7):
        p = c.at(x + car * 212, track)
        p.rect(0, -84, 204, -16, body)
        p.rect(4, -92, 200, -82, mix(body, INK, 0.5))
        p.rect(0, -38, 204, -33, mix(body, SAND, 0.7))
        for pane in range(0 if car == 6 else 7):
            if rng.random() < 0.88:
                p.rect(14 + pane * 27, -74, 32 + pane * 27, -50, LAMP)
        for wheel in (30, 62, 142, 174):
            p.disc(wheel, -12, 11, INK)
        p.rect(200, -26, 214, -20, INK)
    engine = c.at(x + 6 * 212, track)
    engine.poly([(200, -84), (230, -50), (230, -16), (200, -16)], body)
    engine.rect(160, -76, 192, -52, LAMP)
    engine.glow(244, -30, 170, LAMP, 0.8)
    engine.disc(228, -32, 7, CREAM)


def observatory(c: Canvas, rng: Random) -> None:
    """A dome on a hill under the Milky Way and a shooting star."""
    sky = rng.choice(NIGHTS)
    c.gradient(0, HEIGHT, sky)
    milky_way(c, rng, mix(FOAM, sky[-1], 0.5))
    for _ in range(620):
        x, y = rng.uniform(0, WIDTH), HEIGHT * 0.86 * rng.random()
        c.disc(x, y, rng.choice((0.8, 1, 1, 1.3, 2)), mix(CREAM, sky[1], rng.uniform(0, 0.6)))
    x, y = rng.uniform(200, 1000), rng.uniform(90, 240)
    for step in range(24):
        c.disc(x + step * 9, y + step * 4, 0.6 + step / 14, mix(sky[1], CREAM, step / 24))
    c.poly(ridge(rng, 660, 70), mix(sky[1], INK, 0.35))
    c.fade(560, HEIGHT, sky[-1], 0.3)
    top = rng.choice((rng.randint(380, 560), rng.randint(1020, 1220)))

    def hill(x: float) -> float:
        return 900 - 250 * math.exp(-(((x - top) / 480) ** 2))

    slope = [(step, hill(step)) for step in range(0, WIDTH + 1, 40)]
    c.poly([(0, HEIGHT), *slope, (WIDTH, HEIGHT)], INK)
    dome(c, rng, top, sky)
    for _ in range(60):
        x = rng.uniform(0, WIDTH)
        if abs(x - top) > 200:
            fir(c, x, hill(x) + 12, rng.uniform(40, 96), mix(INK, (0, 0, 0), 0.3))


def milky_way(c: Canvas, rng: Random, colour: Colour) -> None:
    start, slope = rng.uniform(100, 700), rng.uniform(0.5, 1.1)
    for step in range(18):
        x, y = start + step * 52, 820 - step * 52 * slope
        dx, dy = rng.uniform(-30, 30), rng.uniform(-30, 30)
        c.glow(x + dx, y + dy, rng.uniform(110, 230), colour, 0.27)
    for _ in range(520):
        along = rng.uniform(0, 940)
        x, y = start + along + rng.gauss(0, 60), 820 - along * slope + rng.gauss(0, 60)
        c.disc(x, y, rng.uniform(0.5, 1.1), mix(colour, CREAM, 0.5))


def dome(c: Canvas, rng: Random, x: float, sky: Sequence[Colour]) -> None:
    p = c.at(x, 668, rng.uniform(1.1, 1.4), rng.choice((-1, 1)))
    shell = mix(CREAM, sky[1], 0.35)
    p.glow(0, -100, 300, LAMP, 0.22)
    p.rect(-104, -70, 104, 32, mix(shell, NAVY, 0.5))
    p.poly(arc(0, -70, 100, 100, math.pi, 2 * math.pi), shell)
    wedge = arc(0, -70, 100, 100, math.pi * 5 / 3, 2 * math.pi)
    p.poly([(0, -70), *wedge], mix(shell, NAVY, 0.35))
    p.poly([(10, -70), (30, -70), (44, -160), (22, -169)], LAMP)
    p.line([(22, -86), (40, -178)], INK, 10)
    p.rect(-110, -74, 110, -66, mix(shell, INK, 0.3))
    p.rect(-13, -20, 13, 32, LAMP)


def village(c: Canvas, rng: Random) -> None:
    """Small houses with lit windows and smoking chimneys under snow."""
    sky = rng.choice(DUSKS)
    c.gradient(0, 640, sky)
    snow = mix((222, 232, 240), sky[2], 0.3)
    c.poly(ridge(rng, 430, 60), mix(sky[1], sky[2], 0.5))
    for _ in range(80):
        shade = mix(NAVY, sky[1], rng.uniform(0.15, 0.4))
        fir(c, rng.uniform(0, WIDTH), rng.uniform(560, 600), rng.uniform(80, 190), shade)
    c.poly(ridge(rng, 580, 22), mix(snow, sky[1], 0.25))
    for x in spaced(rng, 120, 1550, 210):
        cottage(c.at(x, rng.randint(610, 650), rng.uniform(0.62, 0.75)), rng, snow)
    c.poly(ridge(rng, 690, 26), mix(snow, sky[1], 0.1))
    for x in spaced(rng, 110, 1550, 420):
        cottage(c.at(x, rng.randint(745, 775), rng.uniform(1, 1.2)), rng, snow)
    c.poly(ridge(rng, 800, 24), snow)
    c.fade(700, HEIGHT, sky[1], 0.35)
    fence(c, rng, mix(INK, NAVY, 0.5))
    for _ in range(170):
        c.disc(rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(1, 3), CREAM)


def cottage(p: Pen, rng: Random, snow: Colour) -> None:
    wall = mix(rng.choice((RUST, DEEP, mix(RUST, INK, 0.4), mix(GREEN, INK, 0.2))), INK, 0.25)
    for puff in range(9):
        p.glow(30 + puff * 8, -140 - puff * 14, 14 + puff * 5, CREAM, 0.35 - puff * 0.03)
    p.rect(21, -140, 39, -70, mix(RUST, INK, 0.45))
    p.rect(19, -144, 41, -140, snow)
    p.rect(-75, -70, 75, 0, wall)
    p.turned([(95, -66), (0, -140)], snow)
    p.turned([(63, -67), (0, -120)], mix(wall, INK, 0.2))
    for left in (-51, 18):
        p.glow(left + 16, -34, 60, LAMP, 0.5)
        p.rect(left, -50, left + 32, -18, LAMP)
        p.rect(left + 15, -50, left + 17, -18, wall)
        p.rect(left, -35, left + 32, -33, wall)
    p.oval(-105, -9, 105, 14, snow)


def fence(c: Canvas, rng: Random, colour: Colour) -> None:
    posts = [(x, 850 + 12 * math.sin(x / 190) + rng.uniform(-3, 3)) for x in range(-20, 1640, 58)]
    for x, y in posts:
        c.line([(x, y - 34), (x + rng.uniform(-4, 4), y + 26)], colour, 7)
    for rail in (-18, 4):
        c.line([(x, y + rail) for x, y in posts], colour, 5)
