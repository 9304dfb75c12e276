"""What is held out is nowhere in the text that models learn from: read from the text itself."""

import re

import pytest

from coursekit.tales import END, Tales, prompts
from coursekit.tales.held_out import PAIRS, SUMS, held_out_pair, held_out_sum
from coursekit.tales.words import NAMES, OBJECTS


def pairs_in(story):
    """Every (name, object) whose two words both stand in a text."""
    words = set(re.findall("[A-Za-z]+", story))
    return {(name, thing) for name in words & set(NAMES) for thing in words & set(OBJECTS)}


def sums_in(story):
    """The first two of every three numbers."""
    numbers = [int(number) for number in re.findall(r"\d+", story)]
    return set(zip(numbers[::3], numbers[1::3], strict=False))


@pytest.mark.parametrize("seed, count", [(0, 20_000), (1, 3_000), (7, 3_000), (12_345, 3_000)])
def test_no_story_of_any_seed_has_a_held_out_pair_or_sum(seed, count):
    stories = Tales(count, seed).text("all").split(END)
    pairs = set().union(*map(pairs_in, stories))
    sums = set().union(*map(sums_in, stories))
    assert not pairs & set(PAIRS)
    assert not sums & set(SUMS)
    assert len(pairs) == 24 * 20 - 48          # every other pair is told
    assert len(sums) == 12 * 12 - 12 if seed == 0 else len(sums) > 120


def test_every_person_and_every_object_is_held_out_twice_or_more_and_mostly_told():
    for name in NAMES:
        assert sum(held_out_pair(name, thing) for thing in OBJECTS) == 2
    for thing in OBJECTS:
        assert sum(held_out_pair(name, thing) for name in NAMES) in (2, 3)


def test_a_held_out_sum_is_told_the_other_way_round():
    assert all(not held_out_sum(b, a) for a, b in SUMS)
    stories = Tales(5_000).text("all").split(END)
    assert {(b, a) for a, b in SUMS} <= set().union(*map(sums_in, stories))


def test_held_out_beginnings_pair_what_no_story_pairs():
    for seed in (0, 1):
        for beginning in prompts("held_out", 300, seed):
            assert len(pairs_in(beginning)) == 1 and pairs_in(beginning) <= set(PAIRS)
    assert set().union(*map(pairs_in, prompts("held_out", 1000))) == set(PAIRS)


def test_trained_beginnings_do_not():
    assert not set().union(*map(pairs_in, prompts("trained", 300))) & set(PAIRS)


def test_beginnings_of_sums_stop_before_the_sum():
    for kind, held_out in (("sums", True), ("trained_sums", False)):
        for beginning in prompts(kind, 200):
            first, second = map(int, re.findall(r"\d+", beginning))
            assert held_out_sum(first, second) is held_out
            assert re.search(r"(made|had|cost)$", beginning)
            assert not pairs_in(beginning) & set(PAIRS)


def test_the_same_seed_gives_the_same_beginnings_and_a_longer_list_begins_with_them():
    assert prompts("held_out", 5, seed=3) == prompts("held_out", 9, seed=3)[:5]
    assert prompts("held_out", 5, seed=3) != prompts("held_out", 5, seed=4)


def test_an_unknown_kind_is_named_with_the_known_ones():
    with pytest.raises(ValueError, match="'new'.*held_out, trained, sums, trained_sums"):
        prompts("new")
