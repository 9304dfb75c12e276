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
    result, k = [], 0
    while k < len(parts):
        if tuple(parts[k : k + 2]) == pair:
            result.append(pair[0] + pair[1])
            k += 2  # both are used up
        else:
            result.append(parts[k])
            k += 1
    return result


def encode(word, ranks):
    parts = [bytes([value]) for value in word]
    while known := [pair for pair in pairwise(parts) if pair[0] + pair[1] in ranks]:
        parts = merge(parts, min(known, key=lambda pair: ranks[pair[0] + pair[1]]))
    return [ranks[part] for part in parts]


def ppmi(counts):
    by_chance = counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum()
    return np.log(np.maximum(counts / by_chance, 1))


def analogy(vectors, a, b, c):
    cosine = vectors @ (vectors[b] - vectors[a] + vectors[c])  # the rows have length 1
    cosine[[a, b, c]] = -np.inf
    return cosine.argmax()
