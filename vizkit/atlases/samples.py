"""Activations of many images at one layer, one or a few places of each: what an atlas is made of.

Images go through the model in blocks, so only the sampled vectors grow with their number.
"""

from dataclasses import dataclass

import numpy as np

from vizkit.model import hooks, names
from vizkit.model.predictions import probabilities

AT_ONCE = 128  # images in one pass
KEPT = 10  # most probable classes of an image


@dataclass
class Samples:
    """vectors (n, channels) float32; image (n,), the number of the image each came from.

    codes, shares: (images, k), the most probable classes of each image and how probable; None
    where the model's output is no row of classes, or was not asked for.
    """

    vectors: np.ndarray
    image: np.ndarray
    codes: np.ndarray | None = None
    shares: np.ndarray | None = None


def sample(net, layer, images, per_image=1, seed=0, classes=True, progress=None):
    """Samples of a layer: its channels at `per_image` random places of each image.

    Places at the rim of a map are left out where it is 3 or more wide, for there the layer sees
    padding, and so are those where all channels are 0. A layer without places (fully connected)
    gives one vector an image.
    images: anything with a length and slices; each block goes through net.batch.
    classes: also run the layers behind it and keep what the model takes each image for.
    progress: a function of (done from 0 to 1, words).
    """
    axis = net.fact(layer).axis
    _, call, path = net.find(layer)
    wanted = [hooks.Wanted(layer, names.parse(layer)[0], call, path)]
    random = np.random.default_rng(seed)
    vectors, codes, shares, numbers = [], [], [], []
    for start in range(0, len(images), AT_ONCE):
        batch = net.batch(images[start : start + AT_ONCE]).tensor
        found, output = hooks.forward(net.model, batch, wanted, net._edits(), whole=classes)
        taken, of = places(found[layer].movedim(axis, -1), per_image, random)
        vectors.append(taken.float().cpu().numpy())
        numbers.append(start + of)
        output = hooks.first_tensor(output) if classes else None
        if output is not None and output.ndim == 2 and output.shape[1] > 1:
            best = probabilities(output)[0].topk(min(KEPT, output.shape[1]))
            codes.append(best.indices.cpu().numpy().astype(np.uint16))
            shares.append(best.values.cpu().numpy().astype(np.float32))
        if progress is not None:
            done = min(start + AT_ONCE, len(images))
            progress(done / len(images), f"activations of {done:,} images")
    told = len(codes) == len(vectors)
    return Samples(np.concatenate(vectors), np.concatenate(numbers),
                   np.concatenate(codes) if told else None,
                   np.concatenate(shares) if told else None)


def places(output, count, random):
    """(vectors, image): `count` places of each image in an output (image, …, channel).

    Places where every channel is silent (0) have no direction and are passed over.

    >>> import torch
    >>> vectors, image = places(torch.ones(2, 5, 5, 3), 4, np.random.default_rng(0))
    >>> vectors.shape, image.tolist()
    (torch.Size([8, 3]), [0, 0, 0, 0, 1, 1, 1, 1])
    """
    images = len(output)
    if output.ndim == 4 and min(output.shape[1:3]) > 2:
        output = output[:, 1:-1, 1:-1]
    spots = output.reshape(images, -1, output.shape[-1])  # (image, place, channel)
    count = min(count, spots.shape[1])
    silent = (spots == 0).all(2).cpu().numpy()
    chosen = (random.random(silent.shape) + silent).argsort(1)[:, :count]  # the silent ones last
    spoken = ~np.take_along_axis(silent, chosen, 1).ravel()
    image = np.repeat(np.arange(images), count)[spoken]
    return spots[image, chosen.ravel()[spoken]], image
