"""Byte pairs counted and merged wrongly, as learners do it, and the pieces it is tried on."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

BYTES = tuple(bytes([value]) for value in range(256))
MADE = (b"er", b"th", b"he", b"the", b" t", b"in", b"ing", b" th", b" the", b"re", b"ere", b"us",
        b"use", b"ou", b"ouse", b"no", b"on")  # in this order


def split(text):
    """Pieces of a word as they are written here, parted by spaces.

    >>> split("lo w")
    [b'lo', b'w']
    """
    return [piece.encode() for piece in text.split(" ")]


@dataclass(frozen=True)
class Learned:
    """Ranks: 256 bytes, then these pieces. Shown without the bytes, which would fill a page.

    >>> Learned((b"er", b"th"))
    {the 256 bytes, b'er': 256, b'th': 257}
    >>> len(Learned((b"er",)).ranks())
    257
    """

    pieces: tuple

    def ranks(self):
        return {token: rank for rank, token in enumerate((*BYTES, *self.pieces))}

    def __repr__(self):
        shown = [f"{token!r}: {rank}" for rank, token in enumerate(self.pieces, len(BYTES))]
        return f"{{{', '.join(['the 256 bytes', *shown])}}}"


def with_ranks(word):
    """A word, and the ranks of the bytes and of those of MADE that are in it."""
    return word, Learned(tuple(token for token in MADE if token in word))


def counted(words, pairs_of=pairwise, weigh=True, add=True):
    """Counts of what pairs_of(parts) gives; not weighed by how often a word occurs, or not added
    to what earlier words brought.

    >>> counted([([b"a", b"b"], 5), ([b"a", b"b"], 2)], add=False)
    {(b'a', b'b'): 2}
    """
    total = Counter()
    for parts, times in words:
        for pair in pairs_of(parts):
            total[pair] = (total[pair] if add else 0) + (times if weigh else 1)
    return dict(total)


def across(words):
    """Pairs also over the end of a word, as if all words were one."""
    return dict(Counter(pairwise([part for parts, _ in words for part in parts])))


def merged(parts, pair, made=None, step=2, most=None, last=True):
    """The pair merged from left to right, with a part done otherwise.

    made: what comes in its place; step: how far to go on after it; most: how many are merged;
    last: whether a last piece that begins no pair is kept.

    >>> merged([b"a", b"b", b"c"], (b"a", b"b"), step=1)
    [b'ab', b'b', b'c']
    """
    made, result, k = [pair[0] + pair[1]] if made is None else made, [], 0
    while k < len(parts) - (not last):
        found = tuple(parts[k : k + 2]) == pair and most != 0
        result += made if found else [parts[k]]
        most = most - 1 if found and most else most
        k += step if found else 1
    return result


def merged_from_right(parts, pair):
    """
    >>> merged_from_right([b"a", b"a", b"a"], (b"a", b"a"))
    [b'a', b'aa']
    """
    return merged(parts[::-1], pair[::-1], made=[pair[0] + pair[1]])[::-1]


def merged_where_bytes_agree(parts, pair):
    """Looks at the joined bytes instead of at the two pieces.

    >>> merged_where_bytes_agree([b"ab", b"c"], (b"a", b"bc"))
    [b'abc']
    """
    result = []
    for part in parts:
        if result and result[-1] + part == pair[0] + pair[1]:
            result[-1] += part
        else:
            result.append(part)
    return result


def replaced_in_text(parts, pair):
    """Replaces "a b" by "ab" in the word written with spaces, also within a longer piece.

    >>> replaced_in_text([b"ba", b"b"], (b"a", b"b"))
    [b'bab']
    """
    return b" ".join(parts).replace(b" ".join(pair), b"".join(pair)).split(b" ")


def pieces(word, ranks, choose=min, by=None, most=None, everywhere=False):
    """A word's pieces, merged at choose(places) until none is left, or `most` times.

    by: what a place is chosen by, its rank unless it is said otherwise; everywhere: whether a
    merge takes in all places with the same pair.

    >>> pieces(b"there", Learned((b"er", b"th")).ranks(), choose=max)
    [b'th', b'er', b'e']
    """
    parts = [bytes([value]) for value in word]
    while most != 0:
        found = {k: ranks[a + b] for k, (a, b) in enumerate(pairwise(parts)) if a + b in ranks}
        if not found:
            break
        k = choose(found, key=by or found.get)
        pair = parts[k], parts[k + 1]
        parts = merged(parts, pair) if everywhere else [*parts[:k], b"".join(pair), *parts[k + 2:]]
        most = most - 1 if most else most
    return parts


def encoded(word, ranks, **otherwise):
    return [ranks[piece] for piece in pieces(word, ranks, **otherwise)]


def longest_first(word, ranks):
    """The longest token from the left, and again.

    >>> longest_first(b"there", Learned((b"er", b"th", b"the", b"re")).ranks())
    [258, 259]
    """
    ids, start = [], 0
    while start < len(word):
        stop = max(s for s in range(start + 1, len(word) + 1) if word[start:s] in ranks)
        ids.append(ranks[word[start:stop]])
        start = stop
    return ids
