"""Many small pictures as one image file: decoded at once, and small in a repository."""

import io
import math

import numpy as np
from PIL import Image


def columns_of(count):
    """Pictures side by side on a sheet; sheet.js has the same rule.

    >>> columns_of(1), columns_of(10)
    (1, 4)
    """
    return max(1, math.ceil(math.sqrt(count)))


def sheet(pictures, quality=85):
    """The bytes of one WebP file that holds pictures (n, side, side, 3), row by row, uint8.

    >>> sheet(np.zeros((5, 8, 8, 3), np.uint8))[8:12]
    b'WEBP'
    """
    count, height, width, _ = pictures.shape
    columns = columns_of(count)
    rows = -(-count // columns)
    whole = np.full((rows * columns, height, width, 3), 128, np.uint8)
    whole[:count] = pictures
    whole = whole.reshape(rows, columns, height, width, 3).swapaxes(1, 2)
    buffer = io.BytesIO()
    image = Image.fromarray(whole.reshape(rows * height, columns * width, 3))
    image.save(buffer, "WEBP", quality=quality, method=4)
    return buffer.getvalue()


def pictures_of(content, count, side):
    """The pictures (count, side, side, 3) of a sheet's bytes, as nearly as WebP keeps them.

    >>> pictures_of(sheet(np.full((5, 8, 8, 3), 90, np.uint8)), 5, 8).shape
    (5, 8, 8, 3)
    """
    with Image.open(io.BytesIO(content)) as image:
        whole = np.array(image.convert("RGB"))
    columns = columns_of(count)
    rows = -(-count // columns)
    parts = whole.reshape(rows, side, columns, side, 3).swapaxes(1, 2)
    return np.ascontiguousarray(parts.reshape(-1, side, side, 3)[:count])
