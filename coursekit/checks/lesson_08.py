"""What the exercises of lesson 08 accept, and the mistakes they know."""

import numpy as np

from coursekit.checks.core import Exercise, Mistake


def climb(weights, pixels, rate, steps, low=0.0, high=1.0):
    """The right answer, which wrong ones are made of."""
    for _ in range(steps):
        pixels = np.clip(pixels + rate * weights, low, high)
    return pixels


def multiplied(weights, pixels, rate, steps):
    """Each pixel grows by a share of itself."""
    for _ in range(steps):
        pixels = np.clip(pixels * (1 + rate * weights), 0, 1)
    return pixels


def scaled(height, width, combine=np.hypot, columns=np.fft.rfftfreq, floor=None):
    """One over the frequency, from parts that a mistake exchanges."""
    frequency = combine(np.fft.fftfreq(height)[:, None], columns(width)[None])
    return 1 / np.maximum(frequency, 1 / max(height, width) if floor is None else floor)


def no_floor(height, width):
    with np.errstate(divide="ignore"):
        return scaled(height, width, floor=0.0)


def strength_and_cosine(given, direction):
    strength = float(given @ direction)
    return strength, strength / (np.linalg.norm(given) * np.linalg.norm(direction))


def cosines(vectors, dream):
    return vectors @ dream / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(dream))


def pairs(near, far, tie=0.5):
    """The share of pairs in which the first is larger."""
    near, far = np.asarray(near)[:, None], np.asarray(far)[None]
    return ((near > far) + tie * (near == far)).mean()


def far_away(vectors, dream):
    return -np.linalg.norm(vectors - dream, axis=1)


W = np.array([1.0, -2.0, 0.0])
MIDDLE = np.full(3, 0.5)
EAST, BOTH = np.array([1.0, 0.0]), np.array([3.0, 4.0])
TOP = np.array([[2.0, 1.0], [1.0, 0.0]])
OTHERS = np.array([[0.0, 3.0], [9.0, 9.0], [1.0, 0.0]])

EXERCISES = {
    "8.1": Exercise(
        "Uphill by hand", "climb", minutes=6, difficulty=1,
        cases=[(W, MIDDLE, 0.1, 1), (W, MIDDLE, 0.1, 2), (W, MIDDLE, 0.2, 4),
               (-W, np.array([0.2, 0.9, 0.3]), 0.5, 3), (W, MIDDLE, 0.1, 0)],
        mistakes=[
            Mistake("walks downhill", lambda w, p, r, n: climb(-w, p, r, n),
                    "That lowers the score: to raise it, go along the gradient, plus."),
            Mistake("lets pixels leave 0…1", lambda w, p, r, n: climb(w, p, r, n, -9e9, 9e9),
                    "No screen shows a pixel below 0 or above 1: clip after each step."),
            Mistake("clips at −1", lambda w, p, r, n: climb(w, p, r, n, -1.0),
                    "Black is 0, not −1."),
            Mistake("takes one step only", lambda w, p, r, n: climb(w, p, r, 1),
                    "Repeat it `steps` times."),
            Mistake("ignores the rate", lambda w, p, r, n: climb(w, p, 1.0, n),
                    "A step is rate times the gradient."),
            Mistake("keeps only the gradient's sign",
                    lambda w, p, r, n: climb(np.sign(w), p, r, n),
                    "The gradient of a weighted sum is the weights themselves, with their sizes."),
            Mistake("multiplies the pixels", multiplied,
                    "The gradient does not depend on the pixels: add rate · weights."),
        ],
        hints=["How much does w·x change when one pixel grows by a little? By its weight.",
               "One step: pixels + rate * weights.",
               "np.clip(…, 0, 1) after each of the `steps` steps."],
    ),
    "8.2": Exercise(
        "Slow waves first", "wave_scale", minutes=8, difficulty=2,
        cases=[(2, 2), (4, 4), (4, 6), (5, 8), (8, 5)],
        mistakes=[
            Mistake("divides by zero", no_floor,
                    "The wave of frequency 0 is the mean of the image: count it as the slowest "
                    "one, 1 / max(height, width)."),
            Mistake("makes fast waves stronger", lambda h, w: 1 / scaled(h, w),
                    "One over the frequency: the slow waves get the large numbers."),
            Mistake("lists all columns", lambda h, w: scaled(h, w, columns=np.fft.fftfreq),
                    "Of a real image half of the columns are enough: rfftfreq, width // 2 + 1."),
            Mistake("adds the two frequencies",
                    lambda h, w: scaled(h, w, combine=lambda a, b: abs(a) + abs(b)),
                    "A slanted wave's frequency is the length of (down, across): np.hypot."),
            Mistake("does not cross the two directions",
                    lambda h, w: scaled(h, w, combine=lambda a, b: np.hypot(a[:, 0], b[0])),
                    "Each row meets each column: np.fft.fftfreq(height)[:, None] is a column, so "
                    "that np.hypot makes a table."),
            Mistake("exchanges height and width", lambda h, w: scaled(w, h),
                    "The rows go down: fftfreq(height) belongs to the first axis."),
            Mistake("counts waves per image",
                    lambda h, w: scaled(h, w) / max(h, w),
                    "np.fft.fftfreq gives waves per pixel: leave that unit."),
            Mistake("takes the shorter side for the slowest wave",
                    lambda h, w: scaled(h, w, floor=1 / min(h, w)),
                    "The slowest wave is as long as the longer side."),
        ],
        hints=["np.fft.fftfreq(height)[:, None] and np.fft.rfftfreq(width)[None] are the two "
               "directions' frequencies.",
               "np.hypot of them is the frequency of each wave.",
               "np.maximum(frequency, 1 / max(height, width)) keeps the first from being 0."],
    ),
    "8.3": Exercise(
        "This direction, and little else", "direction_score", minutes=6, difficulty=2,
        cases=[(BOTH, EAST), (2 * EAST, EAST), (np.array([0.1, 5.0]), EAST),
               (np.array([-3.0, 4.0]), EAST), (BOTH, 2 * EAST),
               (np.array([1.0, 2.0, 2.0]), np.array([2.0, 0.0, 1.0]))],
        mistakes=[
            Mistake("gives the strength alone", lambda h, v: strength_and_cosine(h, v)[0],
                    "Multiply h·v by the squared cosine, else anything strong will do."),
            Mistake("gives the cosine alone", lambda h, v: strength_and_cosine(h, v)[1],
                    "The cosine does not care how strong: multiply h·v by its square."),
            Mistake("forgets the square",
                    lambda h, v: strength_and_cosine(h, v)[0]
                    * max(0.1, strength_and_cosine(h, v)[1]),
                    "The cosine counts squared."),
            Mistake("forgets the floor",
                    lambda h, v: strength_and_cosine(h, v)[0] * strength_and_cosine(h, v)[1] ** 2,
                    "Below 0.1 the cosine counts as 0.1. Without that there is hardly a slope to "
                    "climb where the direction is not yet to be found."),
            Mistake("lays the floor under the square",
                    lambda h, v: strength_and_cosine(h, v)[0]
                    * max(0.1, strength_and_cosine(h, v)[1] ** 2),
                    "First max(0.1, cosine), then the square."),
            Mistake("forgets one of the lengths",
                    lambda h, v: (h @ v) * max(0.1, (h @ v) / np.linalg.norm(h)) ** 2,
                    "A cosine divides by the lengths of both vectors."),
        ],
        hints=["strength = given @ direction.",
               "The cosine is the strength divided by both lengths, np.linalg.norm.",
               "strength * max(0.1, cosine) ** 2"],
    ),
    "8.4": Exercise(
        "Does the dream resemble its patches?", "resembles", minutes=8, difficulty=3,
        cases=[(EAST, TOP[:1], OTHERS[:1]), (EAST, TOP[:1], OTHERS[1:2]), (EAST, TOP, OTHERS),
               (np.array([1.0, 2.0]), TOP, OTHERS), (np.array([0.5, 0.1]), OTHERS, TOP)],
        mistakes=[
            Mistake("compares lengths, too", lambda d, t, o: pairs(t @ d, o @ d),
                    "A dot product grows with the vectors' lengths: divide by both, for a cosine."),
            Mistake("measures distance", lambda d, t, o: pairs(far_away(t, d), far_away(o, d)),
                    "Asked for is the cosine. A dream may be far stronger than any patch; then "
                    "distances say little."),
            Mistake("exchanges the two", lambda d, t, o: pairs(cosines(o, d), cosines(t, d)),
                    "Count the pairs in which the *top* patch is nearer."),
            Mistake("lets a tie count as won",
                    lambda d, t, o: pairs(cosines(t, d), cosines(o, d), 1.0),
                    "A tie counts half, else a dream that is like everything scores 1."),
            Mistake("lets a tie count as lost",
                    lambda d, t, o: pairs(cosines(t, d), cosines(o, d), 0.0),
                    "A tie counts half, so that guessing gives 0.5."),
            Mistake("compares the means only",
                    lambda d, t, o: float(cosines(t, d).mean() > cosines(o, d).mean()),
                    "Compare each top patch with each of the others, and give the share."),
        ],
        hints=["A cosine for each patch: vectors @ dream, divided by both lengths.",
               "near[:, None] > far[None] compares each with each.",
               "Add half of near[:, None] == far[None], and take the mean."],
    ),
}
