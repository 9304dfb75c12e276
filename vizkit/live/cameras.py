"""The camera, held up to any network."""

import torch

from vizkit.net import Net
from vizkit.unit import Unit


def camera(model):
    """A LiveViewer of a Net, an nn.Module or Units, that asks for the camera.

    >>> camera(torch.nn.Sequential(torch.nn.Conv2d(3, 6, 5)))
    LiveViewer: camera, nothing yet, 6 maps of 220×220, layer 0
    """
    if isinstance(model, torch.nn.Module):
        model = Net(model)
    if not isinstance(model, (Net, Unit)):
        raise TypeError(f"expected a Net, Units of one or an nn.Module, got {type(model).__name__}")
    return model.live(source="camera")
