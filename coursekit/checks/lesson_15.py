"""What the exercises of lesson 15 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake

_random = np.random.default_rng(15)


def some(*shape):
    """Numbers with one decimal, so that an example can be followed by hand."""
    return _random.integers(-15, 16, shape) / 10


# Three things that predict the next token: each looks at something else in what it is given.


def how_many(ids):
    return len(ids)


def one_more(ids):
    return ids[-1] + 1


def all_together(ids):
    return sum(ids) % 7


def written(predict, prompt, count, stop, *, given=lambda prompt, new: prompt + new, keep=False,
            stops=True, extra=0):  # fmt: skip
    """The loop with one part replaced: what is given to `predict`, how it ends."""
    prompt, new = list(prompt), []
    for _ in range(count + extra):
        token = predict(given(prompt, new))
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


def by_their_sum(logits):
    with np.errstate(divide="ignore", invalid="ignore"):
        return logits / logits.sum()


def left(logits, keep, otherwise=-np.inf):
    """The logits at the places `keep`, the rest at -inf."""
    found = np.full(len(logits), otherwise)
    found[keep] = logits[keep]
    return found


def order(values):
    """Places from the largest to the smallest, the first of equals first."""
    return np.argsort(-values, kind="stable")


def nucleus(chances, p, *, rule, places=order, again=True, sort_back=True):
    """The likeliest tokens that `rule(before, with, p)` lets stay, their shares made 1 again."""
    row = places(chances)
    reached = chances[row].cumsum()
    kept = np.where(rule(reached - chances[row], reached, p), chances[row], 0)
    found = np.zeros(len(chances))
    found[row if sort_back else np.arange(len(row))] = kept
    with np.errstate(invalid="ignore"):
        return found / found.sum() if again else found


def until(before, reached, p):
    """What stays: those before which less than p was there."""
    return before < p


def read(token, cache, tokens, positions, *, place=None, seen=slice(None), grow=True, root=True):
    """A step with the cache, with one part replaced."""
    vector = tokens[token] + (positions[len(cache)] if place is None else place)
    cache, before = np.vstack([cache, vector]), cache
    looked = cache[seen]
    scores = looked @ vector / (np.sqrt(len(vector)) if root else 1)
    result = softmax(scores) @ looked if len(looked) else 0 * vector
    return result, cache if grow else before


TIED = np.array([1.0, 2.0, 2.0, 0.0, 2.0])
QUARTERS = np.array([0.25, 0.5, 0.125, 0.125])
TOKENS, POSITIONS = some(5, 4), some(6, 4)

EXERCISES = {
    "15.1": Exercise(
        "The loop", "go_on", minutes=6, difficulty=1,
        cases=[(one_more, [3], 2, 9), (how_many, [5, 5], 3, 99), (all_together, [1, 2], 4, 99),
               (one_more, [3, 4], 9, 7), (all_together, [2, 6, 3], 6, 1), (how_many, [8], 0, 99)],
        mistakes=[
            Mistake("gives only what is new",
                    lambda f, ids, n, s: written(f, ids, n, s)[len(ids):],
                    "The text is the prompt and what was written: ids + the new tokens."),
            Mistake("asks about the prompt again and again",
                    lambda f, ids, n, s: written(f, ids, n, s, given=lambda ids, new: ids),
                    "The new token is appended to the *input*: the next call must see it."),
            Mistake("asks about the last token only",
                    lambda f, ids, n, s: written(f, ids, n, s,
                                                 given=lambda ids, new: (ids + new)[-1:]),
                    "predict takes the whole text so far: who has the kite was said long ago."),
            Mistake("keeps the stop token",
                    lambda f, ids, n, s: written(f, ids, n, s, keep=True),
                    "The stop token says that the text is over; it is no part of it."),
            Mistake("does not stop", lambda f, ids, n, s: written(f, ids, n, s, stops=False),
                    "When the stop token comes, end at once: break, or return."),
            Mistake("leaves the stop token out, and goes on",
                    lambda f, ids, n, s: [t for t in written(f, ids, n, s, stops=False)
                                          if t != s],
                    "After the stop token nothing is to be written: end the loop."),
            Mistake("writes one token too many",
                    lambda f, ids, n, s: written(f, ids, n, s, extra=1),
                    "At most `count` new tokens: for _ in range(count)."),
            Mistake("counts the prompt's tokens as well",
                    lambda f, ids, n, s: written(f, ids, n - len(ids), s),
                    "`count` is how many new tokens there may be, whatever the prompt has."),
        ],
        hints=["ids = list(prompt), and then `count` times: token = predict(ids).",
               "If the token is the stop token, return; otherwise ids.append(token), and again."],
    ),
    "15.2": Exercise(
        "Temperature", "chances", minutes=5, difficulty=1,
        cases=[(np.array([1.0, 1.0]), 1.0), (np.log([1.0, 3.0]), 1.0),
               (np.log([1.0, 2.0, 1.0]), 0.5), (np.log([16.0, 9.0, 4.0]), 2.0), (some(6), 0.7),
               (np.array([3000.0, 3001.0]), 1.0)],
        mistakes=[
            Mistake("multiplies by the temperature", lambda z, t: softmax(z * t),
                    "Divide: a temperature below 1 makes the differences larger, and so the "
                    "likeliest likelier."),
            Mistake("takes the logits for probabilities", lambda z, t: by_their_sum(z / t),
                    "Logits may be negative and have no sum to go by: exp comes first."),
            Mistake("forgets the temperature", lambda z, t: softmax(z),
                    "Divide the logits by the temperature before softmax."),
            Mistake("divides the probabilities", lambda z, t: softmax(z) / t,
                    "Then they do not sum to 1. Divide the logits, before softmax."),
            Mistake("does not divide by the sum", lambda z, t: np.exp(z / t - (z / t).max()),
                    "Probabilities sum to 1."),
            Mistake("gives the likeliest token", lambda z, t: int(z.argmax()),
                    "All probabilities are asked for: an array as long as the logits."),
            Mistake("lets exp overflow", lambda z, t: overflowing(z / t),
                    "exp of a large logit is infinite: take off the largest one before exp."),
        ],
        hints=["logits = logits / temperature, and then softmax.",
               "Take off logits.max() before np.exp; divide by the sum."],
    ),
    "15.3": Exercise(
        "Top-k", "top_k", minutes=6, difficulty=2,
        cases=[(np.array([1.0, 3.0]), 1), (np.array([0.5, -1.0, 2.0]), 2), (TIED, 2),
               (np.array([-3.0, -1.0, -2.0, -5.0]), 3), (some(7), 4), (np.array([2.0, 2.0]), 5)],
        mistakes=[
            Mistake("keeps all that equal the last one",
                    lambda z, k: left(z, z >= np.sort(z)[::-1][min(k, len(z)) - 1]),
                    "Exactly k stay: of equal ones, those with the lower numbers."),
            Mistake("keeps the later of equal ones",
                    lambda z, k: left(z, np.argsort(z, kind="stable")[::-1][:k]),
                    "Of equal logits those with the lower numbers stay: sort −logits, with "
                    'kind="stable".'),
            Mistake("keeps the unlikeliest", lambda z, k: left(z, np.argsort(z, kind="stable")[:k]),
                    "argsort goes from the smallest to the largest: sort −logits."),
            Mistake("puts 0 in the place of -inf", lambda z, k: left(z, order(z)[:k], 0.0),
                    "e⁰ is 1: a logit of 0 still has a chance. What is out gets -np.inf."),
            Mistake("gives only the k that are left", lambda z, k: z[order(z)[:k]],
                    "As many logits as before, each at its place: the place is the token."),
            Mistake("rules out the k likeliest", lambda z, k: left(z, order(z)[k:]),
                    "These k are the ones that stay."),
            Mistake("keeps one too few", lambda z, k: left(z, order(z)[: k - 1]),
                    "k stay, the k-th of them too."),
            Mistake("gives them in another order",
                    lambda z, k: left(z[order(z)], np.arange(min(k, len(z)))),
                    "Every token keeps its place: the place is its number."),
        ],
        hints=['np.argsort(-logits, kind="stable")[:k] are the places of the k largest.',
               "Begin with np.full(len(logits), -np.inf) and fill in these places."],
    ),
    "15.4": Exercise(
        "Top-p", "top_p", minutes=8, difficulty=2,
        cases=[(np.array([0.75, 0.25]), 0.5), (np.array([0.5, 0.5]), 0.75), (QUARTERS, 0.5),
               (QUARTERS, 0.625), (QUARTERS, 0.75), (np.array([0.125, 0.125, 0.75]), 0.8),
               (QUARTERS, 1.0)],
        mistakes=[
            Mistake("drops the first token when it is likely enough alone",
                    lambda c, p: nucleus(c, p, rule=lambda before, reached, p: reached <= p),
                    "The token with which p is reached stays. With a likeliest token above p "
                    "nothing at all would be left."),
            Mistake("drops the token that reaches p, unless it is the first",
                    lambda c, p: nucleus(c, p, rule=lambda before, reached, p:
                                         (reached <= p) | (np.arange(len(reached)) == 0)),
                    "As many as it takes to reach p: the one with which it is reached stays."),
            Mistake("keeps one more when p is reached exactly",
                    lambda c, p: nucleus(c, p, rule=lambda before, reached, p: before <= p),
                    "Where p is reached, it is enough: a token stays while those before it have "
                    "*less* than p."),
            Mistake("forgets to make the sum 1 again",
                    lambda c, p: nucleus(c, p, rule=until, again=False),
                    "What is left shares out the whole: divide by its sum."),
            Mistake("keeps what is likelier than p",
                    lambda c, p: by_their_sum(np.where(c >= p, c, 0)),
                    "p is compared with the sum of the likeliest, not with each of them."),
            Mistake("does not sort",
                    lambda c, p: nucleus(c, p, rule=until, places=lambda c: np.arange(len(c))),
                    "Sum from the likeliest downwards: np.argsort(-chances) is the order."),
            Mistake("begins with the unlikeliest",
                    lambda c, p: nucleus(c, p, rule=until,
                                         places=lambda c: np.argsort(c, kind="stable")),
                    "argsort goes from the smallest to the largest: sort −chances."),
            Mistake("leaves them in the order of their size",
                    lambda c, p: nucleus(c, p, rule=until, sort_back=False),
                    "The place of a chance is its token's number: put each back at its place."),
        ],
        hints=['row = np.argsort(-chances, kind="stable"); chances[row].cumsum() is what they have '
               "together.",
               "What the likelier ones have is that minus the token's own chance: it stays where "
               "this is below p.",
               "Put the chances of these at their places in np.zeros(len(chances)); divide by the "
               "sum."],
    ),
    "15.5": Exercise(
        "A step with the cache", "step", minutes=9, difficulty=3,
        cases=[(0, np.zeros((0, 4)), TOKENS, POSITIONS), (1, TOKENS[:1], TOKENS, POSITIONS),
               (4, TOKENS[:3] + POSITIONS[:3], TOKENS, POSITIONS),
               (2, some(5, 4), TOKENS, POSITIONS)],
        mistakes=[
            Mistake("forgets where it is: always position 0",
                    lambda t, c, T, P: read(t, c, T, P, place=P[0]),
                    "The new token is not the first: it stands at position len(cache), after "
                    "those that are kept."),
            Mistake("adds no position", lambda t, c, T, P: read(t, c, T, P, place=0),
                    "x is the token's vector plus that of its position, positions[len(cache)]."),
            Mistake("counts the positions from 1",
                    lambda t, c, T, P: read(t, c, T, P, place=P[min(len(c) + 1, len(P) - 1)]),
                    "Positions are counted from 0: with nothing kept, the first is 0."),
            Mistake("takes the position of the token before",
                    lambda t, c, T, P: read(t, c, T, P, place=P[max(len(c) - 1, 0)]),
                    "Where n are kept, they stand at 0 … n − 1: the new one stands at n."),
            Mistake("takes the token's number for its position",
                    lambda t, c, T, P: read(t, c, T, P, place=P[t]),
                    "Where it stands is how many came before it: len(cache)."),
            Mistake("does not see itself",
                    lambda t, c, T, P: read(t, c, T, P, seen=slice(0, -1)),
                    "A position sees itself too: append x to the cache, then attend."),
            Mistake("sees only itself", lambda t, c, T, P: read(t, c, T, P, seen=slice(-1, None)),
                    "It asks, and all that are kept answer: scores = cache @ x."),
            Mistake("does not keep the new one",
                    lambda t, c, T, P: read(t, c, T, P, grow=False),
                    "The next step needs it: return the cache with the new row."),
            Mistake("gives back only the new row as the cache",
                    lambda t, c, T, P: (read(t, c, T, P)[0], read(t, c, T, P)[1][-1:]),
                    "All rows are needed in the next step: np.vstack([cache, x])."),
            Mistake("forgets √d", lambda t, c, T, P: read(t, c, T, P, root=False),
                    "As in lesson 14: the scores are divided by √d, the width of a vector."),
        ],
        hints=["x = tokens[token] + positions[len(cache)]: as many as are kept came before.",
               "cache = np.vstack([cache, x]), and then attention with x as the one query.",
               "weights = softmax(cache @ x / √d); return weights @ cache, cache."],
    ),
}  # fmt: skip
