"""Images from whatever holds them, block by block: there may be more than fit into memory."""

import pathlib

import numpy as np
import torch
from PIL import Image

from vizkit.inputs import images as reading

ENDINGS = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm"}
NAMED = 3  # files that cannot be read, said by name


class Stream:
    """Images that are read in blocks, in their order, and numbered from 0.

    images: an array or memmap (n, …), a float tensor (n, channel, y, x), a list of anything that
    is a picture, a folder, a data set with a length (pairs (image, label) give the image), or
    something that gives images or batches of them once, such as a generator or a DataLoader.
    count: how many there are, None where nobody knows. again: can they be read a second time?
    """

    def __init__(self, images):
        images = getattr(images, "images", images)
        if isinstance(images, (str, pathlib.Path)):
            images = files(images)
        if isinstance(images, Image.Image) or is_one(images):
            images = [images]
        self.images = images
        self.array = isinstance(images, (np.ndarray, torch.Tensor))
        self.again = self.array or (hasattr(images, "__getitem__") and hasattr(images, "__len__"))
        self.count = len(images) if self.again else None
        if self.count == 0:
            raise ValueError("there are no images: pass at least one")
        if not self.again and not hasattr(images, "__iter__"):
            raise TypeError(f"images: {type(images).__name__}; expected an array, a list, a "
                            "folder, a data set or something that gives images one by one")
        self.unread = []

    def blocks(self, size):
        """Pairs (numbers, images), about `size` of them at a time."""
        if self.again:
            for start in range(0, self.count, size):
                numbers = range(start, min(start + size, self.count))
                yield numbers, self.at(numbers)
            return
        number, held = 0, []
        for item in self.images:
            item = unlabelled(item)
            if getattr(item, "ndim", 0) == 4:  # a batch, as a DataLoader gives
                yield range(number, number + len(item)), item
                number += len(item)
                continue
            held.append(item)
            if len(held) == size:
                yield range(number, number + size), held
                number, held = number + size, []
        if held:
            yield range(number, number + len(held)), held

    def at(self, numbers):
        """The images of these numbers; of a stream that can be read again."""
        if isinstance(numbers, range) and self.array:
            return self.images[numbers.start : numbers.stop]
        if self.array:
            return self.images[list(numbers)]
        return [unlabelled(self.images[number]) for number in numbers]

    def prepared(self, net, numbers, images):
        """(numbers, batch tensor) of a block; images that cannot be read are left out and noted."""
        try:
            return np.array(numbers), net.batch(images).tensor
        except (OSError, TypeError, ValueError):
            if not isinstance(images, list):
                raise
            kept = []
            for number, image in zip(numbers, images, strict=True):
                try:
                    kept.append((number, net.batch(image).tensor))
                except (OSError, TypeError, ValueError):
                    self.unread.append(image if isinstance(image, (str, pathlib.Path))
                                       else f"number {number}")
            if not kept or len(kept) == len(images):
                raise  # no picture at all, or of several sizes: not the fault of one
            return np.array([n for n, _ in kept]), torch.cat([tensor for _, tensor in kept])

    def note(self):
        """What could not be read, in words; "" where all could."""
        if not self.unread:
            return ""
        first = ", ".join(pathlib.Path(one).name for one in self.unread[:NAMED])
        more = ", …" if len(self.unread) > NAMED else ""
        noun = "image" if len(self.unread) == 1 else "images"
        return f"{len(self.unread)} {noun} could not be read ({first}{more})"


def files(folder):
    """The paths of the images in a folder and the folders in it, sorted; one path for a file."""
    folder = pathlib.Path(folder).expanduser()
    if not folder.is_dir():
        return [folder]
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDINGS and p.is_file())
    if not found:
        raise ValueError(f"there is no image in {folder}: expected files ending in "
                         f"{', '.join(sorted(ENDINGS))}")
    return found


def is_one(images):
    """Is this array one picture, without an axis that counts?"""
    if not isinstance(images, (np.ndarray, torch.Tensor)) or images.ndim > 3:
        return False
    tensor = torch.is_tensor(images)
    order = reading.layout(tuple(images.shape), prepared=tensor, tensor=tensor)
    return not order.startswith("n")


def unlabelled(item):
    """The image of a pair (image, label), or the image that it is."""
    pair = isinstance(item, (tuple, list)) and len(item) >= 1 and not reading.is_number_list(item)
    return item[0] if pair else item
