"""What the exercises of lesson 05 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake


def angles(gx, gy):
    """The right angle, which the wrong answers below are made of: degrees, 0 up to 180."""
    degrees = np.rad2deg(np.arctan2(gy, gx)) % 180
    return np.where(degrees == 180, 0.0, degrees)


def same_slopes(got, expected):
    """Two pairs of arrays; 179.999… degrees are as good as 0."""
    try:
        (strength, angle), (other, turned) = ([np.asarray(part, float) for part in pair]
                                              for pair in (got, expected))
    except (TypeError, ValueError):
        return False
    if strength.shape != other.shape or angle.shape != turned.shape:
        return False
    apart = abs(angle - turned)
    both = (np.minimum(angle, turned) > -1e-6) & (np.maximum(angle, turned) < 180 + 1e-6)
    apart = np.where(both, np.minimum(apart, 180 - apart), apart)
    apart = np.where(np.isnan(angle) & np.isnan(turned), 0, apart)  # a mistake is found again
    return bool(np.allclose(strength, other) and (apart < 1e-6).all())


def by_division(gx, gy):
    """The angle from the quotient of the slopes; 0/0 is not a number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.rad2deg(np.arctan(gy / gx)) % 180


def counted(angle, weights, bins, width=180, shift=0.0):
    """A histogram over `bins` bins of `width`/bins degrees, the bins moved by `shift` of one."""
    place = np.floor(np.asarray(angle).ravel() * bins / width + shift).astype(int) % bins
    return np.bincount(place, np.asarray(weights, float).ravel(), minlength=bins)


def last_only(strength, angle, bins):
    """Each pixel overwrites what was in its bin."""
    out = np.zeros(bins)
    for weight, place in zip(np.ravel(strength), np.ravel(angle) * bins // 180, strict=True):
        out[int(place)] = weight
    return out


def distances(descriptors, others):
    return np.linalg.norm(descriptors[:, None] - others[None], axis=2)


def pairs(descriptors, others, keep, nearest=0):
    """(i, j) where keep(distance to the nearest, to the second) holds; j: the `nearest`-th."""
    table = distances(descriptors, others)
    order = table.argsort(1)
    return [(i, int(order[i, nearest])) for i in range(len(table))
            if keep(table[i, order[i, 0]], table[i, order[i, 1]])]


def same_pairs(got, expected):
    """The same pairs, in whatever order and form."""
    try:
        got, expected = (sorted((float(i), float(j)) for i, j in list(pairs))
                         for pairs in (got, expected))
    except (TypeError, ValueError):
        return False
    return got == expected


def against_itself(descriptors, others, ratio):
    """Looks for the nearest in its own image, where each point finds itself."""
    both = np.vstack([descriptors, others])
    return pairs(descriptors, both, lambda a, b: a <= ratio * b)


def counts(descriptors, words):
    return np.bincount(distances(descriptors, words).argmin(1), minlength=len(words)).astype(float)


def by_word(descriptors, words):
    """Each word votes for its nearest descriptor, the wrong way round."""
    if not len(descriptors):
        return np.zeros(len(words))
    found = np.bincount(distances(words, descriptors).argmin(1), minlength=len(words))
    return found[: len(words)] / len(words)


def unit_length(shares):
    return shares / max(1e-12, np.linalg.norm(shares))


_random = np.random.default_rng(5)
_near = _random.integers(0, 20, (6, 3)).astype(float)
# their partners, moved a little or much, among others that are not
_far = np.array([0.2, 0.5, 1, 2, 4, 6])[:, None]
_there = np.vstack([_near[::-1] + _far * _random.normal(0, 1, (6, 3)),
                    _random.integers(0, 20, (4, 3))])
ROW = np.array([[0.0], [1.0], [7.0]])
WORDS = np.array([[0.0], [10.0]])
STRENGTH = np.array([[1.0, 2.0], [4.0, 8.0]])
ANGLE = np.array([[0.0, 19.0], [21.0, 179.0]])
_bent = _random.uniform(0, 180, (5, 5)).round(1)

EXERCISES = {
    "5.1": Exercise(
        "Strength and angle", "slopes", minutes=6, difficulty=1, same=same_slopes,
        cases=[(np.array([3.0]), np.array([4.0])), (np.array([-3.0]), np.array([-4.0])),
               (np.array([0.0]), np.array([2.0])), (np.array([2.0]), np.array([-1.0])),
               (np.array([[0.0, -5.0], [1.0, 0.0]]), np.array([[0.0, 0.0], [1.0, -2.0]])),
               tuple(_random.integers(-9, 10, (2, 4, 4)).astype(float))],
        mistakes=[
            Mistake("tells an edge from its reverse",
                    lambda x, y: (np.hypot(x, y), np.rad2deg(np.arctan2(y, x)) % 360),
                    "From dark to bright and from bright to dark is the same direction here: "
                    "take the angle modulo 180, not 360."),
            Mistake("leaves angles below 0",
                    lambda x, y: (np.hypot(x, y), np.rad2deg(np.arctan2(y, x))),
                    "arctan2 gives −180 to 180: % 180 brings it to 0 up to 180."),
            Mistake("leaves the angle in radians",
                    lambda x, y: (np.hypot(x, y), np.arctan2(y, x) % np.pi),
                    "The angle is asked for in degrees: np.rad2deg."),
            Mistake("takes radians modulo 180",
                    lambda x, y: (np.hypot(x, y), np.arctan2(y, x) % 180),
                    "Turn radians into degrees first, np.rad2deg, then take the modulo."),
            Mistake("exchanges gx and gy",
                    lambda x, y: (np.hypot(x, y), angles(y, x)),
                    "arctan2 takes the slope downwards first: np.arctan2(gy, gx)."),
            Mistake("adds the slopes", lambda x, y: (abs(x) + abs(y), angles(x, y)),
                    "The strength is the length of the arrow (gx, gy): the root of gx² + gy²."),
            Mistake("forgets the root", lambda x, y: (x**2 + y**2, angles(x, y)),
                    "gx² + gy² is the length squared: take its root."),
            Mistake("drops the sign of the slopes",
                    lambda x, y: (np.hypot(x, y), angles(abs(x), abs(y))),
                    "With |gx| and |gy| an edge that falls looks like one that rises: no angle is "
                    "above 90."),
            Mistake("divides the slopes", lambda x, y: (np.hypot(x, y), by_division(x, y)),
                    "gy / gx is not a number where both are 0: np.arctan2(gy, gx) knows what to "
                    "do."),
        ],
        hints=["The strength is the length of the arrow (gx, gy): np.hypot(gx, gy).",
               "np.arctan2(gy, gx) is the angle in radians, from −π to π.",
               "np.rad2deg(...) % 180 makes degrees, and one of an edge and its reverse."],
    ),
    "5.2": Exercise(
        "One cell", "histogram", minutes=7, difficulty=2,
        cases=[(STRENGTH, ANGLE, 9), (np.array([[3.0]]), np.array([[95.0]]), 2),
               (_random.integers(1, 9, (5, 5)).astype(float), _bent, 9),
               (np.ones((4, 4)) / 4, _bent[:4, :4], 6)],
        mistakes=[
            Mistake("counts pixels, not their strength", lambda s, a, n: counted(a, s > -1, n),
                    "A faint slope must count less than a strong one: add the strength."),
            Mistake("takes a full circle", lambda s, a, n: counted(a, s, n, 360),
                    "The angles end at 180: a bin is 180 / bins degrees wide."),
            Mistake("rounds to the nearest bin", lambda s, a, n: counted(a, s, n, shift=0.5),
                    "Bin 0 holds the angles from 0 up to the width: round down, with //."),
            Mistake("weighs by the angle", lambda s, a, n: counted(a, a, n),
                    "The angle says which bin, the strength how much."),
            Mistake("divides by the whole",
                    lambda s, a, n: counted(a, s, n) / counted(a, s, n).sum(),
                    "Leave the sums as they are; the next step, over several cells, divides."),
            Mistake("divides by the number of pixels",
                    lambda s, a, n: counted(a, s, n) / np.size(s),
                    "Leave the sums as they are."),
            Mistake("squares the strength", lambda s, a, n: counted(a, np.square(s), n),
                    "Each pixel adds its strength, once."),
            Mistake("keeps only the last pixel of a bin", last_only,
                    "A bin adds up what falls into it: += and not =."),
        ],
        hints=["Start with np.zeros(bins) and go through the pixels.",
               "A bin is 180 / bins degrees wide, so the pixel's bin is int(a // (180 / bins)).",
               "Add the pixel's strength to its bin: counted[...] += s."],
    ),
    "5.3": Exercise(
        "The ratio test", "match", minutes=10, difficulty=2, same=same_pairs,
        cases=[(np.array([[0.0]]), ROW, 0.8), (np.array([[6.9]]), ROW, 0.8),
               (np.array([[3.9]]), ROW, 0.8),
               (np.array([[0.42]]), ROW, 0.8), (np.array([[0.45]]), ROW, 0.8),
               (_near, _there, 0.8), (_near, _there, 0.5), (_near, _there, 1.0)],
        mistakes=[
            Mistake("keeps what should be rejected",
                    lambda d, o, r: pairs(d, o, lambda a, b: a > r * b),
                    "A good match is much nearer than the second: keep it where the ratio is at "
                    "most the limit."),
            Mistake("compares squared distances",
                    lambda d, o, r: pairs(d, o, lambda a, b: a**2 <= r * b**2),
                    "The limit is for distances. Squared ones need the limit squared: "
                    "0.8² = 0.64."),
            Mistake("keeps nothing",
                    lambda d, o, r: pairs(d, o, lambda a, b: b <= r * a),
                    "The list stays empty. Is each kept pair appended? And is it nearest ≤ ratio · "
                    "second, not the other way round?"),
            Mistake("tests nothing", lambda d, o, r: pairs(d, o, lambda a, b: True),
                    "Every descriptor has a nearest one, also where its true partner is missing: "
                    "compare with the second nearest."),
            Mistake("takes the ratio for a distance",
                    lambda d, o, r: pairs(d, o, lambda a, b: a <= r),
                    "Compare the nearest distance with ratio times the second's."),
            Mistake("pairs with the second nearest",
                    lambda d, o, r: pairs(d, o, lambda a, b: a <= r * b, nearest=1),
                    "The second only judges: the partner is the nearest."),
            Mistake("finds each point itself", against_itself,
                    "Search among `others` only: in its own image the nearest to a point is the "
                    "point itself, at distance 0."),
            Mistake("gives the pair the other way round",
                    lambda d, o, r: [p[::-1] for p in pairs(d, o, lambda a, b: a <= r * b)],
                    "(i, j): i counts descriptors, j counts others."),
        ],
        hints=["np.linalg.norm(others - descriptor, axis=1) gives all distances from one.",
               "nearest, second = distance.argsort()[:2]",
               "Keep (i, nearest) where distance[nearest] <= ratio * distance[second]."],
    ),
    "5.4": Exercise(
        "A bag of words", "bag", minutes=7, difficulty=2,
        cases=[(np.array([[1.0]]), WORDS), (ROW, WORDS), (ROW[:2], WORDS), (ROW[2:], WORDS),
               (_random.normal(0, 3, (20, 4)), _random.normal(0, 3, (5, 4))),
               (_random.normal(0, 3, (7, 4)), _random.normal(0, 3, (30, 4)))],
        mistakes=[
            Mistake("does not divide by the number of descriptors", counts,
                    "A picture with more key points would look like another picture: divide by "
                    "how many there are."),
            Mistake("divides by the number of words", lambda d, w: counts(d, w) / len(w),
                    "The shares must add up to 1: divide by the number of descriptors."),
            Mistake("divides by the length of the vector", lambda d, w: unit_length(counts(d, w)),
                    "Shares are asked for: they add up to 1, not their squares."),
            Mistake("divides by the largest", lambda d, w: counts(d, w) / counts(d, w).max(),
                    "Divide by the sum, so that the shares add up to 1."),
            Mistake("takes the farthest word",
                    lambda d, w: np.bincount(distances(d, w).argmax(1), minlength=len(w)) / len(d),
                    "A descriptor is written as its nearest word: argmin."),
            Mistake("lets each word look for a descriptor", by_word,
                    "Go through the descriptors; each looks for its nearest word."),
            Mistake("leaves out words that never occur",
                    lambda d, w: counts(d, w)[counts(d, w) > 0] / len(d),
                    "All bags need the same places to be compared: a 0 for words that do not "
                    "occur."),
            Mistake("loses the last words",
                    lambda d, w: np.bincount(distances(d, w).argmin(1)) / len(d),
                    "np.bincount stops at the last word that occurs: give it "
                    "minlength=len(words)."),
        ],
        hints=["Start with np.zeros(len(words)) and go through the descriptors.",
               "np.linalg.norm(words - descriptor, axis=1).argmin() is the nearest word.",
               "In the end, divide by len(descriptors)."],
    ),
}  # fmt: skip
