"""A drawing as MNIST's makers would have scanned it: scaled to a box, put by its centre of mass.

Arrays in, arrays out. Not the viewer (views/sketch.py).
"""

import numpy as np
from PIL import Image

BOX = 20 / 28  # share of the picture's side that MNIST's digits fill
FAINT = 0.2  # ink below this share of the darkest does not count when the digit is cut out


def centred(drawing, size=28):
    """The drawing (h, w), uint8, light ink on 0, as a picture (size, size), uint8.

    The ink is cut out, scaled so that its longer side fills the box (20 of 28 pixels), and its
    centre of mass is put into the pixel right below and right of the middle, where MNIST's digits
    have it. An empty drawing stays empty.
    Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits".

    >>> spot = np.zeros((140, 140), np.uint8)
    >>> spot[100:110, 20:30] = 255          # ten pixels, in a corner
    >>> picture = centred(spot)
    >>> picture[:, 14].nonzero()[0].tolist() == list(range(4, 24))
    True
    """
    drawing = checked(drawing)
    strong = drawing > FAINT * drawing.max()
    if not strong.any():
        return np.zeros((size, size), np.uint8)
    rows, columns = strong.any(1).nonzero()[0], strong.any(0).nonzero()[0]
    ink = drawing[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX * size / max(ink.shape)
    high, wide = (max(1, round(side * scale)) for side in ink.shape)
    ink = np.asarray(Image.fromarray(ink).resize((wide, high), Image.Resampling.BILINEAR))
    mass = ink.sum(dtype=float)
    middle = size / 2 - 1e-6  # what is symmetric shall not be moved by rounding
    y = int(np.ceil(middle - (ink.sum(1) * (np.arange(high) + 0.5)).sum() / mass))
    x = int(np.ceil(middle - (ink.sum(0) * (np.arange(wide) + 0.5)).sum() / mass))
    y, x = min(max(y, 0), size - high), min(max(x, 0), size - wide)
    picture = np.zeros((size, size), np.uint8)
    picture[y : y + high, x : x + wide] = ink
    return picture


def shrunk(drawing, size=28):
    """The whole drawing as a picture (size, size), uint8: where and how large it is stays.

    >>> shrunk(np.full((140, 140), 255, np.uint8)).min()
    np.uint8(255)
    """
    drawing = Image.fromarray(checked(drawing))
    return np.asarray(drawing.resize((size, size), Image.Resampling.BOX))


def checked(drawing):
    """The drawing as an array (h, w) of uint8. Raises ValueError for anything else."""
    drawing = np.asarray(drawing)
    if drawing.ndim != 2 or drawing.dtype != np.uint8 or 0 in drawing.shape:
        raise ValueError(f"a drawing is (h, w) of uint8, got {drawing.shape} of {drawing.dtype}")
    return drawing
