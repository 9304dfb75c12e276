"""A story: its text, what is true in it, and which words speak of which concept."""
from dataclasses import dataclass
from random import Random

from coursekit.tales.concepts import spans
from coursekit.tales.held_out import TRAINED_PAIRS, TRAINED_SUMS
from coursekit.tales.plots import story
from coursekit.tales.teller import Teller
from coursekit.tales.words import PRONOUNS


@dataclass(frozen=True)
class Story:
    """`facts`: hero, pronoun, object, look, friend (None when alone), places in order,
    sums as (a, b, a + b), holder: who has the object at the end (None when nobody has).
    """

    text: str
    facts: dict

    @property
    def spans(self):
        """(concept, start, end) in characters of the text, in order."""
        return spans(self.text)


def teller(pairs, sums, kind, seed, index):
    """A Teller with random numbers of its own, so that no story depends on those before it."""
    random = Random(f"{kind} {seed} {index}")
    hero, thing = pairs[int(random.random() * len(pairs))]
    return Teller(random, hero, thing, sums)


def tell(seed, index):
    """Story number `index` of a seed.

    >>> tell(0, 0).facts["hero"] in tell(0, 0).text
    True
    """
    t = teller(TRAINED_PAIRS, TRAINED_SUMS, "story", seed, index)
    story(t)
    return Story(" ".join(t.sentences), {
        "hero": t.hero, "pronoun": PRONOUNS[t.hero][0], "object": t.thing, "look": t.look,
        "friend": t.friend if t.met else None, "places": tuple(t.places), "sums": tuple(t.sums),
        "holder": t.holder})
