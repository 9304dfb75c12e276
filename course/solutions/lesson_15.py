"""Reference answers of lesson 15, generating."""

import numpy as np


def go_on(guess, prompt, count, stop):
    ids = list(prompt)
    for _ in range(count):
        token = guess(ids)
        if token == stop:
            break
        ids.append(token)
    return ids


def chances(logits, temperature):
    logits = logits / temperature
    raised = np.exp(logits - logits.max())
    return raised / raised.sum()


def top_k(logits, k):
    best = np.argsort(-logits, kind="stable")[:k]
    left = np.full(len(logits), -np.inf)
    left[best] = logits[best]
    return left


def top_p(chances, p):
    row = np.argsort(-chances, kind="stable")  # the likeliest first
    before = chances[row].cumsum() - chances[row]  # what likelier ones have
    best = row[before < p]
    left = np.zeros(len(chances))
    left[best] = chances[best]
    return left / left.sum()


def step(token, cache, tokens, positions):
    x = tokens[token] + positions[len(cache)]  # as many as are kept came before
    cache = np.vstack([cache, x])
    scores = cache @ x / np.sqrt(len(x))
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ cache, cache
