"""InterventionViewer: what a classifier says when one unit is knocked out or clamped.

It is given a function, never a Net, and so changes no model.
"""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet
from vizkit.views.intervention_words import both, rows_of, told
from vizkit.views.saying import quoted

AS_IT_IS, OUT, CLAMPED = MODES = "as it is", "knocked out", "clamped"


class InterventionViewer(View):
    """The classes of images before and after a change to one unit.

    compute: function of (number of a unit, value it is held at, everywhere) that returns the
    shares of the classes (image, class).
    before: those of the net as it is. seen: the largest value of each unit on each image
    (image, unit). titles: what the units are called. classes: names.
    images: pictures (y, x) or (y, x, 3) uint8, one for each row of `before`, or None.
    texts: what was read, where it was no images; the classes are then the next tokens.
    layer: their layer's name. top: how many classes of each side are drawn.
    mode: "as it is", "knocked out" (held at 0) or "clamped" (held at `strength` times the unit's
    largest value on these images; where it never rises above 0, times the layer's largest).

    >>> def compute(unit, value):
    ...     return np.array([[0.5, 0.5]])
    >>> InterventionViewer(compute, [[0.9, 0.1]], [[2.0]], ["c1[3]"], ["cat", "dog"])
    InterventionViewer: c1[3] as it is; read as cat, 0.900
    """

    _esm = script("spoken", "intervention")
    _css = stylesheet("intervention")

    titles = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    classes = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    layer = traitlets.Unicode().tag(sync=True)  # Python writes
    pictures = Array()  # Python writes: (image, y, x, 3) uint8, or None
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: or [] of images
    seen = Array()  # Python writes: (image, unit)
    scale = Array()  # Python writes: (unit,), what `strength` multiplies
    top = traitlets.Int(5, min=1).tag(sync=True)  # Python writes
    before = Array()  # Python writes: (image, class)
    after = Array()  # Python writes: (image, class), of the change that `done` says
    words = traitlets.Unicode().tag(sync=True)  # Python writes: the change in words
    unit = traitlets.Int(0).tag(sync=True)  # Python writes: the unit that is changed
    done = traitlets.List().tag(sync=True)  # Python writes: [selected, mode, strength] of `after`
    selected = traitlets.Int(-1).tag(sync=True)  # both write: the unit wanted (-1: the last one)
    mode = traitlets.Enum(MODES, AS_IT_IS).tag(sync=True)  # both write
    strength = traitlets.Float(2.0).tag(sync=True)  # both write
    image = traitlets.Int(0).tag(sync=True)  # both write: which image's bars are drawn

    def __init__(self, compute, before, seen, titles, classes, images=None, **traits):
        self._compute = compute
        before, seen = np.asarray(before, float), np.asarray(seen, float)
        shapes = (*before.shape, *seen.shape)
        if shapes != (len(seen), len(classes), len(before), len(titles)):
            raise ValueError(
                f"before {before.shape} and seen {seen.shape} for {len(titles)} units and "
                f"{len(classes)} classes: expected (image, class) and (image, unit)"
            )
        super().__init__(
            before=before, after=before, seen=seen, scale=scale_of(seen), titles=list(titles),
            classes=list(classes), pictures=side_by_side(images), unit=int(seen[0].argmax()),
            **traits,
        )  # fmt: skip
        self.done = self._wanted()
        if self.mode != AS_IT_IS:
            self._try()
        self._say()

    @traitlets.validate("image")
    def _check_image(self, proposal):
        if not 0 <= proposal["value"] < len(self.before):
            raise ValueError(f"image {proposal['value']}: there are 0 to {len(self.before) - 1}")
        return proposal["value"]

    @traitlets.validate("selected")
    def _check_selected(self, proposal):
        if not -1 <= proposal["value"] < len(self.titles):
            raise ValueError(f"unit {proposal['value']}: there are 0 to {len(self.titles) - 1}")
        return proposal["value"]

    @property
    def held(self):
        """The value at which the unit is held; None as it is."""
        clamped = self.strength * float(self.scale[self.unit])
        return {AS_IT_IS: None, OUT: 0.0, CLAMPED: clamped}[self.mode]

    def _wanted(self):
        return [self.selected, self.mode, self.strength]

    @traitlets.observe("selected", "mode", "strength")
    def _asked(self, change):
        wanted = self._wanted()
        if not self.caption or wanted == self.done:
            return  # being made, or answered by the first of several changes that came together
        with self.reporting():
            self._try()
        self.done = wanted  # after an error too: the script may ask for something else

    def _try(self):
        """Compute what the wanted change makes of the images."""
        was = self.unit
        with self.hold_sync():
            self.unit = was if self.selected < 0 else self.selected
            held = self.held
            self.after = self.before if held is None else np.asarray(
                self._compute(self.unit, held), float)
            self._say()

    @traitlets.observe("image")
    def _other_image(self, change):
        if self.caption:
            self._say()

    def _say(self):
        self.words = told(self.before, self.after, self.image, self.classes, bool(self.texts))
        self.retell()

    @property
    def data(self):
        """Shares before and after (image, class), largest values seen (image, unit), the change."""
        held = np.nan if self.held is None else self.held
        return {"before": self.before, "after": self.after, "seen": self.seen,
                "unit": np.array(self.unit), "held": np.array(held)}

    def change(self):
        """The unit and what is done to it, in words."""
        words = f"{self.titles[self.unit]} {self.mode}"
        if self.mode == CLAMPED:
            words += f" at {style.number(self.held)}"
        largest = style.number(self.seen[self.image, self.unit])
        return words if self.held is None else f"{words} (here at most {largest})"

    def summary(self):
        return f"InterventionViewer: {self.change()}; {self.words}"

    def describe(self):
        rows = rows_of(self.before[self.image], self.after[self.image], self.top)
        shares = ", ".join(
            f"{self.classes[k]} {both(self.before[self.image, k], self.after[self.image, k])}"
            for k in rows)
        text = f"After {quoted(self.texts[self.image])}. " if self.texts else ""
        return (f"{text}{self.change()[0].upper()}{self.change()[1:]}: {self.words}. "
                f"Bars before and after: {shares}.")

    def figure(self):
        """The image, and its bars before and after."""
        before, after = self.before[self.image], self.after[self.image]
        rows = rows_of(before, after, self.top)
        figure = style.figure(7.2, 0.9 + 0.27 * len(rows))
        beside = self.pictures is not None
        axes = np.atleast_1d(figure.subplots(1, 1 + beside, width_ratios=[1, 2.4][1 - beside:]))
        if beside:
            style.picture(axes[0], self.pictures[self.image])
            axes[0].set_anchor("NW")
        place = np.arange(len(rows))
        axes[-1].barh(place - 0.2, before[rows], 0.36, color="#b5b5b5", label=AS_IT_IS)
        if self.held is not None:
            axes[-1].barh(place + 0.2, after[rows], 0.36, color=style.CATEGORIES[0],
                          label=self.mode)  # fmt: skip
        names = [style.shorten(self.classes[k], 24).replace("$", r"\$") for k in rows]
        axes[-1].set_yticks(place, names, fontsize=8)
        axes[-1].invert_yaxis()
        if self.texts:
            end = style.shorten(self.texts[self.image][::-1], 70)[::-1].replace("\n", "↵")
            axes[-1].set_title(end.replace("$", r"\$"), loc="left", fontsize=8, color=style.INK)
        axes[-1].set_xlim(0, 1)
        axes[-1].set_xlabel("share", fontsize=8)
        axes[-1].spines[["top", "right"]].set_visible(False)
        axes[-1].legend(fontsize=8, frameon=False, loc="lower right")
        style.headline(figure, self.caption)
        return figure


def scale_of(seen):
    """The largest value of each unit (unit,); of the layer where that is not above 0; else 1.

    >>> scale_of(np.array([[1.0, 0.0], [3.0, 0.0]])).tolist()
    [3.0, 3.0]
    """
    largest = np.nan_to_num(seen, nan=0, posinf=0).max(0)
    return np.where(largest > 0, largest, max(largest.max(), 0) or 1.0)


def side_by_side(images):
    """Pictures as one array (image, y, x, 3); None where there are none, or of several sizes."""
    if images is None or any(image is None for image in images):
        return None
    images = [np.asarray(image, np.uint8) for image in images]
    if len({image.shape[:2] for image in images}) > 1:
        return None
    return np.stack([np.stack([i] * 3, -1) if i.ndim == 2 else i for i in images])
