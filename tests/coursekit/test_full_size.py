"""Training at full size, on a small scale: the path that a GPU would take, here on the CPU."""

import numpy as np
import pytest
import torch
from torch import nn

from coursekit.full_size import Looks, full_size
from coursekit.models.alexnet import MEAN, AlexNet


def pictures(n=64, side=20):
    """Dark ones are class 0, light ones class 1."""
    labels = np.arange(n) % 2
    noise = np.random.default_rng(0).integers(0, 60, (n, side, side, 3))
    return (noise + 190 * labels[:, None, None, None]).astype(np.uint8), labels


def small():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(4, 2))  # fmt: skip


@pytest.mark.parametrize("bf16", [False, True])
def test_it_learns_and_says_how_long_it_took(bf16):
    rows = []
    found = full_size(pictures(), pictures(20), "cpu", epochs=8, goal=0.9, side=16, batch=8,
                      rate=3e-3, bf16=bf16, net=small(), on_epoch=rows.append)  # fmt: skip
    assert found["accuracy"] == 1 and found["images_per_second"] > 0 and len(rows) == 8
    assert 0 < found["seconds_to_goal"] <= sum(row["seconds"] for row in rows)


def test_a_goal_that_is_not_reached_is_no_number():
    found = full_size(pictures(8), pictures(8), "cpu", epochs=1, goal=1.1, side=16, bf16=False,
                      net=small())  # fmt: skip
    assert found["seconds_to_goal"] is None


def test_the_network_is_alexnet_where_no_other_is_given(monkeypatch):
    seen = []
    monkeypatch.setattr("coursekit.full_size.fit", lambda net, *a, **k: seen.append(net) or {
        "seconds": [1.0], "valid_accuracy": [0.5]})  # fmt: skip
    found = full_size(pictures(4), pictures(4), "cpu", goal=0.5)
    assert isinstance(seen[0][1], AlexNet) and seen[0][1].fc8.out_features == 2
    assert found == {"images_per_second": 4, "accuracy": 0.5, "seconds_to_goal": 1.0}


def test_looks_vary_while_training_only_and_have_their_mean_taken_off():
    images = torch.from_numpy(pictures(2)[0])
    looks = Looks(16)
    torch.manual_seed(0)
    assert not torch.equal(looks(images), looks(images))
    looks.eval()
    assert torch.equal(looks(images), looks(images))
    grey = torch.full((1, 20, 20, 3), 120, dtype=torch.uint8)
    assert torch.allclose(looks(grey)[0, :, 3, 3], 120 - torch.tensor(MEAN), atol=1e-3)
