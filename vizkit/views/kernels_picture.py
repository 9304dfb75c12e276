"""KernelViewer's printed picture: a sheet of kernels, and below it the way of one through time."""

import numpy as np

from vizkit import style

MOST = 128  # kernels on the sheet
WIDEST = 0.62  # of one picture in the strip below, in inches


def colours(kernel, limit):
    """One kernel as colours (h, w, 3) uint8: (h, w) signed, (3, h, w) around mid-grey."""
    if kernel.ndim == 2:
        return style.paint(kernel, limit)
    kernel = np.moveaxis(np.asarray(kernel, dtype=float), 0, -1)
    finite = np.isfinite(kernel).all(-1)
    painted = np.clip(np.nan_to_num(kernel) / limit / 2 + 0.5, 0, 1) * 255
    painted = np.floor(painted + 0.5).astype(np.uint8)
    painted[~finite] = style.BROKEN
    return painted


def picture(pictures, caption, note, way, scale):
    """A Figure of the kernels (n, h, w, 3).

    note: said behind the caption. way: None, or (a kernel's name, its pictures through time
    (moment, h, w, 3), the moments in words), drawn in a row below. scale: None, or (limit,) for a
    colour scale beside the sheet, whose limit is None where each kernel has its own.
    """
    shown = pictures[:MOST]
    left_out = len(pictures) - len(shown)
    note = (f" (the first {MOST}; {left_out} more)" if left_out else "") + note
    count, height, width, _ = shown.shape
    columns = min(count, max(6, int(np.ceil(np.sqrt(count * 2)))))
    rows = -(-count // columns)
    inches = min(1.0, 8.0 / columns)
    room = 0.9 if scale else 0.1
    sheet = rows * inches * height / width
    below = strip_size(way[1]) if way else (0, 0)
    figure = style.figure(max(columns * inches, below[0]) + room, sheet + below[1] + 0.4)
    axes = figure.subplots(2 if way else 1, height_ratios=[sheet, below[1]] if way else None,
                           squeeze=False)[:, 0]
    style.picture(axes[0], tiled(shown, columns, inches))
    axes[0].set_anchor("NW")
    style.headline(figure, caption + note)
    if scale:
        style.legend(figure, axes[0], scale[0])
    if way:
        strip(axes[1], *way)
    return figure


def tiled(pictures, columns, inches):
    """The pictures in rows, each enlarged by whole numbers to about that width."""
    enlarge = max(1, int(inches * style.DPI / pictures.shape[2]))
    large = pictures.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
    return style.tiles(large, columns, gap=8)


def strip_size(pictures):
    """(width, height) in inches of the row below."""
    count, height, width, _ = pictures.shape
    cell = min(WIDEST, 8.0 / count)
    return count * cell + 0.9, cell * height / width + 0.5


def strip(axes, name, pictures, steps):
    """One kernel's pictures from left to right; the moments in words below."""
    count = len(pictures)
    drawn = tiled(pictures, count, min(WIDEST, 8.0 / count))
    style.picture(axes, drawn)
    axes.set_anchor("NW")
    axes.set_yticks([drawn.shape[0] / 2], [name], fontsize=8, color=style.INK)
    middle = (np.arange(count) + 0.5) / count * drawn.shape[1]
    axes.set_xticks(middle, map(short, steps), fontsize=7, color=style.INK)
    axes.tick_params(length=0)


def short(step):
    """A step in the words that fit under a small picture.

    >>> short("after 1,281,000 images"), short("before training")
    ('1,281,000\\nimages', 'before\\ntraining')
    """
    return step.removeprefix("after ").replace(" ", "\n", 1)
