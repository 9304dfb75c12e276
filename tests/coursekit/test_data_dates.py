"""Lines of dates: what is said and what is written name the same days."""

import re
from datetime import datetime

import numpy as np
import pytest

from coursekit.data import dates

FORMS = "%d %B %Y", "%B %d, %Y", "the %d of %B %Y"


def day_of(said):
    """What Python's own reader makes of a date as it is said."""
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", said)
    for form in FORMS:
        try:
            return datetime.strptime(plain, form).date()
        except ValueError:
            pass
    raise AssertionError(f"{said!r} is in none of the three forms")


def test_what_is_said_and_what_is_written_is_the_same_day():
    lines = dates.lines(200, number=3, seed=0)
    forms = set()
    for k in range(len(lines)):
        said, written = lines.text(k)
        parts = re.split("; | and ", said)
        assert [day_of(part).isoformat() for part in parts] == written.split(" ")
        forms |= {re.sub(r"[a-z]{3,}|\d+", "x", part) for part in parts}
    assert forms == {"x x x", "x x, x", "x xst of x x", "x xnd of x x", "x xrd of x x",
                     "x xth of x x"}


def test_the_seed_decides_and_only_the_seed():
    first, again, other = (dates.lines(5, 2, seed).said for seed in (1, 1, 2))
    assert first == again != other


def test_ids_are_places_in_the_lists_of_pieces():
    lines = dates.lines(4, number=2, seed=5)
    for row, said, written in zip(lines.ids(), lines.said, lines.written, strict=True):
        assert [dates.READS[n] for n in row[0] if n] == [*said, "<end>"]
        assert [dates.WRITES[n] for n in row[1] if n] == [*written, "<end>"]
    assert len(set(dates.READS)) == len(dates.READS)
    assert len(set(dates.WRITES)) == len(dates.WRITES)


def test_a_written_date_has_seven_places():
    ids = dates.lines(3, number=4, seed=0).ids()
    assert ((ids[:, 1] != 0).sum(1) == 4 * dates.PLACES).all()
    assert (ids[:, 1, dates.PLACES - 1] == dates.WRITES.index(" ")).all()


def test_each_symbol_is_written_from_the_piece_at_its_origin():
    lines = dates.lines(50, number=3, seed=2)
    for said, written, origins in zip(lines.said, lines.written, lines.origins(), strict=True):
        for symbol, origin in zip((*written, "<end>"), origins, strict=True):
            piece = said[origin] if origin >= 0 else symbol
            if piece in dates.MONTHS:
                piece = f"-{dates.MONTHS.index(piece) + 1:02}"
            elif symbol[0] == "-":
                piece = f"-{int(re.match('[0-9]+', piece)[0]):02}"
            assert symbol == piece
    assert (lines.origins()[:, dates.PLACES - 1 :: dates.PLACES] == -1).all()


def test_batches_have_one_number_of_dates_and_grow():
    made = dates.batches(100, size=3, most=4, seed=0)
    numbers = [set((ids[:, 1] != 0).sum(1) // dates.PLACES) for ids in made]
    assert all(len(some) == 1 for some in numbers)
    assert {n for some in numbers[:10] for n in some} == {1}
    assert {n for some in numbers[40:] for n in some} == {1, 2, 3, 4}
    assert all((a == b).all() for a, b in zip(made, dates.batches(100, 3, 4, 0), strict=True))


def test_right_counts_symbols_of_dates_and_not_the_spaces():
    wanted = dates.lines(2, number=2, seed=0).ids()[:, 1]
    written = wanted.copy()
    written[0, 6] = 3  # the space after the first date
    assert dates.right(written, wanted).all()
    written[1, 13 - 1] += 1  # the last day
    found = dates.right(written, wanted)
    assert found.shape == (2, 2, 6) and found.sum() == 23 and not found[1, 1, 5]
    assert dates.right(wanted[:, :3], wanted).sum() == 6  # what is missing is wrong


def test_a_guess_without_reading_is_right_in_about_a_fifth_of_the_symbols():
    wanted = dates.lines(4000, number=1, seed=0).ids()[:, 1]
    usual = np.array([np.bincount(column).argmax() for column in wanted.T])
    assert 0.20 < dates.right(np.tile(usual, (4000, 1)), wanted).mean() < 0.24


@pytest.mark.parametrize(("count", "number"), [(0, 1), (3, 0), (-1, 2)])
def test_too_few_are_refused_in_words(count, number):
    with pytest.raises(ValueError, match=f"{count} lines of {number} dates: expected at least one"):
        dates.lines(count, number)


def test_what_is_typed_is_cut_into_the_pieces_it_was_made_of():
    lines = dates.lines(50, number=3, seed=2)
    for k, said in enumerate(lines.said):
        assert dates.in_pieces(lines.text(k)[0]) == list(said)
    assert dates.in_pieces("  The 3rd of MARCH 1998") == ["the", "3rd", "of", "march", *"1998"]


@pytest.mark.parametrize(("typed", "word"), [("31 may 1990", "31"), ("3 mai 1990", "mai"),
                                             ("3 may 19905", "19905"), ("<end>", "<end>")])
def test_what_cannot_be_read_is_named(typed, word):
    with pytest.raises(ValueError, match=f"'{word}' cannot be read; the pieces are years"):
        dates.in_pieces(typed)
