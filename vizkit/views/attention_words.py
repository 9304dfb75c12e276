"""What a head of attention does, in words."""

import numpy as np

from vizkit import style
from vizkit.views.saying import quoted


def looks(row, words, most=3):
    """The largest weights of a row, with their words.

    >>> looks(np.array([0.5, 0.1, 0.4]), ["a", "b", "c"], 2)
    '“a” 0.500, “c” 0.400'
    """
    row = np.nan_to_num(np.asarray(row, float), nan=0)
    order = [k for k in np.argsort(-row, kind="stable")[:most] if row[k] > 0]
    return ", ".join(f"{quoted(words[k])} {style.number(row[k])}" for k in order) or "nothing"


def habits(weights, across=False):
    """What a head does on average: how much it gives to the token itself, the one before, the
    first. Of two different texts nothing of the kind can be said.
    """
    weights = np.nan_to_num(np.asarray(weights, float), nan=0)
    if across or len(weights) < 2:
        return f"Its largest weight is {style.number(weights.max())}."
    own = np.diagonal(weights).mean()
    before = np.diagonal(weights, -1).mean()
    first = weights[1:, 0].mean()
    return (f"On average a token gives {own:.2f} to itself, {before:.2f} to the one before, "
            f"{first:.2f} to the first.")
