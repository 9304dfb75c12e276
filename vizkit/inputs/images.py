"""Anything that is a picture (tensor, array, PIL image, path, a list of them) as a batch.

Nothing here knows a network. What cannot be told apart is refused, with what to do instead;
what is converted (grey to RGB, transparency) is said in the notes of the batch.
"""

import pathlib
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image

from vizkit.inputs.image_files import bounded, open_image, plain_mode

USUAL = (1, 3, 4)  # grey, RGB, RGB with transparency
LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601, what PIL uses for grey
MANY = "or several images of one size"


@dataclass
class Batch:
    """A tensor (image, channel, y, x), float32, and what was converted to get there."""

    tensor: torch.Tensor
    notes: list = field(default_factory=list)


def load(images, channels=None):
    """A Batch, values 0…1, from one or several pictures.

    channels: how many the pictures should have (grey ↔ RGB is converted and noted); None keeps
    what comes. A list must hold pictures of one size. Float tensors keep their values, whatever
    the range: they count as prepared.
    Raises ValueError when layout, scale or channels cannot be told, TypeError for other things.

    >>> load(np.zeros((28, 28), np.uint8), channels=3).notes
    ['grey repeated to 3 channels']
    >>> load(np.full((2, 8, 6, 3), 255, np.uint8)).tensor.shape
    torch.Size([2, 3, 8, 6])
    """
    if isinstance(images, (list, tuple)) and not is_number_list(images):
        return join([load(image, channels) for image in images])
    if isinstance(images, (str, pathlib.Path)):
        images = open_image(images)
    notes = []
    if isinstance(images, Image.Image):
        images, notes = bounded(images)
    values = read(images)
    prepared = isinstance(images, torch.Tensor) and images.is_floating_point()
    if isinstance(images, Image.Image):
        order = "hwc" if values.ndim == 3 else "hw"
    else:
        order = layout(tuple(values.shape), channels, prepared, isinstance(images, torch.Tensor))
    batch = to_nchw(values, order)
    if batch.numel() == 0:
        raise ValueError(f"there is no pixel in an image of shape {tuple(values.shape)}")
    if not prepared:
        batch, said = to_unit_range(batch)
        notes += said
    batch, said = fit_channels(batch, channels)
    lost = int((~torch.isfinite(batch)).sum())
    broken = [f"{lost} values of the image are NaN or infinite"] if lost else []
    return Batch(batch, notes + said + broken)


def is_number_list(value):
    """Nested lists of numbers are an array, not a list of pictures."""
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, (int, float, bool, np.number))


def join(batches):
    """One Batch of several; notes that repeat are said once."""
    if not batches:
        raise ValueError("an empty list holds no image: pass at least one")
    sizes = {tuple(batch.tensor.shape[1:]) for batch in batches}
    if len(sizes) > 1:
        shown = ", ".join(f"{c}×{h}×{w}" for c, h, w in sorted(sizes)[:3])
        raise ValueError(
            f"the images have several sizes ({shown}): resize them to one first, "
            "or give the Net a preprocess or an input_size that does"
        )
    notes = list(dict.fromkeys(note for batch in batches for note in batch.notes))
    return Batch(torch.cat([batch.tensor for batch in batches]), notes)


def read(value):
    """The values as they came, as a tensor, of one tensor, array or PIL image."""
    if isinstance(value, torch.Tensor):
        if value.is_complex():
            raise TypeError("a complex tensor is no picture: pass its magnitude (abs())")
        small = value.is_floating_point() or value.dtype in (torch.uint8, torch.bool)
        return value.detach() if small else value.long()
    array = np.array(plain_mode(value) if isinstance(value, Image.Image) else value, order="C")
    if array.dtype.kind not in "buif":
        raise TypeError(
            f"cannot make an image of {type(value).__name__} ({array.dtype}): expected a tensor, "
            "an array of numbers, a PIL image, a path, or a list of them"
        )
    if array.dtype in (np.uint8, np.bool_):
        return torch.from_numpy(array)
    return torch.from_numpy(array.astype(np.float32 if array.dtype.kind == "f" else np.int64))


def layout(shape, channels=None, prepared=False, tensor=False):
    """Which axis is which: "hw", "chw", "hwc", "nhw", "nchw" or "nhwc".

    channels: what is expected, which can settle it. prepared (a float tensor): four axes are
    (image, channel, y, x) unless only the last can be the channels.

    >>> layout((3, 224, 224)), layout((224, 224, 3)), layout((28, 28)), layout((10, 28, 28))
    ('chw', 'hwc', 'hw', 'nhw')
    """
    if len(shape) == 2:
        return "hw"
    if len(shape) not in (3, 4):
        raise ValueError(
            f"shape {shape} is no picture: expected (y, x), (channel, y, x), (y, x, channel), "
            + MANY
        )
    batch, (first, _, last) = "n" * (len(shape) - 3), shape[-3:]
    as_first, as_last = first in USUAL, last in USUAL
    if channels and first != last and channels in (first, last):
        as_first, as_last = first == channels, last == channels
    if batch and prepared and (as_first or not as_last):
        return "nchw"
    if as_first and as_last:
        raise ValueError(
            f"cannot tell where the channels of shape {shape} are: pass PIL images, or a float "
            "tensor (image, channel, y, x)"
        )
    if as_last:
        return batch + "hwc"
    if batch and not as_first:
        raise ValueError(
            f"cannot tell where the channels of shape {shape} are: neither {first} nor {last} is "
            f"{channels or '1, 3 or 4'}"
        )
    if not batch and not as_first:
        return "nhw"
    if not batch and channels and first not in (1, channels):
        return several_or_one(shape, channels, tensor)
    return batch + "chw"


def several_or_one(shape, channels, tensor):
    """A first axis of 3 or 4 where another number of channels is expected."""
    if channels == 1 and not tensor:
        return "nhw"  # numpy and PIL keep colour last: three grey pictures
    count, kind = shape[0], "RGB" if shape[0] == 3 else "RGBA"
    raise ValueError(
        f"cannot tell whether shape {shape} is {count} grey images or one {kind} image, and "
        f"{channels} channels are expected: write images[:, None] for the first, "
        f"images.{'permute' if tensor else 'transpose'}(1, 2, 0) for the second"
    )


def to_nchw(values, order):
    """The tensor with axes (image, channel, y, x)."""
    if order == "hw":
        return values[None, None]
    if order == "nhw":
        return values[:, None]
    if not order.startswith("n"):
        values = values[None]
    return values.permute(0, 3, 1, 2) if order.endswith("hwc") else values


def to_unit_range(batch):
    """(values 0…1, notes): bytes are divided by 255, floats must be there already."""
    if batch.dtype in (torch.uint8, torch.bool):
        return batch.float() / (255 if batch.dtype == torch.uint8 else 1), []
    finite = batch[torch.isfinite(batch)]
    low, high = (float(finite.min()), float(finite.max())) if finite.numel() else (0.0, 0.0)
    if batch.is_floating_point():
        if low < -1e-6 or high > 1 + 1e-6:
            raise ValueError(
                f"a float image with values from {low:.3g} to {high:.3g}: cannot tell its scale. "
                "Expected 0…1 (divide by the largest possible value) or uint8 0…255; values "
                "prepared for the network go in as a float tensor (torch.as_tensor(image).float())"
            )
        return batch.float(), []
    if low < 0 or high > 65535 or 255 < high < 4096:
        raise ValueError(
            f"an integer image with values from {low:.0f} to {high:.0f}: cannot tell its scale; "
            "expected 0…255, 0…65535, or floats 0…1"
        )
    top = 65535 if high > 255 else 255
    return batch.float() / top, [f"{str(batch.dtype)[6:]} values read as 0…{top}"]


def fit_channels(batch, channels):
    """(batch with that many channels, notes): grey ↔ RGB, transparency over white."""
    notes, have = [], batch.shape[1]
    if channels is None or have == channels:
        return batch, notes
    if have == 4 and channels in (1, 3):
        batch = batch[:, :3] * batch[:, 3:] + 1 - batch[:, 3:]
        notes.append("transparency laid over white")
    if batch.shape[1] == 3 and channels == 1:
        weights = torch.tensor(LUMA, dtype=batch.dtype, device=batch.device)
        return (batch * weights[:, None, None]).sum(1, keepdim=True), [*notes, "RGB made grey"]
    if batch.shape[1] == 1 and channels == 3:
        return batch.expand(-1, 3, -1, -1), [*notes, "grey repeated to 3 channels"]
    if batch.shape[1] == channels:
        return batch, notes
    raise ValueError(
        f"image has {have} channel{'s' * (have != 1)}, the first layer of this net takes "
        f"{channels}: " + ("drop the surplus (image[:3])" if have > channels else
                           f"stack {channels} of them")
    )


def to_pil(batch):
    """PIL images (8 bits a value) of a Batch with 1 or 3 channels and values 0…1."""
    pixels = (batch.tensor.nan_to_num(0, 1, 0).clamp(0, 1) * 255).round().to(torch.uint8)
    pixels = pixels.permute(0, 2, 3, 1).cpu().numpy()
    return [Image.fromarray(p[..., 0] if p.shape[-1] == 1 else p) for p in pixels]
