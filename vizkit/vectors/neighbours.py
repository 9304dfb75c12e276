"""Exact nearest neighbours by blocked matrix products. Nothing approximate leaves this file.

Cheap products bound every distance from both sides (bounds.py); only vectors whose bounds reach
the k best are measured, in float64. So the answer is that of measuring all of them, at a fraction
of the time, and memory stays within a block of queries times a block of vectors.
"""

import numpy as np
import torch

from vizkit.vectors.bounds import UNIT, Bounds, lengths

QUERY_BLOCK = 1024
PAIRS = 1024  # rows measured at a time: they stay in the processor's cache
METRICS = ("euclidean", "cosine")


class Neighbours:
    """Vectors, made ready to be asked for their nearest neighbours.

    vectors: (n, width), finite numbers. metric: "euclidean", or "cosine" (1 − cosine of the
    angle; a vector of zeros is at distance 1 from everything, as in scikit-learn).
    Distances are float64. Where they are equal the smaller index comes first.
    Raises ValueError for another shape, NaN, infinity, or an unknown metric.

    >>> squares = Neighbours([[0.0], [1.0], [4.0], [9.0]])
    >>> indices, distances = squares.nearest([[3.0]], k=2)
    >>> indices.tolist(), distances.tolist()
    ([[2, 1]], [[1.0, 2.0]])
    """

    def __init__(self, vectors, metric="euclidean"):
        if metric not in METRICS:
            raise ValueError(f"metric {metric!r} is not known: use one of {METRICS}")
        self.metric = metric
        self.vectors = table(vectors, "vectors")
        with torch.inference_mode():
            self._bounds = Bounds(self.vectors, metric)
            self._sizes = lengths(self.vectors)[:, 0].float() if metric == "cosine" else None

    def __len__(self):
        return len(self.vectors)

    def nearest(self, queries, k=10):
        """(indices, distances), both (queries, k), of the k vectors nearest to each query."""
        queries = table(queries, "queries")
        if queries.shape[1] != self.vectors.shape[1]:
            raise ValueError(f"queries have width {queries.shape[1]}, the vectors have "
                             f"{self.vectors.shape[1]}: both must come from the same layer")
        if not 1 <= k <= len(self):
            raise ValueError(f"k is {k}, there are {len(self)} vectors: use 1 to {len(self)}")
        with torch.inference_mode():
            parts = [self._answer(part, k) for part in queries.split(QUERY_BLOCK)]
        return tuple(np.concatenate(column) for column in zip(*parts, strict=True))

    def neighbours(self, rows, k=10):
        """(indices, distances), both (rows, k), for vectors of the table, by their numbers: the
        k nearest of the others."""
        rows = np.atleast_1d(np.asarray(rows))
        if not 1 <= k < len(self):
            raise ValueError(f"k is {k}, each vector has {len(self) - 1} others: use fewer")
        indices, distances = self.nearest(self.vectors[torch.from_numpy(rows)], k + 1)
        # Among many equal vectors a row need not be in its own list: then the last one goes.
        itself = indices == rows[:, None]
        itself[~itself.any(1), -1] = True
        return indices[~itself].reshape(-1, k), distances[~itself].reshape(-1, k)

    def _answer(self, queries, k):
        """(indices, distances) of one block of queries."""
        found = self._bounds.candidates(queries, k)
        if found is None and len(queries) > 1:  # too many at once, e.g. thousands of equal vectors
            parts = [self._answer(part, k) for part in queries.split(-(-len(queries) // 2))]
            return tuple(np.concatenate(column) for column in zip(*parts, strict=True))
        if found is None:
            found = np.zeros(len(self), np.int64), np.arange(len(self))
        which, index = found
        if len(index) > 3 * k * len(queries) and self.vectors.dtype != torch.float64:
            which, index = self._fewer(queries, which, index, k)
        distance = self._measure(queries, which, index)
        order = np.lexsort((index, distance, which))
        starts = np.searchsorted(which[order], np.arange(len(queries)))
        best = order[starts[:, None] + np.arange(k)]
        return index[best], distance[best]

    def _fewer(self, queries, which, index, k):
        """Pairs that float32 distances, less their largest error, still leave among the k best."""
        rough = np.empty(len(index), dtype=np.float32)
        vectors, exact = self.vectors, queries.float()
        sizes = (self._sizes, lengths(queries)[:, 0].float()) if self.metric == "cosine" else None
        for start in range(0, len(index), PAIRS):
            rows, own = (torch.from_numpy(one[start : start + PAIRS]) for one in (index, which))
            near, query = vectors[rows].float(), exact[own]
            if sizes is None:
                part = (near - query).square_().sum(1)
            else:
                part = 1 - (near * query).sum(1) / (sizes[0][rows] * sizes[1][own])
                part.clamp_(min=0)
            rough[start : start + PAIRS] = part.numpy()
        # Relative for squares of differences, absolute for cosines (whose largest product is 1).
        error = 2 * (vectors.shape[1] + 8) * UNIT[torch.float32]
        order = np.argsort((which << 32) | rough.view(np.int32))
        starts = np.searchsorted(which[order], np.arange(len(queries)))
        worst = rough[order[starts + k - 1]].astype(float)  # the k-th best of each query
        limit = worst * (1 + 2 * error) + 1e-37 if sizes is None else worst + 2 * error
        good = rough <= limit[which] * (1 + 1e-6)
        return which[good], index[good]

    def _measure(self, queries, which, index):
        """Distances of pairs, in float64; each is summed in one order, whatever its neighbours."""
        distance = np.empty(len(index))
        exact = queries.double()
        for start in range(0, len(index), PAIRS):
            part = slice(start, start + PAIRS)
            vectors = self.vectors[torch.from_numpy(index[part])].double()
            others = exact[torch.from_numpy(which[part])]
            if self.metric == "cosine":
                product = (vectors * others).numpy().sum(1)
                size = (lengths(vectors) * lengths(others))[:, 0].numpy()
                distance[part] = 1 - product / size
            else:
                distance[part] = np.sqrt((vectors - others).square_().numpy().sum(1))
        return distance


def nearest(vectors, queries=None, k=10, metric="euclidean"):
    """(indices, distances), (rows, k): the k vectors nearest to each query, exactly.

    Without queries: the k nearest others of every vector.

    >>> indices, _ = nearest([[0.0, 0], [0, 1], [5, 5]], k=1)
    >>> indices.tolist()
    [[1], [0], [1]]
    """
    ready = Neighbours(vectors, metric)
    return (ready.neighbours(np.arange(len(ready)), k) if queries is None
            else ready.nearest(queries, k))


def table(vectors, name):
    """Vectors as a tensor (n, width) on the CPU, float64 where they were; ValueError if they
    are not a table of finite numbers.

    >>> table([[1, 2], [3, 4]], "vectors").dtype
    torch.float64
    """
    tensor = torch.as_tensor(vectors if torch.is_tensor(vectors) else np.ascontiguousarray(vectors))
    if tensor.ndim != 2 or 0 in tensor.shape:
        raise ValueError(f"{name} has shape {tuple(tensor.shape)}, expected (count, width): one "
                         "row for each (flatten images first, e.g. x.reshape(len(x), -1))")
    tensor = tensor.detach().cpu()
    if not tensor.is_floating_point():
        tensor = tensor.double()
    finite = torch.isfinite(tensor.amax(1)) & torch.isfinite(tensor.amin(1))
    if not finite.all():
        rows = torch.nonzero(~finite)[:5, 0].tolist()
        raise ValueError(f"{name}: {int((~finite).sum())} rows hold NaN or infinity (first: "
                         f"{rows}), which have no distance: leave them out")
    if tensor.abs().max() > 1e100:
        raise ValueError(f"{name} reach {float(tensor.abs().max()):.0e}: squared they leave "
                         "float64; divide them all by one number")
    return tensor.contiguous()
