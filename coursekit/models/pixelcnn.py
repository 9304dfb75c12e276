"""PixelCNN: an image as a sequence of pixels, predicted by convolutions that cannot look ahead.

Pixels are read in rows from the top, each row from the left. All models take whole numbers
(n, height, width), 0 … levels - 1, and return logits (n, levels, height, width): at each pixel the
scores of its own level, made of the pixels before it alone.
Sources: van den Oord, Kalchbrenner & Kavukcuoglu, "Pixel recurrent neural networks", 2016,
arXiv:1601.06759 (masks A and B); van den Oord and others, "Conditional image generation with
PixelCNN decoders", 2016, arXiv:1606.05328 (the gates, and the two stacks without a blind spot).
"""

import torch
import torch.nn.functional as F
from torch import nn


def mask(kind, kernel):
    """Which weights of a kernel × kernel convolution may stay: ones and zeros, (kernel, kernel).

    Open are the rows above the centre and what is left of it in its own row. "A" closes the centre
    itself, "B" opens it. Raises ValueError for another kind, or an even kernel, without a centre.

    >>> mask("A", 3).tolist()
    [[1.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    >>> [int(mask(kind, kernel).sum()) for kind in "AB" for kernel in (3, 5, 7)]
    [4, 12, 24, 5, 13, 25]
    """
    if kind not in ("A", "B") or kernel % 2 == 0:
        raise ValueError(f"mask {kind!r} of {kernel}: expected 'A' or 'B' and an odd kernel")
    centre = kernel // 2
    open_ = torch.zeros(kernel, kernel)
    open_[:centre] = 1  # the rows above
    open_[centre, :centre] = 1  # to the left
    open_[centre, centre] = float(kind == "B")
    return open_


class MaskedConv(nn.Conv2d):
    """A convolution whose masked weights count as zero: each output sees earlier pixels only."""

    def __init__(self, kind, inputs, outputs, kernel):
        super().__init__(inputs, outputs, kernel, padding=kernel // 2)
        self.register_buffer("mask", mask(kind, kernel), persistent=False)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class PixelCNN(nn.Module):
    """One masked convolution of kind A, then `depth` of kind B, each added to what it is given.

    kinds   the first letter is the first layer's mask, the second that of all others

    >>> PixelCNN(levels=4)(torch.zeros(2, 8, 8, dtype=torch.long)).shape
    torch.Size([2, 4, 8, 8])
    """

    def __init__(self, levels, width=32, depth=6, kernel=3, kinds="AB"):
        super().__init__()
        self.levels = levels
        self.first = MaskedConv(kinds[0], levels, width, kernel)
        self.layers = nn.ModuleList(
            MaskedConv(kinds[1], width, width, kernel) for _ in range(depth))
        self.head = nn.Conv2d(width, levels, 1)

    def forward(self, pixels):
        return self.read(F.one_hot(pixels, self.levels).movedim(-1, 1).float())

    def read(self, planes):  # (n, levels, h, w), a one where the pixel has that level
        x = self.first(planes)  # (n, width, h, w)
        for layer in self.layers:
            x = x + layer(F.relu(x))
        return self.head(F.relu(x))  # (n, levels, h, w)


def gate(x):
    """Half of the channels, bent by tanh, times how far the other half opens the gate."""
    value, opening = x.chunk(2, dim=1)
    return torch.tanh(value) * torch.sigmoid(opening)


class GatedLayer(nn.Module):
    """Two stacks: `above` sees all rows up to its own, `left` its own row and the rows above.

    No convolution is masked: the kernels are cut to the part that is open, and the image padded.
    What the vertical stack found moves down one row before the horizontal one reads it.
    """

    def __init__(self, kind, inputs, width, kernel):
        super().__init__()
        self.reach, self.kind = kernel // 2, kind
        self.vertical = nn.Conv2d(inputs, 2 * width, (self.reach + 1, kernel))
        self.horizontal = nn.Conv2d(inputs, 2 * width, (1, self.reach + (kind == "B")))
        self.down = nn.Conv2d(2 * width, 2 * width, 1)
        self.out = nn.Conv2d(width, width, 1)

    def forward(self, above, left):
        reach = self.reach
        rows = self.vertical(F.pad(above, (reach, reach, reach, 0)))  # (n, 2 width, h, w)
        moved = F.pad(rows, (0, 0, 1, 0))[:, :, :-1]  # row r now holds what lies above r
        row = self.horizontal(F.pad(left, (reach, 0)))  # kind A: one place too many, its last
        mixed = self.out(gate(row[..., : left.shape[3]] + self.down(moved)))
        return gate(rows), mixed + left if self.kind == "B" else mixed


class GatedPixelCNN(nn.Module):
    """PixelCNN without a blind spot: a vertical and a horizontal stack, with gates for ReLUs.

    >>> GatedPixelCNN(levels=4)(torch.zeros(2, 8, 8, dtype=torch.long)).shape
    torch.Size([2, 4, 8, 8])
    """

    def __init__(self, levels, width=32, depth=6, kernel=3):
        super().__init__()
        self.levels = levels
        self.first = GatedLayer("A", levels, width, kernel)
        self.layers = nn.ModuleList(
            GatedLayer("B", width, width, kernel) for _ in range(depth))
        self.head = nn.Conv2d(width, levels, 1)

    def forward(self, pixels):
        return self.read(F.one_hot(pixels, self.levels).movedim(-1, 1).float())

    def read(self, planes):  # (n, levels, h, w)
        above, left = self.first(planes, planes)
        for layer in self.layers:
            above, left = layer(above, left)
        return self.head(F.relu(left))  # (n, levels, h, w)


@torch.no_grad()
def sample(model, given, rows, seed=0):
    """Write `rows` more rows below the given ones (n, rows, width), pixel by pixel.

    Each pixel is drawn by lot from what the model gives its levels: one forward pass for each pixel
    of an image, however many images are written at once. Returns (n, all rows, width).

    >>> sample(PixelCNN(levels=4), torch.zeros(3, 1, 5, dtype=torch.long), rows=2).shape
    torch.Size([3, 3, 5])
    """
    lot = torch.Generator().manual_seed(seed)
    pixels = F.pad(given, (0, 0, 0, rows))  # the rows to write hold zeros until they are written
    for y in range(given.shape[1], pixels.shape[1]):
        for x in range(pixels.shape[2]):
            chances = model(pixels)[:, :, y, x].softmax(1)  # (n, levels)
            pixels[:, y, x] = torch.multinomial(chances, 1, generator=lot)[:, 0]
    return pixels


def seen(model, height, width, y, x):
    """Which pixels the scores at (y, x) depend on: where their gradient is not zero, (h, w) bools.

    >>> seen(PixelCNN(levels=2, depth=3), 3, 3, 1, 0).int().tolist()
    [[1, 1, 0], [0, 0, 0], [0, 0, 0]]
    """
    planes = torch.rand(1, model.levels, height, width).requires_grad_()
    model.read(planes)[0, :, y, x].sum().backward()
    model.zero_grad()
    return planes.grad[0].abs().sum(0) > 0
