"""ActivationViewer: activation maps of an image, layer by layer. Not the kernels (kernels.py)."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, as_array, script, stylesheet

FIGURE_MAPS = 64
ROOM_FOR_TITLES = 56  # pixels
PIXELS_A_LETTER = 5.2  # of a title


class ActivationViewer(View):
    """What each channel of a layer gives for one image, where in the image.

    compute: a function of a layer's name that returns its maps (channel, y, x); called for the
    layer that is shown, when it is shown.
    names: the layers to choose from. layer: the one shown first (default: the first).
    image: what went in, bytes (y, x) or (y, x, 3), or None.
    explain: a function of (layer, channel, y, x) that says how one value came about (a dict as
    vizkit.fields.arithmetic makes it), or None. field: a function of a layer's name that gives its
    receptive field (a dict of size, step, offset, image, exact, how), or None.
    titles: what the maps are called ("" or none: their numbers).
    selected: number of the map shown large (-1: none).
    threshold: share of the scale, 0…1; values nearer to zero than that are drawn as zero.
    shared_scale: True draws all maps on one scale, False each on its own.

    Maps with negative values are drawn in blue (negative), white (zero), red (positive); others
    from dark (zero) to light.

    >>> ActivationViewer(lambda name: np.zeros((6, 28, 28)), ["c1"])
    ActivationViewer: 6 maps of 28×28, layer c1
    """

    _esm = script("maps", "account", "activations")
    _css = stylesheet("activations")

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    layer = traitlets.Unicode().tag(sync=True)  # both write: the layer that is wanted
    shown = traitlets.Unicode().tag(sync=True)  # Python writes: the layer whose maps are here
    maps = Array()  # Python writes
    image = Array()  # Python writes
    sees = traitlets.Dict().tag(sync=True)  # Python writes: the shown layer's receptive field
    pointed = traitlets.List(traitlets.Int()).tag(sync=True)  # JS writes: [question, channel, y, x]
    account = traitlets.Dict().tag(sync=True)  # Python writes: how the value pointed at came about
    patch = Array()  # Python writes: (channel, y, x), what the kernel lay on
    kernel = Array()  # Python writes: (channel, y, x)
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    selected = traitlets.Int(-1).tag(sync=True)  # both write
    threshold = traitlets.Float(0.0, min=0.0, max=1.0).tag(sync=True)  # both write
    shared_scale = traitlets.Bool(True).tag(sync=True)  # both write

    def __init__(self, compute, names, layer=None, *, explain=None, field=None, **traits):
        self._compute, self._explain, self._field = compute, explain, field
        layer = layer or names[0]
        maps = checked(compute(layer), layer)
        super().__init__(names=list(names), layer=layer, shown=layer, maps=maps,
                         sees=self._seen_by(layer), **traits)

    @traitlets.validate("layer")
    def _check_layer(self, proposal):
        if proposal["value"] not in self.names:
            raise ValueError(
                f"no maps of layer {proposal['value']!r}; there are {', '.join(self.names)}"
            )
        return proposal["value"]

    @traitlets.validate("image")
    def _check_image(self, proposal):
        image = proposal["value"]
        if image is not None and (image.dtype != np.uint8 or image.shape[2:] not in ((), (3,))):
            raise ValueError(
                f"image: {image.dtype} of shape {image.shape}; expected bytes (y, x) or (y, x, 3)"
            )
        return image

    @traitlets.observe("layer")
    def _layer_chosen(self, change):
        if self.layer == self.shown:
            return
        with self.reporting():
            maps = checked(self._compute(self.layer), self.layer)
            sees = self._seen_by(self.layer)
            with self.hold_sync():
                self.maps, self.shown, self.sees, self.pointed = maps, self.layer, sees, []
                self.retell()
        self.layer = self.shown  # after an error, back to what is there

    def look_at(self, compute, image, layer=None, explain=None, field=None):
        """Show the maps of another image; functions as at the start. The chosen map stays."""
        layer = layer or self.layer
        maps = checked(compute(layer), layer)
        self._compute, self._explain, self._field = compute, explain, field
        with self.hold_sync():
            self.maps, self.image, self.sees, self.pointed = maps, image, self._seen_by(layer), []
            self.shown = self.layer = layer
            self.retell()

    def _seen_by(self, layer):
        return {} if self._field is None else self._field(layer)

    @traitlets.observe("pointed")
    def _pointed_at(self, change):
        account, patch, kernel = {}, None, None
        with self.reporting():
            if self.pointed and self._explain is not None:
                account = dict(self._explain(self.shown, *self.pointed[1:]))
                patch, kernel = account.pop("patch", None), account.pop("kernel", None)
        with self.hold_sync():
            self.patch, self.kernel = patch, kernel
            self.account = account | {"at": self.pointed}

    @property
    def data(self):
        arrays = {"maps": self.maps}
        return arrays if self.image is None else {**arrays, "image": self.image}

    @property
    def signed(self):
        """Are there negative values?"""
        return bool((self.maps[np.isfinite(self.maps)] < 0).any())

    def summary(self):
        count, height, width = self.maps.shape
        noun = "map" if count == 1 else "maps"
        among = f" ({self.names.index(self.shown) + 1} of {len(self.names)})"
        return (
            f"ActivationViewer: {count} {noun} of {height}×{width}"
            f"{f', layer {self.shown}' if self.shown else ''}"
            f"{among if len(self.names) > 1 else ''}{style.broken(self.maps)}"
        )

    def describe(self):
        finite = self.maps[np.isfinite(self.maps)]
        low, high = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
        colours = ("blue for negative, white for zero, red for positive" if self.signed
                   else "from dark for zero to light")
        empty = int((~self.maps.any(axis=(1, 2))).sum())
        silent = f" {empty} of them are zero everywhere." if empty else ""
        beside = "" if self.image is None else " The image they were made of stands beside them."
        return (
            f"{self.summary().removeprefix('ActivationViewer: ')}, drawn as small pictures, "
            f"{colours}. Values from {style.number(low)} to {style.number(high)}.{silent}{beside}"
        )

    def pictures(self):
        """The maps as colours (n, y, x, 3), uint8, as they are drawn."""
        largest, signed = style.largest(self.maps), self.signed
        drawn = []
        for values in self.maps:
            limit = largest if self.shared_scale else style.largest(values)
            near = np.abs(values) < self.threshold * limit  # never where NaN
            drawn.append(style.paint(np.where(near, 0, values), limit, signed))
        return np.stack(drawn)

    def figure(self):
        pictures = self.pictures()[:FIGURE_MAPS]
        count, height, width, _ = pictures.shape
        columns = grid_columns(count, height / width)
        rows = -(-count // columns)
        beside = self.image is not None
        inches = min(6.2 / columns, 1.5)
        tall = max(rows * inches * height / width, 1.6)
        figure = style.figure(columns * inches + 2.0 * beside + 0.7, tall + 0.4)
        sizes = [1.7, columns * inches] if beside else [columns * inches]
        axes = np.atleast_1d(figure.subplots(1, len(sizes), width_ratios=sizes))
        if beside:
            image = self.image if self.image.ndim == 3 else self.image[..., None].repeat(3, -1)
            style.picture(axes[0], image, "image")
            axes[0].set_anchor("NW")
        self._sheet(axes[-1], pictures, columns, inches * style.DPI)
        left_out = len(self.maps) - count
        note = f" (the first {count}; {left_out} more)" if left_out else ""
        style.headline(figure, self.caption + note)
        style.legend(figure, axes[-1], style.largest(self.maps) if self.shared_scale else None,
                     self.signed)
        return figure

    def _sheet(self, axes, pictures, columns, pixels):
        """Draw the pictures in rows, each about that wide, titles in their upper left corners."""
        width = pictures.shape[2]
        enlarge = max(1, int(pixels / width))
        large = pictures.repeat(enlarge, axis=1).repeat(enlarge, axis=2)
        gap = max(1, round(2 * width * enlarge / pixels))
        style.picture(axes, style.tiles(large, columns, gap))
        axes.set_anchor("NW")
        if pixels < ROOM_FOR_TITLES:
            return
        _, tall, wide, _ = large.shape
        for number, title in enumerate(self.titles[: len(pictures)]):
            row, column = divmod(number, columns)
            left, top = column * (wide + gap) + 2, row * (tall + gap) + 2
            fits = int(pixels / PIXELS_A_LETTER)
            axes.text(left, top, style.shorten(title, fits), fontsize=7, va="top", color=style.INK,
                      bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1})


def checked(maps, layer):
    """Maps as an array (channel, y, x); a ValueError for anything else."""
    maps = as_array(maps)
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(f"maps of layer {layer}: shape {maps.shape}; expected (channel, y, x)")
    return maps


def grid_columns(count, ratio=1.0):
    """Columns for `count` pictures, so that the sheet is about half as high as wide.

    >>> grid_columns(6), grid_columns(16), grid_columns(64)
    (6, 6, 12)
    """
    return min(count, max(6, int(np.ceil(np.sqrt(count * 2 * ratio)))))
