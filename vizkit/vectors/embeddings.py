"""vk.embedding: arrays in, an EmbeddingViewer out. It places the points and finds neighbours."""

import numpy as np
import torch

from vizkit.vectors import layout as layouts
from vizkit.vectors.neighbours import METRICS
from vizkit.vectors.truth import Truth
from vizkit.views.embedding import EmbeddingViewer

REMARK_POINTS = 20_000  # above, trustworthiness would keep a learner waiting


def embedding(vectors, images=None, labels=None, layout="pca", names=None, metric="euclidean"):
    """Vectors as points to explore: coloured by label, with pictures and true neighbours.

    vectors: (n, width), or (n, …), which is flattened; rows with NaN or infinity are left out.
    images: (n, height, width) or (n, height, width, 3) or (n, 3, height, width), the picture of
    each point. labels: (n,), numbers or words. layout: "pca", "tsne" (needs scikit-learn), "umap"
    (needs umap-learn), or positions (n, 2) of your own. names: what each label means, or one name
    a point. metric: of the neighbours and of UMAP, "euclidean" or "cosine".
    Raises ValueError where lengths differ or there is nothing to draw, ImportError where the
    layout's package is missing.

    >>> embedding(np.eye(4), labels=["a", "a", "b", "b"])
    EmbeddingViewer: 4 vectors of 4, 2 labels, layout PCA
    """
    if metric not in METRICS:  # not only at the first question
        raise ValueError(f"metric {metric!r} is not known: use one of {METRICS}")
    vectors = _rows(vectors)
    count = len(vectors)
    images = None if images is None else _pictures(images, count)
    labels = None if labels is None else _same_length("labels", _plain(labels), count)
    if labels is not None and labels.ndim != 1:
        raise ValueError(f"labels have shape {labels.shape}, expected ({count},): one a point")
    names = _names(names, labels, count)
    finite = np.isfinite(vectors.max(1)) & np.isfinite(vectors.min(1))
    if not finite.any():
        raise ValueError(f"all {count:,} vectors hold NaN or infinity: nothing can be placed")
    rows = np.flatnonzero(finite)
    good = vectors if len(rows) == count else vectors[rows]

    ways = {
        "pca": lambda: _by_pca(good, rows, count),
        "tsne": lambda: _by_neighbours("t-SNE", layouts.tsne(good), good, rows, count),
        "umap": lambda: _by_neighbours("UMAP", layouts.umap(good, metric), good, rows, count),
    }
    if not isinstance(layout, str):
        positions = _given(layout, count, finite)
        ways["given"] = lambda: {"positions": positions, "axes": ("", ""),
                                 "remark": _trust(good, positions[rows])}
        layout = "given"
    elif layout not in ways:
        raise ValueError(f"layout {layout!r} is not known: use 'pca', 'tsne', 'umap' or "
                         "positions (n, 2)")
    truth = Truth(good, rows, metric)
    return EmbeddingViewer(vectors, ways, layout, images, labels, names, truth.neighbours,
                           truth.ranks, truth.walk, truth.kept)


def _by_pca(vectors, rows, count):
    positions, shares = layouts.pca(vectors)
    axes = [f"{name} principal component ({share:.1%} of the variance)"
            for name, share in zip(("first", "second"), shares, strict=True)]
    remark = (f"The first two principal components hold {shares.sum():.1%} of the variance "
              f"({shares[0]:.1%} and {shares[1]:.1%}).")
    return {"positions": _spread(positions, rows, count), "axes": axes, "remark": remark}


def _by_neighbours(name, positions, vectors, rows, count):
    return {"positions": _spread(positions, rows, count),
            "axes": (f"{name} (the axes have no meaning of their own)", ""),
            "remark": _trust(vectors, positions)}


def _trust(vectors, positions):
    """How far the picture's neighbours are true ones, in words."""
    placed = np.isfinite(positions).all(1)
    if not 21 <= placed.sum() <= REMARK_POINTS:
        return ""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # a small sum beside a busy browser: threads would wait for each other
    try:
        value = layouts.trustworthiness(vectors[placed], positions[placed], sample=300)
    finally:
        torch.set_num_threads(threads)
    return (f"Neighbours in this picture are neighbours in truth to about {value:.1%} "
            "(trustworthiness of 10 neighbours, 100% is all).")


def _spread(positions, rows, count):
    """Positions of the rows that have one, NaN for the others."""
    if len(rows) == count:
        return positions
    whole = np.full((count, 2), np.nan, dtype=np.float32)
    whole[rows] = positions
    return whole


def _plain(values):
    """A numpy array of a tensor, a list or an array."""
    detach = getattr(values, "detach", None)
    if detach is None:
        return np.asarray(values)
    tensor = detach().cpu()
    return (tensor.float() if tensor.is_floating_point() and tensor.element_size() < 4
            else tensor).numpy()


def _rows(vectors):
    try:
        vectors = _plain(vectors)
    except ValueError:
        raise ValueError("vectors have several lengths, expected (n, width): all of one width "
                         "(e.g. a mean over the tokens of each text)") from None
    if vectors.dtype.kind not in "fiub":
        raise TypeError(f"vectors hold {vectors.dtype}, expected numbers")
    if vectors.ndim < 2:
        raise ValueError(f"vectors have shape {vectors.shape}, expected (n, width): one row a "
                         "point; a single column is x.reshape(-1, 1)")
    if 0 in vectors.shape:
        raise ValueError(f"vectors have shape {vectors.shape}: there is nothing to draw")
    vectors = vectors.reshape(len(vectors), -1)
    return vectors if vectors.dtype in (np.float32, np.float64) else vectors.astype(np.float32)


def _same_length(name, values, count):
    if values.ndim == 0 or len(values) != count:
        came = "one value" if values.ndim == 0 else f"{len(values):,}"
        raise ValueError(f"{name}: {came} for {count:,} vectors; expected one each, in the same "
                         "order")
    return values


def _names(names, labels, count):
    if names is None:
        return None
    names = [str(name).replace("\n", " ") for name in names]
    counted = labels is not None and labels.dtype.kind in "iu"
    if len(names) != count and not (counted and labels.min() >= 0 and labels.max() < len(names)):
        raise ValueError(
            f"names: {len(names):,} for {count:,} vectors; expected one a point, or one for each "
            "label, with labels that count them (0, 1, …)"
        )
    return names


def _given(positions, count, finite):
    positions = _same_length("layout", _plain(positions), count)
    if positions.shape != (count, 2) or positions.dtype.kind not in "fiu":
        raise ValueError(f"layout has shape {positions.shape}, expected ({count}, 2): x and y")
    positions = positions.astype(np.float32)
    positions[~finite | ~np.isfinite(positions).all(1)] = np.nan
    return positions


def _pictures(images, count):
    """Images as uint8, (n, h, w) or (n, h, w, 3); floats from 0 to their largest value."""
    images = _same_length("images", _plain(images), count)
    if images.ndim == 4 and images.shape[-1] not in (1, 3) and images.shape[1] in (1, 3):
        images = np.moveaxis(images, 1, -1)
    if images.ndim == 4 and images.shape[-1] == 1:
        images = images[..., 0]
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[-1] != 3):
        raise ValueError(f"images have shape {images.shape}, expected (n, height, width), "
                         "(n, height, width, 3) or (n, 3, height, width)")
    if images.dtype == np.uint8:
        return np.ascontiguousarray(images)
    low, high = np.nanmin(images), np.nanmax(images)
    low = min(0.0, float(low))
    span = 1.0 if low == 0 and high <= 1 else float(high) - low
    return np.nan_to_num((images - low) * (255 / (span or 1))).round().astype(np.uint8)
