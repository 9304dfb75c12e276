"""An atlas as a matplotlib figure: one grid's pictures, some of them named."""

import numpy as np
from PIL import Image

from vizkit import style

WIDTH = 4.6  # inches
PIXELS = 336  # along the map
NAMED = 14


def share_of_cell(count, most):
    """How much of its cell's side a picture takes, by how many activations it stands for.

    The area beyond the smallest follows the density; tiles.js has the same rule.

    >>> share_of_cell(np.array([0, 25, 100]), 100).tolist()
    [0.5, 0.75, 1.0]
    """
    return 0.5 + 0.5 * np.sqrt(np.asarray(count) / max(most, 1))


def draw(view):
    """The pictures of one grid of an AtlasViewer, in their places, with names for some."""
    level = view.drawn_level()
    at, side = view.cells(level), view.sides[level]
    icons, number, count = view.icons(level), view.number[at], view.count[at]
    cell = max(4, PIXELS // side)
    ground = np.full((cell * side, cell * side, 3), 255, np.uint8)
    shares = share_of_cell(count, count.max() if len(count) else 1)
    for icon, where, share in zip(icons, number, shares, strict=True):
        edge = max(2, round((cell - 1) * share))
        small = np.asarray(Image.fromarray(icon).resize((edge, edge), Image.Resampling.LANCZOS))
        top = (side - 1 - where // side) * cell + (cell - edge) // 2
        left = where % side * cell + (cell - edge) // 2
        ground[top : top + edge, left : left + edge] = small
    figure = style.figure(WIDTH, WIDTH + 0.35)
    axes = figure.subplots()
    axes.imshow(ground, interpolation="nearest", extent=(0, side, 0, side))
    axes.set_axis_off()
    for which in _spread(number, count, side):
        told = view.classes(at.start + which)
        if told:
            x, y = number[which] % side + 0.5, number[which] // side + 0.02
            axes.text(x, y, style.shorten(told[0][0], 18), fontsize=7, ha="center", va="bottom",
                      color="white", bbox={"facecolor": "black", "alpha": 0.65, "pad": 1.2,
                                           "linewidth": 0})
    style.headline(figure, view.caption)
    return figure


def _spread(number, count, side):
    """Indices of cells to name: the fullest ones, none close to another."""
    chosen = []
    for which in np.argsort(-count, kind="stable"):
        row, column = divmod(int(number[which]), side)
        if all(abs(row - number[o] // side) > side / 12
               or abs(column - number[o] % side) > side / 3 for o in chosen):
            chosen.append(int(which))
        if len(chosen) == NAMED:
            break
    return chosen
