"""Changes to what a layer gives, made while the model runs: a unit has another value."""

from collections.abc import Callable
from typing import NamedTuple

import torch

from vizkit.model.blame import times


class Edit(NamedTuple):
    """One change of a pass: the function maps a layer's first tensor to another; given: what the
    layer is given instead of what it gives.
    """

    layer: str
    function: Callable
    given: bool = False


def edit(numbers, vectors, axis, value):
    """A function on a layer's output, after which units have this value everywhere.

    numbers: the units' channels, or None where they are directions; vectors: their weights of
    the channels (unit, channel); axis: where the channels are in the output. value: a number; or
    what the layer gave for another input: the units then have the values that they had there; or
    (channel,), a value for each channel everywhere.

    >>> edit([1], torch.eye(3)[1:2], 1, 9)(torch.zeros(1, 3)).tolist()
    [[0.0, 9.0, 0.0]]
    >>> edit(None, torch.tensor([[0.6, 0.8]]), 1, 5)(torch.zeros(1, 2)).tolist()
    [[3.0, 4.0]]
    """

    def set_channels(output):
        index = torch.tensor(sorted(set(numbers)), device=output.device)
        if not torch.is_tensor(value):
            return output.index_fill(axis, index, value)
        other = fitting(value, output, axis)
        return output.index_copy(axis, index, other.index_select(axis, index))

    def set_directions(output):
        rows = vectors.to(output)  # (unit, channel)
        back = torch.linalg.pinv(vectors).to(output)  # (channel, unit)
        moved, wanted = output.movedim(axis, -1), value
        if torch.is_tensor(value):
            wanted = fitting(value, output, axis).movedim(axis, -1) @ rows.T
        return (moved + (wanted - moved @ rows.T) @ back.T).movedim(-1, axis)

    return set_channels if numbers is not None else set_directions


def fitting(value, output, axis=-1):
    """What was kept of another input, or a value for each channel (channel,), for what is run now.

    Raises ValueError where one example has another shape: texts of other lengths, say.
    """
    if value.ndim == 1:
        return value.to(output).expand(output.movedim(axis, -1).shape).movedim(-1, axis)
    if value.shape[1:] != output.shape[1:] or len(value) not in (1, len(output)):
        raise ValueError(f"patched with values of shape {times(value.shape)} where this input has "
                         f"{times(output.shape)}: both must have the same shape, texts as many "
                         "tokens")
    return value.to(output).expand_as(output)
