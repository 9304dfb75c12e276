"""Class means and nearest labels: by hand, and the whole script on made-up pictures."""

import hashlib
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from sklearn.neighbors import NearestNeighbors

from coursekit.models.alexnet import AlexNet64
from coursekit.models.photos import photo_batch
from train import class_means

RNG = np.random.default_rng(0)
PIXELS = RNG.integers(0, 255, (12, 64, 64, 3), dtype=np.uint8)
MADE_UP = SimpleNamespace(train=PIXELS, train_labels=np.repeat([0, 1, 2], 4), test=PIXELS[::4] // 2,
                          test_labels=np.array([0, 1, 2]), names=("a", "b", "c"))


def test_nearest_labels_are_scikit_learns_whatever_the_block(monkeypatch):
    pool, queries = RNG.normal(size=(300, 7)), RNG.normal(size=(20, 7))
    labels = np.arange(300)
    expected = NearestNeighbors(n_neighbors=10).fit(pool).kneighbors(queries)[1]
    for block in (500, 64, 7):
        monkeypatch.setattr(class_means, "BLOCK", block)
        assert (class_means.nearest_labels(queries, pool, labels) == expected).all()


def test_an_embedding_is_what_the_layer_gives():
    torch.manual_seed(0)
    model = AlexNet64(3)
    seen = {}
    model.relu7.register_forward_hook(lambda *call: seen.update(relu7=call[2]))
    vectors = class_means.embed(model, PIXELS)
    with torch.no_grad():
        model.eval()(photo_batch(PIXELS))
    assert vectors.shape == (12, 1024)
    assert torch.allclose(vectors, seen["relu7"], atol=1e-5)


def test_the_script_writes_measurements_and_no_picture(tmp_path, monkeypatch, capsys):
    model = AlexNet64(3)
    monkeypatch.setattr(class_means.models, "load", lambda name: model)
    monkeypatch.setattr(class_means, "gather", lambda *given: MADE_UP)
    monkeypatch.setattr(class_means, "NEAREST", 2)
    monkeypatch.setattr(sys, "argv", ["class_means.py", "--out", str(tmp_path / "r" / "m.npz")])
    found = class_means.nearest_labels
    monkeypatch.setattr(class_means, "nearest_labels",
                        lambda queries, pool, labels, k=2: found(queries, pool, labels, k))
    class_means.main()
    with np.load(tmp_path / "r" / "m.npz") as file:
        arrays = dict(file)
    assert arrays["means"].shape == (3, 1024) and arrays["means"].dtype == np.float16
    vectors = class_means.embed(model, PIXELS)
    assert np.allclose(arrays["means"][1], vectors[4:8].mean(0), atol=2e-3)
    assert arrays["pixels"].shape == arrays["untrained"].shape == (3, 2)
    assert arrays["names"].tolist() == ["a", "b", "c"] and arrays["labels"].tolist() == [0, 1, 2]
    assert not [name for name, array in arrays.items() if array.ndim > 2]
    assert "same class" in capsys.readouterr().out


def test_the_shipped_measurements_are_of_the_shipped_weights():
    data = Path(class_means.ROOT) / "data"
    weights = hashlib.sha256((data / "weights/alexnet64.safetensors").read_bytes()).hexdigest()
    with np.load(data / "results/alexnet64_means.npz") as arrays:
        assert arrays["weights"] == weights, "run python train/class_means.py again"


def test_shares_by_hand():
    near = np.array([[0, 1, 0], [2, 2, 2]])
    assert class_means.share_alike(near, np.array([0, 1]), k=3) == pytest.approx(2 / 6)
