"""How much of a kernel is a Gabor: a wave under a bell, the model of an oriented edge or stripe.

    bell(u, v) · (a·cos(2πfu) + b·sin(2πfu)),   bell = exp(−u²/2s² − v²/2t²)

u runs along the wave, v across it, both from the bell's middle. Each colour has its own a and b,
found by least squares; the angle, the frequency f, the middle, s and t are searched for.
Sources: Gabor 1946, J. IEE 93; Daugman 1985, J. Opt. Soc. Am. A 2, for the two dimensions.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

NARROWEST, ROUNDS, TRIES = 1.0, 16, 48  # pixels; steps of the search, neighbours tried in each


@dataclass(frozen=True, eq=False)
class Gabor:
    """The Gabor that explains most of a kernel.

    angle: degrees, counter-clockwise; at 0 the wave runs from left to right and stripes stand
    upright. frequency: cycles per pixel. middle: (x, y) in pixels from the kernel's, y upwards.
    along, across: the bell's widths s and t in pixels. share: of the kernel's energy (its sum of
    squares) that it explains, 0 to 1. picture: the Gabor itself, in the kernel's shape.
    """

    angle: float
    frequency: float
    middle: tuple
    along: float
    across: float
    share: float
    picture: np.ndarray


def fit(kernel, seed=0):
    """The best Gabor of a kernel (colours, side, side), or (side, side).

    A grid of some thousand Gabors first, then neighbours of the best, ever nearer. Raises
    ValueError for a kernel that is not square, and for one that is zero everywhere.

    >>> stripes = np.cos(np.arange(11) - 5.0) * np.ones((11, 1))  # upright, 1/2π cycles a pixel
    >>> found = fit(stripes)
    >>> round(found.frequency, 2), round(found.share, 1)
    (0.16, 1.0)
    """
    kernel = np.asarray(kernel, float)
    side = kernel.shape[-1]
    if kernel.ndim not in (2, 3) or kernel.shape[-2] != side:
        raise ValueError(f"a kernel of shape {kernel.shape}: expected (colours, side, side) or "
                         "(side, side)")
    flat = kernel.reshape(-1, side * side).T  # (pixel, colour)
    energy = (flat**2).sum()
    if not energy > 0:
        raise ValueError("the kernel is zero everywhere, or not a number: there is nothing to fit")
    candidates, pairs = grid(side)
    best = candidates[explained(pairs, flat).argmax()]
    random = np.random.default_rng(seed)
    reach = np.array([15.0, 0.05, 1.5, 1.5, 0.4, 0.4])  # s and t in powers of e
    for _ in range(ROUNDS):
        near = best + reach * random.normal(size=(TRIES, 6))
        near = inside(np.concatenate([best[None], near]), side)
        best = near[explained(waves(near, side), flat).argmax()]
        reach *= 0.75
    pair = waves(best[None], side)[0]
    picture = (pair @ (pair.T @ flat)).T.reshape(kernel.shape)
    angle, frequency, x, y, along, across = best
    return Gabor(float(angle % 180), float(frequency), (float(x), float(y)), float(np.exp(along)),
                 float(np.exp(across)), float((picture**2).sum() / energy), picture)


def explained(pairs, flat):
    """The energy of the kernel's colours (pixel, colour) within each pair (gabor, pixel, 2)."""
    return ((pairs.transpose(0, 2, 1) @ flat) ** 2).sum((1, 2))


def waves(parameters, side):
    """Two orthonormal waves (gabor, pixel, 2), cosine and sine, for each row of parameters:

    angle in degrees, frequency, x and y of the middle, the logarithms of s and t.
    """
    angle, frequency, left, up, along, across = parameters.T[:, :, None]
    steps = np.arange(side) - (side - 1) / 2
    x, y = (axis.ravel() for axis in np.meshgrid(steps, -steps))
    turn = np.radians(angle)
    u = (x - left) * np.cos(turn) + (y - up) * np.sin(turn)
    v = (y - up) * np.cos(turn) - (x - left) * np.sin(turn)
    bell = np.exp(-((u / np.exp(along)) ** 2 + (v / np.exp(across)) ** 2) / 2)
    phase = 2 * np.pi * frequency * u
    even, odd = bell * np.cos(phase), bell * np.sin(phase)
    even /= np.linalg.norm(even, axis=1, keepdims=True)
    odd -= (odd * even).sum(1, keepdims=True) * even
    size = np.linalg.norm(odd, axis=1, keepdims=True)
    odd = np.where(size > 1e-6, odd / np.maximum(size, 1e-12), 0)  # frequency 0: a bell alone
    return np.stack([even, odd], axis=2)


def inside(parameters, side):
    """The parameters within what a kernel of that side can show."""
    low = [-np.inf, 0, -side / 2, -side / 2, np.log(NARROWEST), np.log(NARROWEST)]
    high = [np.inf, 0.5, side / 2, side / 2, np.log(side), np.log(side)]
    return np.clip(parameters, low, high)


@lru_cache(maxsize=4)
def grid(side):
    """Where the search begins: (parameters (gabor, 6), their waves)."""
    aside, widths = side / 4, np.log(np.maximum([side / 6, side / 3], NARROWEST))
    axes = (np.arange(0, 180, 15.0), [0.03, 0.06, 0.1, 0.15, 0.2, 0.28], [-aside, 0, aside],
            [-aside, 0, aside], widths, widths)
    every = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 6)
    return every, waves(every, side)
