"""Plain charts that need no widget: small pictures, lines, bars, signals. One call, one figure.

Each returns a Chart: shown as the last line of a cell, it is a picture with its words beside it.
Not the live viewers (views/).
"""

import numpy as np
from matplotlib.ticker import MaxNLocator

from vizkit import style
from vizkit.arrays import as_array
from vizkit.showing import bundle, png, save

EDGE = {"color": "#bbbbbb", "linewidth": 0.6}
FEW = 6  # places on a logarithmic axis that are named one by one


class Chart:
    """A figure that is drawn when it is needed, what it shows in words, and its arrays.

    alt: what is to be seen, in words; a picture without words is refused.
    """

    def __init__(self, draw, alt, data):
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError("a chart needs alt=: say in a sentence what is to be seen")
        self._draw, self.alt, self.data = draw, alt, data

    def figure(self):
        """The matplotlib Figure."""
        return self._draw()

    def save(self, path):
        """Write .png, .svg or .pdf, or the arrays as .npz; returns the path."""
        return save(path, self.figure, self.data, self.alt)

    def __repr__(self):
        return f"Chart: {self.alt}"

    def _repr_mimebundle_(self, **kwargs):
        return bundle(png(self.figure()), self.alt, repr(self))


def pictures(images, titles=None, *, alt, columns=None, scale=None, size=1.1, grid=False):
    """Small pictures in a grid, each under its title.

    images: list of arrays (h, w) or (h, w, 3), or one array of them.
    scale: "grey" (dark to light), "signed" (blue, white, red; zero is white), or "rising" (zero
    is dark); by default signed where a value is negative, else grey. All share one scale; NaN and
    infinity are magenta.
    size: width of one picture in inches. grid: draw lines between the pixels, to count them.

    >>> pictures(np.zeros((3, 8, 8)), ["a", "b", "c"], alt="three black squares")
    Chart: three black squares
    """
    images = [as_array(image) for image in images]
    if not images:
        raise ValueError("there is no picture: expected a list of arrays, or one array of them")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"{len(images)} pictures and {len(titles)} titles: give one for each")
    colours = _coloured(images, scale)
    columns = columns or min(len(images), 8)

    def draw():
        rows = -(-len(images) // columns)
        lines = max((str(t).count("\n") + 1 for t in titles), default=1) if titles else 0
        tallest = max(image.shape[0] / image.shape[1] for image in images)
        figure = style.figure(columns * (size + 0.1), rows * (size * tallest + 0.19 * lines + 0.1))
        figure.get_layout_engine().set(w_pad=0.05, h_pad=0.06)  # inches; titles need their room
        places = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes in places[len(images):]:
            axes.set_visible(False)
        for index, colour in enumerate(colours):
            axes = places[index]
            style.picture(axes, colour, str(titles[index]) if titles else None)
            if len(colour) * len(colour[0]) <= 400:  # few pixels: paper and picture need an edge
                for side in axes.spines.values():
                    side.set(visible=True, **EDGE)
            if grid:
                axes.set_yticks(np.arange(0.5, len(colour) - 1), minor=True)
                axes.set_xticks(np.arange(0.5, len(colour[0]) - 1), minor=True)
                axes.tick_params(which="minor", length=0)
                axes.grid(which="minor", **EDGE)
        return figure

    return Chart(draw, alt, {f"image{k}": image for k, image in enumerate(images)})


def _coloured(images, scale):
    """The pictures as (h, w, 3) uint8 on one scale."""
    for image in images:
        if image.ndim != 2 and (image.ndim != 3 or image.shape[2] not in (3, 4)):
            raise ValueError(f"a picture of shape {image.shape}: expected (h, w) or (h, w, 3), the "
                             "colours last; one picture alone stands in a list")
    flat = [image for image in images if image.ndim == 2]
    limit = max((style.largest(image) for image in flat), default=1)
    if scale is None:
        scale = "signed" if any((image < 0).any() for image in flat) else "grey"
    known = {
        "grey": lambda x: _grey(x, limit),
        "signed": lambda x: style.paint(x, limit),
        "rising": lambda x: style.paint(x, limit, signed=False),
    }
    if scale not in known:
        raise ValueError(f"scale {scale!r}: expected one of {', '.join(known)}")
    return [known[scale](np.asarray(x, float)) if x.ndim == 2 else _rgb(x) for x in images]


def _grey(image, limit):
    finite = np.isfinite(image)
    levels = np.uint8(np.clip(np.where(finite, image, 0) / limit, 0, 1) * 255)
    colours = np.repeat(levels[..., None], 3, -1)
    colours[~finite] = style.BROKEN
    return colours


def _rgb(image):
    if image.dtype == np.uint8:
        return image
    return np.uint8(np.clip(np.nan_to_num(image), 0, 1) * 255)


def lines(series, *, alt, xlabel="", ylabel="", title="", log="", marks=None, points=False,
          width=6.2, height=3.2):  # fmt: skip
    """Curves in one chart. series: name → y, or name → (x, y).

    log: "", "x", "y" or "xy". marks: name → y, drawn as a dashed level. points: dots, no lines.

    >>> lines({"loss": [3, 2, 1]}, xlabel="step", alt="a loss that falls from 3 to 1").data["loss"]
    array([[0, 1, 2],
           [3, 2, 1]])
    """
    if not set(log) <= set("xy"):
        raise ValueError(f"log is {log!r}; expected '', 'x', 'y' or 'xy'")
    data = {name: _curve(name, values) for name, values in _named(series).items()}
    counts = not log and all((x % 1 == 0).all() for x, _ in data.values())

    def draw():
        figure = style.figure(width, height)
        axes = figure.subplots()
        for (name, (x, y)), colour in zip(data.items(), style.CATEGORIES * 9, strict=False):
            axes.plot(x, y, "o" if points else "-", color=colour, label=name,
                      markersize=4, linewidth=1.7, alpha=0.8 if points else 1)  # fmt: skip
        for name, level in (marks or {}).items():
            axes.axhline(level, color=style.FAINT, linestyle="--", linewidth=1, label=name)
        if "x" in log:
            axes.set_xscale("log")
            places = np.unique(np.concatenate([x for x, _ in data.values()]))
            if len(places) <= FEW:  # powers of ten would stand beside the points
                axes.set_xticks(places, [f"{x:,g}" for x in places])
                axes.set_xticks([], minor=True)
        if "y" in log:
            axes.set_yscale("log")
        if counts:
            _whole_steps(axes.xaxis)
        axes.set(xlabel=xlabel, ylabel=ylabel)
        return _finish(figure, axes, title, len(data) + len(marks or {}) > 1)

    return Chart(draw, alt, data)


def _named(values):
    """The dict itself. Raises TypeError for anything else, ValueError for an empty one."""
    if not isinstance(values, dict):
        raise TypeError(f"got {type(values).__name__}; expected a dict: name → values")
    if not values:
        raise ValueError("there is nothing to draw: the dict is empty")
    return values


def _curve(name, values):
    """x and y of one curve, (2, n)."""
    pair = isinstance(values, tuple) and len(values) == 2
    y = np.atleast_1d(as_array(values[1] if pair else values))
    x = np.atleast_1d(as_array(values[0])) if pair else np.arange(y.size)
    if y.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"{name}: x of shape {x.shape} and y of shape {y.shape}; expected rows of "
                         "one length")
    return np.stack([x, y])


def bars(values, *, alt, ylabel="", title="", width=6.2, height=2.8):
    """One bar for each name; its number stands above it.

    >>> bars({"a": 1, "b": 3}, alt="b is three times a")
    Chart: b is three times a
    """

    heights = np.array([float(as_array(value)) for value in _named(values).values()])

    def draw():
        figure = style.figure(width, height)
        axes = figure.subplots()
        drawn = axes.bar(list(values), heights, color=style.CATEGORIES[0], width=0.7)
        axes.bar_label(drawn, [f"{v:.4g}" for v in heights], fontsize=9, padding=2)
        axes.margins(y=0.15)
        axes.set(ylabel=ylabel)
        return _finish(figure, axes, title, False)

    return Chart(draw, alt, {"values": heights})


def signals(series, *, alt, xlabel="tick", width=6.2):
    """Units that are on or off, one lane each, tick by tick. series: name → zeros and ones.

    >>> signals({"q": [0, 1, 1]}, alt="q turns on and stays on").data["q"].tolist()
    [0, 1, 1]
    """
    data = {name: as_array(values) for name, values in _named(series).items()}
    for name, on in data.items():
        if on.ndim != 1 or not on.size or not np.isin(on, (0, 1)).all():
            raise ValueError(f"{name}: expected a row of zeros and ones, got {on.tolist()}")
    data = {name: on.astype(int) for name, on in data.items()}

    def draw():
        figure = style.figure(width, 0.6 + 0.42 * len(data))
        axes = figure.subplots()
        for lane, on in enumerate(data.values()):
            edges, base = np.arange(len(on) + 1), -lane
            colour = style.CATEGORIES[lane % len(style.CATEGORIES)]
            axes.stairs(base + 0.7 * on, edges, baseline=base, fill=True, color=colour, alpha=0.35)
            axes.stairs(base + 0.7 * on, edges, baseline=None, color=colour, linewidth=1.7)
        axes.set_yticks([0.3 - lane for lane in range(len(data))], list(data))
        axes.tick_params(axis="y", length=0)
        _whole_steps(axes.xaxis)
        longest = max(map(len, data.values()))
        axes.set(xlabel=xlabel, xlim=(0, longest), ylim=(0.95 - len(data), 0.95))
        return _finish(figure, axes, "", False)

    return Chart(draw, alt, data)


def _whole_steps(axis):
    """Ticks at whole numbers only: there is no half step."""
    axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def _finish(figure, axes, title, legend):
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    if title:
        axes.set_title(title, fontsize=10, color=style.INK)
    if legend:
        axes.legend(fontsize=9, frameon=False)
    return figure
