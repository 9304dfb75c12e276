"""EmbeddingViewer: vectors as points in a plane. What places them is in layout.py."""

import numpy as np
import traitlets

from vizkit.view import Array, script, stylesheet
from vizkit.views.embedding_picture import draw
from vizkit.views.labels import told_apart
from vizkit.views.questions import Questions
from vizkit.views.thumbnails import strokes, thumbnails
from vizkit.views.told import told_of

STEPS = 65534  # positions travel as uint16; 65535 says that a point has no place
LAYOUTS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP", "given": "given"}


class EmbeddingViewer(Questions):
    """Vectors as points, with their pictures, labels and true neighbours.

    vectors: (n, width). layouts: by name, a function that returns a dict with `positions` (n, 2),
    and, if it likes, `axes` (two titles) and `remark` (one sentence on how good it is); rows with
    NaN have no place. layout: the name of the one shown. images: (n, height, width) or
    (n, height, width, 3), uint8. labels: (n,) of anything; names: one for each label, or one for
    each point. neighbours, ranks, walk, kept: functions that answer questions, see Questions.

    `chosen` is the point whose neighbours are shown, `ends` the two that a path leads between,
    `colouring` "label" or "trust", `selection` the points in the lasso.

    >>> import numpy as np
    >>> square = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> ways = {"given": lambda: {"positions": square}}
    >>> EmbeddingViewer(square, ways, "given", labels=list("aabb"))
    EmbeddingViewer: 4 vectors of 2, 2 labels, layout given
    """

    _esm = script("places", "tints", "points", "panorama", "gallery", "legend", "field", "over",
                  "stage", "hand", "strip", "embedding")
    _css = stylesheet("embedding")

    places = Array()  # Python writes: (n, 2) uint16, from 0 to 65,534 across the extent
    extent = traitlets.List(traitlets.Float()).tag(sync=True)  # Python writes: x, y ranges
    codes = Array()  # Python writes: (n,) uint8, which group a point is in
    groups = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: what codes mean
    words = Array()  # Python writes: a name for each point, UTF-8, one a line
    thumbs = Array()  # Python writes: (n, height, width) or (…, 3), uint8
    ink = traitlets.Bool(False).tag(sync=True)  # Python writes: pictures are strokes on black
    axes = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    choices = traitlets.List().tag(sync=True)  # Python writes: layouts there are, [name, title]
    layout_name = traitlets.Unicode("pca").tag(sync=True)  # both write
    selection = Array()  # both write: (m,) uint32, the points in the lasso; None: no lasso
    hidden = traitlets.List(traitlets.Int()).tag(sync=True)  # both write: groups not drawn
    search = traitlets.Unicode().tag(sync=True)  # both write
    pictures = traitlets.Bool(True).tag(sync=True)  # both write: thumbnails where there is room

    def __init__(self, vectors, layouts, layout="pca", images=None, labels=None, names=None,
                 neighbours=None, ranks=None, walk=None, kept=None):
        self.vectors, self.images = vectors, images
        self.labels = None if labels is None else np.asarray(labels)
        self._layouts, self._placed, self._words = layouts, {}, None
        self.answer_with(neighbours, ranks, walk, kept)
        codes, groups, words = told_apart(self.labels, names, len(vectors))
        thumbs = None if images is None else thumbnails(images)
        super().__init__(
            codes=codes, groups=groups, thumbs=thumbs, ink=thumbs is not None and strokes(thumbs),
            closer=images is not None and (thumbs is None or thumbs.shape != images.shape),
            words=None if words is None else np.frombuffer("\n".join(words).encode(), np.uint8),
            choices=[[name, LAYOUTS.get(name, name)] for name in layouts],
            layout_name=layout, **self._place(layout),
        )

    def _place(self, name):
        """Traits that draw a layout; computed the first time it is asked for."""
        if name not in self._placed:
            if name not in self._layouts:
                raise ValueError(f"layout {name!r} is not one of {list(self._layouts)}")
            self._placed[name] = self._layouts[name]()
        self._drawn = self._placed[name]
        places, extent = quantised(self._drawn["positions"])
        return {"places": places, "extent": extent, "axes": list(self._drawn.get("axes", ("", "")))}

    @traitlets.observe("layout_name")
    def _layout_changed(self, change):
        if not self.caption:  # while the viewer is being made
            return
        title = LAYOUTS.get(change["new"], change["new"])
        self.note = "" if change["new"] in self._placed else f"placing the points by {title} …"
        with self.reporting():
            traits = self._place(change["new"])
            with self.hold_sync():  # places without their extent would be drawn askew
                for name, value in traits.items():
                    setattr(self, name, value)
                self.drawn, self.ranks = self.drawn_near(self.chosen, self.count)
                self.recolour()
        self.note = ""
        if self.problem and change["old"] in self._placed:
            self.layout_name, problem = change["old"], self.problem
            self.problem = problem
        else:
            self.retell()
            self.refresh()

    @property
    def positions(self):
        """Where the points are drawn, (n, 2); NaN for those without a place."""
        return self._drawn["positions"]

    @property
    def data(self):
        arrays = {"vectors": self.vectors, "positions": self.positions}
        if self.labels is not None:
            plain = self.labels.dtype.kind != "O"
            arrays["labels"] = self.labels if plain else self.labels.astype(str)
        asked = {"near": self.near, "drawn": self.drawn, "ranks": self.ranks, "route": self.route,
                 "trust": self.trust if self.colouring == "trust" else None}
        return arrays | {name: array for name, array in asked.items() if array is not None}

    def name_of(self, point):
        """What a point is called: its name, its label, its number."""
        if self._words is None:
            self._words = [] if self.words is None else bytes(self.words).decode().split("\n")
        label = self.groups[self.codes[point]] if len(self.groups) > 1 else ""
        named = self._words[point] if self._words else ""
        return " · ".join(filter(None, [named, label, f"#{point}"]))

    def summary(self):
        count, width = self.vectors.shape
        labels = f", {len(self.groups)} labels" if len(self.groups) > 1 else ""
        lost = self.lost()
        without = f", {lost:,} with NaN or infinity left out" if lost else ""
        name = LAYOUTS.get(self.layout_name, self.layout_name)
        noun = "vector" if count == 1 else "vectors"
        return f"EmbeddingViewer: {count:,} {noun} of {width}{labels}, layout {name}{without}"

    def lost(self):
        """How many points have no place."""
        return int((~np.isfinite(self.positions).all(1)).sum())

    def describe(self):
        story = [self.summary().removeprefix("EmbeddingViewer: ") + "."]
        if self._drawn.get("remark"):
            story.append(self._drawn["remark"])
        if len(self.groups) > 1:
            sizes = np.bincount(self.codes, minlength=len(self.groups))
            told = [f"{name} ({sizes[code]:,})" for code, name in enumerate(self.groups[:12])]
            more = f" and {len(self.groups) - 12} more" if len(self.groups) > 12 else ""
            story.append(f"Points by label: {', '.join(told)}{more}.")
        return " ".join([*story, *told_of(self)])

    def figure(self):
        return draw(self)


def quantised(positions):
    """((n, 2) uint16, extent): positions in steps of 1/65,534 of their range; 65,535 for NaN.

    >>> places, extent = quantised(np.array([[0.0, -1.0], [2.0, 1.0], [np.nan, 0.0]]))
    >>> places.tolist(), extent
    ([[0, 0], [65534, 65534], [65535, 65535]], [0.0, 2.0, -1.0, 1.0])
    """
    finite = np.isfinite(positions).all(1)
    placed = positions[finite] if finite.any() else np.zeros((1, 2))
    low, high = placed.min(0).astype(float), placed.max(0).astype(float)
    span = np.where(high > low, high - low, 1.0)
    places = np.full(positions.shape, STEPS + 1, dtype=np.uint16)
    places[finite] = np.floor((positions[finite] - low) / span * STEPS + 0.5)
    return places, [float(v) for v in (low[0], low[0] + span[0], low[1], low[1] + span[1])]
