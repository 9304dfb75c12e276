"""What a model would do otherwise: units silent, clamped, patched from another input or held at
their mean, everywhere or at chosen tokens. The model never changes: later passes are edited.

Sources: Meng et al. 2022, arXiv:2202.05262 (patching at chosen tokens); Wang et al. 2022,
arXiv:2211.00593 (mean ablation of heads).
"""

import copy
import operator
from dataclasses import dataclass
from numbers import Number
from typing import Any

import numpy as np
import torch

from vizkit.language.heads import Heads
from vizkit.model import names
from vizkit.model.blame import times
from vizkit.model.edits import Edit
from vizkit.unit import Unit


@dataclass(frozen=True)
class Change:
    """One change of a Net: a unit's value, as `unit.edit` takes it. words: what is said of it.

    at: numbers of the tokens where it is made; None for everywhere.
    """

    unit: Any
    value: Any
    words: str
    at: tuple | None = None

    def edit(self):
        """The Edit that makes it."""
        layer, function, given = self.unit.edit(self.value)
        return Edit(layer, function if self.at is None else only_at(function, self.at), given)


def changed(net, unit, value, words, at=None):
    """The Net with one change more; `{}` in the words is the unit's name.

    Raises ValueError for what is no unit of this net, TypeError for tokens of what is no text.
    """
    checked(net, unit)
    words = words.format(unit.name)
    if at is not None:
        if net.intake.kind != "tokens":
            raise TypeError(f"at= names tokens of a text; this net takes {net.intake.kind}")
        at = tuple(operator.index(place) for place in np.atleast_1d(at).tolist())
        words += f" at token{'s' * (len(at) > 1)} {', '.join(map(str, at))}"
    change = Change(unit, value, words, at)
    change.edit()  # refuses what cannot be changed
    other = copy.copy(net)
    other.changes = (*net.changes, change)
    return other


def patched(net, unit, source, at=None):
    """The Net whose unit has the values that it has for another input."""
    checked(net, unit)
    said = repr(source) if isinstance(source, str) else "another input"
    return changed(net, unit, unit.output(source), f"{{}} patched from {said}", at)


def ablated(net, unit, inputs, at=None):
    """The Net whose unit has everywhere the mean of what it has for some inputs."""
    checked(net, unit)
    return changed(net, unit, mean(unit, inputs), "{} at its mean", at)


def mean(unit, inputs):
    """The mean of each channel of a unit's layer, over inputs and places: a tensor (channel,).

    inputs: what net.capture takes; or a list of texts, which need not be of one length.
    """
    texts = isinstance(inputs, (list, tuple)) and unit.net.intake.kind == "tokens"
    several = texts and len(inputs) and not isinstance(inputs[0], Number)
    total, count = 0, 0
    for one in inputs if several else [inputs]:
        rows = unit.output(one).float().movedim(unit.axis, -1).flatten(0, -2)  # (place, channel)
        total, count = total + rows.sum(0), count + len(rows)
    return total / count


def checked(net, unit):
    """Raises ValueError for what is no unit of this net, or is one call of a layer."""
    if not isinstance(unit, (Unit, Heads)) or unit.net.model is not net.model:
        raise ValueError(f"expected a unit of this net, net[layer][number]; got {unit!r}")
    name = names.parse(unit.layer)[0]
    if name != unit.layer:
        raise ValueError(f"a layer is changed as a whole, in all its calls: use net[{name!r}]")


def only_at(function, places):
    """An Edit's function made at some tokens only, of what is (text, token, …).

    >>> only_at(lambda given: 0 * given, [-1])(torch.ones(1, 3, 1)).flatten().tolist()
    [1.0, 1.0, 0.0]
    """

    def change(output):
        if output.ndim < 3:
            raise ValueError(f"the layer gives {times(output.shape)}, in which there are no tokens "
                             "to choose: leave out at=")
        count = output.shape[1]
        lost = [place for place in places if not -count <= place < count]
        if lost:
            raise ValueError(f"token {lost[0]}: this text has {count}, counted from 0")
        index = torch.tensor([place % count for place in places], device=output.device)
        return output.index_copy(1, index, function(output).index_select(1, index))

    return change
