"""Games: a stadium, a pool, a chess board."""

import math
from random import Random

from comments.demo.drawings.canvas import (
    CREAM,
    DEEP,
    DUSKS,
    FOAM,
    HEIGHT,
    INK,
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
    arc,
    mix,
)

# The pieces from foot to head, as (half width, height) in parts of a square.
PIECES: dict[str, list[Point]] = {
    "pawn": [(44, 16), (34, 26), (20, 50), (16, 86), (26, 96), (16, 102)],
    "rook": [(52, 20), (38, 34), (30, 60), (27, 130), (40, 140), (40, 176)],
    "knight": [(52, 20), (38, 34), (32, 52)],
    "bishop": [(50, 20), (22, 60), (17, 130), (30, 140), (22, 150), (31, 170), (20, 196), (5, 214)],
    "queen": [(56, 22), (42, 38), (26, 70), (20, 170), (36, 182), (24, 190), (44, 226)],
    "king": [(58, 22), (44, 38), (29, 70), (23, 184), (40, 196), (27, 204), (42, 244), (22, 256)],
}
BOX = ["pawn"] * 3 + ["rook"] * 2 + ["bishop"] * 2 + ["knight", "queen", "king"]


def stadium(c: Canvas, rng: Random) -> None:
    """Stands and a striped pitch by floodlight."""
    sky = rng.choice(DUSKS)
    c.gradient(0, 420, sky)
    club = rng.choice((ORANGE, SEA, RED, OCHRE))
    middle = c.at(800, 0)
    middle.turned([(540, 262), (800, 300), (800, 600)], mix(NAVY, INK, 0.4))
    middle.turned([(530, 292), (800, 336), (800, 600)], mix(DEEP, NAVY, 0.5))
    crowd(c, rng, club)
    for side in (-1, 1):
        roof = [(0, 218), (550, 218), (800, 250), (800, 318), (530, 276), (0, 276)]
        c.at(800, 0, side=side).poly(roof, INK)
    c.rect(0, 556, WIDTH, 584, mix(club, INK, 0.25))
    for x in range(0, WIDTH, 200):
        c.rect(x + 4, 560, x + 196, 580, mix(club, CREAM, rng.choice((0.0, 0.15, 0.8))))
    pitch(c, rng)
    for x in (150, 1450):
        mast = c.at(x, 66)
        mast.turned([(8, 184), (4, 4)], INK)
        mast.rect(-70, -32, 70, 30, INK)
        mast.glow(0, 0, 330, CREAM, 0.6)
        for lamp in range(-56, 57, 28):
            mast.disc(lamp, -16, 9, CREAM)
            mast.disc(lamp, 14, 9, CREAM)


def crowd(c: Canvas, rng: Random, club: Colour) -> None:
    colours = [club, club, CREAM, INK, SEA, OCHRE, mix(SAND, RUST, 0.4)]
    for row in range(14):
        for seat in range(140):
            if rng.random() < 0.84:
                x = seat * 11.6 + rng.uniform(-2, 2)
                lift = 38 * max(0.0, (abs(x - 800) - 530) / 270) * (1 - row / 16)
                shade = mix(rng.choice(colours), NAVY, rng.uniform(0.15, 0.55))
                c.disc(x, 300 + row * 18.5 + lift, 4.4, shade)


def pitch(c: Canvas, rng: Random) -> None:
    """A pitch in perspective, with its stripes, its lines and a handful of players."""
    grass = rng.choice(((74, 138, 88), (88, 142, 78), (62, 130, 96)))
    chalk = mix(CREAM, grass, 0.15)
    c.rect(0, 584, WIDTH, HEIGHT, mix(grass, INK, 0.2))
    middle = c.at(800, 0)
    for stripe in range(-10, 10):
        (far, near), (far1, near1) = ((k * 130, k * 290) for k in (stripe, stripe + 1))
        fill = grass if stripe % 2 else mix(grass, CREAM, 0.12)
        middle.poly([(far, 590), (far1, 590), (near1, HEIGHT), (near, HEIGHT)], fill)
    c.line([(0, 604), (WIDTH, 604)], chalk, 3)
    c.line([(800, 604), (800, HEIGHT)], chalk, 4)
    c.line(arc(800, 755, 238, 63), chalk, 4)
    for _ in range(12):
        foot = rng.uniform(640, 850)
        p = c.at(rng.uniform(120, 1480), foot, foot / 800)
        p.oval(-8, -3, 52, 4, mix(grass, INK, 0.4))
        p.rect(-6, -24, 6, 0, INK)
        p.rect(-9, -50, 9, -22, rng.choice((ORANGE, CREAM)))
        p.disc(0, -58, 7, mix(SAND, RUST, 0.4))
    c.disc(rng.uniform(500, 1100), rng.uniform(700, 840), 6, CREAM)


def pool(c: Canvas, rng: Random) -> None:
    """Swimming lanes from above."""
    water = rng.choice(((64, 172, 186), (58, 152, 190), (84, 184, 186)))
    c.gradient(0, HEIGHT, [mix(water, CREAM, 0.12), water, mix(water, DEEP, 0.25)])
    lanes = rng.choice((5, 6, 7))
    breadth = HEIGHT / lanes
    middles = [(lane + 0.5) * breadth for lane in range(lanes)]
    for y in middles:
        c.rect(0, y - 12, WIDTH, y + 12, mix(water, DEEP, 0.75))
    c.blur(5)
    for _ in range(260):
        x, y, size = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(5, 15)
        wave = [(x + t * size, y + math.sin(t * 1.3 + x) * size * 0.36) for t in range(-3, 4)]
        c.line(wave, mix(water, CREAM, rng.uniform(0.2, 0.5)), 2)
    offset = rng.randint(0, 40)
    for y in range(1, lanes):
        rope(c, y * breadth, offset, rng.choice((ORANGE, RED, DEEP)))
    for y in rng.sample(middles, rng.choice((3, 4))):
        swimmer(c.at(rng.randint(380, 1350), y, breadth / 150), rng)
    c.gradient(0, 18, [SAND, mix(SAND, OCHRE, 0.4)])
    c.rect(0, 18, WIDTH, 24, mix(water, INK, 0.5))


def rope(c: Canvas, y: float, offset: int, colour: Colour) -> None:
    c.rect(0, y + 10, WIDTH, y + 22, (44, 116, 136))
    for index, x in enumerate(range(-offset, WIDTH, 26)):
        wave = y + 3 * math.sin(x / 120)
        c.pill(x, wave - 9, x + 23, wave + 9, 7, colour if index // 4 % 2 else CREAM)


def swimmer(p: Pen, rng: Random) -> None:
    """A swimmer in the crawl, seen from above, with a wake behind."""
    skin = mix(SAND, RUST, rng.uniform(0.3, 0.75))
    for _ in range(46):
        back = rng.uniform(40, 330)
        y = rng.uniform(-1, 1) * (10 + back * 0.13)
        p.dash(-back, y, rng.uniform(16, 60), mix(FOAM, CREAM, rng.uniform(0.2, 0.8)), 3)
    p.oval(-40, -40, 66, 40, mix(FOAM, (64, 172, 186), 0.5))
    kick, arm = rng.uniform(4, 12), rng.choice((-1, 1))
    for side in (-1, 1):
        p.line([(-60, side * 9), (-140, side * kick)], skin, 13)
    p.oval(-84, -24, 26, 24, mix(skin, INK, 0.05))
    p.oval(-90, -20, -30, 20, rng.choice((NAVY, RUST, INK)))
    p.line([(6, arm * 20), (52, arm * 44), (104, arm * 26)], skin, 13)
    p.line([(0, -arm * 20), (-46, -arm * 50)], skin, 13)
    p.disc(40, 0, 19, rng.choice((ORANGE, CREAM, RED, NAVY)))


def chess(c: Canvas, rng: Random) -> None:
    """Chess pieces on a board, seen from low down."""
    blue, brown = [NAVY, DEEP, SEA], [(58, 44, 48), (122, 74, 56), OCHRE]
    c.gradient(0, 330, rng.choice((blue, brown, [(30, 52, 58), (58, 98, 102), (168, 188, 168)])))
    side = rng.choice((-1, 1))
    c.glow(800 - side * 500, 160, 620, SAND, 0.5)
    c.gradient(330, HEIGHT, [mix(RUST, INK, 0.35), mix(RUST, INK, 0.7)])
    squares = [(x, y) for y in range(8) for x in range(8)]
    for x, y in squares:
        corners = ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
        fill = SAND if (x + y) % 2 else mix(RUST, INK, 0.3)
        c.poly([board(*corner) for corner in corners], fill)
    chosen = sorted(rng.sample(squares, 13), key=lambda square: -square[1])
    places = [c.at(*board(x + 0.5, y + 0.5), depth(y), side) for x, y in chosen]
    for p in places:
        dark = mix(RUST, INK, 0.72)
        p.poly([(0, -24), (260, -44), (260, -10), (0, 22)], dark)
        p.oval(230, -46, 290, -8, dark)
    for p in places:
        chessman(p.at(0, 21, 1.3), rng.choice(BOX), rng.random() < 0.5)


def depth(row: float) -> float:
    return 1 / (1 + row * 0.17)


def board(column: float, row: float) -> Point:
    """Where a point of the chess board falls in the picture; row 0 is the nearest."""
    return 800 + (column - 4) * 250 * depth(row), 120 + 800 * depth(row)


def chessman(p: Pen, kind: str, white: bool) -> None:
    body = mix(SAND, CREAM, 0.5) if white else mix(NAVY, INK, 0.5)
    shade = mix(body, RUST, 0.32) if white else mix(body, (0, 0, 0), 0.45)
    rim = PIECES[kind][0][0]
    halves = [(rim, 0.0), *((half, -height) for half, height in PIECES[kind])]
    p.oval(-rim, -14, rim, 14, shade)
    p.turned(halves, body)
    head(p, kind, body)
    p.poly(halves + [(half / 4, y) for half, y in reversed(halves)], shade)


def head(p: Pen, kind: str, body: Colour) -> None:
    if kind == "pawn":
        p.disc(0, -122, 28, body)
    elif kind == "bishop":
        p.disc(0, -218, 8, body)
    elif kind == "rook":
        for left in (-40, -12, 16):
            p.rect(left, -194, left + 24, -174, body)
    elif kind == "queen":
        for tip in (-40, -20, 0, 20, 40):
            p.poly([(tip - 9, -224), (tip + 9, -224), (tip * 1.15, -254)], body)
            p.disc(tip * 1.15, -256, 6, body)
    elif kind == "king":
        p.rect(-6, -300, 6, -250, body)
        p.rect(-20, -288, 20, -276, body)
    else:
        neck = [(34, -50), (40, -100), (30, -150), (6, -186), (-2, -202), (-10, -184)]
        face = [(-34, -164), (-62, -128), (-58, -112), (-40, -110), (-16, -124), (-30, -84)]
        p.poly([*neck, *face, (-34, -50)], body)
