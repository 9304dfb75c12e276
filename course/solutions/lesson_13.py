"""Reference answers of lesson 13, tokens and embeddings."""

from itertools import pairwise

import numpy as np


def pair_counts(words):
    counts = {}
    for parts, times in words:
        for pair in pairwise(parts):
            counts[pair] = counts.get(pair, 0) + times
    return counts


def merge(parts, pair):
    result = []
    for part in parts:
        if result and (result[-1], part) == pair:
            result[-1] += part
        else:
            result.append(part)
    return result


def encode(word, ranks):
    parts = [bytes([value]) for value in word]
    while len(parts) > 1:
        pair = min(pairwise(parts), key=lambda pair: ranks.get(pair[0] + pair[1], len(ranks)))
        if pair[0] + pair[1] not in ranks:
            break
        parts = merge(parts, pair)
    return [ranks[part] for part in parts]


def ppmi(counts):
    by_chance = counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum()
    return np.log(np.maximum(counts / by_chance, 1))


def analogy(vectors, a, b, c):
    cosine = vectors @ (vectors[b] - vectors[a] + vectors[c])  # the rows have length 1
    cosine[[a, b, c]] = -np.inf
    return cosine.argmax()
