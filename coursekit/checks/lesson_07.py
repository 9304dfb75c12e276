"""What the exercises of lesson 07 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake

_random = np.random.default_rng(7)


def whole(*shape):
    """Small whole numbers, so that an example can be followed by hand."""
    return _random.integers(-3, 4, shape).astype(float)


def energy(array):
    return (array**2).sum()


def places(layers, own=False, before=False):
    """The receptive field, with the wrong step: this layer's stride alone, or already in it."""
    size, step = 1, 1
    for kernel, stride in layers:
        size += (kernel - 1) * (step * stride if before else step)
        step = stride if own else step * stride
    return size


def backwards(layers):
    """The rule that goes from the last layer to the first, in whatever order it is given them."""
    size = 1
    for kernel, stride in layers:
        size = (size - 1) * stride + kernel
    return size


def pairs(faces, others, tie=0.5):
    """The share of pairs in which the face has more; a tie counts that much."""
    faces, others = np.asarray(faces)[:, None], np.asarray(others)[None, :]
    return (faces > others).mean() + tie * (faces == others).mean()


def of_units(values, is_face, rows):
    """The AUC of each unit on some of the images."""
    return np.array([pairs(unit[rows & is_face], unit[rows & ~is_face]) for unit in values.T])


def chosen(values, is_face, on, measured):
    """The AUC, on the images `measured`, of the unit that is best on the images `on`."""
    best = of_units(values, is_face, on).argmax()
    return of_units(values, is_face, measured)[best]


def the_sum(maps):
    """The sum of all maps."""
    return maps.sum()


def the_largest(maps):
    """The largest value of all maps."""
    return maps.max()


def class_score(maps):
    """A class that likes the first map and dislikes the last."""
    return maps[0].sum() - 2 * maps[-1].sum() + maps.sum() / 4


def call_fall(answer, maps, k, rest):
    """The answer's number; in words, if it changed the maps that it was given."""
    given = maps.copy()
    got = answer(given, k, rest)
    return got if got is None or (given == maps).all() else f"{got}, and the maps are changed"


def silenced(maps, index):
    """A copy with zeros at an index."""
    other = maps.copy()
    other[index] = 0
    return other


def in_place(maps, k, rest):
    before = rest(maps)
    maps[k] = 0
    return before - rest(maps)


def too_late(maps, k, rest):
    without = maps
    without[k] = 0
    return rest(maps) - rest(without)


def but(maps, k):
    """The channels other than k."""
    return [c for c in range(len(maps)) if c != k]


GREY, RED = np.ones((3, 1, 1)), np.array([1.0, 0, 0]).reshape(3, 1, 1)
OPPONENT = np.array([1.0, -1, 0]).reshape(3, 1, 1)
TWO = np.array([[[1.0]], [[2.0]]])
VALUES = np.array([[3, 1, 5, 2], [4, 2, 1, 2], [1, 3, 6, 2], [0, 2, 2, 1],
                   [5, 4, 3, 9], [2, 6, 4, 1], [3, 1, 7, 3], [1, 2, 5, 4]], float)
IS_FACE = np.array([1, 1, 0, 0, 1, 1, 0, 0], bool)
FIRST = np.array([1, 1, 1, 1, 0, 0, 0, 0], bool)
EVEN = np.arange(8) % 2 == 0
# Two units, two images to choose with, two to measure: the luckier one fails on the others.
LUCK = np.array([[1.0, 2], [1, 1], [2, 1], [1, 2]]), np.array([1, 0, 1, 0], bool)

EXERCISES = {
    "7.1": Exercise(
        "How much of it is colour?", "off_grey", minutes=6, difficulty=1,
        cases=[(GREY,), (OPPONENT,), (RED,), (whole(3, 1, 2),), (whole(3, 3, 3),)],
        mistakes=[
            Mistake("gives the grey part", lambda k: 3 * energy(k.mean(0)) / energy(k),
                    "That is the share on the grey axis; asked for is the rest, one minus it."),
            Mistake("counts the grey once", lambda k: 1 - energy(k.mean(0)) / energy(k),
                    "The mean stands in all three colours: its squares count three times."),
            Mistake("takes one mean for the whole kernel",
                    lambda k: energy(k - k.mean()) / energy(k),
                    "Each pixel has its own grey: the mean over the three colours, axis 0."),
            Mistake("takes each colour's mean off",
                    lambda k: energy(k - k.mean((1, 2), keepdims=True)) / energy(k),
                    "Grey is what the three colours of one pixel share: the mean over axis 0."),
            Mistake("takes the mean along a row",
                    lambda k: energy(k - k.mean(-1, keepdims=True)) / energy(k),
                    "The three colours are the first axis: kernel.mean(axis=0)."),
            Mistake("adds magnitudes instead of squares",
                    lambda k: abs(k - k.mean(0)).sum() / abs(k).sum(),
                    "Energy is the sum of squares."),
            Mistake("does not divide", lambda k: energy(k - k.mean(0)),
                    "Asked for is a share: divide by the energy of the kernel."),
        ],
        hints=["The grey part of a pixel is the mean of its three weights: kernel.mean(axis=0).",
               "What is off the grey axis is kernel - kernel.mean(axis=0).",
               "Sum of its squares, divided by the sum of the kernel's squares."],
    ),
    "7.2": Exercise(
        "What does one output see?", "receptive_field", minutes=8, difficulty=2,
        cases=[([(3, 1)],), ([(3, 1), (3, 1)],), ([(3, 2), (3, 1)],), ([(2, 2), (2, 2), (2, 2)],),
               ([(3, 1), (2, 2), (5, 1)],), ([(11, 2), (3, 2), (5, 1), (3, 2)],)],
        mistakes=[
            Mistake("adds the kernels", lambda layers: sum(k for k, _ in layers),
                    "Two kernels of 3 in a row see 5 pixels: neighbours overlap. A layer adds "
                    "kernel − 1 places."),
            Mistake("ignores the strides", lambda layers: 1 + sum(k - 1 for k, _ in layers),
                    "After a stride of 2, neighbours in the map are 2 pixels apart in the image."),
            Mistake("counts a layer's own stride", lambda layers: places(layers, before=True),
                    "A layer's kernel lies on the map before its stride: the stride counts for "
                    "the layers after it."),
            Mistake("uses the last stride only", lambda layers: places(layers, own=True),
                    "The steps of all layers before multiply: 2 · 2 = 4 pixels after two of 2."),
            Mistake("multiplies the kernels",
                    lambda layers: int(np.prod([k for k, _ in layers])),
                    "That is right where windows do not overlap; here they do."),
            Mistake("runs the backward rule forwards", backwards,
                    "(size − 1) · stride + kernel goes from the last layer to the first."),
            Mistake("starts from 0", lambda layers: places(layers) - 1,
                    "Without any layer an output is one pixel: start with size 1."),
            Mistake("adds whole kernels",
                    lambda layers: places([(k + 1, stride) for k, stride in layers]),
                    "One of the kernel's places is counted already: it adds kernel − 1."),
            Mistake("adds the strides up",
                    lambda layers: 1 + sum((k - 1) * (1 + sum(s for _, s in layers[:n]))
                                           for n, (k, _) in enumerate(layers)),
                    "Steps multiply: after two strides of 2 neighbours are 4 pixels apart."),
        ],
        hints=["Keep two numbers: the size seen so far, and how many pixels apart neighbours are.",
               "A layer adds (kernel − 1) · step pixels.",
               "After it, step = step · stride."],
    ),
    "7.3": Exercise(
        "Knock one out", "fall", minutes=6, difficulty=2,
        cases=[(TWO, 1, the_sum), (TWO, 1, the_largest),
               (whole(3, 2, 2) + 4, 0, class_score), (whole(3, 2, 2) + 4, 2, class_score),
               (whole(4, 3, 3) + 4, 1, the_largest)],
        call=call_fall,
        mistakes=[
            Mistake("gives the rise", lambda m, k, r: r(silenced(m, k)) - r(m),
                    "The fall is what was there before minus what is left."),
            Mistake("gives what is left", lambda m, k, r: r(silenced(m, k)),
                    "Asked for is the difference to rest(maps)."),
            Mistake("changes the maps it was given", in_place,
                    "The number is right, but the maps are spoilt for the next unit: work on "
                    "maps.copy()."),
            Mistake("compares the changed maps with themselves", too_late,
                    "`without = maps` is no copy: both names mean the same array. maps.copy()."),
            Mistake("silences a row of every map",
                    lambda m, k, r: r(m) - r(silenced(m, np.s_[:, k])),
                    "The first axis counts the channels: without[k] = 0."),
            Mistake("silences all the others",
                    lambda m, k, r: r(m) - r(silenced(m, but(m, k))),
                    "Only channel k is to be silent."),
            Mistake("takes the channel out", lambda m, k, r: r(m) - r(np.delete(m, k, 0)),
                    "Then the channels behind it move up by one, and the rest of the network reads "
                    "the wrong ones: leave it in its place, with zeros."),
        ],
        hints=["Copy the maps first: without = maps.copy().",
               "without[k] = 0 silences channel k everywhere.",
               "rest(maps) - rest(without)."],
    ),
    "7.4": Exercise(
        "Every face against every other", "auc", minutes=7, difficulty=2,
        cases=[([1.0], [0.0]), ([1.0], [1.0]), ([0.0], [1.0]), ([3.0, 1.0], [2.0, 0.0]),
               ([2.0, 2.0, 5.0], [2.0, 1.0]), ([0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 2.0])],
        mistakes=[
            Mistake("counts a tie as lost", lambda a, b: pairs(a, b, 0),
                    "Two equal values cannot be told apart: half a point. (Silent units would "
                    "otherwise score 0 instead of ½.)"),
            Mistake("counts a tie as won", lambda a, b: pairs(a, b, 1),
                    "Two equal values cannot be told apart: half a point. (A unit that is always "
                    "silent would otherwise be perfect.)"),
            Mistake("asks for the smaller value", lambda a, b: 1 - pairs(a, b),
                    "The point is given where the face has the larger value."),
            Mistake("compares the lists in order",
                    lambda a, b: np.mean([(x > y) + (x == y) / 2
                                          for x, y in zip(a, b, strict=False)]),
                    "Every face is compared with every other picture, not only with its neighbour "
                    "in the list."),
            Mistake("compares the means", lambda a, b: float(np.mean(a) > np.mean(b)),
                    "Count pairs: the mean says nothing of how often it is right."),
            Mistake("does not divide by the number of pairs",
                    lambda a, b: pairs(a, b) * len(a) * len(b),
                    "There are len(faces) · len(others) pairs: give the share won."),
        ],
        hints=["Two loops: over the faces, and over the others.",
               "One point where the face's value is larger, half a point where they are equal.",
               "With arrays: faces[:, None] > others[None, :] compares all pairs at once."],
    ),
    "7.5": Exercise(
        "Choose here, measure there", "honest", minutes=8, difficulty=2,
        cases=[(*LUCK, np.arange(4) < 2), (VALUES, IS_FACE, FIRST),
               (VALUES, IS_FACE, ~FIRST), (VALUES[:, :2], IS_FACE, FIRST),
               (VALUES[:, ::-1].copy(), IS_FACE[::-1].copy(), EVEN),
               (_random.permutation(VALUES), IS_FACE, EVEN)],
        mistakes=[
            Mistake("measures where it chose", lambda v, y, f: of_units(v, y, f).max(),
                    "The best of many is partly luck, and the luck stays in that half."),
            Mistake("chooses where it measures", lambda v, y, f: of_units(v, y, ~f).max(),
                    "That picks the best unit of the second half: choose with the first alone."),
            Mistake("measures on all images", lambda v, y, f: chosen(v, y, f, f | ~f),
                    "The first half helped to choose: leave it out."),
            Mistake("chooses on all images", lambda v, y, f: chosen(v, y, f | ~f, ~f),
                    "The second half must not help to choose."),
            Mistake("gives the unit's number",
                    lambda v, y, f: float(of_units(v, y, f).argmax()),
                    "Asked for is its AUC on the images that were not used to choose."),
            Mistake("takes the halves the other way", lambda v, y, f: chosen(v, y, ~f, f),
                    "`first` marks the images to choose with: measure on ~first."),
        ],
        hints=["First a score for every unit on the images of the first half.",
               "best = np.argmax(scores) is the chosen unit.",
               "Then auc(values[~first & is_face, best], values[~first & ~is_face, best])."],
    ),
}  # fmt: skip
