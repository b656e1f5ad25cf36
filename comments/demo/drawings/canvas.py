"""The paints, a pen for shapes, and the canvas with its light, mist and water."""

import math
from collections.abc import Iterable, Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900
OVERSIZE = 2  # Drawn larger and reduced at the end, which is what makes the edges smooth.
GRAIN = 3  # Levels of paper grain: enough to hide the bands of a gradient, cheap enough to encode.

Colour = tuple[int, int, int]
Point = tuple[float, float]

INK: Colour = (22, 26, 40)
NAVY: Colour = (27, 36, 66)
DEEP: Colour = (30, 58, 95)
SEA: Colour = (58, 118, 152)
FOAM: Colour = (160, 204, 212)
SAND: Colour = (233, 216, 184)
OCHRE: Colour = (206, 160, 92)
CREAM: Colour = (247, 241, 228)
ORANGE: Colour = (214, 98, 40)
RED: Colour = (176, 50, 46)
RUST: Colour = (160, 62, 24)
LAMP: Colour = (255, 206, 128)
GREEN: Colour = (62, 98, 82)

DUSKS: list[list[Colour]] = [
    [(34, 44, 84), (52, 110, 150), (120, 178, 190), (246, 206, 152)],
    [(32, 36, 70), (84, 78, 120), (196, 122, 110), (248, 190, 128)],
    [(22, 36, 66), (40, 86, 128), (96, 152, 176), (232, 200, 164)],
]
DAYS: list[list[Colour]] = [
    [(120, 172, 200), (184, 214, 220), (246, 236, 212)],
    [(150, 190, 204), (214, 224, 214), (250, 232, 198)],
    [(102, 152, 186), (168, 204, 216), (244, 226, 200)],
]
NIGHTS: list[list[Colour]] = [
    [(12, 18, 40), (24, 44, 84), (58, 96, 134)],
    [(14, 16, 38), (38, 40, 84), (104, 88, 124)],
    [(10, 22, 38), (20, 58, 84), (74, 122, 136)],
]


class Pen:
    """Draws shapes in the coordinates of the finished picture, or from a place of its own."""

    def __init__(
        self, image: Image.Image, origin: Point = (0, 0), scale: float = OVERSIZE, side: int = 1
    ) -> None:
        self.image, self.origin, self.scale, self.side = image, origin, scale, side
        self.pen = ImageDraw.Draw(image)

    def at(self, x: float, y: float, scale: float = 1, side: int = 1) -> "Pen":
        """A pen whose zero is at a point, and whose world is scaled, and mirrored for side -1."""
        return Pen(self.image, self.spot(x, y), self.scale * scale, self.side * side)

    def spot(self, x: float, y: float) -> Point:
        return self.origin[0] + x * self.scale * self.side, self.origin[1] + y * self.scale

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        (left, top), (right, bottom) = self.spot(x0, y0), self.spot(x1, y1)
        return min(left, right), top, max(left, right), bottom

    def poly(self, points: Iterable[Point], fill: Colour) -> None:
        self.pen.polygon([self.spot(x, y) for x, y in points], fill)

    def turned(self, halves: Iterable[Point], fill: Colour) -> None:
        """Fill a shape with equal sides around x = 0, as from a lathe: (half its width, y)."""
        self.poly(both_sides(halves), fill)

    def rect(self, x0: float, y0: float, x1: float, y1: float, fill: Colour) -> None:
        left, top, right, bottom = self.box(x0, y0, x1, y1)
        # Pillow includes the last row and column, hence the one pixel less.
        if right - 1 >= left and bottom - 1 >= top:
            self.pen.rectangle((left, top, right - 1, bottom - 1), fill)

    def pill(self, x0: float, y0: float, x1: float, y1: float, radius: float, fill: Colour) -> None:
        self.pen.rounded_rectangle(self.box(x0, y0, x1, y1), radius * self.scale, fill)

    def disc(self, x: float, y: float, r: float, fill: Colour) -> None:
        self.oval(x - r, y - r, x + r, y + r, fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: Colour) -> None:
        self.pen.ellipse(self.box(x0, y0, x1, y1), fill)

    def line(self, points: Iterable[Point], fill: Colour, width: float) -> None:
        spots = [self.spot(x, y) for x, y in points]
        self.pen.line(spots, fill, round(width * self.scale), joint="curve")

    def dash(self, x: float, y: float, length: float, fill: Colour, width: float) -> None:
        self.rect(x - length / 2, y, x + length / 2, y + width, fill)

    def glow(
        self, x: float, y: float, r: float, colour: Colour, strength: float, flat: float = 1
    ) -> None:
        """Lay a soft round light over the picture; flat is its height as a share of its width."""
        light = Image.radial_gradient("L").point(
            lambda v: round(max(0.0, 1 - v / 181) ** 2 * 255 * strength)
        )
        x0, y0, x1, y1 = (round(v) for v in self.box(x - r, y - r * flat, x + r, y + r * flat))
        self.image.paste(colour, (x0, y0, x1, y1), light.resize((x1 - x0, y1 - y0)))


class Canvas(Pen):
    """The whole picture."""

    def __init__(self) -> None:
        super().__init__(Image.new("RGB", (WIDTH * OVERSIZE, HEIGHT * OVERSIZE), INK))

    def gradient(
        self, top: int, bottom: int, stops: Sequence[Colour], left: int = 0, right: int = WIDTH
    ) -> None:
        """Fill the rows between top and bottom with colours that pass into one another."""
        height = (bottom - top) * OVERSIZE
        strip = Image.new("RGB", (1, height))
        strip.putdata([blend(stops, row / max(1, height - 1)) for row in range(height)])
        strip = strip.resize(((right - left) * OVERSIZE, height))
        self.image.paste(strip, (left * OVERSIZE, top * OVERSIZE))

    def fade(self, top: int, bottom: int, colour: Colour, strength: float) -> None:
        """Let mist of a colour rise from the bottom row and thin out towards the top row."""
        mask = Image.linear_gradient("L").point(lambda v: round(v * strength))
        box = (0, top * OVERSIZE, self.image.width, bottom * OVERSIZE)
        self.image.paste(colour, box, mask.resize((box[2], box[3] - box[1])))

    def mirror(self, shore: int, tint: Colour, depth: float) -> None:
        """Reflect what is above the shore in the water below it, darker and blurred."""
        width, below = WIDTH * OVERSIZE, (HEIGHT - shore) * OVERSIZE
        above = self.image.crop((0, shore * OVERSIZE - below, width, shore * OVERSIZE)).reduce(4)
        above = above.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        above = above.filter(ImageFilter.BoxBlur((0.6, 3)))
        above = Image.blend(above, Image.new("RGB", above.size, tint), depth)
        self.image.paste(above.resize((width, below)), (0, shore * OVERSIZE))

    def beam(self, x: float, y: float, way: int, lift: float) -> None:
        """Throw a beam of light from a point to the edge of the picture."""
        small = Image.new("L", (WIDTH, HEIGHT))
        pen = ImageDraw.Draw(small)
        far = 0 if way < 0 else WIDTH
        for width, level in ((136, 50), (88, 80), (48, 115)):
            pen.polygon([(x, y), (far, y + lift - width), (far, y + lift + width)], level)
        mask = small.filter(ImageFilter.GaussianBlur(8)).resize(self.image.size)
        self.image.paste(LAMP, (0, 0), mask)

    def blur(self, radius: float) -> None:
        self.image.paste(self.image.filter(ImageFilter.BoxBlur(radius)))

    def colour_at(self, x: float, y: float) -> Colour:
        red, green, blue = self.image.getpixel((int(x * OVERSIZE), int(y * OVERSIZE)))
        return red, green, blue

    def finish(self, rng: Random) -> Image.Image:
        """Reduce to the finished size and lay a little paper grain over it."""
        picture = self.image.reduce(OVERSIZE)
        tile = Image.frombytes("L", (400, 300), rng.randbytes(120_000))
        tile = tile.point(lambda v: 128 + round((v - 127.5) / 255 * GRAIN))
        grain = Image.new("L", picture.size)
        for x in range(0, WIDTH, 400):
            for y in range(0, HEIGHT, 300):
                grain.paste(tile, (x, y))
        return ImageChops.add(picture, Image.merge("RGB", (grain,) * 3), 1, -128)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return colour a with a share (0 to 1) of colour b in it."""
    red, green, blue = (round(p + (q - p) * share) for p, q in zip(a, b, strict=True))
    return red, green, blue


def blend(stops: Sequence[Colour], at: float) -> Colour:
    """Return the colour at a share (0 to 1) of the way along two or more colours."""
    place = at * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    return mix(stops[index], stops[index + 1], place - index)


def both_sides(halves: Iterable[Point]) -> list[Point]:
    right = list(halves)
    return right + [(-half, y) for half, y in reversed(right)]


def arc(
    x: float, y: float, rx: float, ry: float, start: float = 0, stop: float = 2 * math.pi
) -> list[Point]:
    """Points on an ellipse around x and y, clockwise from the right; angles in radians."""
    angles = [start + (stop - start) * step / 40 for step in range(41)]
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]
