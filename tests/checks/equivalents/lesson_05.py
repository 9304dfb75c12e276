"""Right answers to the exercises of lesson 05, written otherwise than the reference."""

import numpy as np
from scipy.spatial.distance import cdist
from skimage.feature import match_descriptors

from coursekit import features


def slopes_by_complex_numbers(gx, gy):
    arrow = gx + 1j * gy
    return np.abs(arrow), np.angle(arrow, deg=True) % 180


def slopes_by_root(gx, gy):
    return (gx**2 + gy**2) ** 0.5, np.degrees(np.arctan2(gy, gx) % np.pi)


def slopes_by_turning(gx, gy):
    angle = np.degrees(np.arctan2(gy, gx))
    angle[angle < 0] += 180
    angle[angle >= 180] -= 180
    return [np.sqrt(gx * gx + gy * gy), angle]


def histogram_by_numpy(strength, angle, bins):
    return np.histogram(angle, bins=bins, range=(0, 180), weights=strength)[0]


def histogram_by_masks(strength, angle, bins):
    wide = 180 / bins
    return [strength[(angle >= k * wide) & (angle < (k + 1) * wide)].sum() for k in range(bins)]


def match_by_library(descriptors, others, ratio):
    found = match_descriptors(descriptors, others, cross_check=False, max_ratio=ratio + 1e-12)
    return found.tolist()


def match_by_squares(descriptors, others, ratio):
    squared = cdist(descriptors, others, "sqeuclidean")
    order = squared.argsort(1)
    first, second = np.sort(squared, 1)[:, :2].T
    kept = np.flatnonzero(first <= ratio**2 * second)
    return np.column_stack([kept, order[kept, 0]])


def match_by_two_nearest(descriptors, others, ratio):
    near, distance = features.two_nearest(descriptors, others)
    return {(i, int(near[i, 0])) for i in range(len(near))
            if distance[i, 0] <= ratio * distance[i, 1]}


def bag_in_a_line(descriptors, words):
    return np.bincount(cdist(descriptors, words).argmin(1), minlength=len(words)) / len(descriptors)


def bag_by_mean(descriptors, words):
    nearest = cdist(descriptors, words).argmin(1)
    return np.mean([[k == w for w in range(len(words))] for k in nearest], axis=0).tolist()


EQUIVALENTS = {
    "5.1": [slopes_by_complex_numbers, slopes_by_root, slopes_by_turning, features.slopes],
    "5.2": [histogram_by_numpy, histogram_by_masks],
    "5.3": [match_by_library, match_by_squares, match_by_two_nearest],
    "5.4": [bag_in_a_line, bag_by_mean, features.bag],
}
