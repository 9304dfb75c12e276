"""The bytes of an image file, as a browser hands them over, as a picture. Opens no path."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from vizkit.inputs import images

SIDE = 1024  # the longest side that is kept
MOST = 120_000_000  # pixels that are decoded


def opened(data, name="the file"):
    """An image file's bytes as (h, w, 3), uint8, no side longer than 1,024 pixels.

    Turned upright as its EXIF says, the first frame of an animation, transparency over white,
    16 bits and CMYK as they look; what is too large to show is shrunk.
    Raises ValueError, in words, for what cannot be read or has too many pixels.

    >>> opened(b"Dear Sir", "letter.txt")
    Traceback (most recent call last):
    ValueError: letter.txt is no image that can be read here: try a JPEG, PNG, GIF or WebP file
    """
    if not data:
        raise ValueError(f"{name} is empty")
    try:
        with warnings.catch_warnings():  # its size is looked at here
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data))
            return decoded(image, name)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        if isinstance(error, Image.DecompressionBombError):
            raise ValueError(f"{name} has far too many pixels to open here: shrink it first, to "
                             "1,000 or so a side") from error
        raise ValueError(f"{name} is no image that can be read here: try a JPEG, PNG, GIF or WebP "
                         "file") from error
    except (OSError, SyntaxError, EOFError) as error:  # PIL's ways to say that bytes are wrong
        raise ValueError(f"{name} is damaged ({error}): save it anew, or try another file"
                         ) from error


def decoded(image, name):
    """A PIL image that was just opened as (h, w, 3), uint8."""
    width, height = image.size
    if width * height > MOST:
        raise ValueError(f"{name} has {width:,}×{height:,} pixels, more than can be opened here: "
                         "shrink it first, to 1,000 or so a side")
    image.draft("RGB", (SIDE, SIDE))  # a large JPEG is decoded smaller; others stay
    image = images.plain_mode(ImageOps.exif_transpose(image))
    if not image.mode.startswith(("I", "F")):
        image.thumbnail((SIDE, SIDE))
    array = np.asarray(images.to_pil(images.load(image, 3))[0])
    if max(array.shape) <= SIDE:
        return array
    small = Image.fromarray(array)
    small.thumbnail((SIDE, SIDE))
    return np.asarray(small)
