"""Rivers and the sea."""

import math
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
    mix,
)
from comments.demo.drawings.scenery import birds, ridge, skyline


def embankment(c: Canvas, rng: Random) -> None:
    """Towers with lit windows across the water at dusk."""
    sky = rng.choice(DUSKS)
    shore = rng.randint(520, 570)
    c.gradient(0, shore, sky)
    c.glow(rng.randint(300, 1300), shore - 10, 620, sky[-1], 0.55)
    skyline(c, rng, shore, 190, mix(sky[1], NAVY, 0.35))
    skyline(c, rng, shore, 300, mix(sky[0], NAVY, 0.6), lit=0.16)
    skyline(c, rng, shore, 150, mix(NAVY, INK, 0.4), lit=0.22)
    c.rect(0, shore - 12, WIDTH, shore, INK)
    lamps = range(rng.randint(20, 90), WIDTH, rng.randint(120, 170))
    for x in lamps:
        c.rect(x - 1.5, shore - 46, x + 1.5, shore - 10, INK)
        c.glow(x, shore - 48, 46, LAMP, 0.75)
        c.disc(x, shore - 48, 4, CREAM)
    c.mirror(shore, mix(sky[0], INK, 0.35), depth=0.55)
    for x in lamps:
        shimmer(c, rng, x, shore + 12, 26, LAMP)
    wave = mix(sky[1], NAVY, 0.45)
    ripples(c, rng, 130, shore + 10, wave, wave, wave, mix(wave, LAMP, 0.3))


def shimmer(c: Canvas, rng: Random, x: int, top: int, width: int, light: Colour) -> None:
    """A broken path of light on water below a lamp or a sun."""
    y, foot = float(top), min(HEIGHT, top + 8 * width)
    while y < foot:
        share = 1 - (y - top) / (foot - top)
        colour = mix(c.colour_at(x, y), light, 0.7 * share)
        length = width * rng.uniform(0.3, 1) * (0.5 + 0.5 * share)
        c.dash(x + rng.uniform(-0.2, 0.2) * width, y, length, colour, 2.5)
        y += rng.uniform(5, 10)


def ripples(c: Canvas, rng: Random, count: int, top: int, *colours: Colour) -> None:
    for _ in range(count):
        x, y = rng.uniform(0, WIDTH), rng.uniform(top, HEIGHT)
        c.dash(x, y, rng.uniform(30, 170), rng.choice(colours), 1.7)


def harbour(c: Canvas, rng: Random) -> None:
    """Gantry cranes, a freighter at the quay and a low sun."""
    sky = rng.choice(DAYS + DUSKS[:2])
    sea = rng.randint(540, 580)
    c.gradient(0, sea, sky)
    sun = rng.randint(250, 1350)
    c.glow(sun, sea - 90, 420, CREAM, 0.6)
    c.disc(sun, sea - 90, 52, mix(CREAM, LAMP, 0.4))
    c.poly(ridge(rng, sea - 40, 34), mix(sky[1], SEA, 0.45))
    water = mix(SEA, sky[0], 0.35)
    c.gradient(sea, HEIGHT, [mix(water, sky[-1], 0.45), water, mix(DEEP, NAVY, 0.3)])
    shimmer(c, rng, sun, sea + 6, 90, CREAM)
    haze = mix(sky[1], DEEP, 0.55)
    for x in (rng.randint(60, 300), rng.randint(760, 1000), rng.randint(1150, 1450)):
        crane(c.at(x, sea + 4, rng.uniform(0.5, 0.65)), haze, haze)
    freighter(c.at(rng.randint(40, 300), sea + 26, 0.6), rng, haze, muted=0.5)
    left = rng.choice((60, 820))
    freighter(c.at(830 - left, sea + 150, 1.15), rng, mix(NAVY, INK, 0.2))
    for x in (left + 60, left + 380):
        crane(c.at(x, HEIGHT - 70, 1.4), INK, ORANGE)
    ripples(c, rng, 90, sea + 20, mix(water, CREAM, 0.22))
    c.rect(0, HEIGHT - 74, WIDTH, HEIGHT, INK)
    for x in range(40, WIDTH, 170):
        c.rect(x, HEIGHT - 92, x + 20, HEIGHT - 74, INK)
    birds(c, rng, 7, (120, 330), mix(INK, sky[0], 0.3))


def crane(p: Pen, body: Colour, cab: Colour) -> None:
    p.line([(0, 0), (10, -250)], body, 9)
    p.line([(90, 0), (80, -250)], body, 9)
    p.line([(4, -90), (86, -90)], body, 6)
    p.line([(4, -90), (80, -240)], body, 4)
    p.line([(-90, -252), (270, -252)], body, 11)
    p.line([(45, -252), (45, -350)], body, 8)
    p.line([(-80, -252), (45, -350), (250, -252)], body, 3)
    p.line([(45, -350), (140, -252)], body, 3)
    p.rect(112, -244, 146, -216, cab)
    p.line([(200, -250), (200, -150)], body, 2)
    p.rect(176, -150, 224, -128, cab)


def freighter(p: Pen, rng: Random, hull: Colour, muted: float = 0) -> None:
    """A freighter with its deck cargo; muted is the share of haze in its colours."""
    cargo = [ORANGE, DEEP, SAND, RUST, SEA, OCHRE, mix(GREEN, SEA, 0.3)]
    for left in range(120, 552, 48):
        for tier in range(rng.randint(1, 3)):
            top = -94 - tier * 26
            p.rect(left, top, left + 46, top + 25, mix(rng.choice(cargo), hull, muted))
    p.rect(30, -190, 104, -64, mix(CREAM, hull, muted))
    for deck in range(-178, -90, 28):
        p.rect(38, deck, 98, deck + 10, hull)
    p.rect(56, -232, 80, -190, mix(ORANGE, hull, muted))
    p.poly([(0, -70), (604, -70), (640, -92), (606, 0), (24, 0)], hull)
    p.poly([(14, -22), (612, -22), (606, 0), (24, 0)], mix(RUST, hull, muted))
    p.poly([(20, 2), (610, 2), (580, 16), (60, 16)], mix(hull, SEA, 0.55))


def bridge(c: Canvas, rng: Random) -> None:
    """The arches of a river bridge in fog."""
    fog = rng.choice(((214, 216, 210), (196, 208, 214), (226, 212, 192)))
    tone = rng.choice((DEEP, NAVY, mix(DEEP, GREEN, 0.5)))
    water = 610
    c.gradient(0, water, [mix(fog, tone, 0.25), fog, mix(fog, CREAM, 0.4)])
    sun = rng.randint(250, 1350)
    c.glow(sun, 210, 330, CREAM, 0.85)
    c.disc(sun, 210, 46, mix(CREAM, LAMP, 0.25))
    c.poly(ridge(rng, 470, 60), mix(fog, tone, 0.16))
    steeple = c.at(rng.uniform(300, 1300), 560)
    steeple.turned([(17, 50), (17, -150)], mix(fog, tone, 0.24))
    steeple.turned([(21, -150), (0, -250)], mix(fog, tone, 0.24))
    c.fade(430, water, fog, 0.6)
    arches(c, rng, rng.randint(400, 440), water, mix(fog, tone, 0.62))
    c.fade(360, water, fog, 0.72)
    c.mirror(water, mix(fog, tone, 0.3), depth=0.6)
    ripples(c, rng, 70, 625, mix(fog, CREAM, 0.25), mix(fog, tone, 0.25))
    for _ in range(6):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(520, 680), rng.uniform(400, 800)
        c.glow(x, y, r, fog, 0.8, flat=0.1)
    reeds(c, rng, rng.choice((0, WIDTH)), mix(tone, INK, 0.45))
    if rng.random() < 0.6:
        rowing_boat(c.at(rng.randint(420, 1120), rng.randint(720, 770)), mix(tone, INK, 0.3))
    birds(c, rng, 5, (150, 330), mix(fog, tone, 0.6))


def arches(c: Canvas, rng: Random, deck: int, water: int, stone: Colour) -> None:
    """A stone bridge whose middle is a little higher than its ends."""
    count = rng.choice((4, 5, 6))
    span = WIDTH / count

    def road(x: float) -> float:
        return deck + 46 * (x / (WIDTH / 2) - 1) ** 2

    line = [(x, road(x)) for x in range(0, WIDTH + 1, 20)]
    c.poly([(0, water), *line, (WIDTH, water)], stone)
    for index in range(count):
        left, width = index * span + 34, span - 68
        rise = water - road(left + width / 2) - 44
        turns = [step / 30 for step in range(31)]
        under = [(left + width * t, water - rise * math.sin(math.pi * t) ** 0.6) for t in turns]
        c.poly(under, mix(stone, CREAM, 0.6))
        c.line(under, mix(stone, CREAM, 0.2), 7)
        pier = c.at(index * span, water)
        pier.turned([(44, 0), (30, -60)], mix(stone, INK, 0.12))
    c.line([(x, y - 8) for x, y in line], mix(stone, INK, 0.1), 14)
    for x in range(rng.randint(40, 120), WIDTH, 200):
        c.rect(x - 3, road(x) - 84, x + 3, road(x) - 8, mix(stone, INK, 0.2))
        c.glow(x, road(x) - 88, 70, LAMP, 0.8)
        c.disc(x, road(x) - 88, 7, CREAM)


def reeds(c: Canvas, rng: Random, edge: int, colour: Colour) -> None:
    for _ in range(130):
        inward = abs(rng.gauss(0, 150))
        height = rng.uniform(80, 230) * max(0.3, 1 - inward / 500)
        p, lean = c.at(abs(edge - inward), HEIGHT), rng.uniform(-30, 30)
        p.line([(0, 0), (lean * 0.4, -height * 0.6), (lean, -height)], colour, 2.6)


def rowing_boat(p: Pen, colour: Colour) -> None:
    p.turned([(90, -14), (62, 10)], colour)
    p.poly([(-14, -14), (14, -14), (4, -62), (-12, -58)], colour)
    p.disc(-4, -72, 11, colour)
    p.line([(0, -40), (70, -4), (130, 22)], colour, 4)
    p.oval(-80, 10, 80, 20, mix(colour, FOAM, 0.55))


def lighthouse(c: Canvas, rng: Random) -> None:
    """A lighthouse on a headland, its beam over the sea."""
    sky = rng.choice((NIGHTS[0], NIGHTS[2], DUSKS[0], DUSKS[1]))
    sea = 620
    c.gradient(0, sea, sky)
    for _ in range(90):
        x, y = rng.uniform(0, WIDTH), rng.uniform(0, 380)
        c.disc(x, y, rng.choice((0.8, 1.2)), mix(CREAM, sky[0], 0.4))
    c.glow(800, sea, 700, sky[-1], 0.5)
    c.gradient(sea, HEIGHT, [mix(sky[-1], SEA, 0.6), mix(DEEP, sky[0], 0.3), mix(NAVY, INK, 0.4)])
    x, side = rng.choice(((rng.randint(1080, 1240), 1), (rng.randint(360, 520), -1)))
    c.beam(x, 262, -side, rng.uniform(-60, 30))
    ripples(c, rng, 150, sea + 10, mix(sky[1], FOAM, 0.3))
    headland(c, rng, x, side)
    tower(c, x, rng.choice((ORANGE, RED, DEEP)))
    birds(c, rng, 6, (180, 420), mix(CREAM, sky[1], 0.3))


def headland(c: Canvas, rng: Random, x: float, side: int) -> None:
    p = c.at(x, 0, side=side)
    rock = [(-300, 760), (-150, 662), (-60, 634), (160, 626), (520, 560), (520, 900), (-370, 900)]
    p.poly(rock, mix(INK, NAVY, 0.3))
    p.poly([(-360, 880), (-240, 790), (0, 720), (520, 690), (520, 900), (-390, 900)], INK)
    for _ in range(26):
        foam = rng.uniform(-390, -140), rng.uniform(868, 896)
        p.dash(*foam, rng.uniform(20, 90), mix(FOAM, SEA, 0.3), 4)
    p.rect(60, 574, 180, 640, mix(CREAM, NAVY, 0.45))
    p.poly([(48, 576), (120, 534), (192, 576)], mix(RUST, INK, 0.45))
    p.rect(108, 592, 130, 614, LAMP)


def tower(c: Canvas, x: float, band: Colour) -> None:
    p = c.at(x, 262)
    for index in range(5):
        y0, y1 = 24 + index * 71, 95 + index * 71
        half0, half1 = 26 + y0 * 0.06, 26 + y1 * 0.06
        fill = band if index % 2 else CREAM
        p.turned([(half0, y0), (half1, y1)], fill)
        shaded = [(half0 * 0.3, y0), (half0, y0), (half1, y1), (half1 * 0.3, y1)]
        p.poly(shaded, mix(fill, NAVY, 0.32))
    p.rect(-40, 14, 40, 26, INK)
    p.rect(-22, -24, 22, 14, LAMP)
    p.glow(0, -4, 190, LAMP, 0.9)
    for bar in (-22, -8, 6, 20):
        p.rect(bar, -24, bar + 2, 14, INK)
    p.turned([(32, -22), (0, -62)], band)
    p.rect(-8, 334, 8, 372, INK)
