"""One output of a convolution as the sum that it is: patch × kernel, added up, plus the bias."""

import math
from functools import lru_cache, partial

import torch
from torch import nn
from torch.nn import functional

from vizkit.fields import receptive

SHOWN = 6  # input channels whose sums are shown, the largest first


def sources(net, batch):
    """What an ActivationViewer of one image asks: dict of functions `explain` and `field`."""
    return {"explain": partial(explain, net, lru_cache(2)(partial(taken, net, batch))),
            "field": partial(field, net, batch)}


def field(net, batch, layer):
    """The receptive field of a layer as a dict; an empty one where it is not known.

    >>> from vizkit.net import Net
    >>> net = Net(nn.Sequential(nn.Conv2d(1, 6, 5)))
    >>> field(net, torch.zeros(1, 1, 8, 8), "0")["size"]
    [5, 5]
    """
    if batch.ndim != 4:
        return {}
    try:
        found = receptive.field(net, layer, batch, most_weights=30_000_000)
    except Exception:  # noqa: BLE001 - whatever it is, the maps are worth showing without
        return {}
    return {"size": list(found.size), "step": list(found.step), "offset": list(found.offset),
            "image": list(found.image), "exact": found.exact, "how": found.how}


def taken(net, batch, layer):
    """(module, its input, its output) (channel, y, x) of one convolution; None for other layers."""
    module, call, path = net.find(layer)
    if not isinstance(module, nn.Conv2d) or path:
        return None
    inputs = []
    handle = module.register_forward_pre_hook(
        lambda module, args: inputs.append(args[0].detach().clone()))
    try:
        output = net.capture(batch, layer)[layer]
    finally:
        handle.remove()
    return module, inputs[-1 if call < 0 else call - 1][0], output[0]


def explain(net, taken, layer, channel, y, x):
    """How one value of a convolution came about: a dict of numbers, arrays and words.

    patch, kernel: (n, y, x), of those input channels whose sums are the largest (all, of one or
    three); channels: their numbers; sums: of patch × kernel, one for each; rest: the sum over the
    others; bias, value. A layer that is no convolution gives `words` alone: why not.
    """
    held = taken(layer)
    if held is None:
        kind = type(net.find(layer)[0]).__name__
        return {"words": f"{layer} is a {kind}: a convolution's output is one sum of products, "
                         "this layer's is not."}
    module, image, output = held
    group = channel // (module.out_channels // module.groups)
    width = module.in_channels // module.groups
    patch = window(module, image[group * width : (group + 1) * width], y, x).cpu().double()
    kernel = module.weight[channel].detach().cpu().double()
    sums = (patch * kernel).sum((1, 2))
    bias = 0.0 if module.bias is None else float(module.bias[channel].detach())
    value, total = float(output[channel, y, x]), float(sums.sum()) + bias
    slack = 1e-4 * (float((patch * kernel).abs().sum()) + abs(bias)) + 1e-6
    if not math.isclose(total, value, abs_tol=slack):
        return {"words": f"{layer} gives {value:.4g} here and its kernel {total:.4g}: something "
                         "changed it on the way (net.without, net.clamp, a hook)."}
    order = sums.abs().argsort(descending=True)[:SHOWN] if width > 3 else torch.arange(width)
    return {"patch": patch[order].numpy(), "kernel": kernel[order].numpy(),
            "channels": [group * width + int(number) for number in order],
            "sums": sums[order].tolist(), "rest": float(sums.sum() - sums[order].sum()),
            "count": width, "bias": bias, "value": value, "words": ""}


def window(module, image, y, x):
    """The values (channel, y, x) that a convolution's kernel lies on for its output (y, x).

    >>> image = torch.arange(9.0).reshape(1, 3, 3)
    >>> window(nn.Conv2d(1, 1, 2, padding=1), image, 0, 1)
    tensor([[[0., 0.],
             [0., 1.]]])
    """
    mode = "constant" if module.padding_mode == "zeros" else module.padding_mode
    padded = functional.pad(image[None], borders(module), mode=mode)[0]
    axes = zip((y, x), module.stride, module.kernel_size, module.dilation, strict=True)
    spans = [slice(at * step, at * step + (side - 1) * spread + 1, spread)
             for at, step, side, spread in axes]
    return padded[:, spans[0], spans[1]]


def borders(module):
    """A convolution's padding: left, right, top, bottom."""
    sides = module.padding
    if sides == "valid":
        return 0, 0, 0, 0
    if sides == "same":  # torch puts the odd one after
        whole = [(k - 1) * d for k, d in zip(module.kernel_size, module.dilation, strict=True)]
        return whole[1] // 2, whole[1] - whole[1] // 2, whole[0] // 2, whole[0] - whole[0] // 2
    return sides[1], sides[1], sides[0], sides[0]
