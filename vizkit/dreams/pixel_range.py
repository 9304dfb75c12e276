"""What makes of pixels 0…1 the numbers that a model takes: a mean and a spread for each channel."""

import contextlib

import numpy as np
import torch

from vizkit.inputs.seen import normalisation


def pixel_range(net, channels, size, given=None):
    """(mean, spread, words): the model takes (pixels − mean) / spread; words say whence that is.

    given: (mean, spread), each a number or one for each channel. Without it, the preprocess's own
    `mean` and `std`; else what it makes of black, grey and white images, if that is one straight
    line for each channel; else pixels go in as they are.
    """
    if given is not None:
        mean, spread = (torch.as_tensor(part, dtype=torch.float32).flatten() for part in given)
        if not {len(mean), len(spread)} <= {1, channels} or not (spread != 0).all():
            raise ValueError(f"normalise={given!r}; expected (mean, spread), each a number or "
                             f"{channels}, in units of pixels from 0 to 1, no spread 0")
        return mean.expand(channels), spread.expand(channels), "normalised as given"
    told = normalisation(net.preprocess)
    if told is not None and len(told[0]) == channels:
        return torch.tensor(told[0]), torch.tensor(told[1]), "normalised as its preprocess does"
    with contextlib.suppress(Exception):  # a preprocess may refuse such images in many ways
        shape = size if channels == 1 else (*size, channels)
        black, grey, white = (
            net.batch(np.full(shape, level, np.uint8)).tensor[0].cpu().float()
            for level in (0, 51, 255)
        )
        spread = 1 / (white - black).mean((1, 2))
        mean = -black.mean((1, 2)) * spread
        flat = max(float(level.std((1, 2)).max()) for level in (black, grey, white)) < 1e-3
        straight = torch.allclose(black + (white - black) / 5, grey, atol=1e-3)
        if net.preprocess is not None and flat and straight and torch.isfinite(spread).all():
            return mean, spread, "normalised as its preprocess does to grey images"
    return torch.zeros(channels), torch.ones(channels), "pixels from 0 to 1, not normalised"
