"""Lesson 07's cell for torchvision's trained AlexNet, with a stand-in: CI has not its weights."""

import re
from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from coursekit import gabor, models
from coursekit.models import pretrained

TEXT = Path(__file__).parents[2] / "course" / "text" / "07_kernels_and_maps.md"
CELLS = re.findall(r"^```python[^\n]*\n(.*?)^```$", TEXT.read_text("utf-8"), re.M | re.S)


def run(shown, monkeypatch, conv1=None):
    """Run the cell; conv1: the weights (64, 3, 11, 11) that are found, or None."""
    (cell,) = [cell for cell in CELLS if "pretrained.cached()" in cell]
    (colour,) = [cell for cell in CELLS if "def colour_share" in cell]
    names = {"np": np, "vk": vk, "gabor": gabor, "pretrained": pretrained, "display": shown.append,
             "by_chance": np.full(96, 0.1), "colour_start": np.array([0.6, 0.73])}
    exec(colour[: colour.index("\n\n\n")], names)  # the function alone
    monkeypatch.setattr(pretrained, "cached", lambda: conv1 is not None)
    monkeypatch.setattr(pretrained, "torchvision_alexnet", lambda: alexnet_like(conv1))
    exec(cell, names)
    return SimpleNamespace(**names)


def alexnet_like(conv1):
    """The first layer of torchvision's network, under its name there."""
    conv = nn.Conv2d(3, 64, 11, stride=4, padding=2)
    conv.weight.data = conv1
    return nn.Sequential(OrderedDict(features=nn.Sequential(conv)))


def test_without_the_weights_the_cell_says_how_to_fetch_them(monkeypatch, capsys):
    shown = []
    run(shown, monkeypatch)
    assert shown == []
    assert "pretrained.torchvision_alexnet(download=True)" in capsys.readouterr().out


def test_with_trained_kernels_the_cell_shows_all_64(monkeypatch, capsys):
    shown = []
    run(shown, monkeypatch, models.load("alexnet64").conv1.weight.data[:64].float())
    assert shown[0].kernels.shape == (64, 3, 11, 11)
    assert "a Gabor explains" in capsys.readouterr().out


def test_with_random_kernels_the_cell_fails(monkeypatch):
    torch.manual_seed(0)
    with pytest.raises(AssertionError, match="of any random kernel"):
        run([], monkeypatch, torch.randn(64, 3, 11, 11))
