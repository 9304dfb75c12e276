"""Two images side by side, and lines between the places that belong together. A plain chart.

How places are found and matched is not here: they come as arrays.
"""

import numpy as np

from vizkit import style
from vizkit.arrays import as_array
from vizkit.charts import Chart

RIGHT, WRONG = style.CATEGORIES[0], style.CATEGORIES[3]


def matches(left, right, groups, *, alt, width=7.2):
    """Lines from places in one image to places in the other, blue where right, else orange.

    left, right: grey images (h, w) in 0…1, of one size; they are drawn pale, so that lines stand
    out. groups: title → (places in left (n, 2), in right (n, 2), right or not (n,)), places as
    (row, column); each group has the two images of its own.

    >>> there = np.array([[1.0, 2.0]])
    >>> pair = {"one": (there, there, [True])}
    >>> matches(np.zeros((4, 4)), np.zeros((4, 4)), pair, alt="one level line")
    Chart: one level line
    """
    left, right = as_array(left), as_array(right)
    if left.shape != right.shape or left.ndim != 2:
        raise ValueError(f"images of shapes {left.shape} and {right.shape}: expected two grey ones "
                         "of one size, (h, w)")
    groups = {title: _pairs(title, *group) for title, group in groups.items()}
    high, wide = left.shape
    both = 0.6 + 0.4 * np.hstack([left, right])

    def draw():
        figure = style.figure(width, len(groups) * (width * high / wide / 2 + 0.3))
        for axes, (title, lines) in zip(figure.subplots(len(groups), squeeze=False)[:, 0],
                                        groups.items(), strict=True):
            axes.imshow(both, cmap="gray", vmin=0, vmax=1)
            for y, x, v, u, good in lines:
                axes.plot([x, u + wide], [y, v], linewidth=0.9, marker=".", markersize=3,
                          color=RIGHT if good else WRONG)
            axes.set_title(title, fontsize=10, color=style.INK)
            axes.set_axis_off()
        return figure

    return Chart(draw, alt, groups)


def _pairs(title, places, partners, good):
    """The lines of a group, (n, 5): row and column left, row and column right, right or not."""
    places, partners, good = as_array(places), as_array(partners), as_array(good)
    if places.shape != (len(good), 2) or partners.shape != places.shape:
        raise ValueError(f"{title}: places {places.shape}, partners {partners.shape} and "
                         f"{len(good)} verdicts: expected (n, 2), (n, 2) and n")
    return np.column_stack([places, partners, good]).astype(float)
