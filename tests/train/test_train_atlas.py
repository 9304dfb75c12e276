"""The shipped atlas is whole and small, and what train/atlas.py packs is an atlas again."""

import numpy as np
import pytest
from PIL import Image

import vizkit as vk
from coursekit import models
from train import atlas as train_atlas
from vizkit.atlases import cells


@pytest.fixture(scope="module")
def shipped():
    return models.results("alexnet64_atlas")


def test_every_shipped_activation_lies_in_its_cell(shipped):
    for level, side in enumerate(shipped["sides"]):
        mine = shipped["level"] == level
        where = np.bincount(cells.cell_of(shipped["places"], side), minlength=side * side)
        assert (where[shipped["number"][mine]] == shipped["count"][mine]).all()
        assert (np.delete(where, shipped["number"][mine]) < 5).all(), "thin cells stay empty"


def test_the_shipped_atlas_is_small_and_holds_no_photograph(shipped):
    viewer = vk.AtlasViewer(shipped)
    assert (models.store.DATA / "results" / "alexnet64_atlas.npz").stat().st_size < 3e6
    assert viewer.data["icons"].shape[1:] == (64, 64, 3)
    assert not {"images", "image"} & set(shipped)
    assert np.isfinite(shipped["scores"].astype(float)).all()
    flat = viewer.data["icons"].std((1, 2, 3)) < 3
    assert flat.mean() < 0.02, "pictures that never left grey"


def test_what_is_packed_opens_as_the_same_atlas(tmp_path):
    side = np.random.default_rng(0).random((60, 28, 28)) * 255
    images, labels = side.astype(np.uint8), np.arange(60) % 3
    net = vk.Net(models.load("lenet"))

    def plain(directions):
        picture = np.asarray(Image.linear_gradient("L").resize((16, 16)).convert("RGB"))
        return np.stack([picture] * len(directions)), np.ones(len(directions))

    viewer = vk.atlas(net, "s4", images, layout="pca", grid=2, least=1, draw=plain)
    path = tmp_path / "atlas.npz"
    train_atlas.write(path, train_atlas.packed(viewer, labels))
    with np.load(path) as arrays:
        again = vk.AtlasViewer(dict(arrays))
        assert (arrays["labels"] == labels).all()
    assert repr(again) == repr(viewer) and [p.name for p in tmp_path.iterdir()] == ["atlas.npz"]
    assert np.abs(again.data["icons"].astype(int) - viewer.data["icons"]).mean() < 6
