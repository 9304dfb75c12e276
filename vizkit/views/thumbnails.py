"""Pictures small enough to stand beside thousands of others, in the browser and in a figure."""

import numpy as np

SIDE = 32  # pixels, at most
BYTES = 8 << 20  # of all of them
CLOSE = 128  # pixels, at most, of a picture that is looked at alone
MOST_ASKED = 64  # pictures that are sent so at a time


def thumbnails(images):
    """Images (n, h, w) or (n, h, w, 3), uint8, made as small as the browser's memory wants.

    At most 32 pixels a side and 8 MB in all, by averaging whole pixels; None where fewer than 8
    pixels a side would be left.
    """
    count, height, width = images.shape[:3]
    depth = images[0, 0, 0].size
    largest = min(SIDE, int(np.sqrt(BYTES / (count * depth))))
    shrink = -(-max(height, width) // largest) if largest >= 1 else 0
    if shrink == 1:
        return images
    if not shrink or max(height, width) // shrink < 8:
        return None
    return shrunk(images, shrink)


def closeups(images):
    """The same images for a closer look: at most 128 pixels a side."""
    return shrunk(images, -(-max(images.shape[1:3]) // CLOSE))


def shrunk(images, times):
    """Images (n, h, w) or (n, h, w, 3) with sides so many times smaller, by averaging pixels."""
    if times <= 1:
        return images
    count, height, width = images.shape[:3]
    height, width = max(1, height // times), max(1, width // times)
    small = images[:, : height * times, : width * times].reshape(
        count, height, times, width, times, -1)
    parts = [part.mean((2, 4)) for part in np.array_split(small, -(-count // 1000))]
    small = np.floor(np.concatenate(parts) + 0.5).astype(np.uint8)
    return small if images.ndim == 4 else small[..., 0]


def strokes(thumbs):
    """Are these strokes on black, like handwritten digits? Then label colours are their ink."""
    if thumbs.ndim != 3:
        return False
    edge = np.concatenate([thumbs[:1000, 0].ravel(), thumbs[:1000, -1].ravel()])
    return bool(np.median(edge) < 16 and thumbs[:1000].mean() < 110)


def stamp(thumb, ink, colour):
    """A thumbnail for the figure, RGB, in a frame of its label's colour; strokes become ink."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=float)
    if ink:
        share = np.clip(thumb[..., None] / 255 * 1.25, 0, 1)
        colours = 255 * (1 - share) + rgb * share
    else:
        colours = thumb if thumb.ndim == 3 else np.repeat(thumb[..., None], 3, 2)
    enlarge = -(-24 // max(thumb.shape[:2]))
    large = colours.repeat(enlarge, 0).repeat(enlarge, 1)
    framed = np.tile(rgb, (large.shape[0] + 4, large.shape[1] + 4, 1))
    framed[2:-2, 2:-2] = large
    return framed.astype(np.uint8)
