"""Reference answers of lesson 14, a tiny GPT."""

import numpy as np


def attention(q, k, v):
    scores = q @ k.T / np.sqrt(q.shape[1])  # (queries, keys)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights @ v


def causal(scores):
    later = np.triu(np.ones(scores.shape, bool), 1)
    scores = np.where(later, -np.inf, scores)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def split(x, heads):
    positions, width = x.shape
    return x.reshape(positions, heads, width // heads).transpose(1, 0, 2)


def parameters(vocabulary, context, width, depth):
    attention = 4 * width * width + 4 * width  # q, k, v and out, each with its biases
    mlp = 8 * width * width + 5 * width  # up: 4 · width outputs; down: width
    norms = 2 * 2 * width  # two in a block, each with a scale and a shift
    embeddings = (vocabulary + context) * width  # the head is the first of them, used again
    return embeddings + depth * (attention + mlp + norms) + 2 * width


def surprise(logits, ids):
    logits = logits - logits.max(axis=1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    next_ids = ids[1:]
    return -logs[np.arange(len(next_ids)), next_ids].mean()
