"""What the exercises of lesson 12 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake
from coursekit.checks.masking import (
    back,
    earlier,
    kinds,
    near,
    opened,
    short,
    spread,
    taps,
    triangle,
    unchecked,
)


def log_softmax(logits, axis=1):
    shifted = logits - logits.max(axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis, keepdims=True))


def own(values, pixels):
    """What stands at each pixel's own level: (n, h, w)."""
    return np.take_along_axis(values, pixels[:, None], 1)[:, 0]


def log_of_scores(logits, pixels):
    with np.errstate(all="ignore"):
        return -np.log2(own(logits, pixels)).mean()


_random = np.random.default_rng(12)
TWO = np.array([[[[2.0, 0.0]], [[0.0, 0.0]]]])  # one image of 1×2 pixels, two levels
LOGITS = np.round(_random.normal(size=(2, 3, 2, 4)), 1)
PIXELS = _random.integers(0, 3, (2, 2, 4))

EXERCISES = {
    "12.1": Exercise(
        "Look back only", "causal", minutes=8, difficulty=2,
        cases=[([1.0, 0, 0, 0], [3.0, 5.0], 1), ([1.0, 0, 0, 0, 0], [3.0, 5.0], 2),
               ([1.0, 2, 3, 4, 5, 6, 7], [1.0, 10, 100], 1),
               (np.array([2.0, -1, 3, 0, 1, 4, -2, 5]), np.array([1.0, -2, 3]), 3)],
        mistakes=[
            Mistake("looks ahead: pads on the right",
                    lambda x, w, d: taps(x, w, d * np.arange(len(w))),
                    "y[0] may depend on x[0] alone. Put the zeros in front of x, not behind it."),
            Mistake("pads on both sides",
                    lambda x, w, d: taps(x, w, d * (np.arange(len(w)) - len(w) // 2)),
                    "Half of the zeros on each side is how images are padded; then half of the "
                    "taps lie in the future. All zeros go in front."),
            Mistake("takes the weights in the wrong order",
                    lambda x, w, d: taps(x, w[::-1], back(w, d)),
                    "The last weight belongs to the present, the first to the farthest past."),
            Mistake("forgets the dilation", lambda x, w, d: taps(x, w, back(w, 1)),
                    "With dilation 3 the taps lie 3 steps apart: t, t − 3, t − 6."),
            Mistake("leaves the present out", lambda x, w, d: taps(x, w, back(w, d) - 1),
                    "The last weight stands on x[t] itself; here it stands one step earlier. (The "
                    "output at t is the guess for t + 1, so x[t] may be seen.)"),
            Mistake("does not pad", lambda x, w, d: short(x, w, d, 0),
                    "The result is as long as x: put (taps − 1) · dilation zeros in front."),
            Mistake("forgets the dilation in the padding",
                    lambda x, w, d: short(x, w, d, len(w) - 1),
                    "The farthest tap reaches (taps − 1) · dilation steps back: so many zeros."),
            Mistake("goes round in a circle",
                    lambda x, w, d: sum(np.roll(x, -p) * v
                                        for v, p in zip(w, back(w, d), strict=True)),
                    "What lies before the beginning is zero, not the end of x: x[-1] is its last."),
            Mistake("convolves without a dilation", lambda x, w, d: taps(x, w[::-1], back(w, 1)),
                    "np.convolve lays the first weight on the present, and its taps are "
                    "neighbours: turn the weights round, and put dilation − 1 zeros between them."),
            Mistake("leaves x[0] out",
                    lambda x, w, d: taps([0, *x[1:]], w, back(w, d)),
                    "x[0] counts as well: t − back · dilation may be 0, so ask for >= 0."),
        ],
        hints=["Try it on paper: y[0] = weights[-1] · x[0], for nothing lies before it.",
               "y[t] sums weights[-1] · x[t], weights[-2] · x[t − dilation], and so on.",
               "Leave out what would lie before x[0]: if t − back · dilation >= 0."],
    ),
    "12.2": Exercise(
        "How far back?", "field", minutes=5, difficulty=1,
        cases=[(2, (1,)), (2, (1, 1)), (3, (1,)), (2, (1, 2, 4)), (3, (1, 3, 9)), (2, (5,)),
               (2, (1, 2, 4, 1, 2, 4)), (2, tuple(2**k for k in range(10)))],
        mistakes=[
            Mistake("forgets the place itself", lambda k, d: (k - 1) * sum(d),
                    "The present counts as well: + 1. With one layer of two taps, two places."),
            Mistake("multiplies the layers", lambda k, d: int(k ** len(d)),
                    "That is right where the dilations are 1, k, k² …, and only there: each layer "
                    "adds (kernel − 1) · dilation."),
            Mistake("counts every tap as a step further", lambda k, d: k * sum(d),
                    "k taps have k − 1 gaps between them."),
            Mistake("adds 1 for each layer", lambda k, d: len(d) + (k - 1) * sum(d),
                    "The place itself is counted once, not once for each layer."),
            Mistake("ignores the dilations", lambda k, d: 1 + (k - 1) * len(d),
                    "The gap between two taps is `dilation` places wide."),
            Mistake("takes every layer for one of two taps", lambda k, d: 1 + sum(d),
                    "With k taps the farthest is (k − 1) · dilation places away."),
            Mistake("forgets the first layer's dilation", lambda k, d: k + (k - 1) * sum(d[1:]),
                    "The first layer has a dilation too; it need not be 1."),
            Mistake("takes the last layer only", lambda k, d: 1 + (k - 1) * d[-1],
                    "The farthest tap of the last layer reads the layer before it, which reaches "
                    "back further still: add all the layers."),
            Mistake("takes the last dilation times the taps", lambda k, d: k * d[-1],
                    "For 1, 2, 4 … and two taps that is right by luck. Add up the layers."),
        ],
        hints=["One layer: its farthest tap lies (kernel − 1) · dilation places back.",
               "The next layer starts from there: the reaches add up.",
               "And the present place is seen too: + 1."],
    ),
    "12.3": Exercise(
        "Masks A and B", "mask_of", minutes=7, difficulty=2,
        cases=[("A", 3), ("B", 3), ("A", 5), ("B", 5), ("A", 7), ("B", 1)],
        mistakes=[
            Mistake("closes the centre in both", lambda kind, k: opened(kind, k, centre=0),
                    "B opens the centre. With A in all layers, each step would have to leave the "
                    "pixel it stands on, and what a layer found at a place would be lost."),
            Mistake("opens the centre in both", lambda kind, k: opened(kind, k, centre=1),
                    "A closes the centre: in the first layer it is the very pixel that is to be "
                    "guessed."),
            Mistake("exchanges A and B",
                    lambda kind, k: opened("B" if kind == "A" else "A", k),
                    "A, for the first layer, hides the centre; B shows it."),
            Mistake("is one pixel too far to the right",
                    lambda kind, k: opened(kind, k, row=k // 2 + 1 + (kind == "B"), centre=1),
                    "In the row of the centre, what is to the left is open: `[:kernel // 2]`."),
            Mistake("is one pixel short on the left",
                    lambda kind, k: opened(kind, k, row=max(k // 2 - 1, 0)),
                    "The left neighbour is known: it was read just before."),
            Mistake("opens the whole row of the centre",
                    lambda kind, k: opened(kind, k, row=k),
                    "What is to the right in the same row comes later."),
            Mistake("closes the row of the centre",
                    lambda kind, k: opened(kind, k, row=0),
                    "In the row of the centre, what is to the left was read already."),
            Mistake("closes what is above on the right",
                    lambda kind, k: opened(kind, k, above=slice(0, k // 2 + 1)),
                    "A row above has been read to its end, so all of it is open."),
            Mistake("cuts along the diagonal", triangle,
                    "Reading goes row by row: the rows above are open from end to end."),
            Mistake("opens the rows below", lambda kind, k: opened(kind, k)[::-1],
                    "Row 0 is the top one, and reading starts at the top."),
            Mistake("opens what is to be closed", lambda kind, k: 1 - opened(kind, k),
                    "A one lets a weight stand, a zero closes it."),
            Mistake("reads column by column", lambda kind, k: opened(kind, k).T,
                    "The first index is the row: mask[row, column]."),
        ],
        hints=["Start from zeros and open three parts: rows above, left of the centre, centre.",
               "With centre = kernel // 2 the rows above it are m[:centre].",
               "m[centre, :centre] is to its left; m[centre, centre] is 1 for B only."],
    ),
    "12.4": Exercise(
        "Bits per pixel", "bits", minutes=7, difficulty=2,
        cases=[(np.zeros((1, 4, 1, 1)), np.array([[[2]]])), (TWO, np.array([[[0, 1]]])),
               (LOGITS, PIXELS), (LOGITS[:1] * 4, PIXELS[1:])],
        mistakes=[
            Mistake("stays in nats", lambda z, p: -own(log_softmax(z), p).mean(),
                    "np.log counts in nats; one bit is ln 2 of them: divide by np.log(2)."),
            Mistake("multiplies by ln 2",
                    lambda z, p: -own(log_softmax(z), p).mean() * np.log(2),
                    "Four equal levels are 2 bits, and 1.386 nats: there are more bits than nats, "
                    "so divide."),
            Mistake("forgets the minus", lambda z, p: own(log_softmax(z), p).mean() / np.log(2),
                    "The logarithm of a probability is below zero; bits are its negative."),
            Mistake("takes the softmax over the wrong axis",
                    lambda z, p: -own(log_softmax(z, -1), p).mean() / np.log(2),
                    "The scores of one pixel's levels lie along axis 1; they share one softmax."),
            Mistake("forgets the softmax", lambda z, p: -own(z, p).mean() / np.log(2),
                    "Logits are scores, no logarithms of probabilities: subtract the logarithm of "
                    "the sum of their exponentials."),
            Mistake("takes scores for probabilities", log_of_scores,
                    "Logits are scores, some of them below zero: softmax first, then the "
                    "logarithm."),
            Mistake("adds up the pixels", lambda z, p: -own(log_softmax(z), p).sum() / np.log(2),
                    "Per pixel: the mean, not the sum."),
            Mistake("counts per image",
                    lambda z, p: -own(log_softmax(z), p).sum((1, 2)).mean() / np.log(2),
                    "Per pixel, not per image: divide by their number too."),
            Mistake("averages before the logarithm",
                    lambda z, p: -np.log2(np.exp(own(log_softmax(z), p)).mean()),
                    "First the logarithm of each pixel's probability, then the mean."),
            Mistake("averages over all levels",
                    lambda z, p: -log_softmax(z).mean() / np.log(2),
                    "Only the level that the pixel really has counts."),
            Mistake("divides by the number of levels too",
                    lambda z, p: -own(log_softmax(z), p).mean() / np.log(2) / z.shape[1],
                    "One number for each pixel, that of its level: the zeros of the other levels "
                    "do not count in the mean. Sum over axis 1 first."),
            Mistake("picks every pixel's level at every pixel",
                    lambda z, p: -log_softmax(z)[:, p].mean() / np.log(2),
                    "p[:, pixels] takes whole maps. np.take_along_axis takes one number a pixel."),
        ],
        hints=["Softmax first: np.exp(logits), divided by its sum over axis 1.",
               "np.take_along_axis(p, pixels[:, None], 1) picks each pixel's own level.",
               "Minus the mean of np.log2 of these."],
    ),
    "12.5": Exercise(
        "What a stack of masks sees", "stack_sees", minutes=10, difficulty=3,
        cases=[(1, 1, 1, 3), (2, 1, 2, 4), (2, 2, 3, 5), (4, 2, 3, 7), (6, 1, 9, 8),
               (0, 3, 4, 5)],
        mistakes=[
            Mistake("has no blind spot", lambda y, x, n, side: earlier(y, x, side),
                    "One would wish so. But a stack of 3×3 masks takes one step at a time: which "
                    "of the pixels read before can it reach?"),
            Mistake("has no blind spot, within its reach",
                    lambda y, x, n, side: earlier(y, x, side) & near(y, x, n, side),
                    "n steps reach n pixels to each side, but a step to the right is never level: "
                    "each one climbs a row."),
            Mistake("sees itself",
                    lambda y, x, n, side: spread(y, x, side, kinds(n, first="B")),
                    "The first layer has mask A: its centre is closed, so no path ends where it "
                    "began."),
            Mistake("uses mask A in all layers",
                    lambda y, x, n, side: spread(y, x, side, kinds(n, rest="A")),
                    "From the second layer on the masks are B: a path may stay where it is."),
            Mistake("exchanges A and B",
                    lambda y, x, n, side: spread(y, x, side, kinds(n, "B", "A")),
                    "One layer has mask A, the one that touches the image; all others have B."),
            Mistake("leaves the image", unchecked,
                    "reached[-1] is the last row, and reached[:, -1] the last column: leave out "
                    "what lies outside of the image."),
            Mistake("is one layer short",
                    lambda y, x, n, side: spread(y, x, side, kinds(n - 1)) if n > 1
                    else np.zeros((side, side), bool),
                    "There are `layers` masks in all, the first one included."),
            Mistake("is one layer too deep",
                    lambda y, x, n, side: spread(y, x, side, kinds(n + 1)),
                    "There are `layers` masks in all, the first one included."),
            Mistake("looks at the last layer only",
                    lambda y, x, n, side: spread(y, x, side, "A"),
                    "Each layer takes one more step back: repeat it for every layer."),
            Mistake("follows the arrows the other way",
                    lambda y, x, n, side: spread(side - 1 - y, side - 1 - x, side,
                                                 kinds(n))[::-1, ::-1],
                    "That is who sees (y, x); asked for is what (y, x) sees."),
            Mistake("takes x for the row", lambda y, x, n, side: spread(x, y, side, kinds(n)),
                    "y is the row, x the column: seen[y, x]."),
        ],
        hints=["Start with one true value at (y, x) and go back through the layers to the image.",
               "A true pixel makes true those under the open weights of the mask laid on it.",
               "`layers` − 1 times with mask B, then once with mask A; forget what is outside."],
    ),
}  # fmt: skip
