"""The layers of a model: names, kinds, output shapes, and where their channels are.

Shapes are not written in a model; they are seen in one forward pass.
"""

import math
from dataclasses import dataclass

from torch import nn

from vizkit.model.blame import times
from vizkit.model.hooks import first_tensor, untouched

# Layers that work on each channel alone: channel 12 of their output is channel 12 of their input.
SAME_CHANNELS = (
    nn.modules.batchnorm._NormBase, nn.GroupNorm, nn.LayerNorm, nn.LocalResponseNorm, nn.Identity,
    nn.modules.dropout._DropoutNd, nn.modules.pooling._MaxPoolNd, nn.modules.pooling._AvgPoolNd,
    nn.modules.pooling._AdaptiveAvgPoolNd, nn.modules.pooling._AdaptiveMaxPoolNd,
)  # fmt: skip
CHANNELS_LAST = (nn.Linear, nn.LayerNorm, nn.Embedding, nn.MultiheadAttention, nn.RNNBase,
                 nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)
CHANNELS_SECOND = (nn.modules.conv._ConvNd, nn.modules.batchnorm._NormBase, nn.GroupNorm,
                   nn.modules.pooling._MaxPoolNd, nn.modules.pooling._AvgPoolNd,
                   nn.modules.pooling._AdaptiveAvgPoolNd, nn.modules.pooling._AdaptiveMaxPoolNd)
LONGEST = 80


@dataclass(frozen=True)
class Fact:
    """What one forward pass showed of a layer; shape without the batch axis."""

    name: str
    kind: str
    shape: tuple = ()
    axis: int = 1  # where the channels are in the output, the batch being axis 0
    source: str = ""  # the last layer that mixed channels: these are its channels
    calls: int = 0
    parameters: int = 0
    leaf: bool = True

    @property
    def channels(self):
        """How many channels, 0 if the layer did not run."""
        return self.shape[self.axis - 1] if self.shape else 0


def observe(model, batch):
    """A dict name → Fact of every layer, from one forward pass of a batch, in the order they ran.

    A layer that runs twice has a second entry, `relu#2`. Those that did not run come last.
    """
    seen, handles, previous = {}, [], [None]
    names = {module: name for name, module in model.named_modules()}

    def hook(module, args, output):
        tensor, name = first_tensor(output), names[module]
        if tensor is None or tensor.ndim < 2:
            return
        if name in seen:
            seen[name][-1] += 1
            name = f"{name}#{seen[name][-1]}"
        shape, last = tuple(tensor.shape[1:]), previous[0]
        leaf = not any(True for _ in module.children())
        follows = leaf and last is not None and keeps_channels(module)
        axis = channel_axis(module, shape, last if follows else None)
        if follows and channels_of(shape, axis) == channels_of(last[0], last[1]):
            source = last[2]
        else:
            source = name if leaf or last is None else last[2]
        seen[name] = [shape, axis, source, 1]
        if leaf:
            previous[0] = seen[name]

    with untouched(model):
        try:
            for module in names:
                handles.append(module.register_forward_hook(hook))
            model(batch)
        finally:
            for handle in handles:
                handle.remove()
    modules = {name: module for module, name in names.items()}
    idle = [name for name in modules if name not in seen]
    return {name: fact(name, modules[name.split("#")[0]], seen.get(name))
            for name in [*seen, *idle]}


def fact(name, module, seen):
    """The Fact of one module from what the hook saw (None: it did not run)."""
    kind, leaf = type(module).__name__, not any(True for _ in module.children())
    own = sum(weight.numel() for weight in module.parameters())
    if seen is None:
        return Fact(name, kind, source=name, parameters=own, leaf=leaf)
    shape, axis, source, calls = seen
    return Fact(name, kind, shape, axis, source, calls, own, leaf)


def keeps_channels(module):
    """Does channel k of the output come from channel k of the input alone?"""
    activation = type(module).__module__.endswith("nn.modules.activation")
    mixes = isinstance(module, nn.MultiheadAttention)
    return isinstance(module, SAME_CHANNELS) or (activation and not mixes)


def channel_axis(module, shape, last):
    """The axis of the channels in an output whose shape (without batch) is given."""
    if isinstance(module, nn.LayerNorm):
        return norm_axis(module.normalized_shape, shape, last)
    if isinstance(module, CHANNELS_LAST) or len(shape) < 2:
        return len(shape)
    if isinstance(module, CHANNELS_SECOND):
        return 1
    order = tuple(getattr(module, "dims", ()))  # torchvision's Permute
    if order == (0, 2, 3, 1):
        return 3
    if last is not None and last[0] == shape:
        return last[1]
    return len(shape) if len(shape) == 2 else 1


def norm_axis(normalized, shape, last):
    """The axis of the channels after a LayerNorm; torchvision's LayerNorm2d has them first."""
    kept = last is not None and last[0] == shape
    if kept and (len(normalized) > 1 or channels_of(shape, last[1]) == normalized[-1]):
        return last[1]
    return len(shape) if shape[-1] == normalized[-1] else 1


def as_maps(output, axis, tokens=False):
    """The maps (channel, y, x) in what a layer gives for one image; None where there are none.

    axis: where the channels are, counted as if there were a batch axis before.
    tokens: rows (token, channel) that cover a square image count, without a class token.

    >>> import torch
    >>> as_maps(torch.zeros(197, 768), 2, tokens=True).shape
    torch.Size([768, 14, 14])
    """
    if output.ndim == 3:
        return output.movedim(axis - 1, 0)
    if output.ndim != 2 or axis != 2 or not tokens:
        return None
    for extra in (0, 1):
        side = math.isqrt(max(0, len(output) - extra))
        if side > 1 and side * side == len(output) - extra:
            return output[extra:].T.unflatten(1, (side, side))
    return None


def channels_of(shape, axis):
    return shape[axis - 1] if shape else 0


class Layers:
    """The table that `net.layers()` shows; also a sequence of Facts."""

    def __init__(self, facts, example):
        self.facts, self.example = list(facts), example

    def __iter__(self):
        return iter(self.facts)

    def __len__(self):
        return len(self.facts)

    def __getitem__(self, index):
        return self.facts[index]

    @property
    def names(self):
        """The dotted names, in the order of the model."""
        return [fact.name for fact in self.facts]

    def __repr__(self):
        rows = [("layer", "kind", "output", "parameters")]
        rows += [
            (
                "  " * fact.name.count(".") + (fact.name or "(the model)"),
                fact.kind + (f" ×{fact.calls}" if fact.calls > 1 else ""),
                times(fact.shape) if fact.calls else "did not run",
                f"{fact.parameters:,}" if fact.parameters else "",
            )
            for fact in self.facts[:LONGEST]
        ]
        widths = [max(len(row[i]) for row in rows) for i in range(3)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row[:3], widths, strict=True))
                 + f"  {row[3]:>12}" for row in rows]
        if len(self.facts) > LONGEST:
            last = self.facts[-1].name.split(".")[0]
            lines.append(f"… {len(self.facts) - LONGEST} more: net.layers({last!r}) shows those "
                         "under one name")
        return "\n".join([f"outputs for {self.example}", *(line.rstrip() for line in lines)])
