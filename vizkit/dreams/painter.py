"""Images 0…1 from the knobs that are optimised: waves, mixed colours, a sigmoid, a wobble.

The way there and the way back, for the gradient, are both written out and go through a few images
at a time: what one step makes is then still in the processor's cache when the next one wants it.
Recorded step by step for the whole batch, the same takes about twice as long.
"""

import torch

from vizkit.dreams.spectrum import PARAMETERISATIONS
from vizkit.dreams.wobble import GREY, inverse, sample

CACHED = 2 * 3 * 224 * 224  # numbers that the caches of two cores hold


class Painter:
    """Paints images (n, c, h, w) from knobs; the gradient of images finds its way back to them.

    kind: a name of PARAMETERISATIONS. shape: (channel, y, x). matrix: mixes independent colours
    into red, green and blue; None: the knobs are of the colours themselves.
    `knobs`: where the seeds start.
    """

    def __init__(self, kind, shape, seeds, matrix, device):
        if kind not in PARAMETERISATIONS:
            raise ValueError(f"parameterisation is {kind!r}; expected one of "
                             f"{', '.join(PARAMETERISATIONS)}")
        self.make = PARAMETERISATIONS[kind](shape, seeds, device)
        self.knobs = self.make.knobs
        self.matrix = None if matrix is None else matrix.to(device)
        self.shape = shape
        numbers = shape[0] * shape[1] * shape[2]
        self.few = max(1, CACHED // numbers) if torch.device(device).type == "cpu" else None

    def __call__(self, knobs, moves=None):
        """Images 0…1 of some of the knobs; moves (n, 2, 3): as affine maps then move them."""
        return Painted.apply(knobs, self, moves)

    def parts(self, count):
        """Slices of a batch, a few images each; on a GPU, all."""
        few = self.few or count
        return [slice(first, first + few) for first in range(0, count, few)]

    def plain(self, knobs):
        """The images before any move."""
        values = self.make.values(knobs)
        if self.matrix is not None:
            values = (self.matrix @ values.flatten(2)).view_as(values)
        return values.sigmoid_()


class Painted(torch.autograd.Function):
    """What a painter makes of knobs."""

    @staticmethod
    def forward(ctx, knobs, painter, moves):
        plain = knobs.new_empty(len(knobs), *painter.shape)
        moved = plain if moves is None else torch.empty_like(plain)
        for part in painter.parts(len(knobs)):
            plain[part] = painter.plain(knobs[part])
            if moves is not None:
                moved[part] = sample(plain[part] - GREY, moves[part]).add_(GREY)
        ctx.painter, ctx.moves = painter, moves
        ctx.save_for_backward(plain)
        return moved

    @staticmethod
    def backward(ctx, slopes):
        plain, = ctx.saved_tensors
        painter, found = ctx.painter, torch.empty_like(ctx.painter.knobs[:len(plain)])
        back, area = (None, None) if ctx.moves is None else inverse(ctx.moves)
        for part in painter.parts(len(plain)):
            mine = slopes[part]
            if back is not None:
                mine = sample(mine, back[part]).mul_(area[part])
            mine = torch.ops.aten.sigmoid_backward(mine, plain[part])
            if painter.matrix is not None:
                mine = (painter.matrix.T @ mine.flatten(2)).view_as(mine)
            found[part] = painter.make.slopes(mine)
        return found, None, None
