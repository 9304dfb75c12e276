"""What no training story ever says: some people with some objects, some additions in one order.

The rules are arithmetic on the tables, so they hold for every seed, and are kept by the strong
reading: where (Mia, drum) is held out, no training story has both words in it, in any part.
Additions are held out as ordered pairs: with (3, 8) held out, 3 + 8 is never written but 8 + 3 is.
"""
from coursekit.tales.words import NAMES, OBJECTS

LARGEST = 12   # of the two numbers of an addition


def held_out_pair(name, thing):
    """Whether this person never has to do with this object in a training story.

    >>> held_out_pair("Mia", "kite"), held_out_pair("Mia", "lamp")
    (False, True)
    """
    return (NAMES.index(name) + list(OBJECTS).index(thing)) % 10 == 3


def held_out_sum(first, second):
    """Whether first + second is never written in a training story (in this order).

    >>> held_out_sum(3, 10), held_out_sum(10, 3)
    (True, False)
    """
    return first != second and (5 * first + 3 * second) % 11 == 1


PAIRS = tuple((name, thing) for name in NAMES for thing in OBJECTS if held_out_pair(name, thing))
SUMS = tuple((a, b) for a in range(1, LARGEST + 1) for b in range(1, LARGEST + 1)
             if held_out_sum(a, b))
TRAINED_SUMS = tuple((a, b) for a in range(1, LARGEST + 1) for b in range(1, LARGEST + 1)
                     if not held_out_sum(a, b))
TRAINED_PAIRS = tuple((name, thing) for name in NAMES for thing in OBJECTS
                      if not held_out_pair(name, thing))
FRIENDS = {thing: tuple(name for name in NAMES if not held_out_pair(name, thing))
           for thing in OBJECTS}
