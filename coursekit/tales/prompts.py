"""Beginnings of stories, for a model to go on with."""
from coursekit.tales.held_out import PAIRS, SUMS, TRAINED_PAIRS, TRAINED_SUMS
from coursekit.tales.openings import opening
from coursekit.tales.scenes import gather, travel
from coursekit.tales.story import teller

KINDS = ("held_out", "trained", "sums", "trained_sums")


def prompts(kind="held_out", count=100, seed=0):
    """`count` beginnings, as strings that end without a space.

    "held_out"      hero and object are a pair that no training story has together
    "trained"       hero and object are such as training stories have
    "sums"          a story up to "... made" with two numbers that are never added in training
    "trained_sums"  the same with numbers that are
    Beginnings of trained kinds are drawn anew, not copied from the training stories.
    Raises ValueError for another kind.

    >>> prompts("held_out", 1)
    ['Emma lived in a small house near the forest and had a green flute.']
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}: choose one of {', '.join(KINDS)}")
    begin = unfinished_sum if "sums" in kind else beginning
    pairs = PAIRS if kind == "held_out" else TRAINED_PAIRS
    sums = SUMS if kind == "sums" else TRAINED_SUMS
    return [begin(teller(pairs, sums, kind, seed, index)) for index in range(count)]


def beginning(t):
    """The one to three sentences that name hero and object."""
    opening(t)
    return " ".join(t.sentences)


def unfinished_sum(t):
    """Up to the word before the sum."""
    opening(t)
    travel(t)
    gather(t)
    head, _, _ = " ".join(t.sentences).rpartition(f" {t.sums[-1][2]} ")
    return head
