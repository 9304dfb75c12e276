"""Layouts: many numbers each, drawn at two. And how far the drawing can be trusted."""

import math
import warnings

import numpy as np
import torch

from vizkit.vectors.neighbours import Neighbours, table

EXACT_SIDE = 2048  # up to this width or count, principal components come from an exact solution
ROWS = 16384
TSNE_POINTS = 20_000
FEW = 5000
TSNE_WIDTH = 50  # van der Maaten and Hinton 2008 reduce to so many numbers first


def pca(vectors, dims=2):
    """(positions, shares): the first principal components, and each one's share of the variance.

    vectors: (n, width), finite. positions: (n, dims) float32; shares: (dims,) of the whole
    variance. The sign is fixed: in each component the largest weight is positive.
    With both sides above 2,048 the components come from a randomised, seeded solution
    (Halko, Martinsson and Tropp 2011, arXiv:0909.4061, with four power iterations).

    >>> positions, shares = pca([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])
    >>> positions[:, 0].tolist(), shares.round(3).tolist()
    ([-5.0, 0.0, 5.0], [1.0, 0.0])
    """
    vectors = table(vectors, "vectors")
    count, width = vectors.shape
    found = min(dims, count, width)
    with torch.inference_mode():
        centred = _Centred(vectors)
        axes = _exact_axes(centred, found) if min(count, width) <= EXACT_SIDE \
            else _random_axes(centred, found)
        largest = axes.abs().argmax(0)
        axes = axes * torch.sign(axes[largest, torch.arange(found)])
        positions = torch.zeros(count, dims, dtype=torch.float64)
        positions[:, :found] = centred @ axes
        total = centred.variance()
        shares = positions.square().sum(0) / (total or 1.0)
    return positions.float().numpy(), shares.numpy()


def tsne(vectors, perplexity=30, seed=0):
    """Positions (n, 2) float32 by t-SNE (van der Maaten and Hinton 2008), as scikit-learn has it.

    It starts from the principal components; more than 50 numbers are first reduced to 50.
    Raises ImportError without scikit-learn, ValueError for fewer than 4 or more than 20,000
    vectors (minutes; pass a sample).
    """
    vectors = table(vectors, "vectors")
    count, width = vectors.shape
    if not 4 <= count <= TSNE_POINTS:
        raise ValueError(f"t-SNE of {count:,} points: it takes 4 to {TSNE_POINTS:,} "
                         "(more would take many minutes); pass a sample of them")
    try:
        from sklearn.manifold import TSNE  # optional: vizkit itself does not need it
        from threadpoolctl import threadpool_limits  # which scikit-learn brings along
    except ImportError as error:
        raise ImportError("t-SNE needs scikit-learn: pip install scikit-learn") from error
    reduced = pca(vectors, TSNE_WIDTH)[0] if width > TSNE_WIDTH else vectors.float().numpy()
    start = pca(reduced)[0]
    start = start / (start[:, 0].std() or 1.0) * 1e-4
    if len(np.unique(reduced, axis=0)) == 1:
        return np.zeros((count, 2), dtype=np.float32)
    method = TSNE(perplexity=min(perplexity, (count - 1) / 3), init=start, random_state=seed,
                  learning_rate="auto")
    # Its threads wait for one another thousands of times, busily: on a machine that does other
    # things too, a second one makes a small picture come later, not sooner.
    with threadpool_limits(1 if count <= FEW else torch.get_num_threads()):
        return method.fit_transform(reduced).astype(np.float32)


def umap(vectors, metric="euclidean", neighbours=15, apart=0.1, seed=0):
    """Positions (n, 2) float32 by UMAP (McInnes, Healy and Melville 2018), as umap-learn has it.

    neighbours: of each point, which it is placed by. apart: the least distance that points keep.
    Raises ImportError without umap-learn, ValueError for fewer than 4 vectors.
    """
    vectors = table(vectors, "vectors")
    count = len(vectors)
    if count < 4:
        raise ValueError(f"UMAP of {count} points: it takes at least 4")
    try:
        from umap import UMAP  # optional, and slow to load: it compiles itself
    except ImportError as error:
        raise ImportError("UMAP needs umap-learn, which is not installed: pip install umap-learn "
                          "(then restart the kernel)") from error
    if bool((vectors == vectors[0]).all()):
        return np.zeros((count, 2), dtype=np.float32)
    method = UMAP(n_neighbors=min(neighbours, count - 1), min_dist=apart, metric=metric,
                  random_state=seed, n_jobs=1, init="spectral" if count > 12 else "random")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its remarks on its own start and threads
        return method.fit_transform(vectors.float().numpy()).astype(np.float32)


def trustworthiness(vectors, positions, k=10, sample=1000, seed=0):
    """How far neighbours in the picture are neighbours in truth: 1 all of them, about 0.5 chance.

    Venna and Kaski 2001: points among the k nearest in the picture that are not among the k
    nearest in the original space are counted by how far down that space's order they stand.
    With more than `sample` points, the mean over that many, drawn with the seed.
    Raises ValueError when 2k reaches the number of points.

    >>> line = np.arange(20.0)[:, None]
    >>> trustworthiness(line, line * 3, k=5)
    1.0
    """
    vectors, positions = table(vectors, "vectors"), table(positions, "positions")
    count = len(vectors)
    if not 1 <= k < count / 2:
        raise ValueError(f"k is {k} with {count} points: use less than half of them")
    anchors = np.arange(count) if count <= sample \
        else np.sort(np.random.default_rng(seed).choice(count, sample, replace=False))
    drawn, _ = Neighbours(positions).neighbours(anchors, k)
    worst = 0.0
    exact = vectors.double()
    squares = exact.square().sum(1)
    block = max(1, (1 << 22) // count)
    for start in range(0, len(anchors), block):
        rows = torch.from_numpy(anchors[start : start + block])
        distance = squares - 2 * (exact[rows] @ exact.T)  # (block, n), up to each row's constant
        distance[torch.arange(len(rows)), rows] = -math.inf
        # Counted by NumPy, in one thread: beside a busy browser torch's threads only wait.
        distance, near = distance.numpy(), drawn[start : start + block]
        for column in range(k):
            own = np.take_along_axis(distance, near[:, column : column + 1], axis=1)
            rank = (distance < own).sum(1)  # the point itself is one of them: so from 1 up
            worst += float(np.maximum(rank - k, 0).sum())
    return 1 - worst * 2 / (len(anchors) * k * (2 * count - 3 * k - 1))


class _Centred:
    """Vectors less their mean, multiplied block by block: never a second copy of them all."""

    def __init__(self, vectors):
        self.vectors = vectors
        self.mean = sum(block.double().sum(0) for block in vectors.split(ROWS)) / len(vectors)

    def __matmul__(self, other):
        return torch.cat([(block.double() - self.mean) @ other
                          for block in self.vectors.split(ROWS)])

    def back(self, other):
        """The transpose times other."""
        return sum((block.double() - self.mean).T @ part for block, part
                   in zip(self.vectors.split(ROWS), other.split(ROWS), strict=True))

    def variance(self):
        return float(sum((block.double() - self.mean).square().sum()
                         for block in self.vectors.split(ROWS)))

    def covariance(self):
        """(width, width); products in float32 for very many vectors, sums in float64."""
        kind = torch.float64 if len(self.vectors) <= 4 * ROWS else torch.float32
        blocks = ((block.double() - self.mean).to(kind) for block in self.vectors.split(ROWS))
        return sum((block.T @ block).double() for block in blocks)


def _exact_axes(centred, found):
    """The first axes (width, found), from the smaller of the two square matrices."""
    count, width = centred.vectors.shape
    if width <= count:
        return torch.linalg.eigh(centred.covariance()).eigenvectors[:, -found:].flip(1)
    whole = centred.vectors.double() - centred.mean
    left = torch.linalg.eigh(whole @ whole.T).eigenvectors[:, -found:].flip(1)
    axes = whole.T @ left
    return axes / axes.norm(dim=0).clamp(min=1e-300)


def _random_axes(centred, found):
    generator = torch.Generator().manual_seed(0)
    guess = torch.randn(centred.vectors.shape[1], found + 10, generator=generator,
                        dtype=torch.float64)
    for _ in range(4):
        guess = centred.back(torch.linalg.qr(centred @ guess).Q)
    basis = torch.linalg.qr(guess).Q
    small = centred @ basis
    return basis @ torch.linalg.eigh(small.T @ small).eigenvectors[:, -found:].flip(1)
