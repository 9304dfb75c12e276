"""Right answers to the exercises of lesson 08, written otherwise than the reference."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch.nn import functional as F


def climb_by_autograd(weights, pixels, rate, steps):
    weights, pixels = torch.tensor(weights), torch.tensor(pixels)
    for _ in range(steps):
        moving = pixels.clone().requires_grad_()
        gradient, = torch.autograd.grad((weights * moving).sum(), [moving])
        pixels = (pixels + rate * gradient).clamp(0, 1)
    return pixels


def climb_and_clip_at_the_end(weights, pixels, rate, steps):
    return [min(1, max(0, p + steps * rate * w)) for w, p in zip(weights, pixels, strict=True)]


def wave_scale_in_loops(height, width):
    rows = []
    for y in range(height):
        down = min(y, height - y) / height
        rows.append([1 / max((down**2 + (x / width) ** 2) ** 0.5, 1 / max(height, width))
                     for x in range(width // 2 + 1)])
    return rows


def wave_scale_by_torch(height, width):
    frequency = torch.hypot(torch.fft.fftfreq(height, dtype=torch.float64)[:, None],
                            torch.fft.rfftfreq(width, dtype=torch.float64)[None])
    return frequency.clamp(min=1 / max(height, width)).reciprocal()


def direction_score_by_torch(given, direction):
    given, direction = torch.tensor(given), torch.tensor(direction)
    cosine = F.cosine_similarity(given, direction, dim=0)
    return given.dot(direction) * cosine.clamp(min=0.1).square()


def resembles_by_sklearn(dream, top, others):
    unit = [v / np.linalg.norm(v) for v in np.concatenate([top, others])]
    return roc_auc_score([1] * len(top) + [0] * len(others), unit @ (dream / np.linalg.norm(dream)))


EQUIVALENTS = {
    "8.1": [climb_by_autograd, climb_and_clip_at_the_end],
    "8.2": [wave_scale_in_loops, wave_scale_by_torch],
    "8.3": [direction_score_by_torch],
    "8.4": [resembles_by_sklearn],
}
