"""Dates as people say them and as machines write them: a small translation task of our own.

A line holds one date or several, said in one of three ways each:
"7 may 1962; the 3rd of march 1998" is to be written "1962-05-07 1998-03-03". Nothing is stored.
"""

import re
from dataclasses import dataclass

import numpy as np

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
PLACES = 7  # of a written date: four digits, month, day, and the space or the end after them
DAYS = 28  # every month has them
YEARS = 1900, 2099
ENDINGS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd"}

# What is read and written, piece by piece. A piece's number is its place in the list; the first
# three are the same in both: nothing (padding), the start and the end of a line.
SPECIAL = ("·", "<start>", "<end>")
DIGITS = tuple("0123456789")
ORDINALS = tuple(f"{day}{ENDINGS.get(day, 'th')}" for day in range(1, DAYS + 1))
READS = (
    SPECIAL + DIGITS + tuple(str(day) for day in range(10, DAYS + 1)) + ORDINALS + MONTHS
    + ("the", "of", ",", ";", "and")
)  # fmt: skip
WRITES = SPECIAL + DIGITS + tuple(f"-{number:02}" for number in range(1, DAYS + 1)) + (" ",)


@dataclass(frozen=True)
class Lines:
    """Lines of dates, piece by piece: what is said, and what is to be written."""

    said: tuple[tuple[str, ...], ...]
    written: tuple[tuple[str, ...], ...]
    source: str

    def __len__(self):
        return len(self.said)

    def ids(self):
        """The numbers of the pieces, (line, 2, places): what is said, what is to be written.

        Each line ends in the number of <end> and is filled up with 0 to the longest of them all.

        >>> lines(2, number=1, seed=3).ids()[:, 1]
        array([[ 5,  3,  9,  5, 14, 18,  2,  0],
               [ 4, 12,  6,  9, 22, 37,  2,  0]])
        """
        pairs = list(zip(self.said, self.written, strict=True))
        places = max(len(pieces) for pair in pairs for pieces in pair) + 1
        filled = np.zeros((len(pairs), 2, places), np.int64)
        for row, pair in zip(filled, pairs, strict=True):
            for numbers, pieces, known in zip(row, pair, (READS, WRITES), strict=True):
                listed = [known.index(piece) for piece in (*pieces, "<end>")]
                numbers[: len(listed)] = listed
        return filled

    def origins(self):
        """The place of the piece that each symbol is written from, (line, symbol); −1: from none.

        Every line has to have as many dates as the others.

        >>> one = lines(1, number=1, seed=3)
        >>> one.text(0), one.origins().tolist()      # four digits, month, day, the end
        (('6 february 2062', '2062-02-06'), [[2, 3, 4, 5, 1, 0, -1]])
        """
        return np.array([_origins(pieces) for pieces in self.said])

    def text(self, line):
        """One line as a person would type it: what is said, and what is to be written.

        >>> lines(1, number=2, seed=3).text(0)
        ('6 february 2062; october 25, 1936', '2062-02-06 1936-10-25')
        """
        return in_words(self.said[line]), "".join(self.written[line])


def lines(count, number, seed=0):
    """`count` lines of `number` dates each, drawn anew from the seed.

    Days 1 to 28 of any month of the years 1900 to 2099: 67,200 dates, each said in three ways.
    Raises ValueError for less than one line or date.
    """
    if count < 1 or number < 1:
        raise ValueError(f"{count} lines of {number} dates: expected at least one of each")
    rng = np.random.default_rng(seed)
    pairs = [_line(rng, number) for _ in range(count)]
    said, written = zip(*pairs, strict=True)
    return Lines(said, written, "drawn at random by this course")


def batches(count, size, most, seed=0):
    """`count` arrays of `size` lines as `ids` gives them; one batch has one number of dates.

    The first batches have one date a line; over the first 40% of them it becomes up to `most`.
    """
    rng = np.random.default_rng(seed)
    limits = [1 + min(most - 1, int(most * k / (0.4 * count))) for k in range(count)]
    return [lines(size, rng.integers(1, limit + 1), rng).ids() for limit in limits]


def right(written, wanted):
    """Which symbols of the dates are right, (line, date, 6); both are numbers (line, places).

    Every line of `wanted` has the same number of dates; spaces and ends are not counted. A guess
    without reading is right in about 0.22 of the symbols and in one date of 67,200.

    >>> wanted = lines(2, number=3, seed=0).ids()[:, 1]
    >>> right(wanted, wanted).shape, bool(right(wanted[:, :13], wanted)[:, 2].any())
    ((2, 3, 6), False)
    """
    number = int((wanted != 0).sum(1).max()) // PLACES
    rows = np.zeros((len(wanted), number * PLACES), np.int64)
    there = np.asarray(written)[:, : rows.shape[1]]
    rows[:, : there.shape[1]] = there
    same = rows == np.asarray(wanted)[:, : rows.shape[1]]
    return same.reshape(len(rows), number, PLACES)[:, :, :-1]


def in_words(pieces):
    """The pieces of what is said, as one would type them.

    >>> in_words(["march", "14", ",", "1", "9", "9", "8", "and", "1", "may", "2", "0", "0", "1"])
    'march 14, 1998 and 1 may 2001'
    """
    text, before = "", ""
    for piece in pieces:
        glued = piece in (",", ";") or (piece.isdigit() and before in DIGITS and len(piece) == 1)
        text += piece if glued or not text else f" {piece}"
        before = piece
    return text


def in_pieces(text):
    """The pieces of a line that someone typed, to be read by a network.

    Raises ValueError for a word that is not among them, such as a day after the 28th.

    >>> in_pieces("march 14, 1998; 1 may 2001")[:8]
    ['march', '14', ',', '1', '9', '9', '8', ';']
    """
    pieces = []
    for word in re.findall(r"[^\s,;]+|[,;]", text.lower()):
        parts = list(word) if word.isdecimal() and len(word) == 4 else [word]
        if unknown := [part for part in parts if part not in READS[len(SPECIAL):]]:
            raise ValueError(f"{unknown[0]!r} cannot be read; the pieces are years, days from 1 to "
                             f"{DAYS} or 1st to {DAYS}th, months, and {', '.join(READS[-5:])}")
        pieces += parts
    return pieces


def _line(rng, number):
    said, written = [], []
    for k in range(number):
        one, other = _date(rng)
        said += ([(";", "and")[rng.integers(2)]] if k else []) + one
        written += ([" "] if k else []) + other
    return tuple(said), tuple(written)


def _origins(said):
    found, breaks = [], [j for j, piece in enumerate(said) if piece in (";", "and")]
    for first, end in zip([0, *(j + 1 for j in breaks)], [*breaks, len(said)], strict=True):
        month = next(j for j in range(first, end) if said[j] in MONTHS)
        day = next(j for j in range(first, end) if said[j][0].isdigit())
        found += [*range(end - 4, end), month, day, -1]  # the year's digits come last
    return found


def _date(rng):
    year, month, day = (int(rng.integers(*limits)) for limits in (
        (YEARS[0], YEARS[1] + 1), (1, 13), (1, DAYS + 1)))  # fmt: skip
    digits, name = list(str(year)), MONTHS[month - 1]
    said = (
        [str(day), name, *digits],
        [name, str(day), ",", *digits],
        ["the", ORDINALS[day - 1], "of", name, *digits],
    )[rng.integers(3)]
    return said, [*digits, f"-{month:02}", f"-{day:02}"]
