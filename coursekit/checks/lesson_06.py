"""What the exercises of lesson 06 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake
from coursekit.models.convolution import correlate_all


def correlate(maps, kernels):
    """Every kernel over all maps, no padding: (n, rows, columns)."""
    windows = np.lib.stride_tricks.sliding_window_view(maps, kernels.shape[2:], axis=(1, 2))
    return np.einsum("cyxhw,nchw->nyx", windows, kernels)


def side_by_side(maps, kernels, groups, seen=None, own=None):
    """The right answer, unless `seen` or `own` say otherwise: which maps and kernels are whose."""
    maps = [maps[part] for part in (seen or blocks)(len(maps), groups)]
    kernels = [kernels[part] for part in (own or blocks)(len(kernels), groups)]
    return [correlate(*pair) for pair in zip(maps, kernels, strict=True)]


def blocks(count, groups):
    """Neighbours belong together: 0 1 2 | 3 4 5."""
    return np.arange(count).reshape(groups, -1)


def turns(count, groups):
    """They take turns: 0 2 4 | 1 3 5."""
    return np.arange(count).reshape(-1, groups).T


def only_first(count, groups):
    return blocks(count, groups)[:1].repeat(groups, 0)


def backwards(count, groups):
    return blocks(count, groups)[::-1]


def grouped(*arguments, **how):
    return np.concatenate(side_by_side(*arguments, **how))


def counted(weights, outputs, side):
    """Parameters and multiplications."""
    return weights + outputs, weights * side**2


def windows_of(squares, n, wrap=False):
    """Channel by channel the sum of squares of n neighbours, with or without a round trip."""
    half = n // 2
    if wrap:
        return sum(np.roll(squares, shift, 0) for shift in range(-half, half + 1))
    return around(squares, half, half)


def around(squares, before, after):
    """Sums over the channels from i - before to i + after, as far as there are any."""
    last = len(squares)
    return np.array([squares[max(0, i - before) : min(last, i + after + 1)].sum(0)
                     for i in range(last)])  # fmt: skip


def divided(a, sums, k, alpha, beta):
    return a / (k + alpha * sums) ** beta


def in_space(a, n):
    """The sum of squares of n x n neighbours in the same map."""
    half = n // 2
    padded = np.pad(a**2, ((0, 0), (half, half), (half, half)))
    return np.lib.stride_tricks.sliding_window_view(padded, (2 * half + 1,) * 2, (1, 2)).sum((3, 4))


def below_zero(a, n):
    """As Python slices where the first index is negative: nothing at all is summed there."""
    squares, half = a**2, n // 2
    return np.array([squares[i - half : i + half + 1].sum(0) for i in range(len(a))])


def in_place(a, k, n, alpha, beta):
    """Divides channel by channel, and squares what has been divided already."""
    a = a.copy()
    for i in range(len(a)):
        near = a[max(0, i - n // 2) : i + n // 2 + 1]
        a[i] = a[i] / (k + alpha * (near**2).sum(0)) ** beta
    return a


def seen(image, top, left, side, mirror):
    """The right answer of 6.4."""
    crop = image[top : top + side, left : left + side]
    return crop[:, ::-1] if mirror else crop


def shifted(images, values, vectors, alphas):
    """The right answer of 6.5, for the draws `alphas`, (n, 3) or anything that fits images."""
    shift = (alphas * values) @ vectors.T
    return images + (shift[:, None, None] if shift.ndim == 2 else shift)


def draws(seed, *shape, spread=0.1):
    return np.random.default_rng(seed).normal(0, spread, shape)


_random = np.random.default_rng(6)


def whole(*shape):
    """Small whole numbers, so that an example can be followed by hand."""
    return _random.integers(-3, 4, shape).astype(float)


PIXELS = np.arange(1.0, 5.0).reshape(4, 1, 1)  # four maps of one pixel: 1, 2, 3, 4
ONES = np.ones((2, 2, 1, 1))
NUMBERED = np.arange(3 * 4 * 3).reshape(3, 4, 3)  # every number tells its place
SMALL = NUMBERED[:2, :3]
TILTED = np.array([[0.8, 0.0, 0.6], [0.0, 1.0, 0.0], [-0.6, 0.0, 0.8]])  # directions in columns
LIGHT = np.array([0.01, 0.04, 0.25])

EXERCISES = {
    "6.1": Exercise(
        "Two groups", "grouped", minutes=7, difficulty=2,
        cases=[(PIXELS, ONES, 2), (PIXELS, np.arange(8.0).reshape(4, 2, 1, 1), 2),
               (PIXELS, np.array([[[[1.0]], [[0.0]]], [[[0.0]], [[1.0]]]]), 2),
               (whole(4, 3, 3), whole(4, 2, 2, 2), 2), (whole(6, 3, 4), whole(3, 2, 2, 2), 3),
               (whole(2, 3, 3), whole(3, 2, 2, 2), 1)],
        mistakes=[
            Mistake("lets both groups see the first maps",
                    lambda m, k, g: grouped(m, k, g, seen=only_first),
                    "The second group has maps of its own, those of the second half."),
            Mistake("deals the maps out in turns", lambda m, k, g: grouped(m, k, g, seen=turns),
                    "A group is a block of neighbours: with two groups the first half of the maps, "
                    "then the second."),
            Mistake("deals the kernels out in turns", lambda m, k, g: grouped(m, k, g, own=turns),
                    "The first half of the kernels belongs to the first group, the second half to "
                    "the second."),
            Mistake("gives each group the other's maps",
                    lambda m, k, g: grouped(m, k, g, seen=backwards),
                    "First maps to first kernels, last maps to last kernels."),
            Mistake("adds the groups up", lambda m, k, g: sum(side_by_side(m, k, g)),
                    "The results stand side by side, one map for each kernel: np.concatenate."),
            Mistake("shows every kernel all maps",
                    lambda m, k, g: correlate(m, np.tile(k, (1, g, 1, 1))),
                    "That is one convolution with every kernel repeated. A kernel is to see its "
                    "own group's maps and no others."),
            Mistake("makes one convolution of all", lambda m, k, g: correlate_all(m, k),
                    "A kernel is only as deep as its group: cut maps and kernels into groups "
                    "first."),
            Mistake("stacks the groups", lambda m, k, g: np.stack(side_by_side(m, k, g)),
                    "One list of maps is asked for, not one for each group: np.concatenate."),
        ],
        hints=["np.split(maps, groups) gives the groups of maps, and likewise for the kernels.",
               "correlate_all(maps, kernels) is a convolution; each group needs one.",
               "np.concatenate puts the results one behind the other."],
    ),
    "6.2": Exercise(
        "What a layer costs", "cost", minutes=6, difficulty=2,
        cases=[(2, 2, 1, 1, 1), (2, 2, 1, 1, 2), (3, 96, 11, 55, 1), (96, 256, 5, 27, 2),
               (6, 9, 3, 4, 3)],
        mistakes=[
            Mistake("does not halve what a kernel sees",
                    lambda i, o, k, s, g: counted(i * o * k**2, o, s),
                    "In a layer of two groups each kernel is only half as deep: inputs / groups."),
            Mistake("divides the number of kernels as well",
                    lambda i, o, k, s, g: counted(i * o * k**2 // g**2, o // g, s),
                    "`outputs` counts the maps of all groups together; only the depth is divided."),
            Mistake("divides by the groups twice",
                    lambda i, o, k, s, g: counted(i * o * k**2 // g**2, o, s),
                    "Only the depth of a kernel is divided, inputs / groups; there are still "
                    "`outputs` kernels."),
            Mistake("gives the two the other way round",
                    lambda i, o, k, s, g: counted(i * o * k**2 // g, o, s)[::-1],
                    "First the numbers learned, then the multiplications."),
            Mistake("takes the kernel's side for its area",
                    lambda i, o, k, s, g: counted(i * o * k // g, o, s),
                    "A kernel of side k has k · k weights in each map."),
            Mistake("forgets the biases",
                    lambda i, o, k, s, g: (i * o * k**2 // g, i * o * k**2 // g * s**2),
                    "Each map has one bias besides its weights."),
            Mistake("counts a bias for each group",
                    lambda i, o, k, s, g: counted(i * o * k**2 // g, o * g, s),
                    "A map belongs to one group, and has one bias."),
            Mistake("multiplies by the biases",
                    lambda i, o, k, s, g: (i * o * k**2 // g + o, (i * o * k**2 // g + o) * s**2),
                    "A bias is added, not multiplied: only the weights count here."),
            Mistake("takes the side for the area",
                    lambda i, o, k, s, g: (i * o * k**2 // g + o, i * o * k**2 // g * s),
                    "A map of side s has s · s places."),
            Mistake("counts the work of one place",
                    lambda i, o, k, s, g: (i * o * k**2 // g + o, i * o * k**2 // g),
                    "The kernels are used again at each of side · side places."),
        ],
        hints=["One kernel has inputs / groups · kernel · kernel weights.",
               "There are `outputs` kernels, each with one bias.",
               "Every weight is multiplied once at each of side · side places."],
    ),
    "6.3": Exercise(
        "Local response normalisation", "lrn", minutes=12, difficulty=3,
        cases=[(np.array([[[3.0]], [[4.0]]]), 0.0, 3, 1.0, 0.5),
               (np.array([[[3.0, 6.0]], [[4.0, 8.0]]]), 0.0, 3, 1.0, 0.5),
               (np.array([[[1.0]], [[2.0]], [[2.0]], [[0.0]], [[4.0]]]), 1.0, 3, 1.0, 0.5),
               (abs(whole(4, 3, 3)), 1.0, 3, 0.5, 1.0), (abs(whole(7, 2, 3)), 2.0, 5, 0.1, 0.75),
               (9 * abs(whole(8, 3, 2)), 2.0, 5, 0.01, 0.75)],
        mistakes=[
            Mistake("sums over places instead of channels",
                    lambda a, k, n, x, y: divided(a, in_space(a, n), k, x, y),
                    "The neighbours are other channels at the same place (y, x), not other places "
                    "of the same map."),
            Mistake("divides α by n",
                    lambda a, k, n, x, y: divided(a, windows_of(a**2, n), k, x / n, y),
                    "So does torch. The paper's formula multiplies α by the sum as it is."),
            Mistake("goes round at the ends",
                    lambda a, k, n, x, y: divided(a, windows_of(a**2, n, wrap=True), k, x, y),
                    "Channel 0 and the last one are no neighbours: the window ends at the border."),
            Mistake("loses the window at the first channels",
                    lambda a, k, n, x, y: divided(a, below_zero(a, n), k, x, y),
                    "A slice that begins below 0 counts from the end and is empty here: "
                    "max(0, i − n // 2)."),
            Mistake("stops one channel early",
                    lambda a, k, n, x, y: divided(a, around(a**2, n // 2, n // 2 - 1), k, x, y),
                    "Channel i + n // 2 belongs to the window; a slice leaves its end out: + 1."),
            Mistake("looks n channels far to each side",
                    lambda a, k, n, x, y: divided(a, around(a**2, n, n), k, x, y),
                    "n is the whole window: n // 2 before, n // 2 after."),
            Mistake("forgets the square",
                    lambda a, k, n, x, y: divided(a, windows_of(np.abs(a), n), k, x, y),
                    "The sum is one of squares, a[j]²."),
            Mistake("squares channels that it has divided already", in_place,
                    "Write the results to a new array; the sum needs the values as they came."),
            Mistake("forgets β", lambda a, k, n, x, y: divided(a, windows_of(a**2, n), k, x, 1.0),
                    "The bracket is raised to the power β before it divides."),
            Mistake("sums over all places as well",
                    lambda a, k, n, x, y: divided(
                        a, windows_of((a**2).sum((1, 2), keepdims=True), n), k, x, y),
                    "Each place has a sum of its own: over the channels only, axis 0."),
            Mistake("multiplies by the bracket",
                    lambda a, k, n, x, y: a * (k + x * windows_of(a**2, n)) ** y,
                    "The bracket divides: busy neighbours damp."),
            Mistake("gives the factor alone",
                    lambda a, k, n, x, y: divided(np.ones_like(a), windows_of(a**2, n), k, x, y),
                    "It is a[i] that is divided, not 1."),
        ],
        hints=["A loop over the channels i; everything in it is an array over all places.",
               "The window of channel i: a[max(0, i - n // 2) : i + n // 2 + 1].",
               "Its squares summed over axis 0, times alpha, plus k, to the power beta: divide "
               "a[i] by that."],
    ),
    "6.4": Exercise(
        "One view of a picture", "view", minutes=5, difficulty=1,
        cases=[(SMALL, 0, 0, 2, False), (SMALL, 0, 0, 2, True), (SMALL, 1, 1, 1, False),
               (SMALL, 0, 1, 2, True), (NUMBERED, 1, 1, 2, False),
               (NUMBERED, 0, 2, 2, True), (NUMBERED, 1, 0, 2, True)],
        mistakes=[
            Mistake("stands the picture on its head",
                    lambda i, t, x, s, m: seen(i, t, x, s, False)[::-1] if m
                    else seen(i, t, x, s, False),
                    "That swaps top and bottom. A mirror image swaps left and right, axis 1; "
                    "photographs are seldom upside down."),
            Mistake("mirrors before it cuts",
                    lambda i, t, x, s, m: seen(i[:, ::-1] if m else i, t, x, s, False),
                    "left counts from the left side of the picture as it came: cut first."),
            Mistake("always mirrors", lambda i, t, x, s, m: seen(i, t, x, s, True),
                    "Only where `mirror` says so."),
            Mistake("never mirrors", lambda i, t, x, s, m: seen(i, t, x, s, False),
                    "Where `mirror` is true, left and right change places."),
            Mistake("mirrors where it should not", lambda i, t, x, s, m: seen(i, t, x, s, not m),
                    "It is the other way round: mirror where `mirror` is true."),
            Mistake("takes a pixel too many",
                    lambda i, t, x, s, m: seen(i, t, x, s + 1, m),
                    "A slice leaves its end out: top : top + side has `side` rows."),
            Mistake("swaps the colours",
                    lambda i, t, x, s, m: seen(i, t, x, s, False)[..., ::-1] if m
                    else seen(i, t, x, s, False),
                    "The last axis is red, green, blue; left and right are axis 1."),
            Mistake("takes side for the end",
                    lambda i, t, x, s, m: (i[t:s, x:s][:, ::-1] if m else i[t:s, x:s]),
                    "The part ends at top + side and left + side."),
            Mistake("exchanges top and left",
                    lambda i, t, x, s, m: seen(i, x, t, s, m),
                    "The first axis is y, the rows: image[top:…, left:…]."),
        ],
        hints=["Rows first, then columns: image[top : top + side, left : left + side].",
               "array[:, ::-1] exchanges left and right."],
    ),
    "6.5": Exercise(
        "PCA colour", "recolour", minutes=8, difficulty=3,
        cases=[(np.zeros((1, 1, 2, 3)), np.ones(3), np.eye(3), 0),
               (np.full((1, 1, 1, 3), 0.5), LIGHT, TILTED, 2),
               (np.full((2, 1, 2, 3), 0.5), LIGHT, np.eye(3), 1),
               (np.full((2, 2, 2, 3), 0.5), LIGHT, TILTED, 2)],
        mistakes=[
            Mistake("draws anew for every pixel",
                    lambda i, v, p, s: shifted(i, v, p, draws(s, *i.shape)),
                    "That is coloured noise. The light of a scene changes as a whole: three draws "
                    "for each image."),
            Mistake("draws once for all images",
                    lambda i, v, p, s: shifted(i, v, p, np.tile(draws(s, 3), (len(i), 1))),
                    "Every image has its own three draws: (n, 3)."),
            Mistake("draws one number an image",
                    lambda i, v, p, s: shifted(i, v, p, np.tile(draws(s, len(i), 1), (1, 3))),
                    "Each of the three directions has a draw of its own."),
            Mistake("forgets the directions",
                    lambda i, v, p, s: shifted(i, v, np.eye(3), draws(s, len(i), 3)),
                    "The draws belong to the directions p, not to red, green and blue: multiply "
                    "by `vectors`."),
            Mistake("takes rows for columns",
                    lambda i, v, p, s: shifted(i, v, p.T, draws(s, len(i), 3)),
                    "Direction i is the column vectors[:, i]: (alphas * values) @ vectors.T."),
            Mistake("forgets the variances",
                    lambda i, v, p, s: shifted(i, np.ones(3), p, draws(s, len(i), 3)),
                    "Each draw is multiplied by its λ: colours move most where they vary most."),
            Mistake("forgets the strength of 0.1",
                    lambda i, v, p, s: shifted(i, v, p, draws(s, len(i), 3, spread=1)),
                    "The draws have a standard deviation of 0.1."),
            Mistake("replaces the picture by the shift",
                    lambda i, v, p, s: shifted(0 * i, v, p, draws(s, len(i), 3)),
                    "The shift is added to the pixels."),
            Mistake("clips", lambda i, v, p, s: shifted(i, v, p, draws(s, len(i), 3)).clip(0, 1),
                    "Leave what lies outside 0…1 as it is; whoever shows the image clips."),
            Mistake("takes roots of the variances",
                    lambda i, v, p, s: shifted(i, np.sqrt(v), p, draws(s, len(i), 3)),
                    "The formula multiplies by λ itself."),
            Mistake("draws in another order",
                    lambda i, v, p, s: shifted(i, v, p, draws(s, 3, len(i)).T),
                    "Equally good draws, but not those of the check: the size is "
                    "(len(images), 3)."),
            Mistake("shifts columns instead of images",
                    lambda i, v, p, s: i + (draws(s, len(i), 3) * v) @ p.T,
                    "The shifts are (n, 3), the images (n, h, w, 3): shift[:, None, None] gives "
                    "each image its own."),
        ],
        hints=["Draw for all images at once: rng.normal(0, 0.1, (len(images), 3)).",
               "The shift of an image is the sum of alpha[i] · values[i] · vectors[:, i] over i.",
               "(alphas * values) @ vectors.T is (n, 3); with [:, None, None] it fits "
               "(n, h, w, 3)."],
    ),
}  # fmt: skip
