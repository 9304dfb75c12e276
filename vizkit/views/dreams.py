"""DreamViewer: images that units were made to dream of, with the scores they reached."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet

TITLED = 24  # pictures in a figure that still have room for their own titles
FIGURE_PICTURES = 128


class DreamViewer(View):
    """Dreams of some units, unit by unit; of each unit its seeds side by side.

    images: (n, y, x, 3), bytes. titles: of each image. scores: (n,), reached without transforms;
    start: (n,), of the noise they began with. history: (steps, n), score at each step. seeds: how
    many images each unit has. control, control_scores: the same of a network that never learned.
    selected: number of the image shown large (-1: none).

    >>> DreamViewer(images=np.zeros((2, 8, 8, 3), np.uint8), titles=["c1[0]", "c1[1]"],
    ...             scores=[2, 3], start=[0, 0], history=np.zeros((5, 2)), layer="c1")
    DreamViewer: 2 dreams of 8×8, c1, 5 steps, scores 2.00 to 3.00
    """

    _esm = script("dreams")
    _css = stylesheet("dreams")

    images = Array()  # Python writes
    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    scores = Array()  # Python writes
    start = Array()  # Python writes
    history = Array()  # Python writes
    seeds = traitlets.List(traitlets.Int()).tag(sync=True)  # Python writes: one for each image
    together = traitlets.Int(1).tag(sync=True)  # Python writes: images of each unit
    control = Array()  # Python writes
    control_scores = Array()  # Python writes
    layer = traitlets.Unicode().tag(sync=True)  # Python writes: what was dreamt of, in words
    notes = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    selected = traitlets.Int(-1).tag(sync=True)  # both write

    @traitlets.validate("images", "control")
    def _check_images(self, proposal):
        images = proposal["value"]
        if images is None or (images.ndim == 4 and images.shape[-1] == 3
                              and images.dtype == np.uint8 and len(images)):
            return images
        raise ValueError(f"images: shape {images.shape}, {images.dtype}; expected bytes "
                         "(n, y, x, 3)")

    @property
    def data(self):
        arrays = {"images": self.images, "scores": self.scores, "start": self.start,
                  "history": self.history, "seeds": np.array(self.seeds)}
        if self.control is not None:
            arrays |= {"control": self.control, "control_scores": self.control_scores}
        return arrays

    def summary(self):
        count, height, width, _ = self.images.shape
        steps = len(self.history)
        noun = "dream" if count == 1 else "dreams"
        reached = style.number(float(self.scores.min()))
        if count > 1:
            reached += f" to {style.number(float(self.scores.max()))}"
        beside = "" if self.control is None else ", untrained network beside"
        scores = "score" if count == 1 else "scores"
        early = [f", {note}" for note in self.notes if note.startswith("stopped")]
        return (f"DreamViewer: {count} {noun} of {height}×{width}, {self.layer}, {steps} steps, "
                f"{scores} {reached}{beside}{''.join(early)}")

    def describe(self):
        words = (f"{self.summary().removeprefix('DreamViewer: ')}. The noise they started from "
                 f"scores {style.number(float(np.mean(self.start)))} on average, the dreams "
                 f"{style.number(float(np.mean(self.scores)))}")
        if self.control is not None:
            words += (", those of the untrained network by its own measure "
                      f"{style.number(float(np.mean(self.control_scores)))}")
        said = [note for note in self.notes if not note.startswith("stopped")]
        return f"{words}. {'. '.join(said)}".rstrip(". ") + "."

    def figure(self):
        count = min(len(self.images), FIGURE_PICTURES)
        columns = self.together if self.together > 1 else min(count, max(6, int(np.ceil(
            np.sqrt(count * 2)))))
        sheets = [("", self.images, self.scores)]
        if self.control is not None:
            sheets.append(("untrained: ", self.control, self.control_scores))
        left_out = len(self.images) - count
        note = f" (the first {count}; {left_out} more)" if left_out else ""
        if count <= TITLED:
            return self._titled(sheets, count, columns, note)
        inches = min(1.0, 8.0 / columns)
        rows = -(-count // columns)
        figure = style.figure(columns * inches * len(sheets), rows * inches + 0.4)
        for axes, (words, images, _) in zip(np.ravel(figure.subplots(1, len(sheets))), sheets,
                                            strict=True):
            style.picture(axes, style.tiles(images[:count], columns, gap=2), words.strip(": "))
            axes.set_anchor("NW")
        style.headline(figure, self.caption + note)
        return figure

    def _titled(self, sheets, count, columns, note):
        """Each picture with what it is and the score it reached."""
        rows = -(-count // columns)
        figure = style.figure(columns * 1.6, rows * len(sheets) * 1.95 + 0.4)
        grid = figure.subplots(rows * len(sheets), columns, squeeze=False)
        for axes in grid.flat:
            axes.set_axis_off()
        for number, (words, images, scores) in enumerate(sheets):
            for k in range(count):
                axes = grid[number * rows + k // columns, k % columns]
                title = style.shorten(words + self.titles[k], 20)
                begun = f"{style.number(self.start[k])} → " if not words else ""
                style.picture(axes, images[k], f"{title}\n{begun}{style.number(scores[k])}")
        style.headline(figure, self.caption + note)
        return figure
