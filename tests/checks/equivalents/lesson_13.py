"""Right answers to the exercises of lesson 13, written otherwise than the reference."""

from collections import Counter

import numpy as np
import tiktoken
import torch
from sklearn.metrics.pairwise import cosine_similarity


def pairs_by_counter(words):
    counts = Counter()
    for parts, times in words:
        counts.update(dict.fromkeys(zip(parts, parts[1:], strict=False), 0))
        for pair in zip(parts, parts[1:], strict=False):
            counts[pair] += times
    return counts


def pairs_by_repeating(words):
    return dict(Counter((parts[k], parts[k + 1]) for parts, times in words
                        for _ in range(times) for k in range(len(parts) - 1)))


def merge_by_index(parts, pair):
    merged, k = [], 0
    while k < len(parts):
        if k < len(parts) - 1 and parts[k] == pair[0] and parts[k + 1] == pair[1]:
            merged.append(parts[k] + parts[k + 1])
            k += 2
        else:
            merged.append(parts[k])
            k += 1
    return merged


def merge_recursively(parts, pair):
    if len(parts) < 2:
        return tuple(parts)
    if tuple(parts[:2]) == pair:
        return (b"".join(pair), *merge_recursively(parts[2:], pair))
    return (parts[0], *merge_recursively(parts[1:], pair))


def encode_by_tiktoken(word, ranks):
    coded = tiktoken.Encoding("x", pat_str=r"[\s\S]+", mergeable_ranks=ranks, special_tokens={})
    return coded.encode_ordinary(word.decode())


def encode_one_at_a_time(word, ranks):
    parts = [word[k : k + 1] for k in range(len(word))]
    while True:
        known = [(ranks[parts[k] + parts[k + 1]], k) for k in range(len(parts) - 1)
                 if parts[k] + parts[k + 1] in ranks]
        if not known:
            return [ranks[part] for part in parts]
        k = min(known)[1]
        parts[k : k + 2] = [parts[k] + parts[k + 1]]


def encode_in_numbers(word, ranks):  # a byte's rank is its value
    tokens, ids = {rank: token for token, rank in ranks.items()}, list(word)
    while True:
        best = min((ranks.get(tokens[a] + tokens[b], np.inf), k)
                   for k, (a, b) in enumerate(zip(ids, [*ids[1:], None], strict=True))
                   if b is not None) if len(ids) > 1 else (np.inf, 0)
        if best[0] == np.inf:
            return np.array(ids)
        ids[best[1] : best[1] + 2] = [best[0]]


def encode_rank_by_rank(word, ranks):
    parts = [bytes([value]) for value in word]
    for token in list(ranks)[256:]:
        for k in range(1, len(token)):
            parts = merge_by_index(parts, (token[:k], token[k:]))
    return list(map(ranks.get, parts))


def ppmi_by_loop(counts):
    total, result = counts.sum(), np.zeros_like(counts)
    for i in range(len(counts)):
        for j in range(len(counts)):
            if counts[i, j]:
                chance = counts[i].sum() / total * counts[:, j].sum() / total
                result[i, j] = max(0.0, np.log(counts[i, j] / total / chance))
    return result


def ppmi_by_logarithms(counts):
    with np.errstate(divide="ignore"):
        parts = np.log(counts) + np.log(counts.sum())
    return np.maximum(parts - np.log(np.outer(counts.sum(1), counts.sum(0))), 0)


def ppmi_by_torch(counts):
    share = torch.tensor(counts) / counts.sum()
    return (share / (share.sum(1, keepdim=True) * share.sum(0))).clamp(min=1).log()


def analogy_by_library(vectors, a, b, c):
    cosine = cosine_similarity(vectors, (vectors[b] - vectors[a] + vectors[c])[None])[:, 0]
    return next(k for k in np.argsort(-cosine) if k not in (a, b, c))


def analogy_by_distance(vectors, a, b, c):  # of arrows of one length the nearest
    far = np.linalg.norm(vectors - (vectors[b] - vectors[a] + vectors[c]), axis=1)
    far[[a, b, c]] = np.inf
    return int(np.argmin(far))


def analogy_by_sum_of_cosines(vectors, a, b, c):
    scores = {k: v @ vectors[b] - v @ vectors[a] + v @ vectors[c] for k, v in enumerate(vectors)}
    return max(scores.keys() - {a, b, c}, key=scores.get)


EQUIVALENTS = {
    "13.1": [pairs_by_counter, pairs_by_repeating],
    "13.2": [merge_by_index, merge_recursively],
    "13.3": [encode_by_tiktoken, encode_one_at_a_time, encode_in_numbers, encode_rank_by_rank],
    "13.4": [ppmi_by_loop, ppmi_by_logarithms, ppmi_by_torch],
    "13.5": [analogy_by_library, analogy_by_distance, analogy_by_sum_of_cosines],
}
