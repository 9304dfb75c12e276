"""Who has the object, replayed sentence by sentence."""
import re

from coursekit.tales.reading import ANY_LOOK, ANY_NAME, ANY_OBJECT, NAME, OBJECT, with_person
from coursekit.tales.words import NAMES, OBJECTS

THE = rf"the (?:(?:{ANY_LOOK}) )?(?:{ANY_OBJECT})\b"
WHO = rf"({ANY_NAME}|[Ss]he|[Hh]e|her|him)"
GAVE = re.compile(rf"\bgave {THE}(?: back)? to {WHO}\b")
BROUGHT = re.compile(rf"[Dd]og .*\bbrought (?:it|{THE})(?: back)? to {WHO}\b")
TOOK = re.compile(rf"\btook {THE}")
LOST = re.compile(rf"\blost {THE}")
FOUND = re.compile(rf"\bfound {THE}")
GONE = re.compile(rf"\bnobody had {THE}|had to go on without it")
HAS = re.compile(rf"(?:\bstill|In the end \w+|Now \w+) had {THE}")
USED = re.compile("|".join(rf"\b{use.format(O=THE)}" for use in set(OBJECTS.values())))


def replay(text):
    """(holder, checks): who has the object at the end (None: nobody), and for each sentence that
    gives, takes, loses, finds, uses or has it, whether it agrees with what went before.

    At the beginning the first name has it.

    >>> replay("Mia had a red kite. She gave the kite to Tom. Now Tom had the kite.")
    ('Tom', [True, True])
    >>> replay("Mia had a red kite. She gave the kite to Tom. Now Mia had the kite.")
    ('Tom', [True, False])
    """
    named = NAME.search(text) and OBJECT.search(text)
    if not named:
        return None, []
    holder, checks = NAME.search(text)[0], []
    for sentence, person in with_person(text):
        if found := GAVE.search(sentence):
            checks.append(holder == person)
            holder = meant(found[1], person)
        elif found := BROUGHT.search(sentence):
            checks.append(holder is None)
            holder = meant(found[1], person)
        elif FOUND.search(sentence):
            checks.append(holder is None)
            holder = person
        elif LOST.search(sentence):
            checks.append(holder == person)
            holder = None
        elif TOOK.search(sentence):
            checks.append(holder is not None)
            holder = person
        elif GONE.search(sentence):
            checks.append(holder is None)
        elif HAS.search(sentence) or USED.search(sentence):
            checks.append(holder == person)
    return holder, checks


def meant(word, person):
    """The name itself, or whom a pronoun means."""
    return word if word in NAMES else person
