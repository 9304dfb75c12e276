"""AtlasViewer: what a layer tells apart, as a map of dreams. What computes it is in atlases.py."""

import numpy as np
import traitlets

from vizkit.view import Array, View, script, stylesheet
from vizkit.views.atlas_picture import draw
from vizkit.views.sheets import pictures_of, sheet

NONE = 65535
NEEDED = ("sides", "level", "number", "count", "near", "alike", "codes", "shares", "names", "layer")


class AtlasViewer(View):
    """A map of a layer: cells of a layout, each with the picture of its mean activation.

    arrays: a dict, as vk.atlas makes it and `.data` returns it. Of all cells, level by level:
    `level`, `number` (row · side + column, the first row lowest), `count`, `codes` and `shares` of
    the strongest classes, `near` and `alike` (the cells most alike in the original space and the
    cosine), `icons` (cells, size, size, 3); and `sides` of the grids, `names` of the classes, the
    `layer`. In place of `icons` there may be `sheets`, the bytes of one image file a level, with
    `sheet_ends` and `icon_size`: so an atlas is small on disk. Anything else (`vectors`, `places`,
    `scores`) is kept in `.data`.

    `chosen` is the cell whose neighbours are shown (its index among all levels), `search` the
    class that is looked for, `detail` the grid that is shown (-1: as near as one is).

    >>> arrays = dict(sides=[1], level=[0], number=[0], count=[9], near=[[-1]], alike=[[0.0]],
    ...               codes=[[1]], shares=[[0.5]], names=["cat", "dog"], layer="c1",
    ...               icons=np.zeros((1, 8, 8, 3), np.uint8))
    >>> AtlasViewer(arrays)
    AtlasViewer: 9 activations of layer c1 on 1 grid, 1 cell
    """

    _esm = script("places", "tiles", "ground", "plate", "atlas")
    _css = stylesheet("atlas")

    sides = traitlets.List(traitlets.Int()).tag(sync=True)  # Python writes: cells along a side
    first = traitlets.List(traitlets.Int()).tag(sync=True)  # Python writes: each level's first cell
    number = Array()  # Python writes: (cells,) int32
    count = Array()  # Python writes: (cells,) int32
    codes = Array()  # Python writes: (cells, top) uint16, 65535: none
    shares = Array()  # Python writes: (cells, top) float32
    near = Array()  # Python writes: (cells, k) int32, -1: none
    alike = Array()  # Python writes: (cells, k) float32
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    sheets = Array()  # Python writes: the image files one after the other, uint8
    sheet_ends = traitlets.List(traitlets.Int()).tag(sync=True)  # Python writes: where each ends
    icon_size = traitlets.Int().tag(sync=True)  # Python writes: pixels along an icon
    told = traitlets.Unicode("network").tag(sync=True)  # Python writes: who names the classes
    chosen = traitlets.Int(-1).tag(sync=True)  # both write
    detail = traitlets.Int(-1).tag(sync=True)  # both write
    search = traitlets.Unicode().tag(sync=True)  # both write

    def __init__(self, arrays):
        missing = [name for name in NEEDED if name not in arrays]
        if missing or not ("icons" in arrays or "sheets" in arrays):
            raise ValueError(f"an atlas needs {', '.join(missing) or 'icons or sheets'}: pass what "
                             "`.data` of another AtlasViewer returns, or use vk.atlas(net, …)")
        self._arrays = {name: np.asarray(value) for name, value in arrays.items()}
        held = self._arrays
        counts = np.bincount(held["level"], minlength=len(held["sides"]))
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        if "sheets" not in held:
            parts = [sheet(part) if len(part) else b"" for part
                     in np.split(held["icons"], self._starts[1:-1])]
            content, ends = b"".join(parts), np.cumsum([len(part) for part in parts])
            size = held["icons"].shape[1]
        else:
            content, ends = held["sheets"].tobytes(), held["sheet_ends"]
            size = int(held["icon_size"])
        super().__init__(
            sides=[int(side) for side in held["sides"]], first=self._starts[:-1].tolist(),
            number=held["number"].astype(np.int32), count=held["count"].astype(np.int32),
            codes=held["codes"].astype(np.uint16), shares=held["shares"].astype(np.float32),
            near=held["near"].astype(np.int32), alike=held["alike"].astype(np.float32),
            names=[str(name) for name in held["names"]], icon_size=size,
            sheets=np.frombuffer(content, np.uint8), sheet_ends=[int(end) for end in ends],
            told=str(held.get("told", "network")),
        )

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal):
        if not -1 <= proposal["value"] < len(self.number):
            raise ValueError(f"cell {proposal['value']}: there are {len(self.number):,}, numbered "
                             "from 0; -1 chooses none")
        return proposal["value"]

    @traitlets.validate("detail")
    def _check_detail(self, proposal):
        if not -1 <= proposal["value"] < len(self.sides):
            raise ValueError(f"detail {proposal['value']}: there are {len(self.sides)} grids, "
                             "numbered from 0; -1 follows the zoom")
        return proposal["value"]

    @property
    def data(self):
        return self._arrays | ({} if "icons" in self._arrays else {"icons": self.icons()})

    def icons(self, level=None):
        """The pictures (cells, size, size, 3), uint8, of one level or of all."""
        if "icons" in self._arrays:
            all_icons = self._arrays["icons"]
            return all_icons if level is None else all_icons[self.cells(level)]
        if level is None:
            return np.concatenate([self.icons(each) for each in range(len(self.sides))])
        count = len(range(*self.cells(level).indices(len(self.number))))
        start = self.sheet_ends[level - 1] if level else 0
        content = self.sheets[start : self.sheet_ends[level]].tobytes()
        empty = np.zeros((0, self.icon_size, self.icon_size, 3), np.uint8)
        return pictures_of(content, count, self.icon_size) if count else empty

    def cells(self, level):
        """The slice of a level's cells among all."""
        return slice(int(self._starts[level]), int(self._starts[level + 1]))

    def classes(self, cell):
        """[(name, share)] of a cell's strongest classes.

        cell: its index among all levels.
        """
        return [(self.names[code], float(share)) for code, share
                in zip(self.codes[cell], self.shares[cell], strict=True) if code != NONE
                and self.names[code]]

    def find(self, text, level=-1):
        """The cells of a level (default: the finest) whose strongest class has this in its name."""
        level = range(len(self.sides))[level]
        at = range(*self.cells(level).indices(len(self.number)))
        return [cell for cell in at
                if (told := self.classes(cell)) and text.lower() in told[0][0].lower()]

    def summary(self):
        drawn = int(self.count[self.cells(0)].sum())
        activations = len(self._arrays["places"]) if "places" in self._arrays else drawn
        grids, cells = len(self.sides), len(self.number)
        scores = self._arrays.get("scores")
        missing = 0 if scores is None else int(np.isnan(scores).sum())
        note = f", {missing:,} not drawn yet" if missing else ""
        return (f"AtlasViewer: {activations:,} activations of layer {self._arrays['layer']} on "
                f"{grids} grid{'s' * (grids > 1)}, {cells:,} cell{'s' * (cells > 1)}{note}")

    def describe(self):
        level = self.drawn_level()
        at = self.cells(level)
        order = np.argsort(-self.count[at], kind="stable")[:4] + at.start
        largest = [f"{self.classes(cell)[0][0]} ({self.count[cell]:,} activations)"
                   for cell in order if self.classes(cell)]
        side = self.sides[level]
        named = f" The fullest cells are strongest in {', '.join(largest)}." if largest else ""
        return (f"{self.summary().removeprefix('AtlasViewer: ')}. A map of {at.stop - at.start} "
                f"pictures on {side} by {side} cells, each of the mean activation of its cell, "
                f"larger where there are more.{named}")

    def drawn_level(self):
        """The grid that the figure shows: the chosen one, else the finest of at most 20 a side."""
        fitting = [level for level, side in enumerate(self.sides) if side <= 20]
        return self.detail if self.detail >= 0 else max(fitting, default=0)

    def figure(self):
        return draw(self)
