"""What the exercises of lesson 09 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake

_random = np.random.default_rng(9)


def whole(*shape):
    """Small whole numbers, so that an example can be followed by hand."""
    return _random.integers(-4, 5, shape).astype(float)


def apart(vectors, query):
    """Distances of all rows to one of them."""
    return np.sqrt(((vectors - vectors[query]) ** 2).sum(1))


def without(distance, query, k):
    """The k rows of least distance, the query left out."""
    distance = distance.astype(float)
    distance[query] = np.inf
    return np.argsort(distance, kind="stable")[:k]


def lengths(vectors):
    return np.sqrt((vectors**2).sum(1))


def nearest(points, places):
    return [int(((points - place) ** 2).sum(1).argmin()) for place in places]


def places(a, b, shares):
    return [a + share * (b - a) for share in shares]


def along(vectors, labels, learn, test, yes=1, no=0, scale=True):
    """Scores of the rows `test` by the direction found on the rows `learn`."""
    direction = vectors[learn & (labels == yes)].mean(0) - vectors[learn & (labels == no)].mean(0)
    return vectors[test] @ (direction / np.linalg.norm(direction) if scale else direction)


def each_scaled(vectors, labels, learn):
    """As asked, but each of the two means is scaled to length 1 before they are subtracted."""
    yes, no = (vectors[learn & (labels == k)].mean(0) for k in (1, 0))
    direction = yes / np.linalg.norm(yes) - no / np.linalg.norm(no)
    return vectors[~learn] @ (direction / np.linalg.norm(direction))


ROW = np.array([[0.0, 0], [1, 0], [3, 0], [7, 0]])
WIDER = ROW * 1.5  # so that no distance looks like the number of a row
MANY = np.round(_random.normal(size=(12, 5)) * 4, 1)
LONG = np.array([[2.0, 0], [0, 3], [4, 4], [-1, 0]])
YES_NO = np.array([1, 0, 1, 0])
HALF = np.array([True, True, False, False])
EIGHT = np.array([1, 0, 1, 0, 1, 0, 1, 0])
FIRST = np.arange(8) < 4

EXERCISES = {
    "9.1": Exercise(
        "Nearest neighbours", "neighbours", minutes=6, difficulty=1,
        cases=[(WIDER, 1, 1), (WIDER, 3, 2), (WIDER[::-1].copy(), 1, 2),
               (np.array([[0.0, 0], [3, 3], [0, 5], [-4, 0.5]]), 0, 2), (MANY, 4, 5)],
        mistakes=[
            Mistake("counts the query as its own neighbour",
                    lambda v, q, k: np.argsort(apart(v, q), kind="stable")[:k],
                    "At distance 0 stands the query itself: leave it out."),
            Mistake("gives the farthest",
                    lambda v, q, k: np.argsort(-apart(v, q), kind="stable")[:k],
                    "A small distance is near: sort rising, not falling."),
            Mistake("drops the first row instead of the query",
                    lambda v, q, k: 1 + np.argsort(apart(v, q)[1:], kind="stable")[:k],
                    "Which row is the query is given: it need not be the first."),
            Mistake("takes the largest dot product",
                    lambda v, q, k: without(-(v @ v[q]), q, k),
                    "A dot product grows with the length of the vectors; asked for is the "
                    "distance, the length of the difference."),
            Mistake("adds differences without squaring them",
                    lambda v, q, k: without((v - v[q]).sum(1), q, k),
                    "Differences of opposite sign cancel: square them before you add."),
            Mistake("adds differences along the axes",
                    lambda v, q, k: without(abs(v - v[q]).sum(1), q, k),
                    "That is the way along the streets (city block distance); square the "
                    "differences."),
            Mistake("returns the distances",
                    lambda v, q, k: apart(v, q)[without(apart(v, q), q, k)],
                    "Return which rows they are: np.argsort, not np.sort."),
        ],
        hints=["vectors - vectors[query] subtracts the query from every row at once.",
               "Square, sum over axis 1: the smaller, the nearer; the root changes no order.",
               "Set the query's own distance to np.inf, then np.argsort(distance)[:k]."],
    ),
    "9.2": Exercise(
        "Precision at k", "precision", minutes=5, difficulty=1,
        cases=[(np.array([5, 5, 7]), np.array([[1], [2], [0]])),
               (np.array([1, 0, 1, 1]), np.array([[2, 1], [3, 0], [0, 3], [1, 2]])),
               (np.array([2, 2, 0, 1, 0, 2]),
                np.array([[1, 5, 2], [0, 2, 3], [4, 0, 1], [1, 2, 5], [2, 3, 0], [3, 4, 2]]))],
        mistakes=[
            Mistake("compares numbers of rows with labels",
                    lambda y, n: float((n == y[:, None]).mean()),
                    "`near` holds which rows they are; their labels are labels[near]."),
            Mistake("compares along the wrong axis",
                    lambda y, n: float((y[n] == y).mean()),
                    "Row i of labels[near] belongs to query i: compare it with a column, "
                    "labels[:, None]."),
            Mistake("looks at the first neighbour only",
                    lambda y, n: float((y[n[:, 0]] == y).mean()),
                    "All k neighbours count."),
            Mistake("counts queries with one hit or more",
                    lambda y, n: float((y[n] == y[:, None]).any(1).mean()),
                    "Asked for is not whether a query has a neighbour of its label, but how many "
                    "of its k have it."),
            Mistake("counts queries whose neighbours all agree",
                    lambda y, n: float((y[n] == y[:, None]).all(1).mean()),
                    "Each neighbour counts for itself."),
            Mistake("gives the number, not the share",
                    lambda y, n: float((y[n] == y[:, None]).sum()),
                    "A share lies between 0 and 1: divide by the number of all neighbours."),
            Mistake("divides by the queries only",
                    lambda y, n: float((y[n] == y[:, None]).sum() / len(y)),
                    "Every query has k neighbours: divide by queries times k."),
            Mistake("counts the query among its neighbours",
                    lambda y, n: float(((y[n] == y[:, None]).sum(1) + 1).mean()
                                       / (n.shape[1] + 1)),
                    "The query always has its own label: count its k neighbours only."),
        ],
        hints=["labels[near] has the shape of near: the label of every neighbour.",
               "labels[:, None] is a column: each query's own label, to compare a row with.",
               "The mean of trues and falses is the share of trues."],
    ),
    "9.3": Exercise(
        "Cosine", "cosines", minutes=5, difficulty=1,
        cases=[(np.array([[2.0, 0], [0, 3]]), np.array([1.0, 0])), (LONG, np.array([3.0, 4.0])),
               (MANY, MANY[2] / 2)],
        mistakes=[
            Mistake("forgets the lengths", lambda v, q: v @ q,
                    "A dot product grows with both lengths: divide by both."),
            Mistake("divides by the rows' lengths only", lambda v, q: v @ q / lengths(v),
                    "The query has a length as well."),
            Mistake("divides by the query's length only",
                    lambda v, q: v @ q / np.linalg.norm(q),
                    "Each row has a length of its own: lengths of shape (n,)."),
            Mistake("divides by squared lengths",
                    lambda v, q: v @ q / ((v**2).sum(1) * (q**2).sum()),
                    "The length is the square root of the sum of squares."),
            Mistake("divides by the length of the whole table",
                    lambda v, q: v @ q / (np.linalg.norm(v) * np.linalg.norm(q)),
                    "np.linalg.norm(vectors) is one number for all rows: give it axis=1."),
            Mistake("gives the distance", lambda v, q: 1 - v @ q / (lengths(v) * np.linalg.norm(q)),
                    "That is the cosine distance, 1 − cosine; asked for is the cosine, 1 for the "
                    "same direction."),
            Mistake("scales by the largest number",
                    lambda v, q: (v / abs(v).max(1, keepdims=True)) @ (q / abs(q).max()),
                    "Divide by the length, the root of the sum of squares, not by the largest."),
        ],
        hints=["vectors @ query gives all dot products at once.",
               "The length of each row: np.sqrt((vectors**2).sum(1)), shape (n,).",
               "dot product / (length of the row · length of the query)."],
    ),
    "9.4": Exercise(
        "Walk a line", "walk", minutes=7, difficulty=2,
        cases=[(ROW, ROW[0], ROW[3], 1), (ROW, ROW[0], ROW[3], 6), (ROW, ROW[3], ROW[1], 2),
               # An odd number of steps: half way the two ends may be equally near.
               (MANY, MANY[0], MANY[5], 3), (MANY, MANY[1], MANY[8], 5),
               (LONG * 3, np.array([9.0, 9.0]), np.array([-6.0, 0.0]), 5)],
        mistakes=[
            Mistake("stops before the end",
                    lambda p, a, b, s: nearest(p, places(a, b, np.arange(s) / s)),
                    "From a to b in `steps` steps are steps + 1 places: the end counts, too."),
            Mistake("leaves out the start",
                    lambda p, a, b, s: nearest(p, places(a, b, np.arange(1, s + 1) / s)),
                    "The first place is a itself, share 0."),
            Mistake("adds b instead of the difference",
                    lambda p, a, b, s: nearest(p, [a + t * b for t in np.linspace(0, 1, s + 1)]),
                    "From a one goes towards b: a + share · (b − a)."),
            Mistake("walks by a length of 1",
                    lambda p, a, b, s: nearest(
                        p, places(a, a + (b - a) / np.linalg.norm(b - a),
                                  np.linspace(0, 1, s + 1))),
                    "The whole difference b − a leads to b; scaled to length 1 it stops on the "
                    "way."),
            Mistake("walks from b to a",
                    lambda p, a, b, s: nearest(p, places(b, a, np.linspace(0, 1, s + 1))),
                    "Share 0 is a, share 1 is b."),
            Mistake("takes the largest dot product",
                    lambda p, a, b, s: [int((p @ place).argmax())
                                        for place in places(a, b, np.linspace(0, 1, s + 1))],
                    "Nearest is the least distance to the place, not the largest product."),
            Mistake("gives the farthest",
                    lambda p, a, b, s: [int(((p - place) ** 2).sum(1).argmax())
                                        for place in places(a, b, np.linspace(0, 1, s + 1))],
                    "The smallest distance is wanted: argmin."),
        ],
        hints=["np.linspace(0, 1, steps + 1) gives the shares, both ends included.",
               "The place at a share is a + share * (b - a).",
               "((points - place) ** 2).sum(1).argmin() is the row nearest to it."],
    ),
    "9.5": Exercise(
        "A direction, tried on others", "held_out_scores", minutes=8, difficulty=3,
        cases=[(LONG, YES_NO, HALF), (np.array([[3.0, 1], [1, 1], [5, 0], [2, 9]]), YES_NO, HALF),
               (whole(8, 3), EIGHT, FIRST), (whole(8, 4) + 6, EIGHT, ~FIRST)],
        mistakes=[
            Mistake("finds the direction on all rows",
                    lambda v, y, f: along(v, y, f | ~f, ~f),
                    "The rows to be judged must not help to find the direction: use rows where "
                    "`learn` is true."),
            Mistake("tests on the half it learned from",
                    lambda v, y, f: along(v, y, f, f),
                    "Scores are wanted for the other rows, those where `learn` is false: ~learn."),
            Mistake("exchanges the halves", lambda v, y, f: along(v, y, ~f, f),
                    "Find it where `learn` is true, judge where it is false."),
            Mistake("points the other way", lambda v, y, f: along(v, y, f, ~f, yes=0, no=1),
                    "From label 0 to label 1: mean of the ones minus mean of the zeros."),
            Mistake("forgets to subtract the others",
                    lambda v, y, f: v[~f] @ (lambda m: m / np.linalg.norm(m))(
                        v[f & (y == 1)].mean(0)),
                    "The mean of label 1 alone also holds what all vectors share: subtract the "
                    "mean of label 0."),
            Mistake("leaves the direction as long as it is",
                    lambda v, y, f: along(v, y, f, ~f, scale=False),
                    "Divide it by its length, so that a score is in the units of the space."),
            Mistake("scales each mean first", each_scaled,
                    "Subtract the means as they are and scale the difference, once."),
        ],
        hints=["learn & (labels == 1) is true for the rows of label 1 to learn from.",
               "direction = mean of these − mean of those with label 0, divided by its length.",
               "vectors[~learn] @ direction: one score for each of the other rows."],
    ),
}  # fmt: skip
