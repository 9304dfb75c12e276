"""A receptive field by gradient: for layers whose reach cannot be worked out from their kernels.

The gradient of one output has values where the image can change it. So that nothing hides a
connection, it is taken in a copy of the model in double precision with positive weights and a
positive image, where no ReLU is closed and no two paths cancel; averages stand in for maxima.
Such a field is a lower bound: a connection whose gradient is zero is not seen.
"""

import copy

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from vizkit.model import hooks

# What stands in for functions that have flat parts, where a gradient is zero.
SMOOTH = {"hardsigmoid": torch.sigmoid, "hardswish": functional.silu, "relu6": torch.abs,
          "hardtanh": torch.tanh}
PLACES = 5  # outputs along an axis whose gradients are looked at


class Averaged(TorchFunctionMode):
    """While it is entered, max-pools average: every pixel of a window then has a gradient."""

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        name = getattr(function, "__name__", "")
        if name == "max_pool2d" and kwargs.get("dilation", 1) in (1, (1, 1)):
            kept = {key: kwargs[key] for key in ("stride", "padding", "ceil_mode") if key in kwargs}
            return functional.avg_pool2d(*args, **kept)
        if name == "adaptive_max_pool2d":
            return functional.adaptive_avg_pool2d(*args[:2])
        if name in SMOOTH:
            return SMOOTH[name](args[0])
        return function(*args, **kwargs)


def positive(model):
    """A copy in double precision whose weights are positive and keep sums about as large."""
    model = copy.deepcopy(model).cpu().double().eval()
    random = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            values = torch.rand(weight.shape, generator=random, dtype=torch.float64) + 0.5
            weight.copy_(values / max(1, weight[0].numel()) if weight.ndim > 1 else values)
        for name, buffer in model.named_buffers():
            if name.endswith("running_mean"):
                buffer.zero_()
            elif name.endswith("running_var"):
                buffer.fill_(1)
    return model


def boxes(model, shape, wanted, maps_of):
    """A dict (y, x) → (top, left, bottom, right) in pixels, of some positions of a layer's maps.

    shape: of the image, (channel, y, x). maps_of: from the layer's tensor of one image to its
    maps (channel, y, x), or None where there are none: then the key is (0, 0) alone.
    """
    random = torch.Generator().manual_seed(1)
    image = torch.rand((1, *shape), generator=random, dtype=torch.float64) + 0.5
    image.requires_grad_(True)
    with Averaged():
        found, _ = hooks.forward(positive(model), image, [wanted], gradients=True)
    output = found[wanted.label][0]
    maps = maps_of(output)
    maps = output.flatten()[:, None, None] if maps is None else maps
    places = [(y, x) for y in spread(maps.shape[1]) for x in spread(maps.shape[2])]
    return {place: hull(torch.autograd.grad(maps[:, place[0], place[1]].sum(), image,
                                            retain_graph=True)[0][0])
            for place in (places if maps.shape[1] * maps.shape[2] > 1 else [(0, 0)])}


def spread(count):
    """Positions in the middle of an axis, next to each other.

    >>> spread(3), spread(20)
    ([0, 1, 2], [8, 9, 10, 11, 12])
    """
    first = max(0, count // 2 - PLACES // 2)
    return list(range(first, min(count, first + PLACES)))


def hull(gradient):
    """The box (top, left, bottom, right) around the values of (channel, y, x) that are not zero."""
    used = (gradient != 0).any(0)
    rows, columns = used.any(1).nonzero().flatten(), used.any(0).nonzero().flatten()
    if not len(rows):
        return 0, 0, 0, 0
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
