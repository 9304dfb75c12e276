"""The shipped models: found by name, whole, and as good as their cards say."""

import json
import shutil

import numpy as np
import pytest
import torch

from coursekit import data, models
from coursekit.models import store

NAMES = ["lenet", "lenet5"]  # of digits; of photographs: alexnet64


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A data/ folder that a test may damage."""
    shutil.copytree(store.DATA / "weights", tmp_path / "weights")
    shutil.copy(store.DATA / "manifest.json", tmp_path)
    monkeypatch.setattr(store, "DATA", tmp_path)
    return tmp_path


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(ValueError, match="no model is called 'lenet6'.* lenet, lenet5"):
        models.load("lenet6")


@pytest.mark.parametrize("name", NAMES)
def test_a_model_comes_ready_to_use(name):
    net = models.load(name)
    assert not net.training
    assert net.classes == tuple("0123456789")
    assert net(net.preprocess(np.zeros((28, 28), np.uint8))).shape == (1, 10)


def test_the_network_of_photographs_comes_ready_and_better_than_its_aim():
    net = models.load("alexnet64")
    assert not net.training and len(net.classes) == len(set(net.classes)) == 100
    assert net(net.preprocess(np.zeros((80, 90, 3), np.uint8))).shape == (1, 100)
    card = net.card
    told = {"data", "command", "settings", "hours", "versions", "confusions", "licence"}
    assert told <= set(card)
    for key, interval, aim in (("test_accuracy", "interval_95", 0.5),
                               ("test_top5", "interval_95_top5", 0.77)):
        low, high = card[interval]
        assert aim <= low <= card[key] <= high
    assert card["parameters"] == sum(p.numel() for p in net.parameters())
    assert (store.DATA / "weights" / "alexnet64.safetensors").stat().st_size <= 12e6
    curve = store.results("alexnet64")["history"]
    assert len(curve["epoch"]) == card["settings"]["epochs"]
    kernels = store.results("alexnet64_kernels")["kernels"]
    assert kernels.shape[1:] == (96, 3, 11, 11) and len(kernels) >= 10
    shipped = net.conv1.weight.detach().numpy()
    last = kernels[-1].astype(np.float32)  # the step's own weights; shipped is their average
    assert np.corrcoef(last.ravel(), shipped.ravel())[0, 1] > 0.99


def test_on_its_own_test_pictures_it_is_as_good_as_its_card():
    if not data.available("tiny_imagenet"):
        pytest.skip("Tiny-ImageNet is not on this machine")
    net, pictures = models.load("alexnet64"), data.tiny_imagenet("val")
    if tuple(pictures.names) != net.classes:
        pytest.skip("the zip file here has other classes")
    with torch.no_grad():
        read = [net(part).argmax(1) for part in net.preprocess(pictures.images).split(500)]
    share = (torch.cat(read).numpy() == pictures.labels).mean()
    assert abs(share - net.card["test_accuracy"]) < 0.005, "bfloat16 there, float32 here"


@pytest.mark.parametrize("name, aim", [("lenet", 0.99), ("lenet5", 0.985)])
def test_the_card_says_how_it_was_made_and_meets_the_aim(name, aim):
    net = models.load(name)
    card = net.card
    assert {"data", "command", "seed", "versions", "test_accuracy", "licence"} <= set(card)
    low, high = card["interval_95"]
    assert aim <= low <= card["test_accuracy"] <= high
    assert card["errors"] == round((1 - card["test_accuracy"]) * card["test_images"])
    assert card["parameters"] == sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize("name", NAMES)
def test_the_learning_curve_is_there_and_belongs_to_the_card(name):
    card = models.load(name).card
    curve = json.loads((store.DATA / "results" / f"{name}.json").read_text(encoding="utf-8"))
    assert len(curve["history"]["epoch"]) == card["epochs"]
    assert curve["history"]["valid_accuracy"][-1] == pytest.approx(card["valid_accuracy"], abs=1e-4)
    assert len(curve["wrong_test_images"]) == card["errors"]


def test_the_snapshots_run_from_the_start_to_the_shipped_kernels():
    with np.load(store.DATA / "results" / "lenet_kernels.npz") as stored:
        kernels, seen = stored["kernels"], stored["images_seen"]
    assert kernels.shape == (len(seen), 6, 1, 5, 5) and (np.diff(seen) > 0).all() and seen[0] == 0
    assert np.array_equal(kernels[-1], models.load("lenet").c1.weight.detach().numpy())


@pytest.mark.parametrize("name, least, most", [("lenet", 0.85, 0.95), ("lenet5", 0.6, 0.75)])
def test_it_reads_digits_of_another_data_set_less_well(name, least, most):
    net, digits = models.load(name), data.digits()
    with torch.no_grad():
        read = net(net.preprocess(digits.images)).argmax(1).numpy()
    share = (read == digits.labels).mean()
    assert least <= share <= most, "0.903 and 0.669; only lenet saw distorted digits"


@pytest.mark.parametrize("name", NAMES)
def test_on_mnist_it_makes_the_errors_that_are_listed(name):
    if not data.available("mnist"):
        pytest.skip("MNIST is not on this machine")
    net, mnist = models.load(name), data.mnist("test")
    with torch.no_grad():
        read = torch.cat([net(part).argmax(1) for part in net.preprocess(mnist.images).split(1000)])
    wrong = (read.numpy() != mnist.labels).sum()
    assert abs(wrong - net.card["errors"]) <= 2, "another processor may round a close call away"


def test_damaged_weights_are_not_loaded(copy):
    file = copy / "weights" / "lenet.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged.*git checkout -- data"):
        models.load("lenet")
    models.load("lenet5")


def test_missing_weights_say_how_to_get_them_back(copy):
    (copy / "weights" / "lenet.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match="git checkout -- data"):
        models.load("lenet")


def test_a_folder_of_one_s_own_needs_no_manifest_but_the_files(tmp_path):
    with pytest.raises(FileNotFoundError, match="lenet.card.json is not there: has a training"):
        store.load("lenet", folder=tmp_path)
    (tmp_path / "weights").mkdir()
    for file in store.DATA.glob("weights/lenet.*"):
        (tmp_path / "weights" / file.name).write_bytes(file.read_bytes())
    card = tmp_path / "weights" / "lenet.card.json"
    card.write_text(card.read_text("utf-8").replace('"lenet"', '"mine"'), encoding="utf-8")
    assert store.load("lenet", folder=str(tmp_path)).card["name"] == "mine"
