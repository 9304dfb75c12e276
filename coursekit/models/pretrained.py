"""torchvision's AlexNet with its ImageNet weights, where they are cached or may be fetched.

It is the network of "One weird trick" (Krizhevsky 2014, arXiv:1404.5997), not that of 2012: 64
kernels in the first layer, no groups, no response normalisation; 1,000 classes, images of 224
pixels, 56.5% of ImageNet's validation images right (torchvision's figure). No lesson needs it.
"""

import os
from pathlib import Path

import pooch
import torch

from coursekit.compat import torchvision

WEIGHTS = torchvision.models.AlexNet_Weights.IMAGENET1K_V1
MEGABYTES = 233


def cached():
    """The path of the weights on this machine, or None.

    They are looked for in `COURSE_DATA`, and where torchvision puts them.
    """
    places = [Path(torch.hub.get_dir()) / "checkpoints"]
    if os.environ.get("COURSE_DATA"):
        places.insert(0, Path(os.environ["COURSE_DATA"]).expanduser())
    found = [place / file_name() for place in places]
    return next((path for path in found if path.is_file()), None)


def torchvision_alexnet(download=False):
    """The trained network in evaluation mode; it carries `.preprocess`, `.classes` and `.card`.

    download: whether the weights (233 MB) may be fetched where they are not cached.
    Raises FileNotFoundError where they are not here, and ValueError for a damaged file: its name
    holds the first eight letters of its SHA-256.
    """
    path = cached()
    if path is None:
        if not download:
            raise FileNotFoundError(
                f"torchvision's AlexNet weights ({MEGABYTES} MB) are not on this machine: "
                f"torchvision_alexnet(download=True) fetches them from {WEIGHTS.url}, or put that "
                f"file into {Path(torch.hub.get_dir()) / 'checkpoints'}")
        torch.hub.load_state_dict_from_url(WEIGHTS.url, check_hash=True, weights_only=True)
        path = cached()
    check(path)
    model = torchvision.models.alexnet()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    model.preprocess, model.classes = WEIGHTS.transforms(), tuple(WEIGHTS.meta["categories"])
    model.card = {"name": "torchvision's alexnet", "source": WEIGHTS.url,
                  "test_accuracy": WEIGHTS.meta["_metrics"]["ImageNet-1K"]["acc@1"] / 100}
    return model.eval()


def file_name():
    return WEIGHTS.url.rsplit("/", 1)[1]


def check(path):
    """Raises ValueError unless the file's SHA-256 begins as its name says."""
    found = pooch.file_hash(str(path))
    if not found.startswith(path.stem.rsplit("-", 1)[1]):
        raise ValueError(f"{path} is damaged (its SHA-256 begins with {found[:8]}): remove it, "
                         "torchvision_alexnet(download=True) fetches it again")
