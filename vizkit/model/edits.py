"""Changes to what a layer gives, made while the model runs: a unit has another value."""

import torch


def edit(numbers, vectors, axis, value):
    """A function on a layer's output, after which units have this value everywhere.

    numbers: the units' channels, or None where they are directions; vectors: their weights of
    the channels (unit, channel); axis: where the channels are in the output.

    >>> edit([1], torch.eye(3)[1:2], 1, 9)(torch.zeros(1, 3)).tolist()
    [[0.0, 9.0, 0.0]]
    >>> edit(None, torch.tensor([[0.6, 0.8]]), 1, 5)(torch.zeros(1, 2)).tolist()
    [[3.0, 4.0]]
    """

    def set_channels(output):
        index = torch.tensor(sorted(set(numbers)), device=output.device)
        return output.index_fill(axis, index, value)

    def set_directions(output):
        rows = vectors.to(output)  # (unit, channel)
        back = torch.linalg.pinv(vectors).to(output)  # (channel, unit)
        moved = output.movedim(axis, -1)
        return (moved + (value - moved @ rows.T) @ back.T).movedim(-1, axis)

    return set_channels if numbers is not None else set_directions
