"""torchvision's AlexNet: found, fetched, refused. Its real weights are not needed: ones of the
same shapes, drawn by chance, take their place under a name with their own checksum."""

import hashlib
import io
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from coursekit.models import pretrained
from coursekit.models.pretrained import torchvision_alexnet


@pytest.fixture(scope="module")
def packed():
    torch.manual_seed(0)
    buffer = io.BytesIO()
    torch.save(pretrained.torchvision.models.alexnet().state_dict(), buffer)
    return buffer.getvalue()


@pytest.fixture
def place(tmp_path, monkeypatch, packed):
    """A server's folder with the file, an empty torch cache, and the address of the file."""
    name = f"alexnet-owt-{hashlib.sha256(packed).hexdigest()[:8]}.pth"
    (tmp_path / "server").mkdir()
    (tmp_path / "server" / name).write_bytes(packed)
    url = (tmp_path / "server" / name).as_uri()
    kept = pretrained.WEIGHTS
    monkeypatch.setattr(pretrained, "WEIGHTS", SimpleNamespace(
        url=url, meta=kept.meta, transforms=kept.transforms))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    return SimpleNamespace(name=name, server=tmp_path / "server", data=tmp_path / "data")


def test_without_the_weights_it_says_where_they_come_from(place):
    with pytest.raises(FileNotFoundError, match=r"233 MB.*download=True"):
        torchvision_alexnet()


def test_it_is_fetched_checked_and_ready_for_a_photograph(place):
    model = torchvision_alexnet(download=True)
    assert not model.training and len(model.classes) == 1000
    assert sum(p.numel() for p in model.parameters()) == 61_100_840
    image = pretrained.torchvision.transforms.functional.to_pil_image(
        np.zeros((300, 400, 3), np.uint8))
    assert model(model.preprocess(image)[None]).shape == (1, 1000)
    (place.server / place.name).unlink()
    torchvision_alexnet()  # now from the cache


def test_it_is_found_in_the_course_data_folder(place):
    place.data.mkdir()
    (place.server / place.name).rename(place.data / place.name)
    assert pretrained.cached() == place.data / place.name
    assert torchvision_alexnet().card["test_accuracy"] == pytest.approx(0.56522)


def test_a_damaged_file_is_named(place):
    place.data.mkdir()
    whole = (place.server / place.name).read_bytes()
    (place.data / place.name).write_bytes(whole[:-100])
    with pytest.raises(ValueError, match=r"alexnet-owt.* is damaged"):
        torchvision_alexnet()
