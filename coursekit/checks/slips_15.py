"""The answers of lesson 15 with one part replaced: what the known mistakes are made of."""

import numpy as np

# Three that guess the next token: each looks at something else in what it is given.


def how_many(ids):
    return len(ids)


def one_more(ids):
    return (ids or [0])[-1] + 1


def all_together(ids):
    return sum(ids) % 11


def written(guess, prompt, count, stop, *, given=lambda prompt, new: prompt + new, keep=False,
            stops=True, extra=0):  # fmt: skip
    """The loop: what is given to `guess`, how it ends, how many more tokens than `count`."""
    prompt, new = list(prompt), []
    for _ in range(count + extra):
        token = guess(given(prompt, new))
        if token == stop and stops:
            return prompt + new + [token] * keep
        new.append(token)
    return prompt + new


def softmax(logits):
    raised = np.exp(logits - logits.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def overflowing(logits):
    """Softmax as it is written first."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.exp(logits) / np.exp(logits).sum()


def by_their_sum(values):
    with np.errstate(divide="ignore", invalid="ignore"):
        return values / values.sum()


def left(logits, keep, otherwise=-np.inf):
    """The logits at the places `keep`, the rest at -inf."""
    found = np.full(len(logits), otherwise)
    found[keep] = logits[keep]
    return found


def order(values):
    """Places from the largest to the smallest, the first of equals first."""
    return np.argsort(-values, kind="stable")


def until(before, reached, p):
    """What stays: those before which less than p was there."""
    return before < p


def by_python(values):
    """The same with Python's numbers: an error where the sum is 0."""
    return [value / sum(values.tolist()) for value in values.tolist()]


def nucleus(chances, p, *, rule=until, places=order, divide=by_their_sum, sort_back=True,
            first=False):  # fmt: skip
    """The likeliest tokens that `rule(before, with, p)` lets stay, their shares made 1 again."""
    row = places(chances)
    reached = chances[row].cumsum()
    stays = rule(reached - chances[row], reached, p)
    stays[0] |= first
    found = np.zeros(len(chances))
    found[row if sort_back else np.arange(len(row))] = np.where(stays, chances[row], 0)
    return divide(found)


def read(token, cache, tokens, positions, *, place=None, seen=slice(None), grow=True, root=True,
         soft=softmax):  # fmt: skip
    """A step with the cache: its position, which columns it sees, what is kept."""
    vector = tokens[token] + (positions[len(cache)] if place is None else place)
    cache, before = np.vstack([cache, vector]), cache
    looked = cache[seen]
    scores = looked @ vector / (np.sqrt(len(vector)) if root else 1)
    return soft(scores) @ looked, cache if grow else before


def read_late(token, cache, tokens, positions):
    """A step whose cache holds the tokens' vectors alone, and positions are added when read."""
    cache = np.vstack([cache, tokens[token]])
    placed = cache + positions[: len(cache)]
    return softmax(placed @ placed[-1] / np.sqrt(placed.shape[1])) @ placed, cache
