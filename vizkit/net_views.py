"""What can be seen of a whole Net: each function makes a viewer. `net.maps(…)` is maps(net, …)."""

import math
from functools import partial

import torch

from vizkit import views
from vizkit.fields import arithmetic
from vizkit.model.blame import times
from vizkit.model.layers import as_maps

# What these give is what a layer in or before them gives, when a model is evaluated.
PASS_ON = (torch.nn.Sequential, torch.nn.Identity, torch.nn.modules.dropout._DropoutNd)


def maps(net, image, layer=None, into=None):
    """An ActivationViewer of one image, with all layers that have maps; starts at `layer`."""
    if into is not None and not isinstance(into, views.ActivationViewer):
        raise TypeError(f"into is {type(into).__name__}; expected a viewer that net.maps made")
    batch = net.one(image)
    facts = net.runner.facts(batch.tensor)
    found = [name for name, fact in facts.items() if has_maps(net, fact)]
    if not found:
        raise ValueError(
            f"no layer of {type(net.model).__name__} gives maps (channel, y, x) for an input "
            f"of {times(batch.tensor.shape[1:])}; net.layers() shows what they give"
        )
    if layer is not None and layer not in found:
        net.find(layer)
        return net[layer].maps(image)
    compute = partial(net.map_arrays, batch.tensor)
    sources = arithmetic.sources(net, batch.tensor)
    if into is not None:
        into.look_at(compute, net.seen_image(batch), layer, **sources)
        return into
    viewer = views.ActivationViewer(compute, found, layer=layer or found[0],
                                    image=net.seen_image(batch), **sources)
    return net.selection.join(viewer, {name: (facts[name].source, None) for name in found})


def has_maps(net, fact):
    """Is a layer worth showing as maps?"""
    named = fact.name or net.single
    if not (fact.calls and named) or isinstance(net.find(fact.name)[0], PASS_ON):
        return False
    empty = torch.empty(fact.shape, device="meta")
    maps = as_maps(empty, fact.axis, tokens=net.intake.kind == "image")
    return maps is not None and math.prod(fact.shape) > 0
