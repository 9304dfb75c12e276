"""Which words speak of which concept: the ground truth for features found in a model.

It is a reading of the text alone, so it serves for stories that a model wrote as well. Words that
the grammar uses in more than one sense (a tree, to cry) speak of none.
"""
import re

CONCEPTS = {
    "bridge": ("bridge",),
    "river": ("river",),
    "forest": ("forest",),
    "garden": ("garden", "flower", "flowers"),
    "market": ("market", "coin", "coins", "paid", "cost"),
    "teacher": ("teacher", "school"),
    "sea": ("sea", "beach", "waves", "shell", "shells"),
    "hill": ("hill",),
    "bread": ("bread", "bakery", "baker", "bun", "buns"),
    "farm": ("farm", "straw", "horse"),
    "boat": ("boat", "sailed", "rowed"),
    "sun": ("sun", "sunny"),
    "rain": ("rain", "rained", "rainy", "wet"),
    "snow": ("snow", "snowed", "snowy"),
    "wind": ("wind", "windy"),
    "night": ("night", "moon", "dark"),
    "fear": ("afraid", "scared", "trembled", "brave"),
    "sorrow": ("sad",),
    "music": ("music", "song", "sang", "drum", "flute"),
    "letter": ("letter",),
    "dog": ("dog", "barked"),
    "cat": ("cat", "purred"),
    "birthday": ("birthday", "cake"),
}
CONCEPT_OF = {word: concept for concept, words in CONCEPTS.items() for word in words}
WORDS = re.compile(r"\b(" + "|".join(sorted(CONCEPT_OF, key=len, reverse=True)) + r")\b", re.I)


def spans(text):
    """(concept, start, end) for every word that speaks of a concept; text[start:end] is the word.

    >>> spans("The bridge was dark.")
    [('bridge', 4, 10), ('night', 15, 19)]
    """
    return [(CONCEPT_OF[found[0].lower()], found.start(), found.end())
            for found in WORDS.finditer(text)]
