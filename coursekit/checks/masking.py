"""Causal convolutions, masks and stacks of masks, with the slips that lesson 12 knows."""

import numpy as np
from scipy.ndimage import binary_dilation


def taps(x, weights, places):
    """y[t] = the sum of weights[j] · x[t + places[j]]; outside of x there are zeros."""
    x, at = np.asarray(x, float), np.arange(len(x))
    y = np.zeros(len(x))
    for weight, place in zip(weights, places, strict=True):
        inside = (at + place >= 0) & (at + place < len(x))
        y[inside] += weight * x[at[inside] + place]
    return y


def back(weights, dilation):
    """Where the taps lie, the last one at the present."""
    return -dilation * np.arange(len(weights))[::-1]


def short(x, weights, dilation, padding):
    """The places of `causal` that are left when only `padding` zeros stand in front."""
    whole = taps(x, weights, back(weights, dilation))
    return whole[(len(weights) - 1) * dilation - padding :]


def opened(kind, kernel, centre=None, row=None, above=slice(None)):
    """A mask: the rows above, the row of the centre up to `row`, and the centre."""
    half = kernel // 2
    m = np.zeros((kernel, kernel), int)
    m[:half, above] = 1
    m[half, : half if row is None else row] = 1
    m[half, half] = (kind == "B") if centre is None else centre
    return m


def triangle(kind, kernel):
    return np.tril(np.ones((kernel, kernel), int), 0 if kind == "B" else -1)


def spread(y, x, side, kinds):
    """Pixels from which a path leads to (y, x) through 3×3 masks, the first layer's kind first."""
    reached = np.zeros((side, side), bool)
    reached[y, x] = True
    for kind in reversed(kinds):
        reached = binary_dilation(reached, opened(kind, 3))
    return reached


def unchecked(y, x, layers, side):
    """As above, pixel by pixel, and nobody asks whether a pixel lies on the image."""
    reached = np.zeros((side, side), bool)
    reached[y, x] = True
    for kind in reversed(kinds(layers)):
        before = np.zeros_like(reached)
        for place in np.argwhere(reached):
            for step in np.argwhere(opened(kind, 3)) - 1:
                before[tuple(place + step)] = True  # −1 is the last row, or column
        reached = before
    return reached


def earlier(y, x, side):
    """All pixels read before (y, x)."""
    return (np.arange(side * side) < y * side + x).reshape(side, side)


def near(y, x, layers, side):
    """A box of `layers` pixels to each side."""
    r, c = np.mgrid[:side, :side]
    return (abs(r - y) <= layers) & (abs(c - x) <= layers)


def kinds(layers, first="A", rest="B"):
    return first + rest * (layers - 1)
