"""Softmax as it should be, and as it goes wrong. What mistakes are made of; no exercise here.

Tables have a row for each query or position. Where a row cannot be divided, the result is nan, and
no warning is given: a check compares it with an answer that has the same nan.
"""

import numpy as np


def softmax(scores, axis=1):
    """Positive numbers that sum to 1 along the axis.

    >>> softmax(np.log([[1.0, 3.0]])).tolist()
    [[0.25, 0.75]]
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
        return raised / raised.sum(axis=axis, keepdims=True)


def log_softmax(logits, axis=1):
    shifted = logits - logits.max(axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))


def divided(weights):
    """Each row by its sum, whatever it holds: what is left when exp is forgotten."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return weights / weights.sum(1, keepdims=True)


def lowered(scores, by=0.0):
    """Softmax with one number taken off all scores; exp overflows, or leaves a row nothing."""
    with np.errstate(over="ignore", invalid="ignore"):
        return divided(np.exp(scores - by))


def by_all(scores):
    """Weights that sum to 1 over the whole table."""
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
