"""What the exercises of lesson 13 accept, and the mistakes they know."""

from collections import Counter
from itertools import pairwise

import numpy as np

from coursekit.checks.core import Exercise, Mistake


def split(text):
    """Pieces of a word as they are written here, parted by spaces: "lo w" → [b"lo", b"w"]."""
    return [piece.encode() for piece in text.split(" ")]


def counted(words, pairs_of, weigh=True):
    """Counts of what pairs_of(parts) gives, by the number of times a word occurs or once."""
    total = Counter()
    for parts, times in words:
        for pair in pairs_of(parts):
            total[pair] += times if weigh else 1
    return dict(total)


def across(words):
    """Pairs also over the end of a word, as if all words were one."""
    flat = [part for parts, _ in words for part in parts]
    return dict(Counter(pairwise(flat)))


def merge_from_right(parts, pair):
    result = []
    for part in reversed(parts):
        if result and (part, result[-1]) == pair:
            result[-1] = part + result[-1]
        else:
            result.append(part)
    return result[::-1]


def merge_first(parts, pair):
    for k, both in enumerate(pairwise(parts)):
        if both == pair:
            return [*parts[:k], pair[0] + pair[1], *parts[k + 2:]]
    return parts


def merge_and_keep(parts, pair, drop_last=False):
    """Goes on by one after a merge instead of by two, or stops before the last piece."""
    result, k = [], 0
    while k < len(parts) - 1:
        if (parts[k], parts[k + 1]) == pair:
            result.append(parts[k] + parts[k + 1])
            k += 2 if drop_last else 1
        else:
            result.append(parts[k])
            k += 1
    return result + (parts[k:] if k < len(parts) and not drop_last else [])


def merge_until_none(parts, pair):
    """Looks at the joined bytes instead of at the two pieces."""
    result = []
    for part in parts:
        if result and result[-1] + part == pair[0] + pair[1]:
            result[-1] += part
        else:
            result.append(part)
    return result


def with_pairs(parts, pair):
    """The pair itself in the place of its two pieces."""
    result, k = [], 0
    while k < len(parts):
        found = tuple(parts[k : k + 2]) == pair
        result.append(pair if found else parts[k])
        k += 2 if found else 1
    return result


def without(parts, pair):
    return [piece for piece in with_pairs(parts, pair) if not isinstance(piece, tuple)]


def merged(parts, k):
    return [*parts[:k], parts[k] + parts[k + 1], *parts[k + 2:]]


def code(word, ranks, choose, turns=None):
    """Merges until nothing can be: choose(places, parts) says which of the places is next."""
    parts = [bytes([value]) for value in word]
    while turns is None or turns > 0:
        places = [k for k, (a, b) in enumerate(pairwise(parts)) if a + b in ranks]
        if not places:
            break
        parts = merged(parts, choose(places, parts))
        turns = None if turns is None else turns - 1
    return [ranks[part] for part in parts]


def by_rank(ranks, sign=1):
    return lambda places, parts: min(places, key=lambda k: sign * ranks[parts[k] + parts[k + 1]])


def longest_first(word, ranks):
    ids, start = [], 0
    while start < len(word):
        stop = max(s for s in range(start + 1, len(word) + 1) if word[start:s] in ranks)
        ids.append(ranks[word[start:stop]])
        start = stop
    return ids


def by_chance(counts):
    return np.outer(counts.sum(1), counts.sum(0)) / counts.sum()


def information(counts, keep=True, log=np.log, chance=by_chance):
    """PPMI with a part left out or done otherwise."""
    times = counts / chance(counts)
    with np.errstate(divide="ignore"):
        value = log(times)
    return np.maximum(value, 0) if keep else value


def answer(vectors, a, b, c, signs=(-1, 1, 1), exclude=True, score=None, farthest=False):
    """The row nearest signs · (a, b, c)."""
    target = sum(sign * vectors[k] for sign, k in zip(signs, (a, b, c), strict=True))
    values = vectors @ target if score is None else score(vectors, target)
    if exclude:
        values[[a, b, c]] = np.inf if farthest else -np.inf
    return int(values.argmin() if farthest else values.argmax())


def units(*angles):
    """Arrows of length 1 in the plane, by their angles in degrees."""
    turn = np.deg2rad(np.array(angles, float))
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


LOW = [(split("l o w"), 5), (split("l o w e r"), 2), (split("n e w e s t"), 6)]
AAA = [(split("a a a"), 3), (split("b a"), 1), (split("a"), 9)]
LATER = [(split("lo w"), 4), (split("lo w er"), 1), (split("w"), 7), (split("w lo"), 2)]
MADE = (b"er", b"th", b"he", b"the", b" t", b"in", b"ing", b" th", b" the", b"re", b"ere", b"us",
        b"use", b"ou", b"ouse", b"no", b"on")  # in this order


def ranked(word):
    """A case of 13.3: the word, and no more ranks than its bytes and the pieces within it."""
    singles = sorted({bytes([value]) for value in word})
    return word, {token: rank for rank, token in enumerate(
        [*singles, *(token for token in MADE if token in word)])}


_random = np.random.default_rng(13)
MEET = np.array([[0.0, 6, 1], [6, 0, 2], [1, 2, 8]])
MORE = np.triu(_random.integers(0, 9, (6, 6)).astype(float)) + 1
MANY = _random.normal(size=(12, 4))
MANY /= np.linalg.norm(MANY, axis=1, keepdims=True)
# where the rules part: the sum, the difference, the query words, the largest arrow
FAN = units(0, 60, 30, 91, 160, 200, 275, 330)

EXERCISES = {
    "13.1": Exercise(
        "Count the pairs", "pair_counts", minutes=6, difficulty=1,
        cases=[([(split("l o w"), 1)],), ([(split("l o w"), 5), (split("l o"), 2)],), (LOW,),
               (AAA,), (LATER,)],
        mistakes=[
            Mistake("counts each word once", lambda w: counted(w, pairwise, weigh=False),
                    "A word that occurs five times brings each of its pairs five times."),
            Mistake("counts a pair once a word", lambda w: counted(w, lambda p: set(pairwise(p))),
                    "A pair that stands twice in a word counts twice: a a a has two of (a, a)."),
            Mistake("pairs the end of a word with the next word", across,
                    "Words are kept apart: no pair reaches over the end of one."),
            Mistake("takes both orders as one pair",
                    lambda w: counted(w, lambda p: [tuple(sorted(q)) for q in pairwise(p)]),
                    "(o, l) is another pair than (l, o): keep the order."),
            Mistake("leaves out the last pair",
                    lambda w: counted(w, lambda p: list(pairwise(p))[:-1]),
                    "n pieces have n − 1 pairs: the last one counts too."),
            Mistake("takes pairs that do not overlap",
                    lambda w: counted(w, lambda p: list(pairwise(p))[::2]),
                    "Each piece but the last begins a pair: go on by one, not by two."),
            Mistake("joins the two pieces of a pair",
                    lambda w: counted(w, lambda p: [a + b for a, b in pairwise(p)]),
                    "The key is the pair (left, right): joined, (a, bc) and (ab, c) would be one."),
            Mistake("counts pieces", lambda w: counted(w, lambda p: p),
                    "Count neighbours, two at a time, not single pieces."),
        ],
        hints=["zip(parts, parts[1:]) goes through the pairs of one word.",
               "For each word, each of its pairs gets `times` more.",
               "counts[pair] = counts.get(pair, 0) + times"],
    ),
    "13.2": Exercise(
        "Merge a pair", "merge", minutes=7, difficulty=2,
        cases=[(split("l o w"), (b"l", b"o")), (split("l o"), (b"l", b"o")),
               (split("a b a b"), (b"a", b"b")), (split("a a a"), (b"a", b"a")),
               (split("a b c"), (b"b", b"c")), (split("lo w e r"), (b"l", b"o")),
               (split("ab c a bc"), (b"a", b"bc")), (split("b"), (b"a", b"b")),
               (split("a b b a a"), (b"b", b"a")), (split("n e w e s t"), (b"e", b"s"))],
        mistakes=[
            Mistake("merges the first only", merge_first,
                    "Every such pair in the word becomes one piece, not the first alone."),
            Mistake("merges from the right", merge_from_right,
                    "From left to right: a a a becomes aa a, as tiktoken does it."),
            Mistake("uses a piece twice", merge_and_keep,
                    "After a merge both pieces are used up: go on by two."),
            Mistake("uses a piece twice and drops the last",
                    lambda p, q: [a + b if (a, b) == q else a for a, b in pairwise(p)],
                    "After a merge go on by two, and mind the last piece, which begins no pair."),
            Mistake("drops the last piece",
                    lambda p, q: merge_and_keep(p, q, drop_last=True),
                    "A last piece without a partner stays: a word must not lose bytes."),
            Mistake("compares joined bytes", merge_until_none,
                    "(ab, c) and (a, bc) join to the same bytes, and only one of them is the "
                    "pair asked for: compare both pieces."),
            Mistake("puts the pair in instead of its bytes", with_pairs,
                    "The new piece is left + right, one string of bytes, not the pair."),
            Mistake("removes the pair", without,
                    "The two pieces make room for one that has the bytes of both."),
        ],
        hints=["Go through the parts with an index k, and build a new list.",
               "Where (parts[k], parts[k + 1]) == pair, append left + right and go on by two.",
               "Otherwise append parts[k] and go on by one; mind the last piece."],
    ),
    "13.3": Exercise(
        "Encode a word", "encode", minutes=9, difficulty=3,
        cases=[*map(ranked, (b"a", b"in", b"on", b"there", b" the", b"thing", b"here", b"singing",
                             b" thermal", b"house", b"nonsense"))],
        mistakes=[
            Mistake("takes the longest token from the left", longest_first,
                    "That is another rule, and cuts otherwise: merges come in the order in which "
                    "they were learned, the lowest rank first."),
            Mistake("merges the leftmost pair that is a token",
                    lambda w, r: code(w, r, lambda places, parts: places[0]),
                    "Of all pairs that are tokens the one of lowest rank comes first, wherever "
                    "it stands."),
            Mistake("merges the highest rank first",
                    lambda w, r: code(w, r, by_rank(r, -1)),
                    "The pair learned first is merged first: the lowest rank."),
            Mistake("merges once", lambda w, r: code(w, r, by_rank(r), turns=1),
                    "After a merge look again: the new piece may be half of a further pair."),
            Mistake("gives bytes, not numbers",
                    lambda w, r: [list(r)[n] for n in code(w, r, by_rank(r))],
                    "Return ranks[part] for each part."),
            Mistake("does not merge", lambda w, r: [r[bytes([value])] for value in w],
                    "Those are the bytes: merge pairs as long as one of them is a token."),
            Mistake("takes the rightmost pair that is a token",
                    lambda w, r: code(w, r, lambda places, parts: places[-1]),
                    "Of all pairs that are tokens the one of lowest rank comes first."),
        ],
        hints=["Start with parts = [bytes([value]) for value in word].",
               "Among the pairs whose joined bytes are in ranks, take the one of lowest rank.",
               "Merge it with your merge(), and again, until no pair is in ranks; then look up "
               "the rank of each part."],
    ),
    "13.4": Exercise(
        "More often than by chance", "ppmi", minutes=7, difficulty=2,
        cases=[(np.array([[1.0, 3], [3, 1]]),), (MEET,), (MEET * 10,), (MORE + MORE.T,)],
        mistakes=[
            Mistake("keeps what is less than chance", lambda c: information(c, keep=False),
                    "Below chance, 0 is wanted, the P of PPMI: a pair that never met would be −∞."),
            Mistake("forgets the logarithm",
                    lambda c: information(c, log=lambda times: times, keep=False),
                    "Asked for is the logarithm of how many times as often."),
            Mistake("cuts the ratio instead of its logarithm",
                    lambda c: np.maximum(information(c, log=lambda t: t - 1), 0),
                    "First the logarithm, then nothing below 0."),
            Mistake("takes the logarithm of the counts",
                    lambda c: information(c, chance=lambda c: 1),
                    "Divide by what chance would give first: row sum · column sum / total."),
            Mistake("compares with far too much",
                    lambda c: information(c, chance=lambda c: np.outer(c.sum(1), c.sum(0))),
                    "It is 0 everywhere. What chance gives is row sum · column sum / total, a "
                    "count: without the total, or by the row alone, nothing ever exceeds it."),
            Mistake("multiplies sums along one axis",
                    lambda c: information(c, chance=lambda c: c.sum(1) * c.sum(0) / c.sum()),
                    "counts.sum(1) * counts.sum(0) multiplies number by number: make the row sums "
                    "a column with keepdims=True, so that each meets each."),
            Mistake("uses logarithms to base 2", lambda c: information(c, log=np.log2),
                    "The natural logarithm is wanted, np.log: base 2 gives 1.44 times as much."),
            Mistake("adds one to the counts",
                    lambda c: information(c, log=np.log1p),
                    "log(1 + x) is not log(x): where a pair never met, put 0 yourself."),
        ],
        hints=["What chance gives: counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum().",
               "counts / by_chance is how many times as often as by chance.",
               "np.maximum(times, 1) before the logarithm gives 0 where it is less, or never."],
    ),
    "13.5": Exercise(
        "a is to b as c is to …", "analogy", minutes=6, difficulty=2,
        cases=[(FAN, 0, 2, 1), (FAN, 1, 3, 4), (FAN, 6, 4, 2), (MANY, 0, 1, 2), (MANY, 5, 9, 3),
               (MANY, 11, 4, 7)],
        mistakes=[
            Mistake("may answer with a word of the question",
                    lambda v, a, b, c: answer(v, a, b, c, exclude=False),
                    "a, b and c are out of the search: else c or b, which are in the sum, win."),
            Mistake("goes from b to a",
                    lambda v, a, b, c: answer(v, a, b, c, signs=(1, -1, 1)),
                    "The step from a to b is b − a; add it to c."),
            Mistake("adds all three", lambda v, a, b, c: answer(v, a, b, c, signs=(1, 1, 1)),
                    "a is subtracted: b − a + c."),
            Mistake("forgets the step", lambda v, a, b, c: answer(v, a, b, c, signs=(0, 0, 1)),
                    "That is the nearest to c alone: add b − a."),
            Mistake("starts at b alone", lambda v, a, b, c: answer(v, a, b, c, signs=(0, 1, 0)),
                    "That is the nearest to b alone: the place is b − a + c."),
            Mistake("gives the farthest",
                    lambda v, a, b, c: answer(v, a, b, c, farthest=True),
                    "The largest cosine is the nearest: argmax."),
            Mistake("returns the cosine",
                    lambda v, a, b, c: float(np.delete(v @ (v[b] - v[a] + v[c]), [a, b, c]).max()),
                    "Return which row it is: argmax, not max."),
            Mistake("numbers the rows that are left",
                    lambda v, a, b, c: int(np.delete(v @ (v[b] - v[a] + v[c]), [a, b, c]).argmax()),
                    "When a, b and c are deleted the rows behind them move up: set their cosine to "
                    "−np.inf instead."),
        ],
        hints=["target = vectors[b] - vectors[a] + vectors[c]",
               "The rows have length 1, so vectors @ target orders them as the cosine does.",
               "Set the cosine at a, b and c to -np.inf, then argmax."],
    ),
}  # fmt: skip
