"""Trained models by name. Weights are safetensors: loading them runs no code of theirs."""

import hashlib
import io
import json
from functools import partial
from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from coursekit.models import bpe
from coursekit.models.alexnet import AlexNet64
from coursekit.models.gpt import GPT
from coursekit.models.lenet import LeNet, LeNet5
from coursekit.models.packing import unpack
from coursekit.models.photos import photo_batch
from coursekit.models.preprocess import digit_batch
from coursekit.models.token_batch import token_batch

DATA = Path(__file__).resolve().parents[2] / "data"
DIGITS = tuple("0123456789")
# name: (class, images → batch, class names, or None: those that data/results lists)
KNOWN = {
    "alexnet64": (AlexNet64, photo_batch, None),
    "lenet": (LeNet, digit_batch, DIGITS),
    "lenet5": (LeNet5, digit_batch, DIGITS),
}
TEXT = ("gpt_tales", "gpt_shakespeare")  # their sizes are in their cards


def load(name, folder=None):
    """The trained model of this name, in evaluation mode.

    folder: where a training of your own wrote it (`train/gpt.py --out`, which says so at its end);
    by default data/, whose files have to be those of its manifest.
    It carries `.preprocess` (images or texts in any form → the batch it takes), `.card` (a dict:
    how it was made and how good it is), and `.classes` (names of its outputs) or, where these
    are tokens, `.encoding` (a `tiktoken.Encoding`).
    Raises ValueError for an unknown name or a damaged file, FileNotFoundError for a missing one.

    >>> net = load("lenet")
    >>> net.card["test_accuracy"] >= 0.99, net.classes[:3]
    (True, ('0', '1', '2'))
    """
    if name not in (*KNOWN, *TEXT):
        known = ", ".join((*KNOWN, *TEXT))
        raise ValueError(f"no model is called {name!r}; the known ones: {known}")
    card = json.loads(found(f"weights/{name}.card.json", folder).decode("utf-8"))
    weights = safetensors.torch.load(checked(f"weights/{name}.safetensors", folder))
    if name in TEXT:
        model = filled(card["model"], weights)
        model.encoding = encoding(name, folder)
        model.preprocess = partial(token_batch, model.encoding)
    else:
        kind, preprocess, classes = KNOWN[name]
        model = kind()
        model.load_state_dict(weights)
        model.preprocess = preprocess
        model.classes = tuple(results(name, folder)["classes"]) if classes is None else classes
    model.card = card
    return model.eval()


def encoding(name, folder=None):
    """The tokens of a GPT of this name as a `tiktoken.Encoding`.

    >>> encoding("gpt_tales").decode(encoding("gpt_tales").encode("Once there was a girl"))
    'Once there was a girl'
    """
    checked(f"weights/{name}.bpe", folder)
    return bpe.encoding(bpe.load(place(f"weights/{name}.bpe", folder)), name)


def checkpoints(name="gpt_tales"):
    """The same GPT at several moments of its training: {step: model}, the last as it is shipped.

    Those in between are stored in 8 bits a weight; step 0 is made from the run's seed.

    >>> list(checkpoints("gpt_tales"))[:2]
    [0, 15]
    """
    last, arrays = load(name), results(f"{name}_checkpoints")
    sizes, setting = last.card["model"], last.card["settings"]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(setting["seed"])
        models = {0: GPT(**sizes).eval()}
    for step in arrays["steps"].tolist():
        models[step] = filled(sizes, unpack(arrays, f"{step}/")).eval()
    for model in models.values():
        model.encoding, model.preprocess, model.card = last.encoding, last.preprocess, last.card
    return models | {setting["epochs"] * setting["steps"]: last}


def filled(sizes, weights):
    """A GPT of these weights, which draws no random numbers that they would only replace."""
    with torch.device("meta"):
        model = GPT(**sizes)
    model.load_state_dict({name: value.float() for name, value in weights.items()}, assign=True)
    return model


def results(name, folder=None):
    """What a long run left behind in data/results, checked: a dict of numbers, lists or arrays.

    "lenet" and "lenet5" are learning curves, "baselines" the 1998 table again, "lenet_kernels" the
    first layer's kernels at several moments of the training.

    >>> results("lenet")["history"]["valid_accuracy"][-1] > 0.99
    True
    >>> results("lenet_kernels")["kernels"].shape[1:]
    (6, 1, 5, 5)
    """
    if place(f"results/{name}.npz", folder).exists():
        with np.load(io.BytesIO(checked(f"results/{name}.npz", folder))) as arrays:
            return dict(arrays)
    return json.loads(checked(f"results/{name}.json", folder).decode("utf-8"))


def place(path, folder=None):
    """Where a file of data/, or of a folder of one's own, lies."""
    return (DATA if folder is None else Path(folder).expanduser()) / path


def found(path, folder=None):
    """The bytes of a file in data/, or FileNotFoundError with the way to bring it back."""
    file = place(path, folder)
    if not file.exists() and folder is not None:
        raise FileNotFoundError(f"{file} is not there: has a training with --out {folder} ended?")
    if not file.exists():
        raise FileNotFoundError(
            f"{file} is not there: it is part of the repository, "
            f"`git checkout -- data` brings it back (or unpack the course again)"
        )
    return file.read_bytes()


def checked(path, folder=None):
    """The bytes of a file in data/, which must be those that data/manifest.json lists."""
    if folder is not None:
        return found(path, folder)
    content, listed = found(path), json.loads(found("manifest.json").decode("utf-8"))
    if hashlib.sha256(content).hexdigest() != listed.get(path, {}).get("sha256"):
        raise ValueError(
            f"{DATA / path} is damaged, or newer than data/manifest.json: its checksum is not the "
            f"listed one. `git checkout -- data` brings the original back; after training anew, "
            f"`python -m coursekit.manifest` lists it"
        )
    return content
