"""Bounds of many distances by one cheap product of rounded numbers.

The numbers are rounded to bfloat16 where the processor is fast at it, else to float32. How far off
each product can be is known, so every distance is bounded from both sides: a vector whose bounds
do not reach the k best is no neighbour, whatever its exact distance.
"""

import functools
import time

import numpy as np
import torch

SCORES = 1 << 24  # products in memory at a time
GROUP = 16  # vectors that share one upper bound
SUPER = 8  # groups that share one lower bound, when the k-th best is sought
CANDIDATES = 1 << 22  # at most at a time; with more, fewer queries must be asked at once
ROWS = 16384  # vectors made ready at a time
SHORT = 64  # numbers a row
UNIT = {torch.bfloat16: 2.0**-8, torch.float32: 2.0**-24, torch.float64: 2.0**-53}
MARGIN = 1 + 1e-5  # covers the rounding of the bounds themselves


class Bounds:
    """A table of vectors (n, width), finite numbers, rounded; asked which may be nearest.

    metric: "euclidean" or "cosine".

    >>> squares = Bounds(torch.tensor([[0.0], [1.0], [4.0], [9.0]]), "euclidean")
    >>> query, index = squares.candidates(torch.tensor([[3.9]]), k=1)
    >>> 2 in index
    True
    """

    def __init__(self, vectors, metric):
        self.metric, self.count = metric, len(vectors)
        self._prepare(vectors)

    def _prepare(self, vectors):
        """The rounded table (n, columns), and how wrong each of its rows can be.

        A row a with its h, times a rounded query w, is a·w − h: the larger, the nearer, with
        h = |a|²/2 (euclidean) or 0 (cosine). Two last columns hold h, split in two, so that its
        rounding costs next to nothing. Seen from the centre and with a largest coordinate of 1
        the numbers are small, and small numbers round best.
        """
        count, width = vectors.shape
        self.kind = rounded_kind(width)
        whole = 32 if self.kind == torch.bfloat16 else 8  # numbers that the processor takes at once
        columns = -(-(width + 2) // whole) * whole
        self.table = torch.zeros(-(-count // GROUP) * GROUP, columns, dtype=self.kind)
        # Products are added up in float32 (or 64), in an order that only the processor knows.
        self.adding = 2 * columns * UNIT[torch.float64 if self.kind == torch.float64
                                         else torch.float32]
        blocks = [slice(start, min(start + ROWS, count)) for start in range(0, count, ROWS)]
        self.centre = sum(directions(vectors[rows], self.metric).sum(0) for rows in blocks) / count
        self.scale = max(float((directions(vectors[rows], self.metric) - self.centre).abs().max())
                         for rows in blocks) or 1.0
        h = torch.zeros(count, dtype=torch.float64)
        wrong = torch.zeros(len(self.table), 3, dtype=torch.float64)
        for rows in blocks:
            exact = (directions(vectors[rows], self.metric) - self.centre) / self.scale
            self.table[rows, :width] = exact.to(self.kind)
            rough = self.table[rows, :width].double()
            wrong[rows, 0] = (exact - rough).norm(dim=1)  # times |w|
            wrong[rows, 1] = rough.norm(dim=1)  # times the query's own error
            if self.metric == "euclidean":
                h[rows] = exact.square().sum(1) / 2
        h -= h.mean()
        first = h.to(self.kind)
        second = (h - first.double()).to(self.kind)
        self.table[:count, width], self.table[:count, width + 1] = first, second
        self.table[count:, width] = torch.finfo(self.kind).max / 4  # padding: far from everything
        # What float64 itself rounds, in `exact` and in the measured distances, is below 1e-12.
        wrong[:count, 2] = (h - first.double() - second.double()).abs() \
            + 2 * self.adding * h.abs() + 1e-12 * (1 + h.abs())
        self.wrong = (wrong * MARGIN).float()
        self.group_wrong = self.wrong.view(-1, GROUP, 3).amax(1)

    def rounded(self, queries):
        """The rounded queries (columns, q) and the factors (3, q) of the columns of `wrong`."""
        exact = directions(queries, self.metric)
        if self.metric == "euclidean":
            exact = (exact - self.centre) / self.scale
        rough = torch.zeros(len(queries), self.table.shape[1], dtype=self.kind)
        rough[:, : exact.shape[1]] = exact.to(self.kind)
        seen = rough.double()
        own = (exact - seen[:, : exact.shape[1]]).norm(dim=1) + self.adding * seen.norm(dim=1)
        rough[:, exact.shape[1] : exact.shape[1] + 2] = -1
        factors = torch.stack([exact.norm(dim=1) * (1 + 1e-12), own, torch.ones_like(own)])
        return rough.T.contiguous(), (factors * MARGIN).float()

    def candidates(self, queries, k):
        """(query, vector) numbers of all pairs whose bound reaches that query's k best.

        None where they would be too many.
        """
        rough, factors = self.rounded(queries)
        count = len(queries)
        unit = UNIT[self.kind] * 1.01
        floor = torch.full((count, 0), -torch.inf)  # the best lower bounds so far, (q, ≤k)
        kept, total = [], 0
        rows = max(GROUP * SUPER, SCORES // count // (GROUP * SUPER) * GROUP * SUPER)
        for start in range(0, len(self.table), rows):
            scores = (self.table[start : start + rows] @ rough).view(-1, GROUP, count)
            groups = slice(start // GROUP, start // GROUP + len(scores))
            top = scores.amax(1).float()  # (groups, q)
            slack = top.abs() * unit
            for column, factor in zip(self.group_wrong[groups].T, factors, strict=True):
                slack.addcmul_(column[:, None], factor[None])
            floor = torch.cat([floor, folded(top - slack).T], 1)
            floor = floor.topk(min(k, floor.shape[1]), dim=1).values
            least = floor[:, -1] if floor.shape[1] == k else torch.full((count,), -torch.inf)
            group, query = torch.nonzero(top + slack >= least, as_tuple=True)
            if total + len(group) > CANDIDATES // GROUP:
                return None
            value = scores[group, :, query].float()  # (found, GROUP)
            wrong = self.wrong.view(-1, GROUP, 3)[groups][group]
            upper = value + value.abs() * unit + (wrong * factors.T[query][:, None]).sum(2)
            entry, member = torch.nonzero(upper >= least[query][:, None], as_tuple=True)
            total += len(entry) // GROUP
            kept.append((query[entry], start + group[entry] * GROUP + member,
                         upper[entry, member]))
        query, index, upper = (torch.cat(column) for column in zip(*kept, strict=True))
        good = (upper >= least[query]) & (index < self.count)
        return query[good].numpy(), index[good].numpy()


def directions(vectors, metric):
    """Vectors in float64: as they are, or of length one."""
    return vectors.double() / lengths(vectors) if metric == "cosine" else vectors.double()


def lengths(vectors):
    """Euclidean length of each row, (n, 1), float64; 1 for a row of zeros."""
    norms = vectors.double().norm(dim=1, keepdim=True)
    return torch.where(norms > 0, norms, 1.0)


def folded(bounds):
    """The largest of every SUPER rows: fewer lower bounds, each still below a different vector."""
    whole = len(bounds) // SUPER * SUPER
    if whole < 512 * SUPER // 8:
        return bounds
    return torch.cat([bounds[:whole].view(-1, SUPER, bounds.shape[1]).amax(1), bounds[whole:]])


def rounded_kind(width):
    """The number type for products of rows this wide.

    Short rows are cheap to multiply, so the type that leaves the fewest to be measured is best.
    """
    if width >= SHORT and fast_bfloat16():
        return torch.bfloat16
    # float32 products may be made at lower precision, where the user wants them so.
    return torch.float32 if torch.get_float32_matmul_precision() == "highest" else torch.float64


@functools.cache
def fast_bfloat16():
    """Does this machine make bfloat16 products faster than float32? Measured once, some ms."""
    def seconds(kind):
        a, b = torch.ones(1024, 512, dtype=kind), torch.ones(512, 256, dtype=kind)
        times = [time.perf_counter() for _ in range(6) if (a @ b) is not None]
        return min(np.diff(times))

    return seconds(torch.bfloat16) < seconds(torch.float32) * 0.8
