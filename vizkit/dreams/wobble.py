"""Wobbling: every image of a batch is shifted, scaled and turned a little, each by its own amounts.

What excites a unit only when each pixel is in its place is lost that way, and a dream that keeps
exciting it has to hold something robust.
Source: Lucid's standard list (tensorflow/lucid, lucid/optvis/transform.py): pad 12 pixels, shift
up to 8, scale 0.9 to 1.1, turn up to 10 degrees, shift up to 4.
"""

import math
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F

GREY = 0.5  # what lies beside the image


@dataclass(frozen=True)
class Wobble:
    """How far images are moved: jitter in pixels each way, scale as a share, rotation in degrees.

    All is done in one resampling. What comes in from beside the image is grey, so no padding
    needs to be added and the network sees images of the size they have.

    >>> Wobble(jitter=4, scale=0, rotation=0)(torch.zeros(2, 3, 64, 64), torch.rand(2, 4)).shape
    torch.Size([2, 3, 64, 64])
    """

    jitter: float = 6.0
    scale: float = 0.1
    rotation: float = 10.0

    def draws(self, steps, seeds):
        """Random amounts 0…1 (step, image, 4); an image's depend on its own seed alone."""
        made = {seed: torch.rand(steps, 4, generator=torch.Generator().manual_seed(seed + 2**32))
                for seed in set(seeds)}
        return torch.stack([made[seed] for seed in seeds], dim=1)

    def moves(self, draws, size):
        """Where the pixels of the wobbled images come from: matrices (image, 2, 3) that make of
        (x, y, 1) in the new image the x, y in the old one, −1…1 from its left (top) edge to its
        right (bottom) one.
        """
        height, width = size
        amounts = 2 * draws - 1
        angle = amounts[:, 0] * math.radians(self.rotation)
        zoom = 1 / (1 + amounts[:, 1] * self.scale)
        cos, sin = angle.cos() * zoom, angle.sin() * zoom
        across, down = (amounts[:, 2:] * self.jitter).T
        rows = (torch.stack([cos, -sin * height / width, across * 2 / width], 1),
                torch.stack([sin * width / height, cos, down * 2 / height], 1))
        return torch.stack(rows, 1)

    def __call__(self, images, draws):
        """The images (n, c, h, w), each wobbled by its row of draws (n, 4)."""
        moves = self.moves(draws.to(images), images.shape[-2:])
        return Moved.apply(images, moves)


class Moved(torch.autograd.Function):
    """Images moved by affine maps, grey beside them; the gradient is moved back by the inverse.

    The exact gradient hands each value to the four pixels it came from: much slower, and for
    climbing it makes no difference, since both spread a pixel's share over its neighbours.
    """

    @staticmethod
    def forward(ctx, images, moves):
        ctx.save_for_backward(moves)
        return sample(images - GREY, moves).add_(GREY)

    @staticmethod
    def backward(ctx, slopes):
        moves, = ctx.saved_tensors
        back, area = inverse(moves)
        return sample(slopes, back).mul_(area), None


def inverse(moves):
    """The moves (n, 2, 3) that undo these, and how many new pixels there are to each old one."""
    back = torch.linalg.inv(moves[:, :, :2])
    area = torch.linalg.det(back)[:, None, None, None]
    return torch.cat([back, -back @ moves[:, :, 2:]], 2), area


def sample(images, moves):
    """The images (n, c, h, w) at the places that the moves (n, 2, 3) say; 0 beside them."""
    height, width = images.shape[-2:]
    x, y = middles(width).to(moves), middles(height).to(moves)
    first = x[:, None] * moves[:, None, :, 0] + moves[:, None, :, 2]  # (n, w, 2): a row at y = 0
    lower = moves[:, None, :, 1].expand_as(first)  # and what each y adds to it
    places = torch.addcmul(first.flatten(1)[:, None], lower.flatten(1)[:, None], y[:, None])
    return F.grid_sample(images, places.view(-1, height, width, 2), align_corners=False)


def middles(count):
    """Where the middles of that many pixels lie, from −1 to 1.

    >>> middles(4)
    tensor([-0.7500, -0.2500,  0.2500,  0.7500])
    """
    return (2 * torch.arange(count) + 1) / count - 1


def wobble(transforms, size):
    """The Wobble that `transforms` asks for, None for none.

    True: Lucid's amounts, with less jitter for images below 128 pixels. A dict names the ones to
    use, {"jitter": 4}; the others are then off.

    >>> wobble({"rotation": 20}, 64), wobble(False, 64)
    (Wobble(jitter=0, scale=0, rotation=20), None)
    """
    known = [field.name for field in fields(Wobble)]
    if isinstance(transforms, dict):
        unknown = [name for name in transforms if name not in known]
        if unknown:
            raise ValueError(f"no transform is called {unknown[0]!r}; there are {', '.join(known)}")
        amounts = dict.fromkeys(known, 0) | transforms
        return Wobble(**amounts) if any(amounts.values()) else None
    if isinstance(transforms, Wobble):
        return transforms
    if transforms not in (True, False, None):
        raise TypeError(f"transforms is {transforms!r}; expected True, False, or a dict such as "
                        '{"jitter": 4, "rotation": 10}')
    return Wobble(jitter=min(6.0, min(size) * 6 / 128)) if transforms else None
