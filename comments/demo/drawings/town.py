"""Streets, stone fronts and a market."""

import math
from random import Random

from comments.demo.drawings.canvas import (
    CREAM,
    DAYS,
    DEEP,
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
    arc,
    mix,
)
from comments.demo.drawings.scenery import cloud, person, skyline, spaced, tree


def city(c: Canvas, rng: Random) -> None:
    """Roofs and towers by day, trees along a street in front."""
    sky = rng.choice(DAYS)
    c.gradient(0, HEIGHT, sky)
    c.glow(rng.randint(200, 1400), 200, 420, CREAM, 0.8)
    for _ in range(3):
        cloud(c, rng, mix(CREAM, sky[0], 0.12))
    skyline(c, rng, 640, 380, mix(sky[0], SEA, 0.3))
    skyline(c, rng, 680, 320, mix(sky[0], DEEP, 0.45))
    c.fade(420, 700, sky[-1], 0.5)
    spire(c, rng.randint(250, 1350))
    houses(c, rng, 700, sky[1], 0.3)
    houses(c, rng, 800, sky[1], 0)
    c.gradient(798, HEIGHT, [mix(INK, SAND, 0.45), mix(INK, SAND, 0.3)])
    tram(c, rng.randint(100, 1100), rng.choice((ORANGE, RED, DEEP)))
    for x in range(rng.randint(0, 80), WIDTH, 190):
        tree(c, rng, x, 846, rng.randint(120, 160), rng.choice((GREEN, mix(GREEN, OCHRE, 0.5))))
    for _ in range(14):
        person(c, rng, rng.uniform(0, WIDTH), rng.uniform(868, 892), 0.9)


def spire(c: Canvas, x: int) -> None:
    p = c.at(x, 560)
    p.rect(-34, -250, 34, 200, mix(SAND, OCHRE, 0.35))
    p.rect(-40, -258, 40, -244, mix(SAND, INK, 0.2))
    p.turned([(36, -256), (0, -410)], mix(GREEN, SEA, 0.45))
    p.disc(0, -200, 18, CREAM)
    p.line([(0, -212), (0, -200), (8, -196)], INK, 2.4)


def houses(c: Canvas, rng: Random, base: int, air: Colour, haze: float) -> None:
    paints = [SAND, mix(SAND, ORANGE, 0.4), mix(OCHRE, CREAM, 0.3), mix(SEA, CREAM, 0.45), CREAM]
    paints.append(mix(RUST, SAND, 0.4))
    tiles = [RUST, mix(RUST, INK, 0.3), mix(DEEP, INK, 0.3)]
    x = -rng.randint(0, 80)
    while x < WIDTH:
        width, top = rng.randint(90, 170), base - rng.randint(110, 230)
        wall, roof = mix(rng.choice(paints), air, haze), mix(rng.choice(tiles), air, haze)
        c.rect(x, top, x + width, base, wall)
        if rng.random() < 0.6:
            gable = c.at(x + width / 2, top)
            gable.turned([(width / 2 + 6, 0), (0, rng.randint(-60, -30))], roof)
        else:
            c.rect(x - 4, top - 12, x + width + 4, top, roof)
        pane = mix(mix(DEEP, wall, 0.25), air, haze)
        for y in range(top + 20, base - 30, 40):
            for left in range(x + 16, x + width - 24, 30):
                c.rect(left, y, left + 14, y + 22, pane)
        x += width


def tram(c: Canvas, x: int, colour: Colour) -> None:
    for left in (x, x + 190):
        p = c.at(left, 838)
        p.rect(0, -64, 182, -8, colour)
        p.rect(0, -70, 182, -60, mix(colour, INK, 0.4))
        for pane in range(10, 178, 28):
            p.rect(pane, -54, pane + 22, -32, CREAM)
        p.disc(36, -6, 9, INK)
        p.disc(146, -6, 9, INK)


def museum(c: Canvas, rng: Random) -> None:
    """A museum front with steps, columns and banners."""
    sky = rng.choice(DAYS)
    c.gradient(0, 760, sky)
    for _ in range(3):
        cloud(c, rng, mix(CREAM, sky[0], 0.15))
    stone = mix(SAND, CREAM, rng.uniform(0.1, 0.5))
    c.gradient(690, HEIGHT, [mix(SAND, OCHRE, 0.15), mix(OCHRE, INK, 0.2)])
    c.rect(90, 330, 1510, 700, mix(stone, OCHRE, 0.25))
    for x in (136, 222, 1326, 1412):
        c.rect(x, 420, x + 52, 600, mix(DEEP, stone, 0.15))
        c.disc(x + 26, 420, 26, mix(DEEP, stone, 0.15))
    c.rect(80, 318, 1520, 338, stone)
    temple(c.at(800, 300), stone, rng.choice((6, 8)))
    banner = rng.choice((ORANGE, DEEP, RED))
    for x in (310, 1230):
        c.rect(x, 372, x + 60, 640, banner)
        c.disc(x + 30, 440, 18, mix(banner, CREAM, 0.8))
        c.rect(x + 14, 500, x + 46, 506, CREAM)
        c.rect(x + 14, 518, x + 36, 524, CREAM)
    for step in range(7):
        stair(c, 690 + step * 16, 16, 400 + step * 14, stone)
    for x in (rng.randint(20, 100), rng.randint(1480, 1570)):
        tree(c, rng, x, 812, 330, rng.choice((GREEN, mix(ORANGE, OCHRE, 0.4))))
    for _ in range(16):
        person(c, rng, rng.uniform(260, 1340), rng.uniform(800, 870))


def temple(p: Pen, stone: Colour, count: int) -> None:
    p.rect(-360, 0, 360, 390, mix(stone, INK, 0.5))
    p.rect(-43, 180, 43, 390, INK)
    for index in range(count):
        column(p, -330 + index * 660 / (count - 1), 40, 390, 20, stone)
    p.rect(-376, 0, 376, 40, mix(stone, CREAM, 0.4))
    p.turned([(394, 0), (0, -130)], mix(stone, CREAM, 0.3))
    p.turned([(300, -16), (0, -106)], mix(stone, OCHRE, 0.45))
    p.disc(0, -48, 24, mix(stone, CREAM, 0.5))


def column(c: Pen, x: float, top: float, foot: float, half: float, stone: Colour) -> None:
    p = c.at(x, 0)
    for flute in range(12):
        left = half * (flute / 6 - 1)
        shade = mix(mix(stone, CREAM, 0.3), mix(stone, INK, 0.45), abs(flute / 11 - 0.3) * 1.3)
        p.rect(left, top, left + half / 6, foot, mix(shade, INK, 0.2))
        p.rect(left, top, left + half * 0.137, foot, shade)
    for y0, y1, grow in ((top, top + 16, 1.3), (top + 16, top + 26, 1.14), (foot - 20, foot, 1.25)):
        p.rect(-half * grow, y0, half * grow, y1, mix(stone, CREAM, 0.2))
        p.rect(half * 0.4, y0, half * grow, y1, mix(stone, INK, 0.12))


def stair(c: Pen, y: float, height: float, half: float, stone: Colour) -> None:
    middle = WIDTH / 2
    c.rect(middle - half, y, middle + half, y + height + 1, mix(stone, INK, 0.3))
    c.rect(middle - half, y, middle + half, y + height * 0.45, mix(stone, CREAM, 0.3))


def bank(c: Canvas, rng: Random) -> None:
    """The columns and the bronze door of a bank, near to."""
    stone = rng.choice(((196, 190, 178), (206, 186, 156), (168, 178, 184)))
    c.gradient(0, HEIGHT, [mix(stone, INK, 0.15), mix(stone, INK, 0.3)])
    for course, y in enumerate(range(150, 760, 76)):
        c.rect(0, y, WIDTH, y + 3, mix(stone, INK, 0.45))
        for x in range(30 - course % 2 * 90, WIDTH, 180):
            c.rect(x, y, x + 3, y + 76, mix(stone, INK, 0.4))
    count, half = rng.choice(((4, 70), (6, 56)))
    columns = [800 + (index - (count - 1) / 2) * 1500 / count for index in range(count)]
    for middle in columns:
        c.rect(middle + 40, 150, middle + 128, 780, mix(stone, INK, 0.42))
    bronze_door(c, rng.choice(((92, 72, 44), (54, 82, 76), (98, 58, 36))))
    for middle in columns:
        column(c, middle, 150, 770, half, mix(stone, CREAM, 0.35))
    c.rect(0, 0, WIDTH, 104, mix(stone, CREAM, 0.3))
    c.rect(0, 104, WIDTH, 150, mix(stone, INK, 0.2))
    for x in range(0, WIDTH, 44):
        c.rect(x, 112, x + 24, 140, mix(stone, CREAM, 0.25))
    for y in range(770, HEIGHT, 26):
        stair(c, y, 26, WIDTH, mix(stone, CREAM, 0.2))
    for x in (50, WIDTH - 50):
        lamp = c.at(x, 430)
        lamp.glow(0, 0, 130, LAMP, 0.7)
        lamp.rect(-22, -38, 22, 38, INK)
        lamp.rect(-22, -28, 22, 28, mix(stone, INK, 0.2))
        lamp.rect(-16, -28, 16, 28, mix(LAMP, CREAM, 0.5))
    for _ in range(rng.randint(2, 4)):
        person(c, rng, rng.uniform(120, 1480), rng.uniform(856, 890), 1.9)


def bronze_door(c: Canvas, bronze: Colour) -> None:
    p = c.at(800, 0)
    p.rect(-140, 300, 140, 780, mix(bronze, INK, 0.6))
    fan = arc(0, 310, 140, 120, math.pi, 2 * math.pi)
    p.poly(fan, mix(LAMP, bronze, 0.2))
    for end in fan[5:-5:5]:
        p.line([(0, 310), end], mix(bronze, INK, 0.4), 5)
    for left in (-128, 4):
        p.rect(left, 314, left + 124, 780, bronze)
        for y in range(330, 770, 88):
            p.rect(left + 14, y, left + 110, y + 72, mix(bronze, LAMP, 0.25))
            p.rect(left + 20, y + 6, left + 110, y + 72, mix(bronze, INK, 0.25))
            p.disc(left + 62, y + 38, 12, mix(bronze, LAMP, 0.4))
    for x in (-14, 14):
        p.disc(x, 560, 9, LAMP)


def market(c: Canvas, rng: Random) -> None:
    """Market stalls under striped awnings, fruit in front."""
    c.gradient(0, 700, [mix(DEEP, INK, 0.4), mix(OCHRE, DEEP, 0.5), mix(SAND, OCHRE, 0.4)])
    for x in range(-40, WIDTH, 200):
        c.line([(x, 0), (x + 100, 110), (x + 200, 0)], mix(INK, DEEP, 0.4), 9)
    c.rect(0, 108, WIDTH, 122, mix(INK, DEEP, 0.4))
    c.gradient(700, HEIGHT, [mix(OCHRE, INK, 0.35), mix(OCHRE, INK, 0.65)])
    x = -rng.randint(30, 160)
    for cloth in rng.sample((ORANGE, DEEP, GREEN, RED, SEA, OCHRE), 4):
        width = rng.randint(410, 500)
        stall(c.at(x, 0), rng, width, cloth)
        x += width + 24
    for x in range(rng.randint(80, 150), WIDTH, 240):
        lamp = c.at(x, 212)
        lamp.rect(-1, -92, 1, -22, INK)
        lamp.glow(0, 12, 130, LAMP, 0.75)
        lamp.turned([(30, 0), (10, -26)], INK)
        lamp.disc(0, 4, 11, CREAM)
    for place in spaced(rng, rng.randint(120, 300), 1560, rng.choice((330, 420, 520))):
        side = rng.choice((-1, 1))
        shopper(c.at(place, HEIGHT, rng.uniform(0.92, 1.08), side), rng)


def stall(p: Pen, rng: Random, width: int, cloth: Colour) -> None:
    foot = rng.randint(866, 884)
    for post in (12, width - 12):
        p.rect(post - 6, 330, post + 6, foot, mix(RUST, INK, 0.5))
    p.rect(12, 420, width - 12, 640, mix(cloth, INK, 0.72))
    person(p, rng, width * rng.uniform(0.3, 0.7), 660, 4.6)
    step = width / 9
    for index in range(9):
        left, right = index * step, (index + 1) * step
        fill = CREAM if index % 2 else cloth
        inset = (width / 2 - left) * 0.08
        p.poly([(left + inset, 262), (right + inset, 262), (right, 372), (left, 372)], fill)
        p.rect(left, 372, right, 392, mix(fill, INK, 0.12))
        p.oval(left, 376, right, 408, mix(fill, INK, 0.12))
    p.rect(0, 636, width, 652, mix(OCHRE, CREAM, 0.2))
    p.rect(8, 652, width - 8, foot, mix(RUST, INK, 0.35))
    for plank in range(30, width - 20, 44):
        p.rect(plank, 660, plank + 3, foot, mix(RUST, INK, 0.55))
    side = width / 4
    for index in range(4):
        crate(p.at(index * side + 4, 636), rng, side - 6)


def crate(p: Pen, rng: Random, width: float) -> None:
    fruit = rng.choice((ORANGE, RED, (150, 172, 74), LAMP, GREEN, (98, 48, 84), OCHRE))
    for row in range(4):
        for place in range(7 - row):
            x = 12 + row * 6 + place * (width - 14) / 7
            shade = mix(fruit, rng.choice((INK, CREAM)), rng.uniform(0, 0.18))
            p.disc(x, -32 - row * 11, 10, shade)
    p.rect(0, -36, width, 0, mix(OCHRE, RUST, 0.3))
    p.rect(0, -20, width, -16, mix(RUST, INK, 0.3))


def shopper(p: Pen, rng: Random) -> None:
    """Somebody in a coat, seen from behind, with a bag."""
    coat = mix(rng.choice((DEEP, RUST, NAVY, GREEN, SEA, OCHRE)), INK, rng.uniform(0.2, 0.45))
    hair = rng.choice((INK, mix(RUST, INK, 0.55), mix(OCHRE, INK, 0.3), (150, 146, 140)))
    p.turned([(66, 0), (46, -238)], coat)
    p.pill(-48, -268, 48, -178, 34, coat)
    p.line([(44, -232), (64, -148), (60, -98)], mix(coat, INK, 0.25), 22)
    p.poly([(32, -82), (90, -82), (82, 0), (38, 0)], mix(OCHRE, CREAM, 0.25))
    p.rect(-12, -286, 12, -262, mix(SAND, RUST, 0.45))
    p.oval(-29, -342, 29, -274, hair)
    if rng.random() < 0.5:
        p.rect(-30, -280, 30, -256, rng.choice((ORANGE, SAND, SEA)))
