"""Right answers to the exercises of lesson 12, written otherwise than the reference."""

import numpy as np
import torch
from torch.nn import functional as F

from coursekit.models import pixelcnn, wavenet


def causal_by_torch(x, weights, dilation):
    x, weights = (torch.tensor(np.asarray(v, dtype=float))[None, None] for v in (x, weights))
    left = (weights.shape[2] - 1) * dilation
    return F.conv1d(F.pad(x, (left, 0)), weights, dilation=dilation)[0, 0]


def causal_by_shifts(x, weights, dilation):
    x, total = np.asarray(x, float), 0
    for back, weight in enumerate(reversed(list(weights))):
        total = total + weight * np.concatenate([np.zeros(back * dilation), x])[: len(x)]
    return total


def causal_by_convolve(x, weights, dilation):
    apart = np.zeros((len(weights) - 1) * dilation + 1)
    apart[::dilation] = weights[::-1]
    return np.convolve(x, apart)[: len(x)].tolist()


def field_layer_by_layer(kernel, dilations):
    sees = 1
    for dilation in dilations:
        sees += (kernel - 1) * dilation
    return float(sees)


def field_by_gradient(kernel, dilations):
    stack = torch.nn.Sequential(*(wavenet.CausalConv(1, 1, kernel, d) for d in dilations))
    for parameter in stack.parameters():
        torch.nn.init.ones_(parameter)
    x = torch.zeros(1, 1, 1200, requires_grad=True)
    stack(x)[0, 0, -1].backward()
    return 1200 - int(x.grad[0, 0].nonzero()[0])


def mask_by_order(kind, kernel):
    number = np.arange(kernel * kernel).reshape(kernel, kernel)
    centre = number[kernel // 2, kernel // 2]
    return number <= centre if kind == "B" else number < centre


def mask_in_plain_lists(kind, kernel):
    half = kernel // 2
    return [[int(i < half or (i == half and (j < half or (j == half and kind == "B"))))
             for j in range(kernel)] for i in range(kernel)]


def bits_by_torch(logits, pixels):
    return F.cross_entropy(torch.tensor(logits), torch.tensor(pixels)).item() / np.log(2)


def bits_by_ones(logits, pixels):
    p = torch.from_numpy(logits).softmax(1)
    ones = F.one_hot(torch.from_numpy(pixels), p.shape[1]).movedim(-1, 1)
    return -(ones * p.log2()).sum(1).mean()


def bits_pixel_by_pixel(logits, pixels):
    total = []
    for n, y, x in np.ndindex(*pixels.shape):
        p = np.exp(logits[n, :, y, x])
        total.append(-np.log2(p[pixels[n, y, x]] / p.sum()))
    return np.mean(total)


def seen_by_paths(y, x, layers, side):
    stack = [pixelcnn.MaskedConv("A" if k == 0 else "B", 1, 1, 3) for k in range(layers)]
    for convolution in stack:
        torch.nn.init.ones_(convolution.weight)
    image = torch.zeros(1, 1, side, side, requires_grad=True)
    torch.nn.Sequential(*stack)(image)[0, 0, y, x].backward()
    return (image.grad[0, 0] > 0).int()


def seen_by_the_lessons_own_network(y, x, layers, side):
    torch.manual_seed(0)
    return pixelcnn.seen(pixelcnn.PixelCNN(2, depth=layers - 1), side, side, y, x)


def seen_by_rule(y, x, layers, side):
    """Left in its own row; above, a cone that opens to the right by one column for each row."""
    r, c = np.mgrid[:side, :side]
    up = y - r
    right = c - x  # a step climbs at most one row and goes at most one column to either side
    above = (up >= 1) & (up <= layers) & (right <= up)
    own = (up == 0) & (right <= -1)
    return ((above | own) & (right >= -layers)).tolist()


EQUIVALENTS = {
    "12.1": [causal_by_torch, causal_by_shifts, causal_by_convolve],
    "12.2": [field_layer_by_layer, field_by_gradient],
    "12.3": [mask_by_order, mask_in_plain_lists, pixelcnn.mask],
    "12.4": [bits_by_torch, bits_by_ones, bits_pixel_by_pixel],
    "12.5": [seen_by_paths, seen_by_the_lessons_own_network, seen_by_rule],
}
