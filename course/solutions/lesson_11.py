"""Reference answers of lesson 11, attention."""

import numpy as np


def read_line(x, W, U, s):
    states = []
    for piece in x:
        s = np.tanh(W @ piece + U @ s)
        states.append(s)
    return np.array(states)


def given(written, start):
    return [start] + list(written[:-1])


def scores(s, h, W, U, v):
    inside = W @ s + h @ U.T  # (places, d): W s is the same at every place
    return np.tanh(inside) @ v


def attend(e, h, mask):
    e = np.where(mask, e, -np.inf)
    weights = np.exp(e - e.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    context = (weights[:, :, None] * h).sum(axis=1)
    return weights, context


def pointing(weights, origin):
    looked = weights.argmax(axis=1)
    has_one = origin >= 0
    return (looked == origin)[has_one].mean()
