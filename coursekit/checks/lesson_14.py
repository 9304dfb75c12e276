"""What the exercises of lesson 14 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake
from coursekit.checks.softmaxes import by_all, divided, log_softmax, lowered, softmax

_random = np.random.default_rng(14)


def some(*shape):
    """Numbers with one decimal, so that an example can be followed by hand."""
    return _random.integers(-15, 16, shape) / 10


def dots(q, k):
    return q @ k.T / np.sqrt(q.shape[1])


def hidden(scores, beyond=1, value=-np.inf):
    """The scores with `value` in all places `beyond` the diagonal, or farther."""
    return np.where(np.triu(np.ones(scores.shape, bool), beyond), value, scores)


def counts(squares=12, singles=13, tokens=1, positions=1, last=2):
    """The formula, (V + C) d + L (12 d² + 13 d) + 2 d, with other numbers in it."""
    return lambda V, C, d, L: ((tokens * V + positions * C) * d
                               + L * (squares * d**2 + singles * d) + last * d)  # fmt: skip


def told(logits, ids, shift=1):
    """Log probability of the id `shift` places later, at every place that has one."""
    n = len(ids)
    places = np.arange(max(0, -shift), n - max(0, shift))
    return log_softmax(logits)[places, ids[places + shift]]


ONE = np.array([[1.0]])
FOUR = np.array([[1.0, 1.0, 1.0, 1.0]])
UP_AND_DOWN = np.array([[1.0], [-1.0]])
CHANCES = np.log([[0.5, 0.25, 0.25], [0.25, 0.5, 0.25], [0.8, 0.1, 0.1]])

EXERCISES = {
    "14.1": Exercise(
        "Attention", "attention", minutes=9, difficulty=2,
        cases=[(ONE, np.array([[0.0], [np.log(3.0)]]), np.array([[0.0], [4.0]])),
               (FOUR, np.vstack([FOUR, 0 * FOUR]), np.array([[1.0], [0.0]])),
               (some(2, 3), some(3, 3), some(3, 2)), (some(4, 4), some(4, 4), some(4, 4)),
               (1000 * UP_AND_DOWN, np.array([[1.0], [0.0]]), np.array([[2.0], [3.0]]))],
        mistakes=[
            Mistake("forgets √d", lambda q, k, v: softmax(q @ k.T) @ v,
                    "Divide the scores by the square root of the number of features: q.shape[1]."),
            Mistake("takes softmax over the wrong axis",
                    lambda q, k, v: softmax(dots(q, k), 0) @ v,
                    "Each query shares out a weight of 1 among the keys: rows of the scores, "
                    "axis 1."),
            Mistake("divides by d, not by its root",
                    lambda q, k, v: softmax(q @ k.T / q.shape[1]) @ v,
                    "The spread of a sum of d products grows like √d: divide by that."),
            Mistake("multiplies by √d",
                    lambda q, k, v: softmax(q @ k.T * np.sqrt(q.shape[1])) @ v,
                    "Divide: the sums grow with d, and the weights should not."),
            Mistake("divides by the root of the number of keys",
                    lambda q, k, v: softmax(q @ k.T / np.sqrt(len(k))) @ v,
                    "d is the number of features of a query or key, not how many keys there are."),
            Mistake("divides by the root of the number of queries",
                    lambda q, k, v: softmax(q @ k.T / np.sqrt(len(q))) @ v,
                    "d is the number of features, q.shape[1], not how many queries there are."),
            Mistake("divides by the sum of the whole table",
                    lambda q, k, v: by_all(dots(q, k)) @ v,
                    "Each query has its own sum: .sum(axis=1, keepdims=True)."),
            Mistake("forgets softmax", lambda q, k, v: dots(q, k) @ v,
                    "Scores become weights by softmax: positive, and together 1."),
            Mistake("divides by the sum without exp", lambda q, k, v: divided(dots(q, k)) @ v,
                    "Scores may be negative, weights may not: exp comes first."),
            Mistake("gives the weights", lambda q, k, v: softmax(dots(q, k)),
                    "One step more: the mean of the values, weights @ v."),
            Mistake("mixes the keys", lambda q, k, v: softmax(dots(q, k)) @ k,
                    "A key says what is there, the value is what is handed out: weights @ v."),
            Mistake("lets exp overflow", lambda q, k, v: lowered(dots(q, k)) @ v,
                    "exp of a large score is infinite: take off the largest score of each row "
                    "before exp."),
            Mistake("takes one number off all rows",
                    lambda q, k, v: lowered(dots(q, k), dots(q, k).max()) @ v,
                    "Where a row's scores are far smaller, nothing is left of them: take off each "
                    "row's own largest, .max(axis=1, keepdims=True)."),
            Mistake("gives the weights as well",
                    lambda q, k, v: (softmax(dots(q, k)) @ v, softmax(dots(q, k))),
                    "One array is asked for, the means: weights @ v."),
        ],
        hints=["scores = q @ k.T / np.sqrt(q.shape[1]) has a row for each query.",
               "Take off the largest score of each row before exp, so that nothing overflows.",
               "Divide each row by its sum (keepdims=True), then weights @ v."],
    ),
    "14.2": Exercise(
        "Nothing from the future", "causal", minutes=7, difficulty=2,
        cases=[(np.zeros((1, 1)),), (np.zeros((2, 2)),),
               (np.array([[5.0, 0.0], [0.0, np.log(3.0)]]),), (some(3, 3),), (3 * some(5, 5),)],
        mistakes=[
            Mistake("masks after softmax", lambda s: np.tril(softmax(s)),
                    "Then the weights that are left do not sum to 1: hide the scores before."),
            Mistake("is off by one: a position does not see itself",
                    lambda s: softmax(hidden(s, 0)),
                    "A position sees itself and what came before. Hide what is strictly later: "
                    "np.triu(…, 1)."),
            Mistake("is off by one: sees the next position", lambda s: softmax(hidden(s, 2)),
                    "The next token is the answer that is to be guessed: it must be hidden."),
            Mistake("keeps only what is to be hidden",
                    lambda s: softmax(np.where(np.tril(np.ones(s.shape, bool)), -np.inf, s)),
                    "np.tril is True for the position itself and what came before: these are "
                    "seen. Hide np.triu(…, 1)."),
            Mistake("multiplies infinity by 0", lambda s: s + np.nan,
                    "0 · ∞ is no number, and it spreads: choose with np.where instead of "
                    "multiplying."),
            Mistake("hides the past", lambda s: softmax(hidden(s.T).T),
                    "Rows are queries: what is later stands to the right of the diagonal."),
            Mistake("puts 0 where it should hide", lambda s: softmax(hidden(s, 1, 0.0)),
                    "A score of 0 is not small: e⁰ is 1. Hide it with -inf."),
            Mistake("forgets the mask", lambda s: softmax(s),
                    "Each position would see the token that it is to guess."),
            Mistake("takes softmax over the wrong axis", lambda s: softmax(hidden(s), 0),
                    "Each query's weights sum to 1: rows, axis 1."),
            Mistake("gives the scores, not the weights", lambda s: hidden(s),
                    "What is to be hidden is hidden. One step more: softmax, row by row."),
            Mistake("divides columns by the sums of rows",
                    lambda s: np.exp(hidden(s)) / np.exp(hidden(s)).sum(1),
                    "Sums of shape (n,) are laid along the columns: .sum(1, keepdims=True)."),
            Mistake("does not divide by the sum",
                    lambda s: np.exp(hidden(s) - hidden(s).max(1, keepdims=True)),
                    "Each row of the weights sums to 1."),
        ],
        hints=["np.triu(np.ones(scores.shape, bool), 1) is True for what is later.",
               "np.where(later, -np.inf, scores), and then softmax as before.",
               "e to the power -inf is 0: a hidden key takes no weight from the others."],
    ),
    "14.3": Exercise(
        "Heads", "split", minutes=6, difficulty=2,
        cases=[(np.array([[1, 2], [3, 4]]), 2), (np.arange(4.0)[None], 2),
               (np.arange(12.0).reshape(3, 4), 2), (some(4, 6), 3), (some(2, 4), 1)],
        mistakes=[
            Mistake("mixes the positions", lambda x, h: x.reshape(h, len(x), -1),
                    "reshape alone goes on reading where the row ends: part the width first, "
                    "(positions, heads, features), then swap two axes."),
            Mistake("leaves the heads in the middle", lambda x, h: x.reshape(len(x), h, -1),
                    "The heads come first: (heads, positions, features). Swap the first two axes."),
            Mistake("deals the features out in turn",
                    lambda x, h: x.reshape(len(x), -1, h).transpose(2, 0, 1),
                    "Each head takes a run of neighbouring features: the first head the first "
                    "width / heads of them."),
            Mistake("swaps positions and features",
                    lambda x, h: x.reshape(len(x), h, -1).transpose(1, 2, 0),
                    "Within a head rows are positions still: (heads, positions, features)."),
            Mistake("parts the positions", lambda x, h: np.split(x, h),
                    "Every head sees all positions; it is the width that is shared."),
        ],
        hints=["First x.reshape(positions, heads, width // heads).",
               "Then swap the first two axes: .transpose(1, 0, 2).",
               "Head j is x[:, j * f : (j + 1) * f], with f = width // heads."],
    ),
    "14.4": Exercise(
        "How many parameters?", "parameters", minutes=8, difficulty=2,
        cases=[(2, 3, 1, 0), (1, 1, 1, 1), (3, 2, 4, 2), (50257, 1024, 768, 12)],
        mistakes=[
            Mistake("forgets the positions", counts(positions=0),
                    "Each of the `context` positions has a learned vector as well."),
            Mistake("counts the head twice", counts(tokens=2),
                    "The head is the token embedding, used again: nothing new is learned."),
            Mistake("forgets the biases", counts(12, 4),
                    "Every linear layer has a bias for each output: 9 · width of them in a block."),
            Mistake("forgets the biases of q, k and v", counts(12, 10),
                    "One for each output of `qkv`: 3 · width."),
            Mistake("forgets the normalisations of a block", counts(12, 9),
                    "Two in each block, with a scale and a shift for each number: 4 · width."),
            Mistake("counts one normalisation a block", counts(12, 11),
                    "Each block has two, one before attention and one before the small network."),
            Mistake("gives the normalisations no shift", counts(12, 11, last=1),
                    "A normalisation learns a scale and a shift: 2 · width."),
            Mistake("forgets the last normalisation", counts(last=0),
                    "One more stands before the head: 2 · width."),
            Mistake("counts the matrices only", counts(12, 0, last=0),
                    "Each linear layer has biases too, each normalisation a scale and a shift: "
                    "13 · width in a block, 2 · width at the end."),
            Mistake("counts the large matrices only", counts(12, 0, positions=0, last=0),
                    "Add the positions, the biases (9 · width in a block) and the normalisations."),
            Mistake("forgets all normalisations", counts(12, 9, last=0),
                    "Two in each block and one at the end, each with a scale and a shift."),
            Mistake("forgets the output of attention", counts(11, 12),
                    "Four matrices: query, key, value, and `out`, which joins the heads."),
            Mistake("makes the small network as narrow as the rest", counts(6, 10),
                    "It is four times as wide inside: `up` has 4 · width outputs, `down` as many "
                    "inputs."),
            Mistake("gives the head a bias", lambda V, C, d, L: counts()(V, C, d, L) + V,
                    "The head is the token embedding and nothing else: no bias."),
            Mistake("counts one block", lambda V, C, d, L: counts()(V, C, d, 1),
                    "There are `depth` blocks, each with numbers of its own."),
        ],
        hints=["A linear layer from a to b numbers learns a · b weights and b biases.",
               "A block: 4 of width × width, one of width × 4 width, one back; biases; two "
               "normalisations of 2 · width.",
               "Together (vocabulary + context) · d + depth · (12 d² + 13 d) + 2 d."],
    ),
    "14.5": Exercise(
        "Surprise at the next token", "surprise", minutes=8, difficulty=2,
        cases=[(np.log([[0.25, 0.75], [0.5, 0.5]]), np.array([0, 1])),
               (CHANCES, np.array([0, 1, 0])), (2 + CHANCES, np.array([2, 0, 1])),
               (some(4, 5), np.array([3, 1, 4, 1])),
               (10 * some(6, 3), np.array([0, 2, 1, 1, 0, 2]))],
        mistakes=[
            Mistake("does not shift the targets", lambda z, ids: -told(z, ids, 0).mean(),
                    "Position t is asked for token t + 1. Asked for its own token it would only "
                    "have to copy: the loss goes to 0 and nothing is learned."),
            Mistake("shifts the wrong way", lambda z, ids: -told(z, ids, -1).mean(),
                    "Token t + 1, not t − 1: the one that has not been read yet."),
            Mistake("wraps around",
                    lambda z, ids: -log_softmax(z)[np.arange(len(ids)), np.roll(ids, -1)].mean(),
                    "After the last token nothing is known: its row does not count, and the first "
                    "token is no answer to it."),
            Mistake("drops the first row of the logits as well",
                    lambda z, ids: -told(z, ids, 0)[1:].mean(),
                    "Then row and token stand side by side again, unshifted: drop the last row of "
                    "the logits, and the first token."),
            Mistake("gives one number for each position", lambda z, ids: -told(z, ids),
                    "One number is asked for: the mean over the positions."),
            Mistake("pairs each position with every token",
                    lambda z, ids: -log_softmax(z)[:-1][:, ids[1:]].mean(),
                    "Row t goes with ids[t + 1] alone: logs[np.arange(len(ids) - 1), ids[1:]]."),
            Mistake("divides by the number of tokens",
                    lambda z, ids: -told(z, ids).sum() / len(ids),
                    "One answer less than tokens: the mean is over len(ids) − 1."),
            Mistake("sums instead of taking the mean", lambda z, ids: -told(z, ids).sum(),
                    "The mean over the positions that have a next token."),
            Mistake("loses the sign", lambda z, ids: told(z, ids).mean(),
                    "The log of a probability is negative; surprise is minus that."),
            Mistake("counts in bits", lambda z, ids: -told(z, ids).mean() / np.log(2),
                    "Nats are asked for: the natural logarithm, np.log."),
            Mistake("takes the mean probability",
                    lambda z, ids: -np.log(np.exp(told(z, ids)).mean()),
                    "First the log at each position, then the mean."),
            Mistake("takes the logits for log probabilities",
                    lambda z, ids: -z[np.arange(len(ids) - 1), ids[1:]].mean(),
                    "Logits need softmax first: take off log of the sum of exp, row by row."),
            Mistake("takes softmax over the positions",
                    lambda z, ids: -log_softmax(z, 0)[np.arange(len(ids) - 1), ids[1:]].mean(),
                    "At each position the probabilities of all tokens sum to 1: axis 1."),
        ],
        hints=["log softmax: logits − log(sum of exp(logits)), for each row.",
               "The row of position t is asked for ids[t + 1]: rows 0 … n − 2, tokens ids[1:].",
               "-logs[np.arange(len(ids) - 1), ids[1:]].mean()"],
    ),
}  # fmt: skip
