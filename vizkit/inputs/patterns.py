"""Patterns to hold up to a network: stripes, edges, bars, blobs, checks. Exact, in two colours."""

import numpy as np
from PIL import ImageColor

KINDS = ("grating", "stripes", "edge", "bar", "blob", "checks")
PIXELS = 2048  # the longest side that is drawn


def pattern(kind="grating", angle=0, frequency=4, phase=0, contrast=1.0,
            colours=("white", "black"), side=64):
    """A pattern as an image (side, side, 3), uint8.

    kind: "grating" (a sine wave), "stripes" (its square wave), "edge" (one step in the middle),
    "bar" (one stripe on the other colour), "blob" (a disc in a ring of the other colour, on the
    mean of both), "checks".
    angle: degrees, counter-clockwise. At 0 the colours change from left to right, so that
    stripes stand upright; at 90 they change from bottom to top, and stripes lie flat.
    frequency: cycles in the width of the image; a stripe, a bar and the disc of a blob are half
    a cycle wide. phase: degrees of a cycle by which the pattern is moved along its angle.
    contrast: 1 for the colours as they are, 0 for nothing but their mean.
    colours: two, or one that is drawn against its opposite; names ("red"), "#ff0000" or
    (255, 0, 0). The first is that of the middle of a grating, of the bar, of the disc, and of
    the side of the edge that the angle points to.

    Raises ValueError for another kind, for a colour that is none and for numbers out of range.
    Source of the blob: Marr & Hildreth 1980, the Laplacian of a Gaussian.

    >>> pattern("edge", angle=90, side=4)[:, 0, 0].tolist()           # white above, black below
    [255, 255, 0, 0]
    >>> pattern("stripes", frequency=2, phase=90, colours="red", side=4)[0].tolist()
    [[255, 0, 0], [0, 255, 255], [255, 0, 0], [0, 255, 255]]
    """
    check(kind, angle, frequency, phase, contrast, side)
    first, second = pair(colours)
    along, across = axes(angle, side)
    values = contrast * wave(kind, along - phase / 360 / frequency, across, frequency, side)
    colour = (first + second) / 2 + values[..., None] * (first - second) / 2
    return np.round(np.clip(colour, 0, 255)).astype(np.uint8)


def wave(kind, along, across, frequency, side):
    """The pattern as values −1…1 at these places, in widths of the image from its middle."""
    def steep(distance):  # sharp, but a step between two pixels is one pixel wide
        return np.clip(2 * side * distance, -1, 1)

    def stripes(place):  # how far the next border is, positive within a stripe of the first colour
        return steep(np.arcsin(np.cos(2 * np.pi * frequency * place)) / (2 * np.pi * frequency))

    if kind == "grating":
        return np.cos(2 * np.pi * frequency * along)
    if kind == "stripes":
        return stripes(along)
    if kind == "checks":
        return stripes(along) * stripes(across)
    if kind == "edge":
        return steep(along)
    if kind == "bar":
        return steep(1 / (4 * frequency) - np.abs(along))
    spread = (along**2 + across**2) * (4 * frequency) ** 2  # 1 where the disc ends
    return (1 - spread) * np.exp(-spread)


def axes(angle, side):
    """Places of the pixels' middles along the angle and across it, each (side, side).

    Quarter turns are exact: the numbers at angle + 90 are those at angle, turned.

    >>> along, across = axes(90, 2)
    >>> along.tolist(), across.tolist()
    ([[0.25, 0.25], [-0.25, -0.25]], [[0.25, -0.25], [0.25, -0.25]])
    """
    quarters, rest = divmod(angle % 360, 90)
    cosine, sine = np.cos(np.radians(rest)), np.sin(np.radians(rest))
    for _ in range(int(quarters)):
        cosine, sine = -sine, cosine
    middle = (np.arange(side) + 0.5) / side - 0.5
    x, y = np.meshgrid(middle, -middle)  # y points up
    return x * cosine + y * sine, y * cosine - x * sine


def pair(colours):
    """Two colours as arrays (3,) of 0…255: those given, or one and its opposite.

    >>> [colour.tolist() for colour in pair("blue")]
    [[0.0, 0.0, 255.0], [255.0, 255.0, 0.0]]
    """
    single = isinstance(colours, str) or all(np.isscalar(part) and not isinstance(part, str)
                                             for part in colours)  # fmt: skip
    found = [rgb(colour) for colour in ([colours] if single else colours)]
    if len(found) == 1:
        found.append(255 - found[0])
    if len(found) != 2:
        raise ValueError(f"{len(found)} colours; expected two, or one to draw against its opposite")
    return found


def rgb(colour):
    """A colour as an array (3,) of 0…255. Raises ValueError for what is none."""
    try:
        values = ImageColor.getrgb(colour) if isinstance(colour, str) else colour
        found = np.array(values, float)[:3]
        if found.shape == (3,) and (found >= 0).all() and (found <= 255).all():
            return found
    except (TypeError, ValueError):
        pass
    raise ValueError(f"{colour!r} is no colour: expected a name as \"red\", \"#ff0000\", or "
                     "(255, 0, 0)")  # fmt: skip


def check(kind, angle, frequency, phase, contrast, side):
    """Raises ValueError, in words, for what cannot be drawn."""
    if kind not in KINDS:
        raise ValueError(f"no pattern {kind!r}; there are {', '.join(KINDS)}")
    if not np.isfinite([angle, frequency, phase, contrast]).all():
        raise ValueError(f"angle {angle}, frequency {frequency}, phase {phase}, contrast "
                         f"{contrast}: expected numbers")
    if frequency <= 0:
        raise ValueError(f"frequency is {frequency}: expected cycles in the image's width, above 0")
    if not 0 <= contrast <= 1:
        raise ValueError(f"contrast is {contrast}: expected 0…1")
    if side != int(side) or not 1 <= side <= PIXELS:
        raise ValueError(f"side is {side}: expected a whole number of pixels, 1…{PIXELS}")
