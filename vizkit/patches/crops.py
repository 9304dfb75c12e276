"""Parts of images: the box that a unit saw, what lies outside of the image in neutral grey."""

import numpy as np

GREY = 128


def crop(picture, box):
    """The pixels (y, x, 3) of a box (top, left, bottom, right) that may reach outside.

    >>> crop(np.zeros((2, 2, 3), np.uint8), (-1, 0, 1, 2))[..., 0].tolist()
    [[128, 128], [0, 0]]
    """
    top, left, bottom, right = box
    height, width = picture.shape[:2]
    patch = np.full((bottom - top, right - left, 3), GREY, np.uint8)
    y0, x0, y1, x1 = max(0, top), max(0, left), min(height, bottom), min(width, right)
    if y1 > y0 and x1 > x0:
        patch[y0 - top : y1 - top, x0 - left : x1 - left] = picture[y0:y1, x0:x1]
    return patch


def boxes_of(found, places, shape):
    """Boxes (…, 4) of places (…) on maps of a shape (…, y, x)."""
    at = np.stack([places // shape[-1], places % shape[-1]], -1)
    start = np.array(found.offset) + at * np.array(found.step)
    return np.concatenate([start, start + np.array(found.size)], -1)


def smaller(patches, factor):
    """Patches (…, y, x, 3) with each square of factor × factor pixels averaged to one."""
    if factor == 1:
        return patches
    *many, height, width, _ = patches.shape
    height, width = height // factor, width // factor
    squares = patches[..., : height * factor, : width * factor, :]
    squares = squares.reshape(*many, height, factor, width, factor, 3)
    return np.floor(squares.mean((-4, -2)) + 0.5).astype(np.uint8)


def colour(picture):
    """A picture (y, x) or (y, x, 3), bytes, as (y, x, 3)."""
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, 2)
