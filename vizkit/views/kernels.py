"""KernelViewer: the kernels of a convolution as pictures. Not their maps (activations.py)."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, as_array, script
from vizkit.views.kernels_picture import colours, picture


class KernelViewer(View):
    """The kernels of one layer, as colour images where they see three colours.

    kernels: array (n, channels, height, width), the weights as they are; or several moments of a
    training, (time, n, channels, height, width), with steps: a slider and a play button then.
    steps: when each moment was, in words, or as a number of images seen until then.
    layer: the layer's name, said in the caption.
    noun: what one picture is called: a kernel, or one "input channel" of a kernel.
    moment: number of the moment shown (default: the last).
    selected: number of the kernel shown large (-1: none).
    channel: which input channel is drawn where there are neither one nor three.
    shared_scale: True draws all kernels of all moments on one scale, False each on its own.

    Colour kernels are drawn around mid-grey, which stands for zero; others in blue (negative),
    white (zero) and red (positive).

    >>> KernelViewer(np.zeros((6, 1, 5, 5)), layer="c1")
    KernelViewer: 6 kernels of 5×5, layer c1
    >>> KernelViewer(np.zeros((2, 6, 1, 5, 5)), steps=[0, 1000], moment=0)
    KernelViewer: 6 kernels of 5×5, before training (1 of 2)
    """

    _esm = script("moments", "kernels")

    snapshots = Array()  # Python writes: (time, n, channels, height, width)
    steps = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: words, or none
    layer = traitlets.Unicode().tag(sync=True)  # Python writes
    noun = traitlets.Unicode("kernel").tag(sync=True)  # Python writes
    moment = traitlets.Int(0).tag(sync=True)  # both write
    selected = traitlets.Int(-1).tag(sync=True)  # both write
    channel = traitlets.Int(0).tag(sync=True)  # both write
    shared_scale = traitlets.Bool(False).tag(sync=True)  # both write

    def __init__(self, kernels=None, steps=(), moment=None, **traits):
        words = [in_words(step) for step in steps]
        snapshots = in_time(kernels, words)
        moment = len(snapshots) - 1 if moment is None else moment
        super().__init__(snapshots=snapshots, steps=words, moment=moment, **traits)

    @property
    def kernels(self):
        """The kernels of the moment that is shown, (n, channels, height, width)."""
        return self.snapshots[self.moment]

    @kernels.setter
    def kernels(self, kernels):
        """Show these instead; they have no past."""
        snapshots = in_time(kernels, ())
        with self.hold_sync():
            self.moment, self.steps, self.snapshots = 0, [], snapshots

    @traitlets.validate("moment")
    def _check_moment(self, proposal):
        return within(proposal["value"], 0 if self.snapshots is None else len(self.snapshots),
                      "moment")

    @traitlets.validate("channel")
    def _check_channel(self, proposal):
        return within(proposal["value"], 0 if self.snapshots is None else self.snapshots.shape[2],
                      "input channel")

    @traitlets.observe("snapshots")
    def _fewer_channels(self, change):
        if self.channel >= self.snapshots.shape[2]:
            self.channel = 0

    @traitlets.observe("snapshots", "layer", "channel", "moment")
    def _arrays_changed(self, change):
        if self.caption:  # not while the viewer is being made
            self.retell()

    @property
    def data(self):
        """The kernels that are shown; with several moments `snapshots` and `steps` too."""
        if len(self.snapshots) == 1:
            return {"kernels": self.kernels}
        return {"kernels": self.kernels, "snapshots": self.snapshots,
                "steps": np.array(self.steps)}

    def summary(self):
        count, channels, height, width = self.kernels.shape
        depth = "×3 (colour)" if channels == 3 else "" if channels == 1 else f"×{channels}"
        where = f", layer {self.layer}" if self.layer else ""
        noun = self.noun if count == 1 else f"{self.noun}s"
        broken = style.broken(self.kernels)
        number = f" ({self.moment + 1} of {len(self.snapshots)})"
        when = f", {self.steps[self.moment]}{number}" if len(self.snapshots) > 1 else ""
        return f"KernelViewer: {count} {noun} of {height}×{width}{depth}{where}{when}{broken}"

    def describe(self):
        kernels = self.kernels
        finite = kernels[np.isfinite(kernels)].astype(float)
        low, high = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
        colours = (
            "in colour around mid-grey for zero"
            if kernels.shape[1] == 3
            else "blue for negative, white for zero, red for positive"
        )
        return (
            f"{self.summary().removeprefix('KernelViewer: ')}, drawn as small pictures, {colours}"
            f"{self._which()}. "
            f"Weights from {style.number(low)} to {style.number(high)}.{self._way()}"
        )

    def _way(self):
        """What the row below the printed kernels shows, in words."""
        if len(self.snapshots) == 1:
            return ""
        return (f" Below them {self.noun} {self._followed()} at {len(self.snapshots)} moments, "
                f"from {self.steps[0]} to {self.steps[-1]}.")

    def _which(self):
        """Which of several input channels is drawn, in words."""
        several = self.kernels.shape[1] not in (1, 3)
        return f"; input channel {self.channel} is drawn" if several else ""

    def pictures(self, moment=None):
        """The kernels as colours (n, height, width, 3), uint8, as they are drawn at a moment."""
        whole = self._drawn()
        shown = whole[self.moment if moment is None else moment]
        shared = style.largest(whole) if self.shared_scale else None
        limits = [shared or style.largest(kernel) for kernel in shown]
        return np.stack([colours(k, m) for k, m in zip(shown, limits, strict=True)])

    def _drawn(self):
        """The numbers that are drawn: all of colour kernels, else those of the chosen channel."""
        past = self.snapshots
        return past if past.shape[2] == 3 else past[:, :, self.channel]

    def figure(self):
        """The kernels of the moment; where there are several, one kernel's way below them."""
        pictures = self.pictures()
        coloured = self.kernels.shape[1] == 3
        note = "; mid-grey is zero" if coloured else self._which()
        limit = style.largest(self._drawn()) if self.shared_scale else None
        way = None
        if len(self.snapshots) > 1:
            one = self._followed()
            moments = np.stack([self.pictures(k)[one] for k in range(len(self.snapshots))])
            way = f"{self.noun} {one}", moments, self.steps
        return picture(pictures, self.caption, note, way, None if coloured else (limit,))

    def _followed(self):
        """The kernel whose way is drawn: the chosen one, else the one in the middle."""
        count = self.kernels.shape[0]
        return self.selected if 0 <= self.selected < count else count // 2


def in_time(kernels, steps):
    """Kernels with time as their first axis: (time, n, channels, height, width).

    Raises ValueError for what has no flat picture, and for more or fewer steps than moments.
    """
    array = None if kernels is None else as_array(kernels)
    if array is None or array.ndim != 4 + bool(steps) or 0 in array.shape:
        came = "nothing" if array is None else f"shape {array.shape}"
        raise ValueError(
            f"kernels: {came}; expected (n, channels, height, width), or with steps (time, n, "
            "channels, height, width), one step for each moment. A convolution in one or three "
            "dimensions has no flat picture: pass one slice of it"
        )
    if steps and len(steps) != len(array):
        raise ValueError(f"{len(steps)} steps for {len(array)} moments: expected one for each")
    return array if steps else array[None]


def in_words(step):
    """When a moment was: words stay, a number is that of the images seen.

    >>> in_words(0), in_words(128000), in_words("epoch 3")
    ('before training', 'after 128,000 images', 'epoch 3')
    """
    if isinstance(step, str):
        return step
    return f"after {int(step):,} images" if step else "before training"


def within(number, count, noun):
    """The number, if there are that many. Raises ValueError for others."""
    if not 0 <= number < max(count, 1):
        raise ValueError(f"{noun} {number}: there are 0 to {count - 1}")
    return number
