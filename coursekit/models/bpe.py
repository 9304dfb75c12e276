"""Byte-pair encoding: text as tokens, learned from text. Knows no model and no data set.

Start with the 256 bytes. Count which two tokens stand side by side most often, make that pair a
new token, and again. Source: P. Gage, "A new algorithm for data compression", 1994; for words
R. Sennrich, B. Haddow and A. Birch 2016, arXiv:1508.07909; on bytes A. Radford et al., GPT-2, 2019.
"""

import base64
import math
from collections import Counter, defaultdict
from itertools import chain, pairwise, permutations
from operator import index
from pathlib import Path

import regex
import tiktoken

from coursekit.models.pieces import END, spelled_out, words

BYTES = tuple(bytes([value]) for value in range(256))


def train(text, vocabulary=1024):
    """Learn ranks: a dict from each token's bytes to its number, in the order they were made.

    text: a string, or many of them (a list, a generator: words are counted once, then forgotten).
    vocabulary: how many tokens in all, of which 256 are bytes and one is <|endoftext|>, so that
    `vocabulary - 257` pairs are merged; fewer when the text runs out of pairs. No pair reaches
    over the end of a word (see `words`). Of pairs equally frequent, the one first in the text wins.

    >>> ranks = train("aaabdaaabac", vocabulary=260)
    >>> [token for token, rank in ranks.items() if rank >= 256]
    [b'aa', b'aaa', b'aaab']
    """
    if vocabulary < len(BYTES) + 1:
        raise ValueError(f"vocabulary is {vocabulary}, it needs 257: 256 bytes and {END}")
    texts = [text] if isinstance(text, str) else text
    parts = (part for text in texts for part in text.split(END))
    table = PairTable(Counter(chain.from_iterable(map(words, parts))))
    ranks = {byte: rank for rank, byte in enumerate(BYTES)}
    while len(ranks) < vocabulary - 1 and (pair := table.most_frequent()):
        ranks[pair[0] + pair[1]] = len(ranks)
        table.merge(pair)
    return ranks


class PairTable:
    """How often each pair of tokens occurs in a text, kept up to date while pairs are merged.

    Each different word is held once, with its count; `words_with` tells which words a pair occurs
    in, so that a merge touches these and no others.

    >>> table = PairTable({"low": 5, "lower": 2})
    >>> table.most_frequent(), table.counts[b"l", b"o"], table.counts[b"e", b"r"]
    ((b'l', b'o'), 7, 2)
    >>> table.merge((b"l", b"o"))
    >>> table.words
    [[b'lo', b'w'], [b'lo', b'w', b'e', b'r']]
    """

    def __init__(self, word_counts):
        self.words = [[bytes([value]) for value in word.encode()] for word in word_counts]
        self.times = list(word_counts.values())
        self.counts = Counter()
        self.words_with = defaultdict(set)
        for number in range(len(self.words)):
            self.add(number, +1)

    def add(self, number, sign):
        """Count the pairs of one word in (sign +1) or out (sign -1)."""
        for pair in pairwise(self.words[number]):
            self.counts[pair] += sign * self.times[number]
            if sign > 0:
                self.words_with[pair].add(number)

    def most_frequent(self):
        """The pair that occurs most often; of several the one first in the text; None if none."""
        most = max(self.counts.values(), default=0)
        if most <= 0:
            return None
        first = [pair for pair, count in self.counts.items() if count == most]
        return first[0] if len(first) == 1 else min(first, key=self.place)

    def place(self, pair):
        """Where a pair first occurs: number of the word, position in it."""
        number = min(n for n in self.words_with[pair] if pair in pairwise(self.words[n]))
        return number, list(pairwise(self.words[number])).index(pair)

    def merge(self, pair):
        """Make one token of this pair wherever it occurs."""
        for number in self.words_with.pop(pair):
            self.add(number, -1)
            self.words[number] = merged(self.words[number], pair)
            self.add(number, +1)
        del self.counts[pair]


def merged(parts, pair):
    """The same parts with each such pair made one, from left to right.

    >>> merged([b"a", b"a", b"a", b"b"], (b"a", b"a"))
    [b'aa', b'a', b'b']
    """
    result = []
    for part in parts:
        if result and (result[-1], part) == pair:
            result[-1] += part
        else:
            result.append(part)
    return result


class BytePairs:
    """Text to token numbers and back, by the ranks that `train` learned; made to be read.

    Its numbers are those of `encoding(ranks)`, which does the same in Rust, for work.
    special: texts that are one token each, numbered after the ranks.

    >>> pairs = BytePairs(train("low lower lowest", vocabulary=260))
    >>> pairs.encode("slow<|endoftext|>"), pairs.decode(pairs.encode("slow, höher"))
    ([115, 257, 259], 'slow, höher')
    """

    def __init__(self, ranks, special=(END,)):
        self.ranks = checked(ranks)
        self.special = numbered(special, len(ranks))
        self.tokens = {rank: token for token, rank in ranks.items()}
        self.tokens |= {number: text.encode() for text, number in self.special.items()}

    def encode(self, text):
        """Token numbers of a text; a special text in it becomes its one token."""
        ids = []
        for part in apart(text, self.special):
            ids += [self.special[part]] if part in self.special else self.encode_ordinary(part)
        return ids

    def encode_ordinary(self, text):
        """Token numbers of a text in which nothing is special: <|endoftext|> is 13 signs."""
        known, ids = {}, []
        for word in words(text):
            if word not in known:  # each different word is cut once
                known[word] = self.cut(word)
            ids += known[word]
        return ids

    def cut(self, word):
        """Token numbers of one word: of its pairs the one of lowest rank is merged, and again."""
        parts = [bytes([value]) for value in word.encode()]
        while len(parts) > 1:
            pair = min(pairwise(parts), key=self.rank)
            if self.rank(pair) == math.inf:
                break
            parts = merged(parts, pair)
        return [self.ranks[part] for part in parts]

    def rank(self, pair):
        """When this pair became a token; infinity when it never did."""
        return self.ranks.get(pair[0] + pair[1], math.inf)

    def decode(self, ids):
        """The text of token numbers; bytes that make no whole character become \ufffd."""
        return b"".join(map(self.decode_single_token_bytes, ids)).decode(errors="replace")

    def decode_single_token_bytes(self, number):
        """The bytes of one token."""
        number = index(number)  # a tensor's numbers are not equal to those they hold
        if number not in self.tokens:
            last = len(self.tokens) - 1
            raise ValueError(f"there is no token {number}: they are numbered from 0 to {last}")
        return self.tokens[number]


def apart(text, special):
    """Parts of a text, in turn without and with a special text; joined they are the text.

    >>> apart("one<|endoftext|>two", ["<|endoftext|>"])
    ['one', '<|endoftext|>', 'two']
    """
    if not special:
        return [text]
    return regex.split(f"({'|'.join(map(regex.escape, special))})", text)


def numbered(special, first):
    """Special texts and their numbers, from `first` on.

    Raises ValueError where one is empty, there twice or the beginning of another: which of the two
    is meant would be left to chance in tiktoken.

    >>> numbered(["<|user|>", "<|end|>"], first=500)
    {'<|user|>': 500, '<|end|>': 501}
    """
    clash = any(b.startswith(a) for a, b in permutations(special, 2))
    if isinstance(special, str) or "" in special or clash:
        raise ValueError(f"special is {special!r}: give a list of texts, none of which begins as "
                         f'another does, such as ["{END}"]')
    return {text: first + k for k, text in enumerate(special)}


def encoding(ranks, name="blocks", special=(END,)):
    """The same tokens as a `tiktoken.Encoding`, equal to `BytePairs` on every text, and quick.

    (But tiktoken gives up, with a panic, on more than a million white-space characters in a row.)
    `encode(text, allowed_special="all")` is our `encode`, `encode_ordinary` our `encode_ordinary`.

    >>> coded = encoding(train("low lower lowest", vocabulary=260))
    >>> coded.encode_ordinary("slow"), coded.n_vocab, coded.eot_token
    ([115, 257], 260, 259)
    """
    return tiktoken.Encoding(
        name,
        pat_str=spelled_out(),
        mergeable_ranks=checked(ranks),
        special_tokens=numbered(special, len(ranks)),
    )


def checked(ranks):
    """The ranks themselves; ValueError when they do not hold every byte, numbered from 0."""
    if lacking := [byte for byte in BYTES if byte not in ranks]:
        raise ValueError(f"{len(lacking)} of the 256 single bytes have no rank, the first is "
                         f"{lacking[0]}: all are needed, so that any text can be written")
    if sorted(ranks.values()) != list(range(len(ranks))):
        raise ValueError(f"the {len(ranks)} ranks are not the numbers 0 to {len(ranks) - 1}, "
                         "each once: take them as `train` or `load` gives them")
    return ranks


def save(ranks, path):
    """Write ranks as tiktoken does: a line for each token, its bytes in base64 and its rank."""
    rows = sorted(checked(ranks).items(), key=lambda row: row[1])
    Path(path).write_bytes(b"".join(b"%b %d\n" % (base64.b64encode(t), rank) for t, rank in rows))


def load(path):
    """Ranks from a file of that format, ours or tiktoken's own."""
    ranks = {}
    for number, line in enumerate(Path(path).read_bytes().splitlines(), 1):
        try:
            token, rank = line.split()
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except ValueError:
            raise ValueError(f"{path}, line {number}: {line[:60]!r} is not a token in base64, a "
                             "space and its rank: is it a file of ranks?") from None
    return checked(ranks)
