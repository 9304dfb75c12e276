"""Unit: part of a layer, namely channels of it or directions among its channels.

A Unit is a layer's name and, for each row, weights of that layer's channels. It computes nothing
by itself: a Net runs the model.
"""

from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
import torch

from vizkit import interventions, rows, unit_views
from vizkit.dreams import viewer as dream_views
from vizkit.language import heads
from vizkit.live import living
from vizkit.model.edits import Edit, edit
from vizkit.patches import search


@dataclass(frozen=True, repr=False)
class Unit:
    """Channels, or directions, of one layer. Made by `net[layer]` and from other Units.

    rows: None for all channels, else one tuple of (channel, weight) pairs for each unit.

    >>> from vizkit.net import Net
    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5)))
    >>> net["0"][2] - 0.5 * net["0"][4]
    Unit 0[2] − 0.5·0[4]
    >>> net["0"][1:4], len(net["0"])
    (Units 0[1:4], 6)
    """

    net: Any
    layer: str
    rows: tuple | None = None

    # Which units

    @property
    def channels(self):
        """How many channels the layer has."""
        return self.net.fact(self.layer).channels

    def numbers(self):
        """The channels' numbers; None where the units are mixed of several channels."""
        if self.rows is None:
            return list(range(self.channels))
        plain = all(len(row) == 1 and row[0][1] == 1 for row in self.rows)
        return [row[0][0] for row in self.rows] if plain else None

    def __len__(self):
        return self.channels if self.rows is None else len(self.rows)

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index):
        count = len(self)
        try:
            picked = np.arange(count)[index]
        except (IndexError, TypeError) as error:
            raise IndexError(
                f"layer {self.layer} has {count} {'channels' if self.rows is None else 'units'} "
                f"here (0…{count - 1}), asked for [{index}]"
            ) from error
        picked = np.atleast_1d(picked).tolist()
        if not picked:
            raise IndexError(f"[{index}] picks none of the {count} units of layer {self.layer}")
        if self.rows is None:
            return Unit(self.net, self.layer, tuple(((int(c), 1.0),) for c in picked))
        return Unit(self.net, self.layer, tuple(self.rows[i] for i in picked))

    def direction(self, vector):
        """The unit with these weights of the layer's channels: (channel,) or (unit, channel)."""
        weights = np.atleast_2d(np.asarray(torch.as_tensor(vector).detach().cpu(), dtype=float))
        if weights.ndim != 2 or weights.shape[1] != self.channels:
            raise ValueError(
                f"a direction in layer {self.layer} has {self.channels} numbers, one for each "
                f"channel; got shape {np.shape(vector)}"
            )
        sparse = tuple(tuple((c, float(w)) for c, w in enumerate(row) if w) for row in weights)
        return Unit(self.net, self.layer, sparse)

    def vectors(self):
        """The units as rows of weights of the channels: a tensor (unit, channel)."""
        if self.rows is None:
            return torch.eye(self.channels)
        dense = torch.zeros(len(self.rows), self.channels)
        for number, row in enumerate(self.rows):
            for channel, weight in row:
                dense[number, channel] = weight
        return dense

    # Names

    @property
    def titles(self):
        """What each unit is called: `c1[3]`, or `c1[3] − 0.5·c1[7]`."""
        plain = [[(c, 1.0)] for c in range(self.channels)] if self.rows is None else self.rows
        return [rows.row_name(self.layer, row) for row in plain]

    @property
    def name(self):
        """What it is called: `c1`, `c1[3]`, `c1[0:4]`, `c1[0, 3]`, `2 directions in c1`."""
        if self.rows is None:
            return self.layer
        if len(self.rows) == 1:
            return self.titles[0]
        numbers = self.numbers()
        if numbers is None:
            return f"{len(self.rows)} directions in {self.layer}"
        if numbers == list(range(numbers[0], numbers[-1] + 1)):
            return f"{self.layer}[{numbers[0]}:{numbers[-1] + 1}]"
        first = ", ".join(map(str, numbers[:6])) + (", …" if len(numbers) > 6 else "")
        return f"{self.layer}[{first}]"

    def __repr__(self):
        if self.rows is None:
            return f"Units of layer {self.layer}"
        if len(self.rows) == 1:
            return f"Unit {self.name}"
        return f"Units {self.name}" if self.numbers() else f"Units: {self.name}"

    # Units form a vector space

    def __add__(self, other):
        return self._combined(other, 1.0)

    def __sub__(self, other):
        return self._combined(other, -1.0)

    def __mul__(self, number):
        if not isinstance(number, Number):
            return NotImplemented
        number = float(number)
        scaled = [[(c, w * number) for c, w in row if w * number] for row in self._all()]
        return Unit(self.net, self.layer, tuple(map(tuple, scaled)))

    __rmul__ = __mul__

    def __truediv__(self, number):
        return self * (1 / number) if isinstance(number, Number) else NotImplemented

    def __neg__(self):
        return self * -1

    def _all(self):
        return self.rows if self.rows is not None else self[:].rows

    def _combined(self, other, sign):
        if not isinstance(other, Unit):
            return NotImplemented
        if (other.net.model, other.layer) != (self.net.model, self.layer):
            raise ValueError(
                f"units of two layers ({self.layer}, {other.layer}) have no sum: they are "
                "directions in different spaces"
            )
        return Unit(self.net, self.layer, rows.added(self._all(), other._all(), sign))

    # What a Net makes of it

    def edit(self, value):
        """The Edit after which these units have that value, or those of a tensor."""
        return Edit(self.layer, edit(self.numbers(), self.vectors(), self.axis, value))

    @property
    def axis(self):
        """Where the channels are in what the layer gives."""
        return self.net.fact(self.layer).axis

    def output(self, value):
        """What the units' whole layer gives for an input, as `net.capture` does."""
        return self.net.capture(value, self.layer)[self.layer]

    def largest(self, images):
        """The largest value of each unit on each image: an array (image, unit)."""
        return unit_views.largest(self, images)

    @property
    def heads(self):
        """The heads of an attention layer: `heads[2]` is one, for net.without and its like."""
        return heads.heads_of(self.net, self.layer)

    def heads_as(self, count, out=None):
        """The same where their number, or the layer `out` that joins them, cannot be seen."""
        return heads.heads_of(self.net, self.layer, count, out)

    # What can be seen

    def kernel(self):
        """A KernelViewer of one unit: in colour, or a picture for each input channel."""
        return unit_views.kernel(self)

    def kernels(self, snapshots=None, steps=()):
        """A KernelViewer of the kernels that make these units.

        snapshots: the whole layer's kernels at several moments of its training (time, unit,
        input channel, y, x), with a slider through them; steps: the images seen until each.
        """
        return unit_views.kernels(self, snapshots, steps)

    def weights(self):
        """(layer, array (unit, input channel, y, x)): the kernels that make these units.

        Units of a ReLU, a norm or a pooling have the kernels of the layer whose channels they are.
        Raises TypeError where there is no flat kernel to draw.
        """
        return unit_views.weights(self)

    def maps(self, image):
        """An ActivationViewer of these units for one image."""
        return unit_views.maps(self, image)

    def patches(self, images, top=9, seed=0):
        """A PatchViewer: the parts of a data set's images that excite these units most.

        images: an array, a list of pictures or paths, a folder, a data set, or anything that gives
        images one by one; they are read in one pass. Beside the `top` strongest stand the weakest
        and as many random images, drawn by the seed. Ctrl-C shows what was found until then.
        """
        return search.patches(self, images, top, seed)

    def intervene(self, images, top=5):
        """An InterventionViewer: a unit knocked out or clamped, and what the model then says.

        The unit is the chosen one, or the most active on the first image. The model is unchanged.
        """
        return unit_views.linked(self, interventions.intervene(self, images, top))

    def live(self, image=None, source=None):
        """A LiveViewer of these units: hold up a photograph, file, drawing, pattern or camera."""
        return living.live(self.net, image=image, source=source, unit=self)

    def dream(self, size=None, steps=128, seeds=1, control=False, neuron=False, **how):
        """A DreamViewer: an image for each unit, made to raise its mean; Ctrl-C ends it early.

        seeds: images of each unit. control: the same of an untrained network beside it. neuron:
        raise the middle of the map, not its mean. how: transforms=, parameterisation=, colour=,
        as in vizkit.dreams.dream.
        """
        return dream_views.dreams(self, size, steps, seeds, control, neuron=neuron, **how)
