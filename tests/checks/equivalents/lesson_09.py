"""Right answers to the exercises of lesson 09, written otherwise than the reference."""

import numpy as np
import torch
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors


def neighbours_by_loop(vectors, query, k):
    distances = {row: sum((a - b) ** 2 for a, b in zip(vectors[row], vectors[query], strict=True))
                 for row in range(len(vectors)) if row != query}
    return sorted(distances, key=distances.get)[:k]


def neighbours_by_library(vectors, query, k):
    found = NearestNeighbors(n_neighbors=k + 1).fit(vectors).kneighbors(vectors[[query]])[1][0]
    return found[found != query]


def neighbours_by_torch(vectors, query, k):
    rows = torch.tensor(vectors)
    return torch.cdist(rows[query : query + 1], rows)[0].argsort()[1 : k + 1]


def precision_by_loop(labels, near):
    same = [labels[other] == labels[row] for row, others in enumerate(near) for other in others]
    return sum(same) / len(same)


def cosines_by_library(vectors, query):
    return cosine_similarity(vectors, query[None])[:, 0]


def cosines_of_unit_vectors(vectors, query):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit @ (query / np.linalg.norm(query))


def walk_by_table(points, a, b, steps):
    share = (np.arange(steps + 1) / steps)[:, None]
    places = (1 - share) * a + share * b
    return np.linalg.norm(points[None] - places[:, None], axis=2).argmin(1)


def walk_by_weights(points, a, b, steps):
    places = [a * (1 - k / steps) + b * k / steps for k in range(steps + 1)]
    return [int(np.linalg.norm(points - place, axis=1).argmin()) for place in places]


def scores_by_loop(vectors, labels, learn):
    yes = np.mean([v for v, y, f in zip(vectors, labels, learn, strict=True) if f and y == 1], 0)
    no = np.mean([v for v, y, f in zip(vectors, labels, learn, strict=True) if f and y == 0], 0)
    arrow = yes - no
    return [float(v @ arrow) / np.sqrt(arrow @ arrow)
            for v, f in zip(vectors, learn, strict=True) if not f]


EQUIVALENTS = {
    "9.1": [neighbours_by_loop, neighbours_by_library, neighbours_by_torch],
    "9.2": [precision_by_loop],
    "9.3": [cosines_by_library, cosines_of_unit_vectors],
    "9.4": [walk_by_table, walk_by_weights],
    "9.5": [scores_by_loop],
}
