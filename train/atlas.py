"""Draw the course's activation atlas of AlexNet-64: `python train/atlas.py`, about ten minutes.

Needs Tiny-ImageNet (`python start.py fetch tiny_imagenet`) and umap-learn. Resumable: finished
steps lie in the user's cache folder until the atlas is written. Writes
data/results/alexnet64_atlas.npz: positions, classes, mean activations and synthesised pictures;
none of the data set's.
"""

import argparse
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np
import pooch
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import vizkit as vk  # noqa: E402
from coursekit import data, models  # noqa: E402
from coursekit.bar import Bar  # noqa: E402
from train.record import machine  # noqa: E402
from vizkit.atlases.samples import sample  # noqa: E402
from vizkit.vectors import layout as layouts  # noqa: E402

CACHE = Path(pooch.os_cache("blocks-of-compute")) / "atlas"
KEPT = 2000  # activations that are stored whole, with other layouts of them
SMALL = {"vectors": np.float16, "scores": np.float16, "shares": np.float16, "alike": np.float16,
         "level": np.uint8, "number": np.uint16, "near": np.int16}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--layer", default="relu5")
    parser.add_argument("--per-class", type=int, default=100, help="training images of each class")
    parser.add_argument("--grid", type=int, nargs="+", default=[6, 12, 24])
    parser.add_argument("--steps", type=int, default=80)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=ROOT / "data/results/alexnet64_atlas.npz")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    start = time.monotonic()
    net = vk.Net(models.load("alexnet64"))
    images = data.tiny_imagenet("train", per_class=args.per_class)
    with Bar("atlas") as bar:
        viewer = vk.atlas(net, args.layer, images.images, grid=args.grid, steps=args.steps,
                          seed=args.seed, folder=CACHE, progress=bar)  # fmt: skip
    if np.isnan(viewer.data["scores"]).any():
        print(f"{viewer}: run the same command to go on")
        return
    arrays = packed(viewer, images.labels)
    arrays |= compared(net, args.layer, images.images, args.seed)
    minutes = (time.monotonic() - start) / 60
    said = f"{' '.join(sys.argv)}; {minutes:.1f} minutes on {machine()}; {date.today()}"
    write(args.out, arrays | {"made": np.array(f"{images.source}. {said}")})
    for file in CACHE.glob("*.npz"):
        file.unlink()
    print(f"{viewer}: {args.out.stat().st_size / 1e6:.2f} MB after {minutes:.1f} minutes")
    print("now list it: python -m coursekit.manifest")


def packed(viewer, labels):
    """The arrays of an atlas made small, with the label of each activation."""
    held = viewer.data
    arrays = {name: value.astype(SMALL.get(name, value.dtype)) for name, value in held.items()
              if name not in ("icons", "image")}  # fmt: skip
    return arrays | {
        "sheets": viewer.sheets, "sheet_ends": np.array(viewer.sheet_ends),
        "icon_size": np.array(viewer.icon_size), "labels": labels[held["image"]].astype(np.uint8),
    }  # fmt: skip


def compared(net, layer, images, seed):
    """Some activations whole, and layouts of these same images by other ways and other networks.

    sample: which activations; sample_vectors: what they are; pca, tsne, umap: their positions
    (sample, 2); untrained (random weights) and pixels: the same images laid out by t-SNE.
    """
    taken = sample(net, layer, images, seed=seed, classes=False)
    rows = np.sort(np.random.default_rng(seed).permutation(len(taken.vectors))[:KEPT])
    fresh = sample(net.untrained(seed), layer, images[taken.image[rows]], classes=False)
    rows = rows[fresh.image]  # without images for which random weights are silent
    vectors, shown = taken.vectors[rows], images[taken.image[rows]]
    found = {
        "pca": layouts.pca(directions(vectors))[0], "tsne": layouts.tsne(directions(vectors)),
        "umap": layouts.umap(directions(vectors)),
        "pixels": layouts.tsne(shown.reshape(len(shown), -1).astype(np.float32)),
        "untrained": layouts.tsne(directions(fresh.vectors)),
    }  # fmt: skip
    return found | {"sample": rows.astype(np.int32), "sample_vectors": vectors.astype(np.float16)}


def directions(vectors):
    """The vectors at length 1, as the atlas lays them out."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def write(path, arrays):
    """An .npz file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(partial, **arrays)
    partial.replace(path)


if __name__ == "__main__":
    main()
