"""Pictures as PIL has them: opened from a path, upright, in a plain mode, of a bounded size."""

import difflib
import math
import pathlib

from PIL import Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 16_000_000


def plain_mode(image):
    """Grey, RGB or RGBA, whatever mode the PIL image has."""
    if image.mode in ("L", "RGB", "RGBA", "F") or image.mode.startswith("I"):
        return image
    if image.mode == "1":
        return image.convert("L")
    transparent = image.mode in ("LA", "PA") or "transparency" in image.info
    return image.convert("RGBA" if transparent else "RGB")


def open_image(path):
    """The PIL image at a path, turned upright. Nothing is fetched from the network."""
    if str(path).startswith(("http://", "https://")):
        raise ValueError(f"{path} is an address: download it first and pass the file's path")
    path = pathlib.Path(path).expanduser()
    if path.is_dir():
        raise ValueError(f"{path} is a folder: pass the path of one image in it, or a list of them")
    if not path.is_file():
        folder = path.parent
        names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
        near = difflib.get_close_matches(path.name, names, 3, 0.5)
        hint = f": did you mean {', '.join(near)}?" if near else ""
        raise FileNotFoundError(f"no image file {path}{hint}")
    try:
        with Image.open(path) as image:
            return ImageOps.exif_transpose(image)
    except UnidentifiedImageError as error:
        raise ValueError(f"{path} is not an image that PIL can read") from error
    except (OSError, SyntaxError, ValueError) as error:  # Pillow's, for as many kinds of damage
        raise ValueError(f"{path} is damaged or cut short ({error}): save it anew") from error


def bounded(image):
    """(image, notes): a picture of more than 16 million pixels made smaller by a whole number.

    Networks take some hundred pixels a side; to spread so many out as floats would take minutes.

    >>> bounded(Image.new("L", (5000, 4000)))[1]
    ['shrunk from 5000×4000 to 2500×2000 pixels']
    """
    pixels = image.width * image.height
    if pixels <= MOST_PIXELS:
        return image, []
    factor = math.ceil(math.sqrt(pixels / MOST_PIXELS))
    plain = plain_mode(image)
    small = plain.reduce((min(factor, plain.width), min(factor, plain.height)))
    words = f"{image.width}×{image.height} to {small.width}×{small.height}"
    return small, [f"shrunk from {words} pixels"]
