"""What the exercises of lesson 13 accept, and the mistakes they know."""

from itertools import pairwise

import numpy as np

from coursekit.checks.core import Exercise, Mistake, apply
from coursekit.checks.merging import (
    across,
    counted,
    encoded,
    longest_first,
    merged,
    merged_from_right,
    merged_where_bytes_agree,
    pieces,
    replaced_in_text,
    split,
    with_ranks,
)


def quietly(answer, counts):
    """The answer, without a warning where it takes the logarithm of 0 on its way."""
    with np.errstate(all="ignore"):
        return apply(answer, counts)


def by_chance(counts):
    return np.outer(counts.sum(1), counts.sum(0)) / counts.sum()


def information(counts, keep=True, log=np.log, chance=by_chance):
    """PPMI with a part left out or done otherwise."""
    value = log(counts / chance(counts))
    return np.maximum(value, 0) if keep else value


def cosines(vectors, a, b, c, signs=(-1, 1, 1), without=(0, 1, 2), to=-np.inf):
    """Of each row with signs · (a, b, c); those of the three that are left out are set `to`."""
    values = vectors @ np.dot(signs, vectors[[a, b, c]])
    values[[(a, b, c)[k] for k in without]] = to
    return values


def answer(*question, **otherwise):
    return int(cosines(*question, **otherwise).argmax())


def units(*angles):
    """Arrows of length 1 in the plane, by their angles in degrees."""
    turn = np.deg2rad(np.array(angles, float))
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


LOW = [(split("l o w"), 5), (split("l o w e r"), 2), (split("n e w e s t"), 6)]
AAA = [(split("a a a"), 3), (split("b a"), 1), (split("a"), 9)]
LATER = [(split("lo w"), 4), (split("lo w er"), 1), (split("w"), 7), (split("w lo"), 2)]
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
            Mistake("counts each word once", lambda w: counted(w, weigh=False),
                    "A word that occurs five times brings each of its pairs five times."),
            Mistake("overwrites the count of an earlier word", lambda w: counted(w, add=False),
                    "A pair may have been met before: add `times` to its count, do not set it."),
            Mistake("returns after the first word", lambda w: counted(w[:1]),
                    "The `return` stands inside the loop: it ends with the first word."),
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
               (split("ba b a b"), (b"a", b"b")), (split("a b b a a"), (b"b", b"a")),
               (split("n e w e s t"), (b"e", b"s"))],
        mistakes=[
            Mistake("merges nothing", lambda p, q: merged(p, q, most=0),
                    "A list never equals a tuple: compare tuple(parts[k : k + 2]) with pair."),
            Mistake("merges the first only", lambda p, q: merged(p, q, most=1),
                    "Every such pair in the word becomes one piece, not the first alone."),
            Mistake("merges from the right", merged_from_right,
                    "From left to right: a a a becomes aa a, as tiktoken does it."),
            Mistake("uses a piece twice", lambda p, q: merged(p, q, step=1),
                    "After a merge both pieces are used up: go on by two."),
            Mistake("uses a piece twice and drops the last",
                    lambda p, q: merged(p, q, step=1, last=False),
                    "After a merge go on by two, and mind the last piece, which begins no pair."),
            Mistake("drops the last piece", lambda p, q: merged(p, q, last=False),
                    "A last piece without a partner stays: a word must not lose bytes."),
            Mistake("compares joined bytes", merged_where_bytes_agree,
                    "(ab, c) and (a, bc) join to the same bytes, and only one of them is the "
                    "pair asked for: compare both pieces."),
            Mistake("replaces within the written word", replaced_in_text,
                    "In ba b the text a b is found, and is no pair of pieces: compare pieces. "
                    "And a piece may hold a space."),
            Mistake("puts the pair in instead of its bytes",
                    lambda p, q: merged(p, q, made=[q]),
                    "The new piece is left + right, one string of bytes, not the pair."),
            Mistake("removes the pair", lambda p, q: merged(p, q, made=[]),
                    "The two pieces make room for one that has the bytes of both."),
        ],
        hints=["Go through the parts with an index k, and build a new list.",
               "Where (parts[k], parts[k + 1]) == pair, append left + right and go on by two.",
               "Otherwise append parts[k] and go on by one; mind the last piece."],
    ),
    "13.3": Exercise(
        "Encode a word", "encode", minutes=9, difficulty=3,
        cases=[*map(with_ranks, (b"a", b"in", b"on", b"there", b" the", b"thing", b"here",
                                 b"singing", b" thermal", b"house", b"nonsense"))],
        call=lambda encode, word, learned: apply(encode, word, learned.ranks()),
        mistakes=[
            Mistake("takes the longest token from the left", longest_first,
                    "That is another rule, and cuts otherwise: merges come in the order in which "
                    "they were learned, the lowest rank first."),
            Mistake("merges the leftmost pair that is a token",
                    lambda w, r: encoded(w, r, by=int),
                    "Of all pairs that are tokens the one of lowest rank comes first, wherever "
                    "it stands."),
            Mistake("takes the rightmost pair that is a token",
                    lambda w, r: encoded(w, r, choose=max, by=int),
                    "Of all pairs that are tokens the one of lowest rank comes first."),
            Mistake("merges the highest rank first", lambda w, r: encoded(w, r, choose=max),
                    "The pair learned first is merged first: the lowest rank."),
            Mistake("merges one pair", lambda w, r: encoded(w, r, most=1, everywhere=True),
                    "After a merge look again: the new piece may be half of a further pair."),
            Mistake("merges at one place", lambda w, r: encoded(w, r, most=1),
                    "After a merge look again: the pair may stand elsewhere, or a further one."),
            Mistake("gives bytes, not numbers", pieces, "Return ranks[part] for each part."),
            Mistake("does not merge", lambda w, r: encoded(w, r, most=0),
                    "Those are the bytes: merge pairs as long as one of them is a token."),
        ],
        hints=["Start with parts = [bytes([value]) for value in word].",
               "Among the pairs whose joined bytes are in ranks, take the one of lowest rank.",
               "Merge it with your merge(), and again, until no pair is in ranks; then look up "
               "the rank of each part."],
    ),
    "13.4": Exercise(
        "More often than by chance", "ppmi", minutes=7, difficulty=2,
        cases=[(np.array([[1.0, 3], [3, 1]]),), (MEET,), (MEET * 10,), (MORE + MORE.T,)],
        call=quietly,
        mistakes=[
            Mistake("keeps what is less than chance", lambda c: information(c, keep=False),
                    "Below chance, 0 is wanted, the P of PPMI: a pair that never met would be −∞."),
            Mistake("puts 0 only where nothing was counted",
                    lambda c: np.nan_to_num(information(c, keep=False), neginf=0),
                    "Where a pair meets less often than by chance, too, 0 is wanted."),
            Mistake("subtracts what chance gives", lambda c: np.maximum(c - by_chance(c), 0),
                    "Not how many more, how many times as many: divide, and take the logarithm."),
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
            Mistake("adds one to the counts", lambda c: information(c, log=np.log1p),
                    "log(1 + x) is not log(x): where a pair never met, put 0 yourself."),
        ],
        hints=["What chance gives: counts.sum(1, keepdims=True) * counts.sum(0) / counts.sum().",
               "counts / by_chance is how many times as often as by chance.",
               "np.maximum(times, 1) before the logarithm gives 0 where it is less, or never."],
    ),
    "13.5": Exercise(
        "a is to b as c is to …", "analogy", minutes=6, difficulty=2,
        cases=[(units(0, 30, 60, 180), 0, 1, 2), (FAN, 0, 2, 1), (FAN, 1, 3, 4), (FAN, 6, 4, 2),
               (FAN, 1, 2, 3), (MANY, 0, 1, 2), (MANY, 5, 9, 3), (MANY, 11, 4, 7)],
        mistakes=[
            Mistake("may answer with a word of the question",
                    lambda v, *q: answer(v, *q, without=()),
                    "a, b and c are out of the search: else c or b, which are in the sum, win."),
            Mistake("leaves out only c", lambda v, *q: answer(v, *q, without=(2,)),
                    "b is in the sum as c is, and a may be near: none of the three may win."),
            *[Mistake(f"may answer with {'abc'[k]}",
                      lambda v, *q, k=k: answer(v, *q, without={0, 1, 2} - {k}),
                      "All three words of the question are out of the search.") for k in range(3)],
            Mistake("sets the cosines of the question's words to 0",
                    lambda v, *q: answer(v, *q, to=0),
                    "0 is more than a negative cosine, and may win: −np.inf never does."),
            Mistake("goes from b to a", lambda v, *q: answer(v, *q, signs=(1, -1, 1)),
                    "The step from a to b is b − a; add it to c."),
            Mistake("adds all three", lambda v, *q: answer(v, *q, signs=(1, 1, 1)),
                    "a is subtracted: b − a + c."),
            Mistake("forgets the step", lambda v, *q: answer(v, *q, signs=(0, 0, 1)),
                    "That is the nearest to c alone: add b − a."),
            Mistake("starts at b alone", lambda v, *q: answer(v, *q, signs=(0, 1, 0)),
                    "That is the nearest to b alone: the place is b − a + c."),
            Mistake("gives the farthest", lambda v, *q: answer(v, *q, signs=(1, -1, -1)),
                    "The largest cosine is the nearest: argmax."),
            Mistake("returns the cosine", lambda v, *q: float(cosines(v, *q).max()),
                    "Return which row it is: argmax, not max."),
            Mistake("returns a list", lambda v, *q: [answer(v, *q)],
                    "One number is wanted, without a list around it."),
            Mistake("returns the row itself", lambda v, *q: v[answer(v, *q)],
                    "Return the row's number, not what is in it."),
            Mistake("numbers the rows that are left",
                    lambda v, *q: int(np.delete(cosines(v, *q), q).argmax()),
                    "When a, b and c are deleted the rows behind them move up: set their cosine to "
                    "−np.inf instead."),
        ],
        hints=["target = vectors[b] - vectors[a] + vectors[c]",
               "The rows have length 1, so vectors @ target orders them as the cosine does.",
               "Set the cosine at a, b and c to -np.inf, then argmax."],
    ),
}  # fmt: skip
