"""Where text may be cut before byte pairs are made: words, as GPT-2 takes them. Learns nothing."""

from functools import cache

import regex

END = "<|endoftext|>"  # stands between two texts; a token of its own, never cut, never learned

# A contraction, or letters, digits or signs with the space before them, or white space.
PATTERN = (
    r"'s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)  # fmt: skip
WORD = regex.compile(PATTERN)
SURROGATE = regex.compile("[\ud800-\udfff]")


def words(text):
    """The words of a text, one after the other; joined they are the text.

    A space belongs to the word after it. Raises ValueError for half a character (`refuse_halves`).
    Source: the pattern of GPT-2, github.com/openai/gpt-2, encoder.py.

    >>> list(words("Let's eat 12 plums, now."))
    ['Let', "'s", ' eat', ' 12', ' plums', ',', ' now', '.']
    """
    refuse_halves(text)
    for match in WORD.finditer(text):
        yield match[0]


def refuse_halves(text):
    """Raise ValueError when the text holds a lone surrogate: half of a character has no bytes.

    >>> refuse_halves("half a smile: \\ud83d")
    Traceback (most recent call last):
    ...
    ValueError: character 14 is U+D83D, half of a character (a lone surrogate), which has no ...
    """
    if half := SURROGATE.search(text):
        raise ValueError(
            f"character {half.start():,} is U+{ord(half[0]):04X}, half of a character (a lone "
            "surrogate), which has no bytes in UTF-8: read the text from its file again, or "
            'drop such halves with text.encode("utf-8", "ignore").decode()'
        )


@cache
def spelled_out(pattern=PATTERN):
    r"""The pattern with \p{L} and \p{N} replaced by the letters and numerals themselves.

    Unicode gains letters every year, and two libraries need not know the same year's. Given the
    list, tiktoken cuts exactly where `regex` does.

    >>> spelled_out(r"[\p{N}]")[:12]
    '[0-9²-³¹-¹¼-'
    """
    everything = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    for kind in (r"\p{L}", r"\p{N}"):
        runs = regex.finditer(f"{kind}+", everything)
        pattern = pattern.replace(kind, "".join(f"{run[0][0]}-{run[0][-1]}" for run in runs))
    return pattern
