"""What changed in a classifier's answer, in words; which classes are worth a bar."""

import numpy as np

from vizkit.views.saying import quoted


def told(before, after, image, classes, texts=False):
    """The change for one image, and for how many of all another class is now the first.

    before, after: shares (image, class); texts: of texts, whose classes are the next tokens.

    >>> now = np.array([[0.2, 0.8]])
    >>> told(np.array([[0.9, 0.1]]), now, 0, ["cat", "dog"])
    'cat 0.900 → 0.200, now read as dog, 0.800'
    >>> told(now, now, 0, ["cat", "dog"])
    'read as dog, 0.800'
    >>> told(now, now, 0, [" red", " kite"], texts=True)
    'next “ kite”, 0.800'
    """
    read, noun = ("next", "texts") if texts else ("read as", "images")
    said = quoted if texts else str
    was, now = int(np.argmax(before[image])), int(np.argmax(after[image]))
    if np.array_equal(before, after):
        return f"{read} {said(classes[now])}, {after[image, now]:.3f}"
    words = f"{said(classes[was])} {both(before[image, was], after[image, was])}"
    words += (f", now {read} {said(classes[now])}, {after[image, now]:.3f}" if now != was
              else ", still the first")
    if len(before) == 1:
        return words
    turned = int((before.argmax(1) != after.argmax(1)).sum())
    are = "is" if turned == 1 else "are"
    are = f"{are} followed by" if texts else f"{are} read as"
    return f"{words}; {turned} of {len(before)} {noun} {are} something else"


def both(before, after):
    """Two shares with an arrow.

    >>> both(0.25, 0.5)
    '0.250 → 0.500'
    """
    return f"{before:.3f} → {after:.3f}"


def rows_of(before, after, top):
    """Numbers of the classes that have bars: the first ones before, then those new among the
    first ones after. The script has the same rule.

    >>> rows_of(np.array([0.1, 0.6, 0.3]), np.array([0.8, 0.1, 0.1]), 1)
    [1, 0]
    """
    first, then = ([int(k) for k in np.argsort(-np.nan_to_num(shares), kind="stable")[:top]]
                   for shares in (before, after))
    return first + [k for k in then if k not in first]
