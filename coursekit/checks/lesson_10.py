"""What the exercises of lesson 10 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake

_random = np.random.default_rng(10)


# Exercise 10.1: numbers of cells.

CORNERS = np.array([[0.1, 0.2], [0.8, 0.1], [0.2, 0.9], [0.6, 0.7]])
PLACES = np.concatenate([_random.random((12, 2)).round(2),
                         [[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 1]]])


def numbered(places, side, turn=np.floor, last=True, swap=False, above=False, first=0):
    """The right answer, which the wrong ones below are made of."""
    column, row = turn(np.asarray(places) * side).astype(int).T
    if last:
        column, row = np.minimum(column, side - 1), np.minimum(row, side - 1)
    if above:
        row = side - 1 - row
    return (column * side + row if swap else row * side + column) + first


# Exercise 10.2: what each cell holds.

THREE = np.array([[2.0, 0.0], [4.0, 2.0], [9.0, 9.0]]), np.array([5, 5, 2])
SKEW = np.array([[0.0, 1.0], [1.0, 1.0], [8.0, 4.0]]), np.array([3, 3, 3])
MANY = _random.integers(-3, 4, (14, 3)).astype(float), _random.integers(0, 5, 14)


def held(vectors, cells, least, enough=lambda count, least: count >= least, of=np.mean):
    return {int(cell): of(vectors[cells == cell], axis=0) for cell in np.unique(cells)
            if enough((cells == cell).sum(), least)}


def at_one_length(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


# Exercise 10.3: whitening.

LEVELS = np.array([[4.0, 1.0], [2.0, 0.0], [4.0, 2.0], [2.0, 1.0]])
MIXED = np.abs(_random.normal(size=(20, 4)) @ _random.normal(size=(4, 4))) + 0.5


def moment_of(vectors):
    return vectors.T @ vectors / len(vectors)


def firm(moment, ridge):
    return moment + ridge * np.trace(moment) / len(moment) * np.eye(len(moment))


def inverse_root(matrix):
    values, axes = np.linalg.eigh(matrix)
    return axes @ np.diag(values**-0.5) @ axes.T


# Exercise 10.4: do labels of touching cells agree?

QUAD = np.array(["cat", "cat", "dog", "dog"]), np.array([0, 1, 2, 3])
STRIPES = np.array([0, 0, 0, 1, 1, 1, 0, 0]), np.array([0, 1, 2, 3, 4, 5, 0, 3])
SPREAD = _random.integers(0, 3, 30), _random.integers(0, 16, 30)


def agreeing(labels, cells, side, which=lambda far, row, column: far == 1, ratio=True,
             itself=False, number=False):
    row, column = cells // side, cells % side
    down, across = abs(row[:, None] - row), abs(column[:, None] - column)
    same = labels[:, None] == labels
    pairs = which(np.maximum(down, across), down, across)
    if number:
        pairs = abs(cells[:, None] - cells) == 1
    chance = same.mean() if itself else same[~np.eye(len(labels), dtype=bool)].mean()
    share = same[pairs].mean() if pairs.any() else np.nan
    return share / chance if ratio else share


# Exercise 10.5: trustworthiness. Distances of points on a line, drawn in another order.

def apart(points):
    points = np.asarray(points, dtype=float).reshape(len(points), -1)
    return np.sqrt(((points[:, None] - points) ** 2).sum(-1))


SHORT, BENT = [0, 7, 1, 3], [0, 2, 3, 9]  # four points: small enough to follow by hand
LINE = [0, 1, 2.1, 3.3, 4.6, 6]
TORN = [0, 1, 2.1, 9.3, 10.6, 12]
FOLDED = [0, 1, 2.1, 2.2, 1.15, 0.05]
CLOUD = _random.normal(size=(15, 4))


def trusted(original, drawn, k, itself=False, less=True, norm=True, start=0, places=True):
    n, too_far = len(original), 0
    for i in range(n):
        rank = np.empty(n, int)
        far = np.argsort(original[i], kind="stable")
        rank[far] = np.arange(n) + start
        rank = rank if places else far
        order = np.argsort(drawn[i], kind="stable")
        near = order[:k] if itself else [j for j in order if j != i][:k]
        too_far += sum(max(0, rank[j] - k) if less else rank[j] * (rank[j] > k) for j in near)
    return 1 - too_far * (2 / (n * k * (2 * n - 3 * k - 1)) if norm else 1)


def shared_neighbours(original, drawn, k):
    n, shared = len(original), 0
    for i in range(n):
        a, b = (set(np.argsort(d[i], kind="stable")[1 : k + 1]) for d in (original, drawn))
        shared += len(a & b)
    return shared / (n * k)


EXERCISES = {
    "10.1": Exercise(
        "Which cell?", "cell_of", minutes=5, difficulty=1,
        cases=[(np.array([[0.4, 0.1]]), 2), (np.array([[0.0, 1.0]]), 3), (CORNERS, 2), (PLACES, 5),
               (PLACES, 3)],
        mistakes=[
            Mistake("rounds to the nearest cell", lambda p, s: numbered(p, s, np.round),
                    "Cell 0 reaches from 0 to 1/side, so a place at 0.8 of that still lies in it. "
                    "Round down, np.floor."),
            Mistake("exchanges x and y", lambda p, s: numbered(p, s, swap=True),
                    "The first number of a place is x and gives the column; y gives the row."),
            Mistake("lets the right and upper edge fall out",
                    lambda p, s: numbered(p, s, last=False),
                    "A place at exactly 1 belongs to the last cell, side − 1: there is no cell "
                    "`side`."),
            Mistake("counts rows from above", lambda p, s: numbered(p, s, above=True),
                    "y points up: row 0 is the lowest."),
            Mistake("counts cells from 1", lambda p, s: numbered(p, s, first=1),
                    "The first cell is number 0."),
            Mistake("rounds up", lambda p, s: numbered(p, s, np.ceil),
                    "Everything from 0 up to 1/side lies in cell 0: round down."),
        ],
        hints=["places * side turns 0…1 into 0…side; its whole part is the cell along that axis.",
               "np.floor(…).astype(int), and np.minimum(…, side − 1) for places at exactly 1.",
               "column is from x = places[:, 0], row from y = places[:, 1]: row * side + column."],
    ),
    "10.2": Exercise(
        "What a cell holds", "cell_means", minutes=5, difficulty=1,
        cases=[(*THREE, 2), (*THREE, 1), (*SKEW, 2), (*MANY, 3)],
        mistakes=[
            Mistake("keeps cells with too few vectors",
                    lambda v, c, n: held(v, c, n, lambda count, least: True),
                    "A mean of very few vectors says little: leave out cells with fewer than "
                    "`least`."),
            Mistake("asks for more than `least`",
                    lambda v, c, n: held(v, c, n, lambda count, least: count > least),
                    "A cell with exactly `least` vectors counts as full enough."),
            Mistake("adds without dividing", lambda v, c, n: held(v, c, n, of=np.sum),
                    "Divide by how many vectors the cell holds."),
            Mistake("divides by all vectors",
                    lambda v, c, n: {k: s / len(v) for k, s in held(v, c, n, of=np.sum).items()},
                    "Divide by the vectors of this cell, not by those of the whole map."),
            Mistake("takes the median", lambda v, c, n: held(v, c, n, of=np.median),
                    "The mean of each channel is asked for."),
            Mistake("averages over the channels, too",
                    lambda v, c, n: held(v, c, n, of=lambda rows, axis: rows.mean()),
                    "One mean for each channel: .mean(axis=0)."),
            Mistake("brings the vectors to length 1 first",
                    lambda v, c, n: held(at_one_length(v), c, n),
                    "The layout looks at angles only; the mean is of the activations as they are, "
                    "so that strong ones count more."),
        ],
        hints=["np.unique(cells) are the cells that hold anything.",
               "cells == cell picks the rows of one cell; vectors[cells == cell].mean(axis=0).",
               "Keep it only if (cells == cell).sum() >= least."],
    ),
    "10.3": Exercise(
        "Whitening", "whiten", minutes=8, difficulty=3,
        cases=[(np.eye(2), LEVELS, 0.0), (np.array([[1.0, 1.0]]), LEVELS, 0.5),
               (MIXED[:3], MIXED, 0.1)],
        mistakes=[
            Mistake("multiplies with the matrix itself",
                    lambda d, v, r: d @ firm(moment_of(v), r),
                    "That makes what is usual still louder. Its inverse takes it away."),
            Mistake("takes the mean off first",
                    lambda d, v, r: d @ np.linalg.inv(firm(np.cov(v.T, bias=True), r)),
                    "That is the inverse covariance, a fair choice, but not the atlas's: there the "
                    "second moment is uncentred, vectors.T @ vectors / n."),
            Mistake("takes the mean off and divides by n − 1",
                    lambda d, v, r: d @ np.linalg.inv(firm(np.cov(v.T), r)),
                    "np.cov takes the mean off. The second moment is vectors.T @ vectors / n."),
            Mistake("whitens one side only",
                    lambda d, v, r: d @ inverse_root(firm(moment_of(v), r)),
                    "The inverse root whitens the direction; the activation it is compared with "
                    "has to be whitened too: together that is the inverse."),
            Mistake("forgets the ridge", lambda d, v, r: d @ np.linalg.inv(moment_of(v)),
                    "Add ridge · (mean of the diagonal) · identity before you invert."),
            Mistake("adds the ridge as it is",
                    lambda d, v, r: d @ np.linalg.inv(moment_of(v) + r * np.eye(v.shape[1])),
                    "The ridge is a share of the mean of the diagonal, so that it means the same "
                    "in every layer."),
            Mistake("forgets to divide by n",
                    lambda d, v, r: d @ np.linalg.inv(firm(v.T @ v, r)),
                    "The *mean* of h hᵀ: divide by len(vectors)."),
            Mistake("multiplies from the other side",
                    lambda d, v, r: np.linalg.inv(firm(moment_of(v), r)) @ d,
                    "Each direction is a row: directions @ inverse."),
            Mistake("looks at each channel alone",
                    lambda d, v, r: d / np.diag(firm(moment_of(v), r)),
                    "Channels that go together have to be told apart too: the whole matrix, not "
                    "its diagonal."),
        ],
        hints=["M = vectors.T @ vectors / len(vectors) is (channels, channels).",
               "Firm it: M + ridge * np.trace(M) / channels * np.eye(channels).",
               "directions @ np.linalg.inv(…): the matrix is symmetric, so the side is free."],
    ),
    "10.4": Exercise(
        "Do neighbours agree?", "agreement", minutes=7, difficulty=2,
        cases=[(*QUAD, 2), (*STRIPES, 3), (*SPREAD, 4)],
        mistakes=[
            Mistake("counts each point with itself, and pairs within a cell",
                    lambda la, c, s: agreeing(la, c, s, lambda far, r, k: far <= 1),
                    "Asked for are touching cells: exactly one step apart, not zero."),
            Mistake("counts pairs of points that share a cell",
                    lambda la, c, s: agreeing(
                        la, c, s, lambda far, r, k: (far <= 1) & ~np.eye(len(far), dtype=bool)),
                    "Asked for are two different cells: exactly one step apart, not zero."),
            Mistake("leaves out cells that touch at a corner",
                    lambda la, c, s: agreeing(la, c, s, lambda far, r, k: r + k == 1),
                    "The larger of the two distances is 1: that includes corners."),
            Mistake("takes neighbouring numbers for neighbouring cells",
                    lambda la, c, s: agreeing(la, c, s, number=True),
                    "The last cell of a row and the first of the next have neighbouring numbers "
                    "and lie at opposite ends: compare rows and columns."),
            Mistake("does not divide by chance", lambda la, c, s: agreeing(la, c, s, ratio=False),
                    "A share alone says nothing: divide by the share among all pairs."),
            Mistake("counts each point with itself among all pairs",
                    lambda la, c, s: agreeing(la, c, s, itself=True),
                    "A point always agrees with itself: leave the diagonal out."),
        ],
        hints=["row = cells // side, column = cells % side.",
               "Two cells touch when max(|Δrow|, |Δcolumn|) == 1; with [:, None] you get all pairs "
               "at once.",
               "Mean of `same` over touching pairs ÷ mean of `same` over all pairs of two points."],
    ),
    "10.5": Exercise(
        "How far can the picture be trusted?", "trustworthiness", minutes=10, difficulty=3,
        cases=[(apart(SHORT), apart(BENT), 1), (apart(LINE), apart(FOLDED), 2),
               (apart(LINE), apart(TORN), 2),
               (apart(LINE), apart(LINE), 1), (apart(CLOUD), apart(CLOUD[:, :2]), 3)],
        mistakes=[
            Mistake("counts the point as its own neighbour",
                    lambda a, b, k: trusted(a, b, k, itself=True),
                    "The nearest to a point is the point itself, at distance 0: leave it out, and "
                    "take the k nearest others."),
            Mistake("exchanges the two spaces", lambda a, b, k: trusted(b, a, k),
                    "That is the sister measure, continuity. Here: neighbours *in the picture*, "
                    "ranked by the *original* distances."),
            Mistake("adds whole ranks", lambda a, b, k: trusted(a, b, k, less=False),
                    "Only how far beyond k it stands: rank − k."),
            Mistake("counts ranks from one too high", lambda a, b, k: trusted(a, b, k, start=1),
                    "The nearest other point has rank 1; the point itself would have rank 0."),
            Mistake("takes the order for the ranks",
                    lambda a, b, k: trusted(a, b, k, places=False),
                    "np.argsort(original[i]) lists the points from near to far; the rank of a "
                    "point is its *place* in that list: rank[order] = np.arange(n)."),
            Mistake("forgets to normalise", lambda a, b, k: trusted(a, b, k, norm=False),
                    "Times 2 / (n·k·(2n − 3k − 1)), so that 1 is perfect and 0 the worst."),
            Mistake("gives the share of shared neighbours", shared_neighbours,
                    "That counts each false neighbour the same. One of rank 11 is a smaller lie "
                    "than one of rank 500: add rank − k."),
        ],
        hints=["np.argsort(original[i]) lists all points from near to far, the point itself first: "
               "its position in that list is a point's rank.",
               "The neighbours in the picture: np.argsort(drawn[i]) without i, the first k.",
               "Sum max(0, rank − k) over all of them, then "
               "1 − 2·sum / (n·k·(2n − 3k − 1))."],
    ),
}  # fmt: skip
