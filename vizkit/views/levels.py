"""What LiveViewer sends for one frame, made small: maps as levels, images as they are shown."""

import numpy as np
from PIL import Image

from vizkit.view import as_array

MOST_VALUES = 400_000  # that travel for one frame; of larger maps every second row and column, …
SHOWN, THUMB = 224, 48  # longest side of what was given, and of the photographs to choose from


def checked(maps, layer):
    """Maps as an array (channel, y, x); a ValueError for anything else."""
    maps = as_array(maps)
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(f"maps of layer {layer}: shape {maps.shape}; expected (channel, y, x)")
    return maps


def quantised(maps):
    """(levels, limits): maps in whole levels of each one's largest magnitude, a byte a value.

    With negative values: int8, −127…127, −128 for what is not finite. Else uint8, 0…254, 255.

    >>> quantised(np.array([[[0.0, 1.0, 2.0]]]))[0].tolist()
    [[[0, 127, 254]]]
    >>> quantised(np.array([[[-2.0, 1.0, np.nan]]]))[0].tolist()
    [[[-127, 64, -128]]]
    """
    step = 1
    while maps[:, ::step, ::step].size > MOST_VALUES and min(maps.shape[1:]) > 2 * step:
        step += 1
    maps = maps[:, ::step, ::step]
    finite = np.isfinite(maps)
    safe = maps if finite.all() else np.where(finite, maps, 0)
    limits = np.abs(safe).max(axis=(1, 2))
    limits = np.where(limits > 0, limits, 1).astype(np.float32)
    signed = bool((safe < 0).any())
    top, lost, kind = (127, -128, np.int8) if signed else (254, 255, np.uint8)
    levels = np.rint(safe * (top / limits)[:, None, None]).astype(kind)
    if safe is not maps:
        levels[~finite] = lost
    return levels, limits


def small(image):
    """An image (h, w, 3) with no side longer than is shown."""
    if max(image.shape[:2]) <= SHOWN:
        return image
    picture = Image.fromarray(image)
    picture.thumbnail((SHOWN, SHOWN))
    return np.asarray(picture)


def thumbnails(photos):
    """The middle squares of photographs, (n, 48, 48, 3); None of fewer than two."""
    if len(photos) < 2:
        return None
    found = []
    for photo in photos:
        height, width, _ = photo.shape
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        square = Image.fromarray(photo[top : top + side, left : left + side])
        found.append(np.asarray(square.resize((THUMB, THUMB))))
    return np.stack(found)
