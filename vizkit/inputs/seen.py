"""Back from what a model was given to a picture: the image as the model saw it."""

import numpy as np
import torch

from vizkit.inputs import images


def picture(pixels, preprocess=None):
    """A prepared image (channel, y, x) as bytes (y, x) or (y, x, 3); None if it is no picture.

    The mean and spread that the preprocess takes away are put back; without them, the smallest
    value is drawn black and the largest white.
    """
    pixels = pixels.detach().cpu().float()
    if pixels.ndim != 3 or pixels.shape[0] not in (1, 3):
        return None
    mean, spread = normalisation(preprocess) or (None, None)
    if mean is not None and len(mean) == len(pixels):
        pixels = pixels * torch.tensor(spread)[:, None, None] + torch.tensor(mean)[:, None, None]
    finite = pixels[torch.isfinite(pixels)]
    low, high = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 1.0)
    if low < -0.01 or high > 1.01:
        pixels = (pixels - low) / ((high - low) or 1.0)
    return np.asarray(images.to_pil(images.Batch(pixels[None]))[0])


def normalisation(preprocess):
    """(mean, spread), lists of a number for each channel, of a preprocess that has them."""
    for part in (preprocess, *getattr(preprocess, "transforms", ())):
        mean, spread = getattr(part, "mean", None), getattr(part, "std", None)
        if mean is not None and spread is not None:
            return [float(m) for m in mean], [float(s) for s in spread]
    return None
