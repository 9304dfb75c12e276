"""Reading a story by the grammar's own words: its sentences, its names, who a pronoun means."""
import re

from coursekit.tales.words import BOYS, GIRLS, LOOKS, NAMES, OBJECTS

ANY_NAME, ANY_LOOK, ANY_OBJECT = "|".join(NAMES), "|".join(LOOKS), "|".join(OBJECTS)
NAME = re.compile(rf"\b({ANY_NAME})\b")
OBJECT = re.compile(rf"\b(?:({ANY_LOOK}) )?({ANY_OBJECT})\b")
PERSON = re.compile(rf"\b({ANY_NAME}|[Ss]he|[Hh]er|[Hh]e|[Hh]im|[Hh]is)\b")
QUOTED = re.compile(r'"[^"]*"?')
GENDER = {**dict.fromkeys(GIRLS + ("she", "her"), "she"),
          **dict.fromkeys(BOYS + ("he", "him", "his"), "he")}


def sentences(text):
    """The sentences, with what is quoted taken out.

    >>> sentences('"Oh, Tom! Here." said Mia. She ran.')
    ['said Mia', 'She ran']
    """
    parts = (part.strip() for part in re.split(r"[.!?]", QUOTED.sub("", text)))
    return [part for part in parts if part]


def with_person(text):
    """(sentence, name) pairs: whom each pronoun of the sentence means, by the rule of `teller`.

    The name is that of the first person mentioned; where this is a pronoun, of the sentence with
    a person before; None before anybody is named.

    >>> with_person("Mia had a kite. It rained. She gave it to Tom.")[2]
    ('She gave it to Tom', 'Mia')
    """
    person, pairs = None, []
    for sentence in sentences(text):
        first = PERSON.search(sentence)
        if first and first[0] in NAMES:
            person = first[0]
        pairs.append((sentence, person))
    return pairs
