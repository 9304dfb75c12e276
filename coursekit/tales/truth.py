"""What holds in a story, read back by the grammar's own words.

On the grammar's stories everything holds; on a model's it is measured. Nothing here knows what
the teller meant: only the text is read.
"""
import re

from coursekit.tales.collection import END
from coursekit.tales.possession import replay
from coursekit.tales.reading import GENDER, NAME, OBJECT, PERSON, sentences, with_person
from coursekit.tales.words import NAMES

ASPECTS = ("hero", "object", "pronoun", "sums", "holder")


def judge(prompt, continuation=None):
    """A dict of True, False or None (nothing to judge) for what a continuation makes of a prompt.

    hero     the first name stays the hero's: each other name is brought in as "friend NAME", one
             at most, and a finished story (END in the text) names the hero in its last sentence
    object   the first object stays the object, and keeps its colour
    pronoun  every pronoun agrees with the person of its sentence
    sums     of the numbers, taken three by three, the third is the sum of the first two
    holder   who gives, takes, loses, finds, uses or has the object can do so
    With one argument the whole text is judged. What stands after the first END does not count.

    >>> wrong = " He gave the drum to Tom. 4 and 9 made 12. Mia still had the kite."
    >>> judge("Mia had a red kite.", wrong)
    {'hero': False, 'object': False, 'pronoun': False, 'sums': False, 'holder': False}
    >>> judge("Mia had a red kite.", " She flew the kite.")
    {'hero': None, 'object': True, 'pronoun': True, 'sums': None, 'holder': True}
    """
    return {aspect: all(found) if found else None
            for aspect, found in findings(prompt, continuation).items()}


def measure(stories):
    """(right, of) for each aspect, over many stories: [(prompt, continuation), …].

    Pronouns and sums are counted one by one, the others once a story; stories in which an aspect
    has nothing to judge do not count.

    >>> measure([("Mia had a red kite.", " She flew the kite. He ran to him.")])["pronoun"]
    (1, 3)
    """
    counts = {aspect: [] for aspect in ASPECTS}
    for prompt, continuation in stories:
        for aspect, found in findings(prompt, continuation).items():
            each = aspect in ("pronoun", "sums")
            counts[aspect] += found if each or not found else [all(found)]
    return {aspect: (sum(found), len(found)) for aspect, found in counts.items()}


def findings(prompt, continuation=None):
    """{aspect: one True or False for each thing in the continuation that can be judged}."""
    if continuation is None:
        prompt, continuation = "", prompt
    whole = prompt + continuation.split(END)[0]
    readers = {"hero": heroes, "object": objects, "pronoun": pronouns, "sums": sums,
               "holder": lambda text: replay(text)[1]}
    found = {aspect: reader(whole)[len(reader(prompt)):] for aspect, reader in readers.items()}
    if END in continuation and NAME.search(whole):
        last = " ".join(sentences(whole)[-1:])   # "" where everything is quoted
        found["hero"].append(NAME.search(whole)[0] in NAME.findall(last))
    return found


def heroes(text):
    """For each name: whether it may stand there: the hero's, or after "friend NAME" that one's."""
    allowed, found = [], []
    for name in NAME.finditer(text):
        brought_in = text[:name.start()].endswith("friend ")
        if not allowed or brought_in and len(allowed) == 1 and name[0] not in allowed:
            allowed.append(name[0])
            found.append(True)
        else:
            found.append(name[0] in allowed and not (brought_in and name[0] == allowed[0]))
    return found


def objects(text):
    """For each object: whether it is the first one, in the first one's colour."""
    found = OBJECT.findall(text)
    looks = [look for look, _ in found if look][:1]
    return [thing == found[0][1] and look in ("", *looks) for look, thing in found]


def pronouns(text):
    """For each pronoun: whether it agrees with the person of its sentence."""
    return [person is not None and GENDER[word.lower()] == GENDER[person]
            for sentence, person in with_person(text)
            for word in PERSON.findall(sentence) if word not in NAMES]


def sums(text):
    """For each third number: whether it is the sum of the two before."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    return [sum(numbers[i - 2:i]) == numbers[i] for i in range(2, len(numbers), 3)]
