"""Images as waves: what an optimiser turns the knobs of, so that pictures look like pictures.

An image is the sigmoid of a sum of waves in three colours that photographs vary in independently.
A step of the same size then changes a slow wave as much as photographs have of it (1/frequency),
and brightness more than hue. Optimised pixel by pixel, the same network makes noise.
Source: Olah, Mordvintsev & Schubert 2017, "Feature Visualization", doi:10.23915/distill.00007,
and its code, tensorflow/lucid, lucid/optvis/param.
"""

import numpy as np
import torch

START = 0.01  # spread of the random start, as Lucid has it

# A root of the covariance of red, green and blue in the coloured photographs of scikit-image and
# scikit-learn, each photograph counting the same: colour_root() of them. Its columns are the
# directions in which their colours vary independently: brightness, blue to red, green to purple.
PHOTOGRAPHS = (
    (0.6185, 0.2708, 0.0215),
    (0.5630, -0.0830, -0.0778),
    (0.5481, -0.2203, 0.0557),
)


def colour_root(photographs):
    """A 3×3 root of the covariance of the colours within photographs (h, w, 3); grey ones are
    left out. Scaled so that its longest column is 1.

    >>> rng = np.random.default_rng(0)
    >>> colour_root([rng.normal(size=(64, 64, 3)) * [3, 1, 1]]).round(1)[0, 0].item()
    1.0
    """
    found = []
    for photograph in photographs:
        pixels = np.asarray(photograph, dtype=float).reshape(-1, 3)
        if (pixels[:, :1] != pixels).any():
            found.append(np.cov(pixels.T, bias=True))
    if not found:
        raise ValueError("no photograph in colour among them: their colours do not vary")
    directions, variances, _ = np.linalg.svd(np.mean(found, axis=0))
    root = directions * np.sqrt(variances)
    root *= np.where(root[0] < 0, -1, 1)  # the SVD's signs are arbitrary: red counts up
    return root / np.linalg.norm(root, axis=0).max()


def frequencies(height, width):
    """How many waves per pixel each number of a real Fourier transform stands for.

    >>> frequencies(4, 4).shape
    torch.Size([4, 3])
    """
    return torch.hypot(torch.fft.fftfreq(height)[:, None], torch.fft.rfftfreq(width)[None])


class Waves:
    """Values that are a sum of waves; `knobs` (n, c, h, w // 2 + 1, 2) are their strengths."""

    def __init__(self, shape, seeds, device="cpu"):
        _, height, width = shape
        self.size = height, width
        scale = frequencies(height, width).clamp(min=1 / max(height, width)).reciprocal()
        scale = (scale / 4)[..., None].repeat(1, 1, 2)  # a quarter, as Lucid has it
        twice = scale.clone()
        twice[:, 1:(width + 1) // 2] *= 2  # waves that stand for their mirror image as well
        self.scale, self.twice = scale.to(device), twice.to(device)
        self.knobs = starts((shape[0], height, width // 2 + 1, 2), seeds).to(device)

    def values(self, knobs):
        """(n, c, h, w) around 0."""
        waves = torch.view_as_complex(knobs * self.scale)
        return torch.fft.irfft2(waves, s=self.size, norm="ortho")

    def slopes(self, slopes):
        """From the gradient of values to that of their knobs."""
        waves = torch.fft.rfft2(slopes, norm="ortho")
        return torch.view_as_real(waves).mul_(self.twice)


class Pixels:
    """Values whose every pixel is a knob of its own (n, c, h, w)."""

    def __init__(self, shape, seeds, device="cpu"):
        self.knobs = starts(shape, seeds).to(device)

    def values(self, knobs):
        return knobs.clone()

    def slopes(self, slopes):
        return slopes


PARAMETERISATIONS = {"fourier": Waves, "pixels": Pixels}


def starts(shape, seeds):
    """Random numbers (n, *shape): an image's depend on its own seed alone."""
    made = {seed: torch.randn(shape, generator=torch.Generator().manual_seed(seed))
            for seed in set(seeds)}
    return START * torch.stack([made[seed] for seed in seeds])


def colour_matrix(colour, channels):
    """The 3×3 matrix that mixes independent colours into red, green and blue; None for none.

    colour: "decorrelated", "plain" or a matrix, such as colour_root() of photographs of your own.
    """
    if isinstance(colour, str) and colour not in ("decorrelated", "plain"):
        raise ValueError(f"colour is {colour!r}; expected 'decorrelated', 'plain' or a 3×3 matrix")
    if isinstance(colour, str):
        return torch.tensor(PHOTOGRAPHS) if colour == "decorrelated" and channels == 3 else None
    matrix = torch.as_tensor(np.asarray(colour), dtype=torch.float32)
    if matrix.shape != (channels, channels):
        raise ValueError(f"colour is a matrix {tuple(matrix.shape)}; these images have {channels} "
                         "channels: spectrum.colour_root(photographs) makes one")
    return matrix
