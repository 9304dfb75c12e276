"""Reads a story back by the grammar's own words and tells what is consistent in it.

Works on any text: on the grammar's stories everything is True; on a model's it is measured.
"""
import re

from coursekit.tales.collection import END
from coursekit.tales.words import BOYS, GIRLS, LOOKS, NAMES, OBJECTS

FRIENDS = 1   # that a tale may bring in
NAME = re.compile(r"\b(" + "|".join(NAMES) + r")\b")
THING = re.compile(r"\b(?:(" + "|".join(LOOKS) + r") )?(" + "|".join(OBJECTS) + r")\b")
FRIEND = re.compile(r"\bfriend (" + "|".join(NAMES) + r")\b")
PERSON = re.compile(r"\b(" + "|".join(NAMES) + r"|she|her|he|him|his)\b", re.I)
QUOTED = re.compile(r'"[^"]*"?')
GENDER = {**dict.fromkeys(GIRLS + ("she", "her"), "she"),
          **dict.fromkeys(BOYS + ("he", "him", "his"), "he")}


def judge(prompt, continuation=""):
    """What holds in a story: {"hero", "object", "pronoun", "sums"} → True, False or None.

    hero      the first name stays the hero's: every other name was brought in as "friend NAME",
              one at most, and a finished story (END) names the hero in its last sentence
    object    the first object stays the one that is spoken of, and keeps its colour
    pronoun   every pronoun agrees with the person of its sentence
    sums      of the numbers, taken three by three, the third is the sum of the first two
    None where there is nothing to judge: no name, no object, no pronoun, no finished sum.

    >>> judge("Mia had a red kite.", " He gave the drum to Tom. 4 and 9 made 12.")
    {'hero': False, 'object': False, 'pronoun': False, 'sums': False}
    """
    text = (prompt + continuation).split(END)[0]
    finished = END in prompt + continuation
    return {"hero": hero(text, finished), "object": thing(text), "pronoun": pronoun(text),
            "sums": sums(text)}


def sentences(text):
    """The sentences, with what is quoted taken out.

    >>> sentences('"Oh, Tom! Here." said Mia. She ran.')
    [' said Mia', ' She ran']
    """
    return [part for part in re.split(r"[.!?]", QUOTED.sub("", text)) if part.strip()]


def hero(text, finished=False):
    names = NAME.findall(text)
    if not names:
        return None
    friends = set(FRIEND.findall(text))
    if names[0] in friends or len(friends) > FRIENDS or set(names) - friends - {names[0]}:
        return False
    return not finished or names[0] in NAME.findall(sentences(text)[-1])


def thing(text):
    found = THING.findall(text)
    if not found:
        return None
    looks = {look for look, _ in found if look}
    return len({name for _, name in found}) == 1 and len(looks) <= 1


def pronoun(text):
    """Whether each pronoun agrees with the first person of its sentence (see `teller`)."""
    person, seen = None, False
    for sentence in sentences(text):
        people = PERSON.findall(sentence)
        if not people:
            continue
        if people[0] in NAMES:
            person = people[0]
        for word in people:
            if word not in NAMES:
                seen = True
                if person is None or GENDER[word.lower()] != GENDER[person]:
                    return False
    return True if seen else None


def sums(text):
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    triples = [numbers[i - 2:i + 1] for i in range(2, len(numbers), 3)]
    return all(a + b == c for a, b, c in triples) if triples else None
