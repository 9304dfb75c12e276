"""What a dream shall raise: objectives that can be added, subtracted and scaled.

    channel(net["conv3"][12]) - 0.5 * channel(net["conv3"][7]) + 0.1 * diversity(net["conv3"])

An objective names layers and what to measure there; it holds no network, so that the same one
can be asked of an untrained net. Source of the kinds: Olah, Mordvintsev & Schubert 2017,
"Feature Visualization", doi:10.23915/distill.00007; Lucid's objectives.py.
"""

from dataclasses import dataclass, replace
from numbers import Number

import torch


@dataclass(frozen=True)
class Term:
    """A measure of one layer, and how much it counts.

    measure(activations (n, channel, …), directions (n, channel), kin (n,)) → (n,); `kin` says
    which of the n images have one objective. row: the direction, as (channel, weight) pairs.
    """

    layer: str
    measure: object
    row: tuple = ()
    weight: float = 1.0
    words: str = ""


@dataclass(frozen=True, repr=False)
class Objective:
    """A sum of terms; `+`, `-` and `*` with a number make others."""

    terms: tuple

    @property
    def name(self):
        """The sum in words: `conv3[12] − 0.5·conv3[7]`."""
        words = ""
        for term in self.terms:
            size = "" if abs(term.weight) == 1 else f"{abs(term.weight):g}·"
            sign = (" − " if words else "−") if term.weight < 0 else (" + " if words else "")
            words += f"{sign}{size}{term.words}"
        return words

    def __repr__(self):
        return f"Objective: {self.name}"

    def __add__(self, other):
        return Objective(self.terms + other.terms) if isinstance(other, Objective) else (
            NotImplemented)

    def __mul__(self, number):
        if not isinstance(number, Number):
            return NotImplemented
        number = float(number)
        return Objective(tuple(replace(term, weight=term.weight * number) for term in self.terms))

    __rmul__ = __mul__

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other if isinstance(other, Objective) else NotImplemented


# The kinds

def channel(unit):
    """The unit's mean over all places of its map: textures, and classes where there is no map.

    >>> from vizkit.net import Net
    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(3, 6, 5)))
    >>> channel(net["0"][2]) - 0.5 * channel(net["0"][4])
    Objective: 0[2] − 0.5·0[4]
    """
    return of_unit(unit, mean, "{}")


def neuron(unit):
    """The unit at the place in the middle of its map: one object, not a texture of many."""
    return of_unit(unit, centre, "{} in the middle")


def cosine(unit):
    """The direction's strength times the squared cosine between it and what the layer gives, at
    the place in the middle: an image of this direction and of little else.

    h·v · max(0.1, cos(h, v))², the floor and the square as in Lucid's `dot_compare`, with which
    Activation Atlas was made (Carter et al. 2019, doi:10.23915/distill.00015).
    """
    return of_unit(unit, centre_cosine, "cosine with {}")


def layer(units):
    """The mean square of all that the layer gives: DeepDream (Mordvintsev et al. 2015)."""
    return Objective((Term(name_of(units), mean_square, words=f"all of {name_of(units)}"),))


def diversity(units):
    """How unlike the images of one objective are at this layer: the negative mean cosine of the
    Gram matrices of their channels, −1 for equal textures. It needs several seeds.

    Source: "Feature Visualization", section Diversity.
    """
    return Objective((Term(name_of(units), unlike, words=f"diversity in {name_of(units)}"),))


def measured(units, function, words="a measure"):
    """A measure of your own: function(activations (n, channel, …)) → a score for each image."""
    def measure(activations, directions, kin):
        return function(activations)

    return Objective((Term(name_of(units), measure, words=f"{words} of {name_of(units)}"),))


def each(units, kind=channel):
    """One objective for each of several units."""
    return [kind(unit) for unit in units]


def of_unit(unit, measure, words):
    """The Objective of one Unit."""
    if not hasattr(unit, "vectors"):
        raise TypeError(f"expected a Unit, net[layer][number]; got {type(unit).__name__}")
    if len(unit) != 1:
        raise ValueError(f"{unit!r}: one unit makes one objective; objectives.each(units) makes "
                         "one for each")
    row = unit[:].rows[0]
    if not row:
        raise ValueError(f"{unit!r} has no channel in it: there is nothing to raise")
    return Objective((Term(unit.layer, measure, row, 1.0, words.format(unit.name)),))


def name_of(units):
    """A layer's name, of Units or of a name."""
    return units if isinstance(units, str) else units.layer


# The measures

def mean(activations, directions, kin):
    """Of the direction, over all places."""
    if activations.ndim > 2:
        activations = activations.flatten(2).mean(2)
    return (activations * directions).sum(1)


def in_the_middle(activations):
    """The channels (n, channel) at the place in the middle."""
    return activations[(..., *(side // 2 for side in activations.shape[2:]))]


def centre(activations, directions, kin):
    """Of the direction, at the place in the middle."""
    return (in_the_middle(activations) * directions).sum(1)


def centre_cosine(activations, directions, kin, floor=0.1, power=2):
    """Strength times a power of the cosine, at the place in the middle."""
    here = in_the_middle(activations)
    strength = (here * directions).sum(1)
    cosines = strength / (here.norm(dim=1) * directions.norm(dim=1) + 1e-6)
    return strength * cosines.clamp(min=floor) ** power


def mean_square(activations, directions, kin):
    """Of all channels and places."""
    return activations.square().flatten(1).mean(1)


def unlike(activations, directions, kin):
    """Negative mean cosine of an image's Gram matrix with those of its kin; 0 if it has none."""
    channels = activations.flatten(2)
    grams = torch.nn.functional.normalize((channels @ channels.mT).flatten(1), dim=1)
    others = (kin[:, None] == kin[None]).to(grams) - torch.eye(len(kin)).to(grams)
    return -((grams @ grams.T) * others).sum(1) / others.sum(1).clamp(min=1)
