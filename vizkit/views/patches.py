"""PatchViewer: what of a data set excites each unit, most and least. What finds it is no view's."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet
from vizkit.views.patch_picture import draw, shrunk

GROUPS = ("strongest", "random", "weakest")
ICON, SENT, WHOLE = 32, 96, 320  # sides in pixels, at most: an icon, a patch, a whole image
ICON_BYTES = 2 << 20
BINS = 40


class PatchViewer(View):
    """For each unit the patches with the strongest and the weakest response, and random ones.

    values, numbers, boxes: dicts of "strongest", "random", "weakest" → the responses (unit, top),
    the images' numbers (unit, top) and what was seen of them (unit, top, 4): top, left, bottom,
    right in pixels. maxima: (image, unit), each unit's largest response to images drawn at random.
    crops: a function of (group, unit numbers, most = top) that returns patches (unit, most, y, x,
    3), bytes.
    whole: a function of an image's number that returns the image, or None where it is gone.
    seen: how many images were looked at. notes: what is to be said besides.

    selected: the unit whose patches are shown (-1: none is chosen; then those shown last stay).
    looked: [group, rank] of the patch whose whole image is shown, or [].
    """

    _esm = script("patchwork", "patches")
    _css = stylesheet("patches")

    layer = traitlets.Unicode().tag(sync=True)  # Python writes
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: the units' names
    selected = traitlets.Int(-1).tag(sync=True)  # both write
    looked = traitlets.List(traitlets.Int()).tag(sync=True)  # both write
    icons = Array()  # Python writes: (unit, y, x, 3), each unit's strongest patch, small
    shown = traitlets.Int(0).tag(sync=True)  # Python writes: the unit that the next four are of
    patches = Array()  # Python writes: (group, top, y, x, 3)
    values = Array()  # Python writes: (group, top)
    numbers = Array()  # Python writes: (group, top)
    boxes = Array()  # Python writes: (group, top, 4)
    counts = Array()  # Python writes: (bin,) of the shown unit's maxima
    span = traitlets.List(traitlets.Float()).tag(sync=True)  # Python writes: ends of the bins
    around = Array()  # Python writes: the image looked at, (y, x, 3)
    size = traitlets.List(traitlets.Int()).tag(sync=True)  # Python writes: its (height, width)
    note = traitlets.Unicode().tag(sync=True)  # Python writes: how the patches were found

    def __init__(self, values, numbers, boxes, maxima, crops, whole=None, *, layer="", titles=(),
                 seen=0, notes=(), exact=True, how=""):
        self.found = {"values": values, "numbers": numbers, "boxes": boxes}
        self.maxima, self.seen, self.notes = maxima, seen, list(notes)
        self._crops, self._whole, self._exact = crops, whole, exact
        count = len(values["strongest"])
        titles = list(titles) or [f"unit {number}" for number in range(count)]
        super().__init__(layer=layer, titles=titles, icons=self._icons(count),
                         note=self._note(exact, how), **self._unit(0))

    @traitlets.validate("selected")
    def _check_selected(self, proposal):
        if not -1 <= proposal["value"] < len(self.titles):
            raise ValueError(f"unit {proposal['value']}: there are 0 to {len(self.titles) - 1}")
        return proposal["value"]

    @traitlets.observe("selected")
    def _selected_changed(self, change):
        if not self.caption or self.selected in (-1, self.shown):
            return
        with self.reporting(), self.hold_sync():
            for name, value in self._unit(self.selected).items():
                setattr(self, name, value)
            self.looked, self.around, self.size = [], None, []
            self.retell()

    @traitlets.observe("looked")
    def _looked_changed(self, change):
        if not self.caption:
            return
        with self.reporting(), self.hold_sync():
            picture = None
            if self.looked:
                group, rank = self.looked
                number = int(self.found["numbers"][GROUPS[group]][self.shown, rank])
                picture = self._whole(number) if self._whole is not None else None
            self.size = [] if picture is None else list(picture.shape[:2])
            self.around = None if picture is None else shrunk(picture, WHOLE)

    def _unit(self, unit):
        """Traits that show one unit."""
        crops = [shrunk(self._crops(group, [unit])[0], SENT) for group in GROUPS]
        arrays = {name: np.stack([found[group][unit] for group in GROUPS])
                  for name, found in self.found.items()}
        counts, low, high = bins(self.maxima[:, unit])
        return {"shown": unit, "patches": np.stack(crops), "counts": counts, "span": [low, high],
                "values": arrays["values"].astype(np.float32), "numbers": arrays["numbers"],
                "boxes": arrays["boxes"]}

    def _icons(self, count):
        """Each unit's strongest patch, small; None for one unit, or for too many."""
        side = min(ICON, int(np.sqrt(ICON_BYTES / (3 * count))))
        if count < 2 or side < 8:
            return None
        parts = np.array_split(np.arange(count), -(-count // 64))
        first = [shrunk(self._crops("strongest", part, 1)[:, 0], side) for part in parts]
        return np.concatenate(first)

    def _note(self, exact, how):
        beyond = [self.beyond(group) for group in GROUPS]
        words = [f"{self.seen:,} images; each counts once, with its largest value"]
        words += ["" if exact else f"the field was {how}"]
        words += ["what is outside of the image is grey" if any(beyond) else ""]
        return "; ".join(filter(None, [*words, *self.notes])) + "."

    def beyond(self, group):
        """Do patches of a group reach outside of their images (above or to the left, at least)?"""
        return bool((self.found["boxes"][group][..., :2] < 0).any())

    @property
    def data(self):
        """The groups' patches (unit, top, y, x, 3), values, image numbers, boxes; the maxima."""
        everyone = np.arange(len(self.titles))
        arrays = {group: self._crops(group, everyone) for group in GROUPS}
        for name, word in (("values", "values"), ("numbers", "images"), ("boxes", "boxes")):
            arrays |= {f"{group}_{word}": self.found[name][group] for group in GROUPS}
        return arrays | {"maxima": self.maxima}

    def summary(self):
        count, top = self.found["values"]["strongest"].shape
        height, width = np.diff(self.found["boxes"]["strongest"][0, 0].reshape(2, 2), axis=0)[0]
        noun = "unit" if count == 1 else "units"
        patches = "patch" if top == 1 else "patches"
        return (f"PatchViewer: {count} {noun}, layer {self.layer}, the {top} strongest, random and "
                f"weakest {patches} of {height}×{width} among {self.seen:,} images")

    def describe(self):
        strongest, drawn, weakest = (self.found["values"][group][self.shown] for group in GROUPS)
        number = style.number
        return (
            f"{self.summary().removeprefix('PatchViewer: ')}. {self.titles[self.shown]}: strongest "
            f"{number(strongest[0])} to {number(strongest[-1])}, random images "
            f"{number(drawn[-1])} to {number(drawn[0])}, weakest from {number(weakest[0])}. "
            f"{self.note[0].upper()}{self.note[1:]}"
        )

    def figure(self):
        return draw(self)


def bins(maxima):
    """(counts, low, high) of a unit's maxima; NaN is left out.

    >>> counts, low, high = bins(np.array([0.0, 1.0, 1.0, np.nan]))
    >>> int(counts[0]), int(counts[-1]), low, high
    (1, 2, 0.0, 1.0)
    """
    finite = maxima[np.isfinite(maxima)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    high = high if high > low else low + 1.0
    return np.histogram(finite, BINS, (low, high))[0].astype(np.int32), low, high
