"""What is true of vectors, whatever a picture of them shows: neighbours, ranks, ways between two.

Arrays in, arrays out; asked by EmbeddingViewer, drawn elsewhere.
"""

import numpy as np
import torch

from vizkit.vectors.bounds import ROWS, directions
from vizkit.vectors.neighbours import Neighbours

TABLE = 20_000  # points; above, all neighbours of all of them would keep a learner waiting


class Truth:
    """Vectors, asked by the numbers their points have in the viewer.

    vectors: (m, width), finite. rows: the m points they belong to, rising; other points have no
    vector and no answer. metric: "euclidean" or "cosine". What is needed is made at the first
    question.

    >>> line = Truth(np.array([[0.0], [1.0], [3.0], [7.0]]), np.arange(4))
    >>> line.neighbours(3, 2)[0].tolist(), line.ranks(3, [0, 2]).tolist()
    ([2, 1], [3, 1])
    """

    def __init__(self, vectors, rows, metric="euclidean"):
        self.vectors, self.rows, self.metric = vectors, rows, metric
        self._ready = None

    def _table(self):
        if len(self.rows) < 2:
            raise ValueError("one point alone has no neighbours")
        if self._ready is None:
            self._ready = Neighbours(self.vectors, self.metric)
        return self._ready

    def _own(self, points):
        """Rows of the table for these points. Raises ValueError for one without a vector."""
        points = np.asarray(points)
        own = np.minimum(np.searchsorted(self.rows, points), len(self.rows) - 1)
        if (self.rows[own] != points).any():
            missing = points[self.rows[own] != points].tolist()
            raise ValueError(f"points {missing} have no vector of finite numbers")
        return own

    def neighbours(self, point, k):
        """(points, distances): the k nearest others, the nearest first."""
        table = self._table()
        indices, distances = table.neighbours(self._own([point]), min(k, len(table) - 1))
        return self.rows[indices[0]], distances[0]

    def ranks(self, point, others):
        """How far down a point's list of neighbours others stand: 1 for the nearest. (m,) int."""
        vectors = self._table().vectors
        own, others = self._own([point]), self._own(others)
        distance = np.empty(len(vectors))
        query = directions(vectors[own], self.metric)
        for start in range(0, len(vectors), ROWS):
            block = directions(vectors[start : start + ROWS], self.metric)
            distance[start : start + ROWS] = (block - query).square_().sum(1).numpy()
        distance[own] = np.inf
        return (distance < distance[others][:, None]).sum(1) + 1

    def walk(self, start, end, steps=8):
        """(points, distances) along the straight line between two points' vectors.

        The line is cut into `steps` equal parts. At each place on it stands the nearest point
        that is neither end, (steps + 1,), with the two ends at either end; a distance is that
        from the place on the line to the point.

        >>> row = Truth(np.array([[0.0, 0], [9, 0], [2, 1], [7, 0]]), np.arange(4))
        >>> row.walk(0, 1, steps=3)[0].tolist()
        [0, 2, 3, 1]
        """
        table = self._table()
        ends = self._own([start, end])
        if start == end:
            raise ValueError("a path needs two different points")
        if len(table) < 3:
            raise ValueError("two points alone: there is nothing on the way from one to the other")
        a, b = table.vectors[torch.from_numpy(ends)].double()
        share = torch.linspace(0, 1, steps + 1, dtype=torch.float64)[1:-1, None]
        indices, distances = table.nearest(a + share * (b - a), min(3, len(table)))
        other = ~np.isin(indices, ends)
        first = other.argmax(1)
        rows = np.arange(steps - 1)
        between = self.rows[indices[rows, first]]
        return (np.concatenate([[start], between, [end]]),
                np.concatenate([[0.0], distances[rows, first], [0.0]]))

    def kept(self, positions, k=10):
        """For each point, the share of its k nearest in a picture that are its k nearest in truth.

        positions: (n, 2), with NaN for points without a place; their share is NaN.
        Raises ValueError above 20,000 points.
        """
        if len(self.rows) > TABLE:
            raise ValueError(f"trust of every point takes up to {TABLE:,} points, these are "
                             f"{len(self.rows):,}: pass a sample")
        table = self._table()
        k = min(k, len(table) - 1)
        every = np.arange(len(table))
        true, _ = table.neighbours(every, k)
        drawn, _ = Neighbours(positions[self.rows]).neighbours(every, k)
        shares = np.full(len(positions), np.nan, dtype=np.float32)
        shares[self.rows] = [len(np.intersect1d(*pair)) / k
                             for pair in zip(true, drawn, strict=True)]
        return shares


