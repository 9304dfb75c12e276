"""Right answers to the exercises of lesson 07, written otherwise than the reference."""

import numpy as np
import torch
from sklearn.metrics import roc_auc_score


def off_grey_by_projection(kernel):
    axis = np.ones(3) / np.sqrt(3)
    along = np.tensordot(axis, kernel, axes=1)
    return 1 - (along**2).sum() / (kernel**2).sum()


def off_grey_by_variance(kernel):
    return 3 * kernel.var(axis=0).sum() / (kernel**2).sum()


def off_grey_pixel_by_pixel(kernel):
    rest = 0.0
    for pixel in kernel.reshape(3, -1).T:
        rest += sum((weight - sum(pixel) / 3) ** 2 for weight in pixel)
    return float(rest / (kernel**2).sum())


def field_backwards(layers):
    size = 1
    for kernel, stride in reversed(layers):
        size = (size - 1) * stride + kernel
    return size


def field_by_sum(layers):
    return 1 + sum((kernel - 1) * int(np.prod([s for _, s in layers[:at]]))
                   for at, (kernel, _) in enumerate(layers))


def auc_by_loops(faces, others):
    points = 0
    for face in faces:
        for other in others:
            points += 1 if face > other else 0.5 if face == other else 0
    return points / (len(faces) * len(others))


def auc_by_sklearn(faces, others):
    return roc_auc_score([1] * len(faces) + [0] * len(others), [*faces, *others])


def auc_by_torch(faces, others):
    gap = torch.tensor(faces)[:, None] - torch.tensor(others)
    return ((gap.sign() + 1) / 2).mean()


def honest_by_sklearn(values, is_face, first):
    scores = [roc_auc_score(is_face[first], unit[first]) for unit in values.T]
    return roc_auc_score(is_face[~first], values[~first, int(np.argmax(scores))])


def honest_by_pairs(values, is_face, first):
    best, highest = None, -1
    for unit in range(values.shape[1]):
        score = auc_by_loops(values[first & is_face, unit], values[first & ~is_face, unit])
        if score > highest:
            best, highest = unit, score
    return auc_by_loops(values[~first & is_face, best], values[~first & ~is_face, best])


def fall_by_mask(maps, k, rest):
    mask = np.ones((len(maps), 1, 1))
    mask[k] = 0
    return rest(maps) - rest(maps * mask)


def fall_by_where(maps, k, rest):
    return rest(maps) - rest(np.where(np.arange(len(maps))[:, None, None] == k, 0, maps))


EQUIVALENTS = {
    "7.1": [off_grey_by_projection, off_grey_by_variance, off_grey_pixel_by_pixel],
    "7.2": [field_backwards, field_by_sum],
    "7.3": [fall_by_mask, fall_by_where],
    "7.4": [auc_by_loops, auc_by_sklearn, auc_by_torch],
    "7.5": [honest_by_sklearn, honest_by_pairs],
}
