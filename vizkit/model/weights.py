"""The kernels of a layer as an array that can be drawn."""

import torch

from vizkit.model.blame import times


def flat_kernels(net, layer):
    """(layer, a copy of its weights (out, in, y, x)), or of the layer whose channels it passes on.

    Raises TypeError where there are none, or none that are flat.
    """
    weight = kernel_weight(net, layer)
    if weight is None and "[" not in layer:
        source = net.fact(layer).source
        weight = kernel_weight(net, source)
        layer = layer if weight is None else source
    if weight is None:
        raise TypeError(no_kernels(net, layer))
    net.runner.must_have_values()
    if weight.ndim != 4:
        axes = weight.ndim - 2
        raise TypeError(
            f"layer {layer} is a convolution in {axes} dimension{'s' * (axes > 1)}: its kernels "
            f"({times(weight.shape[1:])} each) have no flat picture. Draw slices of them: "
            f"vk.kernels(weight{'[:, :, None]' if axes == 1 else '[:, :, 0]'})"
        )
    return layer, weight.clone()


def kernel_weight(net, layer):
    """The weights (out, in, …) of a layer that is a convolution, as float32; None otherwise."""
    module = net.find(layer)[0]
    weight = getattr(module, "weight", None)
    if not isinstance(weight, torch.Tensor) or weight.ndim < 3:
        return None
    weight = weight.detach() if weight.is_meta else weight.detach().cpu().float()
    if getattr(module, "transposed", False):  # stored as (in, out of one group, …)
        weight = weight.unflatten(0, (module.groups, -1)).transpose(1, 2).flatten(0, 1)
    return weight


def no_kernels(net, layer):
    """Why a layer has none to draw, and which layers have some."""
    names = [name for name, _ in net.model.named_modules() if name]
    some = [name for name in names if kernel_weight(net, name) is not None]
    hint = f"; layers that have some: {', '.join(some[:6])}" if some else ""
    where = f"layer {layer}" if layer else "the model"
    return f"{where} ({type(net.find(layer)[0]).__name__}) has no kernels{hint}"
