"""From a photograph, in whatever form, to the batch that an AlexNet takes."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps

from coursekit.models.alexnet import MEAN, SCALE


def photo_batch(images, side=64, scale=SCALE):
    """A batch (n, 3, side, side) of levels minus ImageNet's mean colour, divided by `scale`.

    Takes a path, a PIL image, a NumPy array, a tensor, or a list of these: one image (h, w),
    (h, w, 1, 3 or 4), (1, 3 or 4, h, w), or many with one more axis in front; (n, h, w) are grey
    ones. Values: 0…1 or 0…255, in unsigned 16 bits 0…65535. The middle square is
    shown, scaled to `side`; transparent parts are white; EXIF says which side is up; of an
    animation the first frame. A float batch with values below 0 has been through here already
    and is returned as it is. For AlexNet itself: side=227, scale=1.

    >>> batch = photo_batch(np.full((480, 640, 3), 255, np.uint8))
    >>> batch.shape, [round(value, 2) for value in batch[0, :, 0, 0].tolist()]
    (torch.Size([1, 3, 64, 64]), [2.05, 2.17, 2.37])
    """
    if isinstance(images, str | Path):
        with Image.open(images) as opened:
            return photo_batch(opened, side, scale)
    if isinstance(images, Image.Image):
        images = upright(smaller(images, side))
    elif isinstance(images, list | tuple):
        if not images:
            raise ValueError("an empty list: pass at least one image")
        return torch.cat([photo_batch(image, side, scale) for image in images])
    images = torch.as_tensor(np.array(images) if isinstance(images, np.ndarray) else images)
    batch = stacked(images)
    if batch.is_floating_point() and batch.min() < 0:
        if batch.shape[1:] == (3, side, side):
            return batch
        raise ValueError(
            f"values from {batch.min():.3g} in images of {tuple(batch.shape[1:])}: expected 0…1 "
            f"or 0…255 (only a prepared batch (n, 3, {side}, {side}) may go below 0)"
        )
    square = middle(opaque(levels(batch)), side)
    return (square - torch.tensor(MEAN, device=square.device)[:, None, None]) / scale


def smaller(image, side):
    """The middle square of a PIL image of more than 16 times the side that is needed, made
    smaller by a whole number: each new pixel is the mean of a square of old ones.

    10,000 x 10,000 pixels are not spread out as floats.
    """
    factor = min(image.size) // (8 * side)
    if factor < 2 or image.mode not in ("L", "RGB", "CMYK", "YCbCr"):
        return image
    edge = min(image.size) // factor * factor
    left, top = ((length - edge) // 2 for length in image.size)
    return image.reduce(factor, (left, top, left + edge, top + edge))


def upright(image):
    """A PIL image as an array, turned as its EXIF says, without palette and the like."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits or more
        return np.asarray(image).astype(np.uint16)
    if image.mode == "F":
        return np.asarray(image)
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    return np.asarray(image.convert("RGBA" if clear else "RGB"))


def stacked(x):
    """Any documented shape as (n, channels, h, w), values as they were."""
    shape = tuple(x.shape)
    if x.ndim == 2:
        x = x[None, None]
    elif x.ndim == 3:
        alone = shape[-1] in (1, 3, 4) or shape[0] in (1, 3, 4)
        x = x[None] if alone else x[:, None]
    if x.ndim == 4 and x.shape[1] not in (1, 3, 4) and x.shape[-1] in (1, 3, 4):
        x = x.movedim(-1, 1)
    if x.ndim != 4 or x.shape[1] not in (1, 3, 4):
        raise ValueError(
            f"cannot tell what {shape} is: expected one image (h, w), (h, w, 3) or (3, h, w), "
            "or many of one size, (n, h, w, 3) or (n, 3, h, w)"
        )
    if 0 in x.shape:
        raise ValueError(f"an empty array {shape}: pass at least one image")
    return x


def levels(x):
    """Values as float32 in 0…255, judging their scale from their type and largest value."""
    if x.dtype == torch.uint16:
        return x.float() / 257
    largest = float(x.max())
    if not np.isfinite(largest) or (x.is_floating_point() and bool(x.isnan().any())):
        raise ValueError("the image holds NaN or infinity: clean it first (np.nan_to_num)")
    if x.dtype == torch.bool or (x.is_floating_point() and largest <= 1):
        return x.float() * 255
    if largest > 255:
        raise ValueError(f"a value of {largest:.4g}: expected 0…1 or 0…255")
    return x.float()


def opaque(x):
    """Three channels: grey ones repeated, a fourth taken for opacity over white."""
    if x.shape[1] == 4:
        alpha = x[:, 3:] / 255
        return x[:, :3] * alpha + 255 * (1 - alpha)
    return x.expand(-1, 3, -1, -1)


def middle(x, side):
    """The middle square, scaled to side x side pixels."""
    edge = min(x.shape[-2:])
    top, left = ((length - edge) // 2 for length in x.shape[-2:])
    x = x[:, :, top : top + edge, left : left + edge]
    if edge == side:
        return x
    return F.interpolate(x, (side, side), mode="bilinear", antialias=True).clamp(0, 255)


# Back from a prepared batch to levels 0…1, for whoever draws it: value * std + mean.
photo_batch.mean = [level / 255 for level in MEAN]
photo_batch.std = [SCALE / 255] * 3
