"""Right answers to the exercises of lesson 06, written otherwise than the reference."""

import numpy as np
import torch
from torch.nn import functional as F

from coursekit.models.convolution import correlate, correlate_all
from coursekit.models.lrn import ResponseNorm


def grouped_by_torch(maps, kernels, groups):
    return F.conv2d(torch.tensor(maps)[None], torch.tensor(kernels), groups=groups)[0]


def grouped_with_zeros(maps, kernels, groups):
    """As one convolution: kernels as deep as all maps, with zeros for the other groups' maps."""
    deep, own = kernels.shape[1], len(kernels) // groups
    whole = np.zeros((len(kernels), len(maps), *kernels.shape[2:]))
    for k, kernel in enumerate(kernels):
        start = k // own * deep
        whole[k, start : start + deep] = kernel
    return correlate_all(maps, whole)


def grouped_kernel_by_kernel(maps, kernels, groups):
    own = len(kernels) // groups
    parts = np.split(maps, groups)
    return [correlate(parts[k // own], kernel) for k, kernel in enumerate(kernels)]


def cost_by_torch(inputs, outputs, kernel, side, groups):
    layer = torch.nn.Conv2d(inputs, outputs, kernel, groups=groups, padding=kernel // 2)
    learned = sum(p.numel() for p in layer.parameters())
    return learned, layer.weight.numel() * side * side


def cost_group_by_group(inputs, outputs, kernel, side, groups):
    learned = multiplied = 0
    for _ in range(groups):
        weights = (inputs / groups) * (outputs / groups) * kernel * kernel
        learned, multiplied = learned + weights + outputs / groups, multiplied + weights * side**2
    return [learned, multiplied]


def lrn_of_the_package(a, k, n, alpha, beta):
    if k <= 0:  # which the package refuses
        return lrn_place_by_place(a, k, n, alpha, beta)
    return ResponseNorm(k, n, alpha, beta)(torch.tensor(a)[None])[0]


def lrn_by_torch(a, k, n, alpha, beta):
    return F.local_response_norm(torch.tensor(a)[None], n, alpha * n, beta, k)[0]


def lrn_place_by_place(a, k, n, alpha, beta):
    b = np.empty_like(a)
    for i, y, x in np.ndindex(a.shape):
        total = sum(a[j, y, x] ** 2 for j in range(i - n // 2, i + n // 2 + 1) if 0 <= j < len(a))
        b[i, y, x] = a[i, y, x] * (k + alpha * total) ** -beta
    return b


def view_by_slices_backwards(image, top, left, side, mirror):
    columns = list(range(left, left + side))
    return image[top : top + side][:, columns[::-1] if mirror else columns]


def view_by_flip(image, top, left, side, mirror):
    part = torch.tensor(image)[top : top + side, left : left + side]
    return part.flip(1) if mirror else part


def recolour_image_by_image(images, values, vectors, seed):
    rng = np.random.default_rng(seed)
    out = []
    for image in images:
        shift = np.zeros(3)
        for i, alpha in enumerate(0.1 * rng.standard_normal(3)):
            shift += vectors[:, i] * alpha * values[i]
        out.append(image + shift)
    return out


def recolour_by_torch(images, values, vectors, seed):
    alphas = torch.tensor(np.random.default_rng(seed).normal(0, 0.1, (len(images), 3)))
    shift = torch.einsum("ci,ni,i->nc", torch.tensor(vectors), alphas, torch.tensor(values))
    return torch.tensor(images) + shift[:, None, None, :]


EQUIVALENTS = {
    "6.1": [grouped_by_torch, grouped_with_zeros, grouped_kernel_by_kernel],
    "6.2": [cost_by_torch, cost_group_by_group],
    "6.3": [lrn_of_the_package, lrn_by_torch, lrn_place_by_place],
    "6.4": [view_by_slices_backwards, view_by_flip],
    "6.5": [recolour_image_by_image, recolour_by_torch],
}
