"""Reference answers of lesson 05, features by hand."""

import numpy as np


def slopes(gx, gy):
    angle = np.rad2deg(np.arctan2(gy, gx)) % 180
    return np.hypot(gx, gy), np.where(angle == 180, 0.0, angle)


def histogram(strength, angle, bins):
    counted = np.zeros(bins)
    for s, a in zip(strength.ravel(), angle.ravel(), strict=True):
        counted[int(a // (180 / bins))] += s
    return counted


def match(descriptors, others, ratio):
    pairs = []
    for i, descriptor in enumerate(descriptors):
        distance = np.linalg.norm(others - descriptor, axis=1)
        nearest, second = distance.argsort()[:2]
        if distance[nearest] <= ratio * distance[second]:
            pairs.append((i, int(nearest)))
    return pairs


def bag(descriptors, words):
    counted = np.zeros(len(words))
    for descriptor in descriptors:
        counted[np.linalg.norm(words - descriptor, axis=1).argmin()] += 1
    return counted / max(1, len(descriptors))
