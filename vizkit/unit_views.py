"""What can be seen of a Unit: each function makes a viewer. `unit.kernels()` is kernels(unit)."""

import numpy as np
import torch

from vizkit import views
from vizkit.arrays import as_array
from vizkit.fields import arithmetic
from vizkit.model.weights import flat_kernels


def kernel(unit):
    """A KernelViewer of one unit: in colour, or a picture for each input channel."""
    if len(unit) != 1:
        raise ValueError(f"{unit!r}: kernel() draws one unit, kernels() draws several")
    _, shown = weights(unit)
    if shown.shape[1] in (1, 3):
        return views.KernelViewer(kernels=shown, layer=unit.name, selected=0)
    return views.KernelViewer(kernels=shown.swapaxes(0, 1), layer=unit.name, selected=0,
                              noun="input channel")


def kernels(unit, snapshots=None, steps=()):
    """A KernelViewer of the kernels that make these units; with their past, where it is given."""
    layer, shown = weights(unit)
    called = layer if unit.rows is None else unit.name
    if snapshots is not None:
        shown = of_units(unit, as_array(snapshots), flat_kernels(unit.net, unit.layer)[1].shape)
    viewer = views.KernelViewer(kernels=shown, steps=steps, layer=called)
    if unit.numbers() is None:
        return viewer
    channels = None if unit.rows is None else unit.numbers()
    return unit.net.selection.join(viewer, {called: (layer, channels)})


def of_units(unit, snapshots, shape):
    """The units' kernels (time, unit, input channel, y, x) in snapshots of their whole layer."""
    if snapshots.shape[1:] != tuple(shape):
        raise ValueError(f"snapshots of shape {snapshots.shape}; expected (time, "
                         f"{', '.join(map(str, shape))}), the layer's kernels at several moments")
    if unit.rows is None:
        return snapshots
    if unit.numbers() is not None:
        return snapshots[:, unit.numbers()]
    return np.einsum("uc,tcihw->tuihw", unit.vectors().numpy(), snapshots.astype(np.float32))


def weights(unit):
    """(layer, array (unit, input channel, y, x)): the kernels that make these units."""
    layer, weight = flat_kernels(unit.net, unit.layer)
    if unit.rows is not None:
        weight = torch.einsum("uc,cihw->uihw", unit.vectors(), weight)
    return layer, weight.numpy()


def maps(unit, image):
    """An ActivationViewer of these units for one image."""
    net, called = unit.net, unit.name
    batch = net.one(image)
    net.runner.facts(batch.tensor)

    def compute(_):
        found = net.map_arrays(batch.tensor, unit.layer)
        if unit.rows is None:
            return found
        return torch.einsum("uc,chw->uhw", unit.vectors().to(found), found)

    viewer = views.ActivationViewer(
        compute, [called], layer=called, image=net.seen_image(batch),
        titles=[] if unit.rows is None else unit.titles, **of_channels(unit, batch.tensor),
    )
    if unit.numbers() is None:
        return viewer
    return net.selection.join(viewer, {called: chosen_by(unit)})


def of_channels(unit, batch):
    """What a viewer of a unit's maps asks of its layer: the field; the arithmetic, of channels."""
    asked, numbers = arithmetic.sources(unit.net, batch), unit.numbers()
    explain, field = asked["explain"], asked["field"]
    found = {"field": lambda _: field(unit.layer)}
    if numbers is not None:
        found["explain"] = lambda _, k, y, x: explain(unit.layer, numbers[k], y, x)
    return found


def linked(unit, viewer):
    """The viewer, tied to the net's chosen channel where it shows channels of one layer."""
    if unit.numbers() is None:
        return viewer
    return unit.net.selection.join(viewer, {unit.name: chosen_by(unit)})


def largest(unit, batch):
    """The largest value of each unit on each image: an array (image, unit)."""
    net = unit.net
    found = net.capture(batch, unit.layer)[unit.layer].float()
    flat = found.movedim(net.fact(unit.layer).axis, 1).flatten(2) if found.ndim > 2 else (
        found[..., None])  # (image, channel, place)
    values = flat if unit.rows is None else unit.vectors().to(flat) @ flat
    return values.amax(2).cpu().numpy()


def chosen_by(unit):
    """(layer whose channels these are, channel of each picture or None): what a Selection ties."""
    return unit.net.fact(unit.layer).source, None if unit.rows is None else unit.numbers()
