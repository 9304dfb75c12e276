"""Sketchpad: draw, and see what is made of it while you draw. It asks a function, never a Net."""

import numpy as np
import traitlets
from PIL import Image

from vizkit import style
from vizkit.view import Array, View, script, stylesheet

PAPER = 140  # side of the paper in its own pixels
MOST_MAPS, MOST_VALUES = 128, 100_000  # of one layer that are sent while drawing
BARS = 12  # more classes than that: the best ten are shown


class Sketchpad(View):
    """A paper to draw on with mouse, pen, finger or keys, and what a function makes of it.

    look: function of (drawing, centred, layer) that returns a dict: `seen`, the picture (size,
    size) it looked at, uint8; `classes`, names; `values`, one for each class; `maps`, the maps
    (channel, y, x) of that layer, or None. drawing is (140, 140), uint8, light ink on 0.
    example: what is on the paper first, an array (h, w) of any size, light ink on dark.
    layers: the names to choose `layer` from. centred: scale and centre as MNIST does.

    `drawing`, `seen` and `prediction` (class → value) follow what is drawn: observe them.

    >>> def look(drawing, centred, layer):
    ...     ink = drawing.mean() / 255
    ...     return {"seen": drawing[::5, ::5], "classes": ["ink", "paper"],
    ...             "values": [ink, 1 - ink], "maps": None}
    >>> pad = Sketchpad(look)
    >>> pad.draw(np.ones((28, 28)))
    >>> pad
    Sketchpad: a drawing read as ink, 1.00
    """

    _esm = script("courier", "paper", "readings", "sketch")
    _css = stylesheet("sketch")

    paper = Array()  # Python writes: what is put on the paper (the script draws on from there)
    seen = Array()  # Python writes: the picture that was looked at
    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    values = Array()  # Python writes
    layers = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    maps = Array()  # Python writes: (channel, y, x), float32
    layer = traitlets.Unicode().tag(sync=True)  # both write
    centred = traitlets.Bool(True).tag(sync=True)  # both write
    brush = traitlets.Int(13, min=1, max=60).tag(sync=True)  # both write: in pixels of the paper
    drawing = traitlets.Any()  # what is on the paper now, (140, 140) uint8
    prediction = traitlets.Dict()  # class → value

    def __init__(self, look, example=None, layers=(), layer=None, **traits):
        self._look = look
        blank = np.zeros((PAPER, PAPER), np.uint8)
        layers = list(layers)
        super().__init__(
            layers=layers, layer=layer or (layers[0] if layers else ""), paper=blank, seen=blank,
            values=np.zeros(0), drawing=blank, **traits,
        )  # fmt: skip
        self.on_msg(self._said)
        self.draw(blank if example is None else example)

    def draw(self, array):
        """Put an array (h, w) on the paper, light ink on dark: uint8, bool, or floats 0…1."""
        paper = on_paper(array)
        self.paper = self.drawing = paper
        self._see()

    def clear(self):
        """Take a new sheet."""
        self.draw(np.zeros((PAPER, PAPER), np.uint8))

    @traitlets.validate("layer")
    def _check_layer(self, proposal):
        if self.layers and proposal["value"] not in self.layers:
            raise ValueError(
                f"no layer {proposal['value']!r} here; there are {', '.join(self.layers)}"
            )
        return proposal["value"]

    @traitlets.observe("layer", "centred")
    def _asked_otherwise(self, change):
        if self.caption:  # not while the viewer is being made
            with self.reporting():
                self._see()

    def _see(self):
        answer = self._look(self.drawing, self.centred, self.layer)
        values = np.asarray(answer["values"], float)
        maps = answer["maps"]
        with self.hold_sync():
            self.seen = np.asarray(answer["seen"])
            self.classes = [str(name) for name in answer["classes"]]
            self.values = values
            self.maps = None if maps is None else few(np.asarray(maps, np.float32))
            self.retell()
        self.prediction = dict(zip(self.classes, values.tolist(), strict=True))

    def _said(self, _, content, buffers):
        if content.get("kind") == "drawing":
            self.drawing = np.frombuffer(buffers[0], np.uint8).reshape(PAPER, PAPER).copy()
            with self.reporting():
                self._see()
            self.send({"kind": "seen", "number": content["number"]})
        elif content.get("kind") == "rest":  # the stored picture follows when the hand rests
            with self.reporting():
                self.refresh()

    @property
    def data(self):
        arrays = {"drawing": self.drawing, "seen": self.seen, "values": self.values}
        return arrays if self.maps is None else {**arrays, "maps": self.maps}

    @property
    def best(self):
        """The class with the largest value; None where there is none."""
        finite = np.isfinite(self.values)
        if not finite.any():
            return None
        return self.classes[int(np.argmax(np.where(finite, self.values, -np.inf)))]

    def summary(self):
        if not self.drawing.any():
            return "Sketchpad: an empty paper"
        if self.best is None:
            return f"Sketchpad: a drawing{style.broken(self.values) or ', not read yet'}"
        value = style.number(self.values[self.classes.index(self.best)])
        return f"Sketchpad: a drawing read as {self.best}, {value}{style.broken(self.values)}"

    def describe(self):
        words = [self.summary().removeprefix("Sketchpad: ").capitalize() + "."]
        rows, columns = self.seen.shape
        words.append(f"Beside the paper: the picture of {rows}×{columns} pixels that was looked at")
        shares = bar_range(self.values) == (0, 1)
        shown = [k for k in order(self.values) if not (shares and self.values[k] < 0.005)]
        pairs = [f"{self.classes[k]} {style.number(self.values[k])}" for k in shown]
        rest = ", the others below 0.005" if len(shown) < len(order(self.values)) else ""
        words[-1] += f", and bars: {', '.join(pairs)}{rest}." if pairs else "."
        if self.maps is not None:
            count, height, width = self.maps.shape
            words.append(f"Below: {count} activation maps of {height}×{width}, layer {self.layer}.")
        return " ".join(words)

    def figure(self):
        figure = style.figure(8.2, 2.5)
        maps = self.maps is not None
        parts = figure.subplots(1, 3 if maps else 2, width_ratios=[1, 1, 1.7] if maps else [1, 1])
        style.picture(parts[0], self.seen, "what it sees")
        parts[0].images[0].set(cmap="gray", clim=(0, 255))
        shown = order(self.values)
        best = [self.classes[k] == self.best for k in shown]
        parts[1].barh(range(len(shown)), np.nan_to_num(self.values[shown]),
                      color=[style.CATEGORIES[0] if b else "#b5b5b5" for b in best])  # fmt: skip
        parts[1].set_yticks(range(len(shown)), [self.classes[k] for k in shown], fontsize=8)
        parts[1].invert_yaxis()
        parts[1].spines[["top", "right"]].set_visible(False)
        low, high = bar_range(self.values)
        parts[1].set_xlim(low, high)
        title = "" if self.best is None or not self.drawing.any() else f"reads it as {self.best}"
        parts[1].set_title(title, fontsize=9, color=style.INK)
        if maps:
            signed = bool((self.maps < 0).any())
            pictures = style.paint(self.maps[:64], signed=signed)
            columns = int(np.ceil(np.sqrt(len(pictures) * 1.7)))
            enlarge = max(1, round(120 / columns / pictures.shape[2]))
            large = pictures.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
            style.picture(parts[2], style.tiles(large, columns, gap=3), f"maps of {self.layer}")
        return figure


def on_paper(array):
    """Any array (h, w) as a paper (140, 140), uint8: squared, enlarged or reduced.

    Raises ValueError for other shapes and for values that are neither 0…255 nor 0…1.
    """
    array = np.asarray(array)
    array = array[0] if array.ndim == 3 and len(array) == 1 else array
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"a drawing of shape {array.shape}: expected (h, w), light ink on dark")
    if array.dtype != np.uint8:
        low, high = float(array.min()), float(array.max())
        if not (low >= 0 and high <= 255):
            raise ValueError(f"a drawing with values {low:.3g}…{high:.3g}: expected 0…1 or 0…255")
        array = np.uint8(np.round(array.astype(float) * (255 if high <= 1 else 1)))
    rows, columns = array.shape
    side = max(rows, columns)
    square = np.zeros((side, side), np.uint8)
    top, left = (side - rows) // 2, (side - columns) // 2
    square[top : top + rows, left : left + columns] = array
    image = Image.fromarray(square).resize((PAPER, PAPER), Image.Resampling.BOX)
    return np.asarray(image).copy()


def few(maps):
    """The first maps, as many as can be sent while someone draws.

    >>> few(np.zeros((512, 56, 56), np.float32)).shape
    (31, 56, 56)
    """
    fit = max(1, MOST_VALUES // max(1, maps[0].size))
    return maps[: min(fit, MOST_MAPS)]


def order(values):
    """Which classes have a bar, in the order of the classes; the ten best where there are many.

    >>> order(np.arange(3.0)), len(order(np.arange(1000.0)))
    (array([0, 1, 2]), 10)
    """
    if len(values) <= BARS:
        return np.arange(len(values))
    return np.sort(np.argsort(-np.nan_to_num(values, nan=-np.inf), kind="stable")[:10])


def bar_range(values):
    """The ends of the bars' axis: 0…1 for shares, else from 0 or the lowest to the highest."""
    finite = values[np.isfinite(values)]
    low, high = min(0, finite.min(initial=0)), max(0, finite.max(initial=0))
    if low >= 0 and high <= 1:
        return 0, 1
    return low, high if high > low else low + 1
