"""The printed picture of a PatchViewer: a row for each unit, three groups and a histogram."""

import numpy as np
from PIL import Image

from vizkit import style

GROUPS = ("strongest", "random", "weakest")
MOST_UNITS = 8
LARGE = 54  # pixels of one patch


def shrunk(pictures, side):
    """Pictures (…, y, x, 3) of at most that side, each whole; none is made larger."""
    height, width = pictures.shape[-3:-1]
    if max(height, width) <= side:
        return pictures
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    flat = pictures.reshape(-1, height, width, 3)
    small = np.stack([np.asarray(Image.fromarray(one).resize(size, Image.BOX)) for one in flat])
    return small.reshape(*pictures.shape[:-3], size[1], size[0], 3)


def draw(viewer):
    """The figure: the units from the chosen one on, eight at most."""
    count = len(viewer.titles)
    first = max(0, min(viewer.selected, count - MOST_UNITS)) if count > MOST_UNITS else 0
    units = list(range(first, min(count, first + MOST_UNITS)))
    top = viewer.found["values"]["strongest"].shape[1]
    columns = int(np.ceil(np.sqrt(top)))
    inches = columns * (LARGE + 4) / style.DPI
    rows = -(-top // columns) / columns
    figure = style.figure(3 * inches + 2.4, len(units) * (inches * rows + 0.42) + 0.45)
    grid = figure.subplots(len(units), 4, width_ratios=[1, 1, 1, 0.75], squeeze=False)
    patches = {group: viewer._crops(group, units) for group in GROUPS}
    for row, unit in enumerate(units):
        for axes, group in zip(grid[row], GROUPS, strict=False):
            values = viewer.found["values"][group][unit]
            ends = f"{style.number(values[0])} … {style.number(values[-1])}"
            style.picture(axes, style.tiles(enlarged(patches[group][row]), columns, gap=4),
                          f"{group}: {ends}" if top > 1 else f"{group}: {ends.split(' …')[0]}")
        grid[row, 0].set_ylabel(viewer.titles[unit], fontsize=9, color=style.INK)
        histogram(grid[row, 3], viewer, unit, row == len(units) - 1)
    left = f" (units {units[0]} to {units[-1]} of {count})" if len(units) < count else ""
    style.headline(figure, viewer.caption + left)
    return figure


def enlarged(patches):
    """Patches (n, y, x, 3) with whole pixels made large, or made smaller, to about one size."""
    patches = shrunk(patches, 2 * LARGE)
    times = max(1, round(2 * LARGE / max(patches.shape[1:3])))
    return patches.repeat(times, 1).repeat(times, 2)


def histogram(axes, viewer, unit, last):
    """A unit's maxima over random images, with the strongest patches' values as ticks above."""
    maxima = viewer.maxima[:, unit]
    maxima = maxima[np.isfinite(maxima)]
    axes.hist(maxima, 30, color="#9aa5b1")
    strongest = viewer.found["values"]["strongest"][unit]
    axes.plot(strongest, np.full(len(strongest), 1.04), "|", color=style.CATEGORIES[3], ms=7,
              transform=axes.get_xaxis_transform(), clip_on=False)
    axes.tick_params(labelsize=7, colors=style.FAINT)
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if last:
        axes.set_xlabel("largest value in an image", fontsize=8, color=style.INK)
