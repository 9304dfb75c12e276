"""What AlexNet-64 makes of its classes: `python train/class_means.py`, into data/results.

The mean over each class's training pictures of the last hidden layer (relu7, 1,024 numbers), and
for every test picture the labels of its nearest training pictures: by that layer, by the same layer
of an untrained network, by pixels. Labels and means are measurements; no picture is written. Needs
Tiny-ImageNet (100 classes) and the weights in data/weights; some minutes on two cores. Run it again
whenever the weights have changed, then `python -m coursekit.manifest`.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import models  # noqa: E402
from coursekit.bar import Bar  # noqa: E402
from coursekit.models.alexnet import AlexNet64  # noqa: E402
from coursekit.models.photos import photo_batch  # noqa: E402
from train.pictures import CACHE, gather  # noqa: E402

LAYER = "relu7"
NEAREST = 10
BLOCK = 500


def embed(model, pictures, layer=LAYER):
    """Vectors (n, width) float32 of a layer of an nn.Sequential, in evaluation mode."""
    layers = dict(model.eval().named_children())
    part = torch.nn.Sequential(*list(layers.values())[: list(layers).index(layer) + 1])
    rows = []
    with torch.inference_mode(), Bar("embedding") as bar:
        for start in range(0, len(pictures), BLOCK):
            rows.append(part(photo_batch(np.array(pictures[start : start + BLOCK]))).flatten(1))
            bar(start / len(pictures), f"{start:,} of {len(pictures):,} pictures")
    return torch.cat(rows)


def class_means(vectors, labels, classes):
    """(means (classes, width), spread (classes,)): each class's mean, and how far from it its
    vectors are on average.

    >>> means, spread = class_means(torch.tensor([[0.0], [4.0], [9.0]]), np.array([0, 0, 1]), 2)
    >>> means.tolist(), spread.tolist()
    ([[2.0], [9.0]], [2.0, 0.0])
    """
    own = [vectors[torch.from_numpy(labels == k)] for k in range(classes)]
    means = torch.stack([some.mean(0) for some in own])
    spread = torch.stack([(some - mean).norm(dim=1).mean()
                          for some, mean in zip(own, means, strict=True)])
    return means, spread


def nearest_labels(queries, pool, labels, k=NEAREST):
    """Labels (n, k) of the k rows of the pool nearest to each query, the nearest first (Euclidean).

    pool: rows, or anything whose slices are rows of numbers: it is read block by block.

    >>> nearest_labels(torch.tensor([[1.0]]), torch.tensor([[5.0], [0.5], [2.0]]), [7, 8, 9], 2)
    array([[8, 9]])
    """
    queries = torch.as_tensor(queries).float().flatten(1)
    best = torch.full((len(queries), k), torch.inf)
    index = torch.zeros((len(queries), k), dtype=torch.long)
    with torch.inference_mode():
        for start in range(0, len(pool), BLOCK):
            block = pool[start : start + BLOCK]
            block = block if torch.is_tensor(block) else torch.from_numpy(np.array(block))
            rows = block.float().flatten(1)
            apart = rows.square().sum(1) - 2 * queries @ rows.T  # up to each query's own length
            both = torch.cat([best, apart], 1)
            places = torch.cat([index, torch.arange(start, start + len(rows)).expand(
                len(queries), -1)], 1)  # fmt: skip
            best, order = both.topk(k, largest=False)
            index = places.gather(1, order)
    return np.asarray(labels)[index.numpy()]


def measure(model, fresh, pictures):
    """The arrays of the file: see the head of this script."""
    train, labels = pictures.train, pictures.train_labels
    own, queries = embed(model, train), embed(model, pictures.test)
    means, spread = class_means(own, labels, len(pictures.names))
    unit = torch.nn.functional.normalize
    near = {
        "embedding": nearest_labels(queries, own, labels),
        "cosine": nearest_labels(unit(queries), unit(own), labels),
        "untrained": nearest_labels(embed(fresh, pictures.test), embed(fresh, train), labels),
        "pixels": nearest_labels(pictures.test, train, labels),
    }
    found = {
        "means": means.half().numpy(), "spread": spread.numpy(), "names": np.array(pictures.names),
        "labels": pictures.test_labels.astype(np.uint8),
        "nearest_mean": nearest_labels(queries, means, np.arange(len(means)), 1)[:, 0],
        **near,
    }
    return {name: a.astype(np.uint8) if a.dtype == np.int64 else a for name, a in found.items()}


def share_alike(near, labels, k=6):
    """How many of the k nearest have the query's own label, as a share.

    >>> share_alike(np.array([[1, 2], [3, 3]]), np.array([1, 3]), k=2)
    0.75
    """
    return float((near[:, :k] == labels[:, None]).mean())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", default="tiny_imagenet", help="as for train/alexnet.py")
    parser.add_argument("--cache", type=Path, default=CACHE, help="for decoded pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "data/results/alexnet64_means.npz")
    args = parser.parse_args()
    pictures = gather(args.data, 64, args.cache)
    if len(pictures.names) > 256:
        raise ValueError(f"{len(pictures.names)} classes: labels are written as bytes, up to 256")
    torch.manual_seed(0)
    weights = (ROOT / "data/weights/alexnet64.safetensors").read_bytes()
    found = measure(models.load("alexnet64"), AlexNet64(len(pictures.names)), pictures)
    found["weights"] = np.array(hashlib.sha256(weights).hexdigest())  # whose measurements these are
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out, **found)
    print(f"{args.out}: {args.out.stat().st_size / 1000:.0f} kB")
    for name in ("embedding", "cosine", "untrained", "pixels"):
        print(f"{name:10} 6 nearest of {len(pictures.train):,}, same class: "
              f"{share_alike(found[name], found['labels']):.1%}")  # fmt: skip
    right = (found["nearest_mean"] == found["labels"]).mean()
    print(f"class of the nearest mean: {right:.1%} right")


if __name__ == "__main__":
    main()
