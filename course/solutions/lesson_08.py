"""Reference answers of lesson 08, feature visualization."""

import numpy as np


def climb(weights, pixels, rate, steps):
    for _ in range(steps):
        gradient = weights  # of the sum of weights * pixels, with respect to the pixels
        pixels = np.clip(pixels + rate * gradient, 0, 1)
    return pixels


def wave_scale(height, width):
    down = np.fft.fftfreq(height)[:, None]  # waves per pixel, (height, 1)
    across = np.fft.rfftfreq(width)[None]  # (1, width // 2 + 1)
    frequency = np.hypot(down, across)
    return 1 / np.maximum(frequency, 1 / max(height, width))


def direction_score(given, direction):
    strength = given @ direction
    cosine = strength / (np.linalg.norm(given) * np.linalg.norm(direction))
    return strength * max(0.1, cosine) ** 2


def resembles(dream, top, others):
    def cosines(vectors):
        return vectors @ dream / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(dream))

    near, far = cosines(top)[:, None], cosines(others)[None]
    return ((near > far) + 0.5 * (near == far)).mean()
