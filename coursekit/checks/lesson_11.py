"""What the exercises of lesson 11 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake

_random = np.random.default_rng(11)


def some(*shape):
    """Numbers with one decimal, so that an example can be followed by hand."""
    return _random.integers(-15, 16, shape) / 10


def reading(step, x, s):
    """The states of a reader whose next state is step(piece, state)."""
    states = []
    for piece in x:
        s = step(piece, s)
        states.append(s)
    return np.array(states)


def right_reading(x, W, U, s):
    return reading(lambda piece, state: np.tanh(W @ piece + U @ state), x, s)


def softmax(e, axis=1):
    """Softmax that gives nan, and no warning, where nothing is left to look at."""
    with np.errstate(invalid="ignore"):
        raised = np.exp(e - e.max(axis=axis, keepdims=True))
        return raised / raised.sum(axis=axis, keepdims=True)


def by_sum(e):
    """Scores divided by their sum, without exp; nan where the sum is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return e / e.sum(axis=1, keepdims=True)


def summed(weights, h):
    """Weights and the weighted sum over the places, as the exercise gives them back."""
    return weights, (weights[:, :, None] * h).sum(1)


def hidden(e, mask):
    return np.where(mask, e, -np.inf)


def hard(e, h, mask):
    """All weight on the strongest place."""
    return summed((np.arange(e.shape[1]) == hidden(e, mask).argmax(1)[:, None]).astype(float), h)


def strongest(weights, origin, axis=1):
    return weights.argmax(axis), origin >= 0


def by_place(weights, origin):
    """Whether each place is looked at most by the symbol that came from it."""
    of_place, there = strongest(weights, origin, axis=0)
    return (of_place[origin] == np.arange(len(origin)))[there].mean()


ONE = np.array([[1.0]])
ALL, PART = np.array([[True, True]]), np.array([[True, True, False], [True, True, True]])
EVEN = np.array([[0.0, 0.0]]), np.array([[[2.0], [4.0]]])
TWO_LINES = (np.array([[0.5, 1.0, 2.0], [0.0, -1.0, 1.5]]), some(2, 3, 2), PART)
LOOKED = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.2, 0.2, 0.6], [0.1, 0.1, 0.8]])

EXERCISES = {
    "11.1": Exercise(
        "Read a line", "read_line", minutes=6, difficulty=1,
        cases=[(ONE, ONE, ONE, np.zeros(1)), (np.array([[1.0], [2.0]]), ONE, ONE / 2, np.zeros(1)),
               (np.array([[1.0], [0.0], [0.0]]), ONE, 2 * ONE, np.ones(1)),
               (some(4, 3), some(2, 3), some(2, 2), some(2))],
        mistakes=[
            Mistake("forgets the state", lambda x, W, U, s: np.tanh(x @ W.T),
                    "Without U @ s each place is read as if nothing had come before it."),
            Mistake("never hands the state on", lambda x, W, U, s: np.tanh(x @ W.T + U @ s),
                    "Every place starts from the first state: put the new state in s."),
            Mistake("gives the last state only",
                    lambda x, W, U, s: right_reading(x, W, U, s)[-1],
                    "Keep the state after every piece: (places, width)."),
            Mistake("gives the first state only",
                    lambda x, W, U, s: right_reading(x, W, U, s)[0],
                    "A `return` inside the loop ends it after the first piece."),
            Mistake("keeps one array for all",
                    lambda x, W, U, s: np.array([right_reading(x, W, U, s)[-1]] * len(x)),
                    "Every row is the last state: make a new s at each step, or append a copy."),
            Mistake("counts the start as a state",
                    lambda x, W, U, s: np.array([s, *right_reading(x, W, U, s)]),
                    "One state for each piece: the one before the first piece is not asked for."),
            Mistake("reads from the end",
                    lambda x, W, U, s: right_reading(x[::-1], W, U, s),
                    "The first row of x is read first."),
            Mistake("forgets tanh",
                    lambda x, W, U, s: reading(lambda p, t: W @ p + U @ t, x, s),
                    "Without tanh all the steps together are one matrix, and states can grow "
                    "without end."),
            Mistake("multiplies U from the wrong side",
                    lambda x, W, U, s: reading(lambda p, t: np.tanh(W @ p + t @ U), x, s),
                    "s @ U sums over the rows of U; U @ s over its columns, as W @ piece does."),
            Mistake("multiplies number by number",
                    lambda x, W, U, s: reading(lambda p, t: np.tanh(W * p + U * t), x, s),
                    "W * piece stays a matrix: W @ piece also sums over the inputs."),
            Mistake("leaves the old state outside of tanh",
                    lambda x, W, U, s: reading(lambda p, t: np.tanh(W @ p) + U @ t, x, s),
                    "tanh is of the whole sum W @ piece + U @ s."),
        ],
        hints=["Loop over the rows of x; s is what is remembered so far.",
               "s = np.tanh(W @ piece + U @ s)",
               "Append each s to a list, and give back np.array of the list."],
    ),
    "11.2": Exercise(
        "One place late", "given", minutes=4, difficulty=1,
        cases=[([7], 1), ([5, 7], 1), ([4, 4, 9, 2], 1), ([8, 6, 3, 3, 2], 0)],
        mistakes=[
            Mistake("gives the answer away", lambda written, start: list(written),
                    "The symbol to be written would be among what is given: the network would "
                    "learn to copy it, and could write nothing by itself."),
            Mistake("shifts the other way", lambda written, start: [*written[1:], start],
                    "At the first place nothing has been written: `start` comes first."),
            Mistake("keeps the last symbol", lambda written, start: [start, *written],
                    "One symbol too many: after the last there is nothing left to write."),
            Mistake("overwrites the first symbol",
                    lambda written, start: [start, *written[1:]],
                    "The first symbol is given at the second place; it is the last one that goes."),
            Mistake("begins with the last symbol",
                    lambda written, start: [written[-1], *written[:-1]],
                    "Nothing has been written before the first place: `start` stands there."),
            Mistake("leaves out the start", lambda written, start: list(written[:-1]),
                    "As many are given as are to be written: `start` stands before the first."),
        ],
        hints=["At place 0 the writer is given `start`, at place 1 the symbol of place 0.",
               "The last symbol is never given.",
               "[start] followed by written[:-1]"],
    ),
    "11.3": Exercise(
        "Scores", "scores", minutes=7, difficulty=2,
        cases=[(np.ones(1), np.array([[0.0], [1.0]]), ONE, ONE, np.ones(1)),
               (np.ones(1), np.array([[0.0], [1.0], [-1.0]]), 2 * ONE, ONE, 3 * np.ones(1)),
               (some(2), some(3, 2), some(2, 2), some(2, 2), some(2)),
               (some(3), some(5, 3), some(3, 3), some(3, 3), some(3))],
        mistakes=[
            Mistake("swaps W and U", lambda s, h, W, U, v: np.tanh(U @ s + h @ W.T) @ v,
                    "W belongs to the writer's state s, which asks; U to the places h."),
            Mistake("forgets tanh", lambda s, h, W, U, v: (W @ s + h @ U.T) @ v,
                    "Without tanh, W s adds the same number to every place, and softmax does not "
                    "see it: it would look at the same places whatever was asked."),
            Mistake("puts tanh around the sum with v",
                    lambda s, h, W, U, v: np.tanh((W @ s + h @ U.T) @ v),
                    "tanh comes first, then the sum with v: a score may be larger than 1."),
            Mistake("takes tanh of each by itself",
                    lambda s, h, W, U, v: (np.tanh(W @ s) + np.tanh(h @ U.T)) @ v,
                    "tanh is of the whole sum W s + U h: there the two meet."),
            Mistake("forgets to transpose U", lambda s, h, W, U, v: np.tanh(W @ s + h @ U) @ v,
                    "U @ h[j] sums over the columns of U. For all places at once: h @ U.T."),
            Mistake("does not sum up", lambda s, h, W, U, v: np.tanh(W @ s + h @ U.T) * v,
                    "One number for each place: v @ …, which also sums, instead of v * …."),
            Mistake("goes on to the weights",
                    lambda s, h, W, U, v: softmax((np.tanh(W @ s + h @ U.T) @ v)[None])[0],
                    "That is softmax of the scores: it is asked for in the next exercise."),
            Mistake("sums over the places",
                    lambda s, h, W, U, v: (np.tanh(W @ s + h @ U.T) * v).sum(0),
                    "One score for each place: sum over the last axis."),
            Mistake("leaves out v", lambda s, h, W, U, v: np.tanh(W @ s + h @ U.T).sum(1),
                    "v weighs the numbers before they are summed."),
            Mistake("transposes W and U", lambda s, h, W, U, v: np.tanh(s @ W + h @ U) @ v,
                    "W @ s sums over the columns of W. For all places at once: h @ U.T."),
            Mistake("takes the dot product", lambda s, h, W, U, v: h @ s,
                    "That is another attention (lesson 14). Here: vᵀ tanh(W s + U h)."),
        ],
        hints=["For one place: v @ np.tanh(W @ s + U @ h[j]).",
               "W @ s is the same for all places: compute it once.",
               "All places at once: np.tanh(W @ s + h @ U.T) @ v."],
    ),
    "11.4": Exercise(
        "Weights and what is seen", "attend", minutes=9, difficulty=2,
        cases=[(*EVEN, ALL), (np.array([[0.0, np.log(3.0)]]), EVEN[1], ALL),
               (np.zeros((1, 3)), np.array([[[2.0], [4.0], [9.0]]]), PART[:1]), TWO_LINES,
               (some(2, 3), some(2, 3, 2), PART), (3 * some(2, 3), some(2, 3, 4), PART)],
        mistakes=[
            Mistake("takes softmax over the lines",
                    lambda e, h, mask: summed(softmax(hidden(e, mask), 0), h),
                    "Each line's weights sum to 1: axis 1, the places."),
            Mistake("divides by the sum of all lines",
                    lambda e, h, mask: summed(np.exp(hidden(e, mask))
                                              / np.exp(hidden(e, mask)).sum(), h),
                    "Each line's weights sum to 1: .sum(axis=1, keepdims=True)."),
            Mistake("forgets the mask", lambda e, h, mask: summed(softmax(e), h),
                    "A part of every weight goes to padding: the answer would depend on how long "
                    "the longest line of the batch is."),
            Mistake("masks after softmax", lambda e, h, mask: summed(softmax(e) * mask, h),
                    "Then the weights that are left do not sum to 1: hide the scores before."),
            Mistake("puts 0 where the mask is",
                    lambda e, h, mask: summed(softmax(np.where(mask, e, 0.0)), h),
                    "A score of 0 is not small: e⁰ is 1. Hide it with -inf."),
            Mistake("turns the mask around",
                    lambda e, h, mask: summed(softmax(hidden(e, ~mask)), h),
                    "True is where there is a piece: padding is to be hidden."),
            Mistake("does not divide by the sum",
                    lambda e, h, mask: summed(np.exp(hidden(e, mask)), h),
                    "The weights of a line sum to 1."),
            Mistake("divides by the sum of the scores",
                    lambda e, h, mask: summed(by_sum(e * mask), h),
                    "Scores may be negative, weights may not: exp comes first."),
            Mistake("sums over the wrong axis",
                    lambda e, h, mask: (softmax(hidden(e, mask)),
                                        (softmax(hidden(e, mask))[:, :, None] * h).sum(2)),
                    "The sum goes over the places; each number of a state is kept."),
            Mistake("takes the strongest place alone", hard,
                    "That is hard attention: no slope leads through it. Soft attention mixes."),
            Mistake("gives them back the other way round",
                    lambda e, h, mask: summed(softmax(hidden(e, mask)), h)[::-1],
                    "First the weights, then what is seen."),
        ],
        hints=["np.where(mask, e, -np.inf) hides the padding: e to the power -inf is 0.",
               "Take off the largest score of the line before exp, so that nothing overflows.",
               "weights[:, :, None] * h is (n, places, d): sum over the places."],
    ),
    "11.5": Exercise(
        "Where did it look?", "pointing", minutes=6, difficulty=2,
        cases=[(np.array([[0.9, 0.1]]), np.array([0])), (np.array([[0.9, 0.1]]), np.array([1])),
               (LOOKED, np.array([0, 1, -1, 2])), (LOOKED, np.array([0, 0, -1, 1])),
               (some(6, 4) ** 2, np.array([2, -1, 0, 3, -1, 1]))],
        mistakes=[
            Mistake("counts symbols that come from nowhere",
                    lambda w, o: (w.argmax(1) == o).mean(),
                    "A space has no origin (-1): leave it out of the count."),
            Mistake("takes −1 for the last place",
                    lambda w, o: (w.argmax(1) == o % w.shape[1]).mean(),
                    "origin -1 says that there is none: leave those symbols out."),
            Mistake("leaves out place 0",
                    lambda w, o: (w.argmax(1) == o)[o > 0].mean() if (o > 0).any() else np.nan,
                    "Places are counted from 0: a symbol has an origin where origin >= 0."),
            Mistake("asks the places instead of the symbols", by_place,
                    "For each symbol, the place with the largest weight: argmax(axis=1)."),
            Mistake("takes the weight instead of the largest",
                    lambda w, o: w[np.arange(len(o)), o][o >= 0].mean(),
                    "Asked for is how often the origin is the strongest place, yes or no."),
            Mistake("gives the number instead of the share",
                    lambda w, o: int((w.argmax(1) == o)[o >= 0].sum()),
                    "Divide by the number of symbols that have an origin."),
        ],
        hints=["weights.argmax(axis=1) is the place that each symbol looked at most.",
               "Only the symbols with origin >= 0 are counted.",
               "The mean of a row of True and False is a share."],
    ),
}  # fmt: skip
