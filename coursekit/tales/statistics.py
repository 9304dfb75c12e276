"""How many, how long, how often: what the room's docstring claims, counted."""
import re
from collections import Counter

from coursekit.tales.concepts import CONCEPTS
from coursekit.tales.held_out import PAIRS, SUMS, TRAINED_PAIRS, TRAINED_SUMS


def statistics(tales):
    """A dict of counts over all stories; shares are of stories, between 0 and 1.

    >>> from coursekit.tales import Tales
    >>> statistics(Tales(100))["held-out pairs"]
    48
    """
    stories = tales.stories
    count = len(stories)
    words = Counter(word for story in stories for word in re.findall("[A-Za-z]+", story.text))
    present = Counter(concept for story in stories for concept in {c for c, _, _ in story.spans})
    return {
        "stories": count,
        "characters": len(tales.text("all")),
        "characters a story": sum(len(story.text) for story in stories) / count,
        "longest story": max(len(story.text) for story in stories),
        "different stories": len({story.text for story in stories}),
        "different words": len({word.lower() for word in words}),
        "concepts": {concept: present[concept] / count for concept in CONCEPTS},
        "with a friend": share(stories, lambda facts: facts["friend"]),
        "with a sum": share(stories, lambda facts: facts["sums"]),
        "object ends with the friend": share(stories, lambda facts: facts["holder"]
                                             and facts["holder"] == facts["friend"]),
        "object ends lost": share(stories, lambda facts: facts["holder"] is None),
        "held-out pairs": len(PAIRS),
        "trained pairs": len(TRAINED_PAIRS),
        "held-out sums": len(SUMS),
        "trained sums": len(TRAINED_SUMS),
    }


def share(stories, holds):
    """The share of stories whose facts fulfil something."""
    return sum(bool(holds(story.facts)) for story in stories) / len(stories)
