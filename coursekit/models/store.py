"""Trained models by name. Weights are safetensors: loading them runs no code of theirs."""

import hashlib
import io
import json
from pathlib import Path

import numpy as np
import safetensors.torch

from coursekit.models.alexnet import AlexNet64
from coursekit.models.lenet import LeNet, LeNet5
from coursekit.models.photos import photo_batch
from coursekit.models.preprocess import digit_batch

DATA = Path(__file__).resolve().parents[2] / "data"
DIGITS = tuple("0123456789")
# name: (class, images → batch, class names, or None: those that data/results lists)
KNOWN = {
    "alexnet64": (AlexNet64, photo_batch, None),
    "lenet": (LeNet, digit_batch, DIGITS),
    "lenet5": (LeNet5, digit_batch, DIGITS),
}


def load(name):
    """The trained model of this name, in evaluation mode.

    It carries `.preprocess` (images in any form → the batch it takes), `.classes` (names of
    its outputs) and `.card` (a dict: how it was made and how good it is).
    Raises ValueError for an unknown name or a damaged file, FileNotFoundError for a missing one.

    >>> net = load("lenet")
    >>> net.card["test_accuracy"] >= 0.99, net.classes[:3]
    (True, ('0', '1', '2'))
    """
    if name not in KNOWN:
        raise ValueError(f"no model is called {name!r}; the known ones: {', '.join(KNOWN)}")
    kind, preprocess, classes = KNOWN[name]
    model = kind()
    model.load_state_dict(safetensors.torch.load(checked(f"weights/{name}.safetensors")))
    model.preprocess = preprocess
    model.classes = tuple(results(name)["classes"]) if classes is None else classes
    model.card = json.loads(found(f"weights/{name}.card.json").decode("utf-8"))
    return model.eval()


def results(name):
    """What a long run left behind in data/results, checked: a dict of numbers, lists or arrays.

    "lenet" and "lenet5" are learning curves, "baselines" the 1998 table again, "lenet_kernels" the
    first layer's kernels at several moments of the training.

    >>> results("lenet")["history"]["valid_accuracy"][-1] > 0.99
    True
    >>> results("lenet_kernels")["kernels"].shape[1:]
    (6, 1, 5, 5)
    """
    if (DATA / "results" / f"{name}.npz").exists():
        with np.load(io.BytesIO(checked(f"results/{name}.npz"))) as arrays:
            return dict(arrays)
    return json.loads(checked(f"results/{name}.json").decode("utf-8"))


def found(path):
    """The bytes of a file in data/, or FileNotFoundError with the way to bring it back."""
    file = DATA / path
    if not file.exists():
        raise FileNotFoundError(
            f"{file} is not there: it is part of the repository, "
            f"`git checkout -- data` brings it back (or unpack the course again)"
        )
    return file.read_bytes()


def checked(path):
    """The bytes of a file in data/, which must be those that data/manifest.json lists."""
    content, listed = found(path), json.loads(found("manifest.json").decode("utf-8"))
    if hashlib.sha256(content).hexdigest() != listed.get(path, {}).get("sha256"):
        raise ValueError(
            f"{DATA / path} is damaged, or newer than data/manifest.json: its checksum is not the "
            f"listed one. `git checkout -- data` brings the original back; after training anew, "
            f"`python -m coursekit.manifest` lists it"
        )
    return content
