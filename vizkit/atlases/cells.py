"""A grid over a layout: which cell a point falls in, and what each cell holds on average.

Arrays in, arrays out. A cell's number is row · side + column; the first row is the lowest, for y
points up, as in every layout here.
Source: Carter and others, "Activation Atlas", Distill 2019, and its code in Lucid.
"""

import numpy as np

NONE = 65535  # a code that stands for no class


def unit_square(positions, low=1, high=99):
    """Positions (n, 2) moved into 0…1; what lies beyond the percentiles goes to the edge.

    Outliers would else make the whole of the layout small. (The atlas of 2019 leaves a margin of a
    tenth beyond the percentiles as well.) Raises ValueError for other shapes and for NaN.

    >>> unit_square([[0, 0], [5, 1], [10, 4]], low=0, high=100).tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
    positions = np.asarray(positions, dtype=float)
    if positions.ndim != 2 or positions.shape[1] != 2 or not len(positions):
        raise ValueError(f"positions have shape {positions.shape}, expected (n, 2): x and y")
    if not np.isfinite(positions).all():
        raise ValueError("positions hold NaN or infinity: leave those points out")
    left, right = np.percentile(positions, (low, high), axis=0)
    span = np.where(right > left, right - left, 1.0)
    return (np.clip(positions, left, right) - left) / span


def cell_of(places, side):
    """The number of the cell that each place (n, 2) in 0…1 falls in, on a grid of side × side.

    >>> cell_of([[0.0, 0.0], [0.99, 0.0], [0.0, 0.5], [1.0, 1.0]], 2).tolist()
    [0, 1, 2, 3]
    """
    places = np.asarray(places, dtype=float)
    if len(places) and not (places.min() >= 0 and places.max() <= 1):
        raise ValueError(f"places reach from {places.min():.3g} to {places.max():.3g}, expected "
                         "0 to 1: unit_square(positions) makes them so")
    column, row = np.minimum(np.floor(places * side).astype(int), side - 1).T  # 1.0: the last one
    return row * side + column


def means(vectors, cells, least=1):
    """(numbers, counts, mean vectors) of the cells that hold at least `least` vectors.

    vectors: (n, width); cells: (n,), the number of each one's cell. Sums are float64.

    >>> means([[1.0], [3.0], [8.0]], [4, 4, 9], least=2)
    (array([4]), array([2]), array([[2.]]))
    """
    vectors, cells = np.asarray(vectors), np.asarray(cells)
    if len(vectors) != len(cells):
        raise ValueError(f"{len(vectors):,} vectors and {len(cells):,} cells: expected one each")
    order = np.argsort(cells, kind="stable")
    numbers, starts, counts = np.unique(cells[order], return_index=True, return_counts=True)
    full = counts >= least
    found = [vectors[order[start : start + count]].mean(0, dtype=np.float64)
             for start, count in zip(starts[full], counts[full], strict=True)]
    return numbers[full], counts[full], np.array(found).reshape(-1, vectors.shape[1])


def class_shares(rows, codes, shares, count, classes):
    """(count, classes): what the members of each cell are taken for, on average.

    rows: (n,), the cell of each member, -1 for none. codes, shares: (n, k), classes of a member
    and how much it belongs to each.

    >>> class_shares([0, 0, -1], [[1], [2], [2]], [[1.0], [1.0], [1.0]], 1, 3).tolist()
    [[0.0, 0.5, 0.5]]
    """
    rows, codes, shares = np.asarray(rows), np.asarray(codes), np.asarray(shares)
    inside = rows >= 0
    at = rows[inside, None].astype(np.int64) * classes + codes[inside]
    total = np.bincount(at.ravel(), shares[inside].ravel().astype(float), count * classes)
    members = np.bincount(rows[inside], minlength=count)
    return total.reshape(count, classes) / np.maximum(members, 1)[:, None]


def strongest(shares, top=3):
    """(codes, shares), both (cells, top): the largest shares of each cell, largest first.

    shares: (cells, classes). A class that has nothing is no class: its code is 65535.

    >>> codes, best = strongest([[0.25, 0.0, 0.75]], top=3)
    >>> codes.tolist(), best.tolist()
    ([[2, 0, 65535]], [[0.75, 0.25, 0.0]])
    """
    shares = np.asarray(shares, dtype=float)
    top = min(top, shares.shape[1])
    codes = np.argsort(-shares, axis=1, kind="stable")[:, :top]
    best = np.take_along_axis(shares, codes, axis=1)
    return np.where(best > 0, codes, NONE).astype(np.uint16), best.astype(np.float32)


def likeness(vectors, k=8):
    """(neighbours, cosines), both (cells, k): the cells whose mean vectors point most alike.

    Indices of rows, the most alike first; -1 where there are fewer than k others.

    >>> near, alike = likeness([[1.0, 0.0], [0.0, 2.0], [3.0, 4.0]], k=1)
    >>> near.tolist(), alike.round(1).astype(str).tolist()
    ([[2], [2], [1]], [['0.6'], ['0.8'], ['0.8']])
    """
    vectors = np.asarray(vectors, dtype=np.float64)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    direction = vectors / np.where(length > 0, length, 1)
    cosines = direction @ direction.T
    np.fill_diagonal(cosines, -np.inf)
    there = max(0, min(k, len(vectors) - 1))
    near = np.full((len(vectors), k), -1, np.int32)
    alike = np.zeros((len(vectors), k), np.float32)
    if not there:
        return near, alike
    near[:, :there] = np.argsort(-cosines, axis=1, kind="stable")[:, :there]
    alike[:, :there] = np.take_along_axis(cosines, near[:, :there], axis=1)
    return near, alike


def beside(one, other, side):
    """Do two cells touch, at an edge or a corner? Numbers or arrays; no cell touches itself.

    >>> [bool(beside(0, other, 3)) for other in (0, 1, 2, 3, 4)]
    [False, True, False, True, True]
    """
    one, other = np.asarray(one), np.asarray(other)
    rows = np.abs(one // side - other // side)
    return np.maximum(rows, np.abs(one % side - other % side)) == 1
