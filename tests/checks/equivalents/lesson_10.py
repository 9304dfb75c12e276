"""Right answers to the exercises of lesson 10, written otherwise than the reference."""

import itertools

import numpy as np
from sklearn.manifold import trustworthiness as of_sklearn

from vizkit.atlases import cells as grid
from vizkit.atlases import whitening


def cell_by_search(places, side):
    edges = np.arange(1, side) / side
    return [int(np.searchsorted(edges, y, "right") * side + np.searchsorted(edges, x, "right"))
            for x, y in places]


def means_by_loop(vectors, cells, least):
    found = {}
    for vector, cell in zip(vectors, cells, strict=True):
        found.setdefault(cell, []).append(vector)
    return {cell: sum(group) / len(group) for cell, group in found.items() if len(group) >= least}


def means_by_vizkit(vectors, cells, least):
    numbers, _, means = grid.means(vectors, cells, least)
    return dict(zip(numbers.tolist(), means, strict=True))


def whiten_by_vizkit(directions, vectors, ridge):
    return whitening.whitened(directions, whitening.second_moment(vectors), ridge)


def whiten_twice(directions, vectors, ridge):
    moment = np.mean([np.outer(h, h) for h in vectors], axis=0)
    values, axes = np.linalg.eigh(moment)
    root = axes @ np.diag((values + ridge * values.mean()) ** -0.5) @ axes.T
    return directions @ root @ root


def agreement_pair_by_pair(labels, cells, side):
    touching, every = [], []
    for i, j in itertools.combinations(range(len(labels)), 2):
        every.append(labels[i] == labels[j])
        (r, c), (s, d) = divmod(int(cells[i]), side), divmod(int(cells[j]), side)
        if (r, c) != (s, d) and abs(r - s) <= 1 and abs(c - d) <= 1:
            touching.append(every[-1])
    return np.mean(touching) / np.mean(every)


def agreement_by_vizkit(labels, cells, side):
    same = labels[:, None] == labels
    near = grid.beside(cells[:, None], cells, side)
    return same[near].mean() * (len(labels) ** 2 - len(labels)) / (same.sum() - len(labels))


def trust_by_sklearn(original, drawn, k):
    n = len(original)
    # Positions whose distances are those drawn, for sklearn wants positions: classical scaling.
    centre = np.eye(n) - 1 / n
    values, axes = np.linalg.eigh(-centre @ drawn**2 @ centre / 2)
    positions = axes * np.sqrt(np.maximum(values, 0))
    return of_sklearn(original, positions, n_neighbors=k, metric="precomputed")


EQUIVALENTS = {
    "10.1": [cell_by_search, grid.cell_of],
    "10.2": [means_by_loop, means_by_vizkit],
    "10.3": [whiten_by_vizkit, whiten_twice],
    "10.4": [agreement_pair_by_pair, agreement_by_vizkit],
    "10.5": [trust_by_sklearn],
}
