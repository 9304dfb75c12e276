"""Reference answers of lesson 10, the activation atlas."""

import numpy as np


def cell_of(places, side):
    column, row = np.minimum(np.floor(places * side), side - 1).astype(int).T
    return row * side + column


def cell_means(vectors, cells, least):
    full = [cell for cell in np.unique(cells) if (cells == cell).sum() >= least]
    return {int(cell): vectors[cells == cell].mean(axis=0) for cell in full}


def whiten(directions, vectors, ridge):
    moment = vectors.T @ vectors / len(vectors)  # (channels, channels)
    firm = moment + ridge * np.trace(moment) / len(moment) * np.eye(len(moment))
    return directions @ np.linalg.inv(firm)


def agreement(labels, cells, side):
    row, column = cells // side, cells % side
    apart = np.maximum(abs(row[:, None] - row), abs(column[:, None] - column))  # in cells
    same = labels[:, None] == labels
    others = ~np.eye(len(labels), dtype=bool)
    return same[apart == 1].mean() / same[others].mean()


def trustworthiness(original, drawn, k):
    n = len(original)
    too_far = 0
    for i in range(n):
        rank = np.empty(n, int)
        rank[np.argsort(original[i])] = np.arange(n)  # 0 is the point itself
        near = [j for j in np.argsort(drawn[i]) if j != i][:k]
        too_far += sum(max(0, rank[j] - k) for j in near)
    return 1 - 2 * too_far / (n * k * (2 * n - 3 * k - 1))
