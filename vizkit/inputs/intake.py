"""From anything to the batch that one model takes: what its first layer wants, preprocessing."""

import contextlib
import operator

import numpy as np
import torch
from PIL import Image
from torch import nn

from vizkit.inputs import images
from vizkit.inputs.images import Batch
from vizkit.language.words import encoded

SIGNAL = (nn.Conv1d, nn.ConvTranspose1d, nn.MultiheadAttention, nn.Transformer,
          nn.TransformerEncoderLayer, nn.TransformerDecoderLayer)
NUMBERS = ("signal", "sequence", "volume")  # kinds that no picture can be
VOLUME = (nn.Conv3d, nn.ConvTranspose3d)


class Intake:
    """What a model takes, and how things become that.

    kind: "image", "vector", "tokens", "signal", "sequence", "volume", or "unknown", told from the
    first layer that has one (in the order of registration). width: channels, features or None.
    size: the side of images that are resized, or (height, width), or None.
    """

    def __init__(self, model, preprocess=None, encoding=None, size=None):
        self.kind, self.width = first_layer(model)
        self.preprocess, self.encoding = preprocess, encoding
        self.size = size if size is None else height_and_width(size)

    def batch(self, value):
        """A Batch of any of the things that `images.load` reads, or of tokens.

        Float tensors count as prepared and go in as they are; everything else is an image (or a
        text) and is preprocessed.
        """
        if self.kind == "tokens":
            return self.tokens(value)
        prepared = isinstance(value, torch.Tensor) and value.is_floating_point()
        if self.kind in NUMBERS or (self.kind == "vector" and self.is_vector(value)):
            return self.numbers(value)
        if prepared and self.kind == "unknown":
            return Batch(value.detach())
        if prepared or self.preprocess is None:
            return self.plain(value)
        return self.preprocessed(value)

    def plain(self, value):
        """The Batch of pictures that no preprocess is for; a list may hold several sizes where
        there is one to resize them to. Float tensors count as prepared and keep theirs.
        """
        several = isinstance(value, (list, tuple)) and not images.is_number_list(value)
        if several and self.size is not None:
            return images.join([self.plain(one) for one in value])
        prepared = isinstance(value, torch.Tensor) and value.is_floating_point()
        return self.resized(images.load(value, self.channels()), prepared)

    def examples(self, sides):
        """Batches of one empty example that the model may take, likely ones first."""
        if self.kind == "image" and self.preprocess is not None:
            with contextlib.suppress(Exception):  # a preprocess that wants another kind of image
                yield self.batch(np.full((64, 64), 128, np.uint8)).tensor
        if self.kind in ("image", "unknown"):
            sizes = [self.size] if self.size else [(side, side) for side in sides]
            yield from (torch.zeros(1, self.width or 3, *size) for size in sizes)
        elif self.kind == "vector":
            yield torch.zeros(1, self.width)
        elif self.kind == "tokens":
            yield torch.zeros(1, 8, dtype=torch.long)
        elif self.kind == "signal" and self.width:
            yield from (torch.zeros(1, self.width, length) for length in (128, 1024))
        elif self.kind == "sequence":
            yield torch.zeros(1, 16, self.width)
        elif self.kind == "volume" and self.width:
            yield from (torch.zeros(1, self.width, side, side, side) for side in (16, 64))

    def channels(self):
        return self.width if self.kind == "image" else None

    def is_vector(self, value):
        """Does an array already hold rows of as many features as the first layer takes?"""
        shape = np.shape(value) if not isinstance(value, (list, tuple)) else ()
        if images.is_number_list(value):
            shape = np.shape(value)
        return len(shape) in (1, 2) and shape[-1] == self.width

    def numbers(self, value):
        """Arrays of numbers as they are, with a batch axis."""
        if isinstance(value, (str, Image.Image)) or not hasattr(value, "shape"):
            value = np.asarray(value) if images.is_number_list(value) else value
        if not hasattr(value, "shape"):
            raise TypeError(
                f"this net takes a {self.kind}, not {type(value).__name__}: pass an array or a "
                "tensor whose first axis counts the examples"
            )
        tensor = torch.as_tensor(np.asarray(value) if not torch.is_tensor(value) else value)
        axes = {"vector": 2, "signal": 3, "sequence": 3, "volume": 5}[self.kind]
        tensor = tensor.detach().float() if not tensor.is_floating_point() else tensor.detach()
        return Batch(tensor[None] if tensor.ndim == axes - 1 else tensor)

    def tokens(self, value):
        """Text (with the model's encoding) or numbers of tokens, as (text, position), int64."""
        texts = [value] if isinstance(value, str) else value
        if isinstance(texts, (list, tuple)) and texts and isinstance(texts[0], str):
            if self.encoding is None:
                raise TypeError("this net takes tokens and has no encoding to make them from text: "
                                "pass their numbers, or give the model one, model.encoding = …")
            rows = [encoded(self.encoding, text) for text in texts]
            if len({len(row) for row in rows}) > 1:
                raise ValueError("the texts have several lengths in tokens: pass them one by one")
            texts = rows
        if value is None or isinstance(value, bytes):
            raise TypeError(f"this net takes tokens, got {type(value).__name__}: pass a text, or "
                            "the numbers of its tokens")
        tensor = torch.as_tensor(texts)
        if not tensor.numel():
            raise ValueError("the text is empty: give at least one token")
        if tensor.is_floating_point() or tensor.is_complex():
            raise TypeError(
                "this net takes tokens (whole numbers), got "
                f"{tensor.dtype} of {tuple(tensor.shape)}"
            )
        return Batch(tensor.long()[None] if tensor.ndim == 1 else tensor.long())

    def resized(self, batch, prepared):
        """The batch at the Net's input_size, where one was given and no preprocess does it."""
        if self.size is None or prepared or tuple(batch.tensor.shape[-2:]) == tuple(self.size):
            return batch
        tensor = nn.functional.interpolate(
            batch.tensor, size=tuple(self.size), mode="bilinear", antialias=True
        )
        height, width = self.size
        return Batch(tensor, [*batch.notes, f"resized to {height}×{width}"])

    def preprocessed(self, value):
        """What the preprocess makes: of all at once if it can, else of one image after another."""
        if isinstance(value, (np.ndarray, torch.Tensor)):
            try:
                tensor = self.preprocess(value)
                if self.fits(tensor, count_of(value, self.channels())):
                    return Batch(tensor)
            except Exception:  # noqa: BLE001 - transforms refuse arrays in many ways
                pass
        loaded, notes = pictures(value, self.channels())
        rows = [self.preprocess(picture) for picture in loaded]
        wrong = next((row for row in rows if not isinstance(row, torch.Tensor)), None)
        if wrong is not None:
            raise TypeError(
                f"preprocess gave {type(wrong).__name__}, expected a tensor: end it with one "
                "(torchvision: transforms.ToTensor())"
            )
        return Batch(torch.cat([row if row.ndim == 4 else row[None] for row in rows]), notes)

    def fits(self, tensor, count):
        """Is this a batch of that many images with the channels that the first layer takes?"""
        if not isinstance(tensor, torch.Tensor):
            return False
        if self.kind != "image":
            return len(tensor) == count
        return tensor.ndim == 4 and len(tensor) == count and tensor.shape[1] == self.width


def height_and_width(size):
    """An input size as (height, width). Raises ValueError for what is none.

    >>> height_and_width(224), height_and_width((480, 640))
    ((224, 224), (480, 640))
    """
    sides = (size, size) if isinstance(size, int) else size
    try:
        height, width = map(operator.index, sides)
    except (TypeError, ValueError):
        height = width = 0
    if min(height, width) < 1:
        raise ValueError(f"input_size is {size!r}; expected a side in pixels, e.g. 224, or "
                         "(height, width)")
    return height, width


def pictures(value, channels):
    """(PIL images with 1 or 3 channels as the net takes them, notes) of anything."""
    if isinstance(value, (list, tuple)) and not images.is_number_list(value):
        pairs = [pictures(one, channels) for one in value]
        notes = [note for _, said in pairs for note in said]
        return [image for found, _ in pairs for image in found], list(dict.fromkeys(notes))
    batch = images.load(value, channels if channels in (1, 3) else None)
    return images.to_pil(batch), batch.notes


def count_of(value, channels):
    """How many images an array holds."""
    order = images.layout(tuple(value.shape), channels, tensor=torch.is_tensor(value))
    return value.shape[0] if order.startswith("n") else 1


def first_layer(model):
    """(kind, width) of the first layer whose input says what the model takes."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
            return "image", module.in_channels
        if isinstance(module, nn.Linear):
            return "vector", module.in_features
        if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
            return "tokens", module.num_embeddings
        if isinstance(module, nn.RNNBase):
            return "sequence", module.input_size
        if isinstance(module, SIGNAL):
            return "signal", getattr(module, "in_channels", None)
        if isinstance(module, VOLUME):
            return "volume", module.in_channels
    return "unknown", None
