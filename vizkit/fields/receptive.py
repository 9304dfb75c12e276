"""Receptive fields: which pixels of the image one output of a layer can see.

Worked out from the kernels that really ran (reach.py) where that is possible, else by gradient
(support.py); the answer says which.
"""

from dataclasses import dataclass

from vizkit.fields import reach, support
from vizkit.model import hooks, names
from vizkit.model.layers import as_maps


@dataclass(frozen=True)
class ReceptiveField:
    """Output (y, x) of a layer sees a box of `size` pixels that starts at offset + (y, x)·step.

    size, step, offset: (y, x), in pixels of the image that the model takes. image: its (height,
    width). exact: worked out from the kernels; otherwise `how` says what was done instead.
    """

    size: tuple
    step: tuple
    offset: tuple
    image: tuple
    exact: bool = True
    how: str = "worked out from the layers' kernels"

    def box(self, y, x):
        """(top, left, bottom, right) in pixels, the ends not included.

        It may reach outside the image: there the layers saw padding.

        >>> ReceptiveField((11, 11), (2, 2), (-4, -4), (64, 64)).box(0, 3)
        (-4, 2, 7, 13)
        """
        top, left = (o + i * s for o, i, s in zip(self.offset, (y, x), self.step, strict=True))
        return top, left, top + self.size[0], left + self.size[1]

    def inside(self, y, x):
        """The part of the box that lies in the image; empty (0 rows) where none does."""
        top, left, bottom, right = self.box(y, x)
        height, width = self.image
        return max(0, top), max(0, left), min(height, bottom), min(width, right)

    @property
    def whole(self):
        """Does every output see the whole image?"""
        return self.step == (0, 0)


def field(net, layer, batch=None, most_weights=None):
    """The ReceptiveField of a layer's outputs, by the layer's name.

    batch: an image as the model takes it, (1, channel, y, x); default: the net's example.
    most_weights: for a model with more, a field that would have to be found by gradient (in a
    copy of the model) is said not to be known.
    A layer without positions (fully connected) sees the whole image.
    Raises KeyError for no such layer, ValueError for a model that takes no images.

    >>> import torch
    >>> from vizkit.net import Net
    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(1, 6, 5), torch.nn.MaxPool2d(2)))
    >>> field(net, "1").size, field(net, "1").step
    ((6, 6), (2, 2))
    """
    module, call, path = net.find(layer)
    net.runner.facts(batch)
    batch = net.runner.example if batch is None else batch[:1]
    if batch.ndim != 4:
        raise ValueError(
            f"{type(net.model).__name__} takes {tuple(batch.shape[1:])} and no images (channel, "
            "y, x): a receptive field is a part of an image"
        )
    image = tuple(batch.shape[-2:])
    wanted = hooks.Wanted(layer, names.parse(layer)[0], call, path)
    reached = reach.reach(net.model, batch, wanted)
    if reached == reach.WHOLE:
        return ReceptiveField(image, (0, 0), (0, 0), image)
    if reached is not None:
        y, x = reached
        return ReceptiveField((y.size, x.size), (y.step, x.step), (y.start, x.start), image)
    if most_weights is not None and most_weights < sum(w.numel() for w in net.model.parameters()):
        return unknown(image)
    return by_gradient(net, layer, wanted, batch)


def unknown(image):
    """The whole image, said not to be exact."""
    how = "not worked out, so the whole image is shown"
    return ReceptiveField(image, (0, 0), (0, 0), image, False, how)


def by_gradient(net, layer, wanted, batch):
    """The field as gradients show it at some positions; the whole image where they cannot."""
    image = tuple(batch.shape[-2:])
    fact = net.fact(layer)
    try:
        boxes = support.boxes(net.model, tuple(batch.shape[1:]), wanted,
                              lambda output: as_maps(output, fact.axis, tokens=True))
    except RuntimeError:  # something in the model has no derivative
        return unknown(image)
    how = "found by gradient, for not all layers on the way have kernels to work it out from"
    middle = list(boxes)[len(boxes) // 2]
    if boxes[middle] == (0, 0, *image):
        return ReceptiveField(image, (0, 0), (0, 0), image, False, how)
    axes = [along(boxes, axis, middle, image[axis]) for axis in (0, 1)]
    size, step, offset = zip(*axes, strict=True)
    return ReceptiveField(size, step, offset, image, False, how)


def along(boxes, axis, middle, length):
    """(size, step, offset) along an axis, from boxes by position."""
    spans = {place[axis]: (box[axis], box[axis + 2]) for place, box in boxes.items()
             if place[1 - axis] == middle[1 - axis]}
    size = max(end - start for start, end in spans.values())
    within = {at: start for at, (start, end) in spans.items() if start > 0 and end < length}
    within = within or {at: start for at, (start, end) in spans.items() if end - start == size}
    pairs = [(at, start) for at, start in within.items() if at + 1 in within]
    steps = [within[at + 1] - start for at, start in pairs]
    step = max(steps, default=1)
    at, start = next(iter(within.items()))
    return size, step, start - at * step
