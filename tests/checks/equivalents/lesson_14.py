"""Right answers to the exercises of lesson 14, written otherwise than the reference."""

import math

import numpy as np
import torch
from torch.nn import functional as F

from coursekit.models import gpt_sizes


def attention_in_loops(q, k, v):
    found = []
    for query in q:
        scores = [sum(query * key) / math.sqrt(len(query)) for key in k]
        raised = [math.exp(score - max(scores)) for score in scores]
        found.append(sum(r / sum(raised) * value for r, value in zip(raised, v, strict=True)))
    return found


def attention_by_torch(q, k, v):
    q, k, v = (torch.tensor(a)[None] for a in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v)[0]


def attention_with_scaled_queries(q, k, v):
    scores = torch.tensor(q / len(q[0]) ** 0.5) @ torch.tensor(k).T
    return scores.softmax(-1) @ torch.tensor(v)


def attention_by_einsum(q, k, v):
    scores = np.einsum("qd,kd->qk", q, k) * len(q[0]) ** -0.5
    raised = np.exp(scores.T - scores.max(1))  # (key, query)
    return np.einsum("kq,kd->qd", raised / raised.sum(0), v)


def causal_in_loops(scores):
    weights = np.zeros(scores.shape)
    for i, row in enumerate(scores):
        raised = np.exp(row[: i + 1] - max(row[: i + 1]))
        weights[i, : i + 1] = raised / sum(raised)
    return weights


def causal_written_into(scores):
    scores[np.triu_indices(len(scores), 1)] = -1e9
    raised = np.exp(scores)
    return raised / raised.sum(1, keepdims=True)


def causal_by_torch(scores):
    seen = torch.ones(scores.shape, dtype=torch.bool).tril()
    return torch.tensor(scores).masked_fill(~seen, -torch.inf).softmax(-1)


def causal_divided_again(scores):
    weights = np.tril(np.exp(scores - scores.max()))
    return weights / weights.sum(1)[:, None]


def split_by_slices(x, heads):
    f = x.shape[1] // heads
    return [x[:, j * f : (j + 1) * f] for j in range(heads)]


def split_by_numpy(x, heads):
    return np.array(np.split(x, heads, axis=1))


def split_by_torch(x, heads):
    return torch.tensor(x).unflatten(-1, (heads, -1)).transpose(0, 1)


def parameters_part_by_part(vocabulary, context, width, depth):
    def linear(a, b):
        return a * b + b

    block = linear(width, 3 * width) + linear(width, width) + 4 * width
    block += linear(width, 4 * width) + linear(4 * width, width)
    return vocabulary * width + context * width + depth * block + 2 * width


def surprise_in_a_loop(logits, ids):
    total = 0
    for row, token in zip(logits[:-1], ids[1:], strict=True):
        total += math.log(sum(math.exp(z - row[token]) for z in row))
    return total / (len(ids) - 1)


def surprise_by_torch(logits, ids):
    return F.cross_entropy(torch.tensor(logits)[:-1], torch.tensor(ids)[1:])


EQUIVALENTS = {
    "14.1": [attention_in_loops, attention_by_torch, attention_with_scaled_queries,
             attention_by_einsum],
    "14.2": [causal_in_loops, causal_by_torch, causal_divided_again, causal_written_into],
    "14.3": [split_by_slices, split_by_numpy, split_by_torch],
    "14.4": [gpt_sizes.parameters, parameters_part_by_part],
    "14.5": [surprise_in_a_loop, surprise_by_torch],
}
