"""InterventionViewer without a browser: a unit held at a value, and what the net then says."""

import copy

import numpy as np
import pytest
import torch

import vizkit as vk
from vizkit.views import InterventionViewer

BRIGHT, DARK = np.ones((1, 4, 4), np.float32), np.zeros((1, 4, 4), np.float32)


def reader():
    """Channel 0 is the brightness, channel 1 is 1 − brightness; the logits are 1 less."""
    model = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 1), torch.nn.ReLU(), torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(), torch.nn.Linear(2, 2))
    model[4].weight.data, model[4].bias.data = torch.eye(2), torch.tensor([-1.0, -1.0])
    model[0].weight.data = torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1)
    model[0].bias.data = torch.tensor([0.0, 1.0])
    return model


@pytest.fixture
def net():
    return vk.Net(reader(), classes=["bright", "dark"], input_size=4)


def softmax(*logits):
    return (np.exp(logits) / np.exp(logits).sum()).round(6).tolist()


def test_a_unit_knocked_out_and_clamped_gives_what_one_reckons_by_hand(net):
    viewer = net["1"][0].intervene([BRIGHT, DARK])
    assert viewer.data["before"].round(6).tolist() == [softmax(1, 0), softmax(0, 1)]
    assert viewer.data["seen"].tolist() == [[1], [0]]
    viewer.mode = "knocked out"
    assert viewer.data["after"].round(6).tolist() == [softmax(0, 0), softmax(0, 1)]
    viewer.mode, viewer.strength = "clamped", 3
    assert viewer.held == 3
    assert viewer.data["after"].round(6).tolist() == [softmax(3, 0), softmax(3, 1)]
    viewer.mode = "as it is"
    assert (viewer.data["after"] == viewer.data["before"]).all()
    assert np.isnan(viewer.data["held"])


def test_the_change_is_said_in_words_for_the_chosen_image_and_for_all(net):
    viewer = net["1"][0].intervene([BRIGHT, DARK])
    assert repr(viewer) == "InterventionViewer: 1[0] as it is; read as bright, 0.731"
    viewer.mode, viewer.strength, viewer.image = "clamped", 3, 1
    assert viewer.words == (
        "dark 0.731 → 0.119, now read as bright, 0.881; 1 of 2 images is read as something else")
    assert viewer.describe() == (
        f"1[0] clamped at 3.00 (here at most 0): {viewer.words}. Bars before and after: "
        "dark 0.731 → 0.119, bright 0.269 → 0.881.")
    viewer.mode = "knocked out"
    assert viewer.words.startswith("dark 0.731 → 0.731, still the first; 0 of 2 images are")


def test_the_model_and_the_net_stay_as_they_were(net):
    before = copy.deepcopy(net.model.state_dict())
    viewer = net["1"].intervene(BRIGHT)
    viewer.mode = "knocked out"
    assert all((before[key] == value).all() for key, value in net.model.state_dict().items())
    assert net.changes == () and not any(m._forward_hooks for m in net.model.modules())
    assert net.predict(BRIGHT).best == "bright"


def test_the_chosen_unit_is_the_one_that_is_changed(net):
    viewer = net["1"].intervene([BRIGHT, DARK])
    assert viewer.unit == 0, "the most active on the first image"
    viewer.mode = "knocked out"
    other = net["0"].kernels()
    other.selected = 1
    assert (viewer.selected, viewer.unit) == (1, 1)
    assert viewer.data["after"].round(6).tolist() == [softmax(1, 0), softmax(0, 0)]
    other.selected = -1
    assert viewer.unit == 1, "with none chosen it stays"


def test_directions_are_held_too(net):
    layer = net["1"]
    viewer = (0.6 * layer[0] + 0.8 * layer[1]).intervene(BRIGHT)
    assert viewer.data["seen"].round(6).tolist() == [[0.6]]
    viewer.mode, viewer.strength = "clamped", 2
    expected = (layer.net.clamp(0.6 * layer[0] + 0.8 * layer[1], 1.2)).predict(BRIGHT)
    assert np.allclose(viewer.data["after"][0], expected.probabilities)


def test_an_error_in_the_function_is_shown_and_asked_again():
    def fails(unit, value):
        if value:
            raise RuntimeError("no such thing")
        return np.array([[0.2, 0.8]])

    viewer = InterventionViewer(fails, [[0.9, 0.1]], [[0.0]], ["u"], ["a", "b"])
    viewer.mode = "clamped"
    assert viewer.problem == "RuntimeError: no such thing"
    assert viewer.done == [-1, "clamped", 2.0]
    assert (viewer.after == viewer.before).all()
    viewer.mode = "knocked out"
    assert viewer.problem == "" and viewer.words == "a 0.900 → 0.200, now read as b, 0.800"


def test_what_cannot_be_shown_is_refused(net):
    with pytest.raises(ValueError, match="65 images: the viewer takes up to 64"):
        net["1"].intervene(np.zeros((65, 1, 4, 4), np.float32))
    with pytest.raises(ValueError, match="image 1: there are 0 to 0"):
        net["1"].intervene(BRIGHT).image = 1
    with pytest.raises(ValueError, match="unit 2: there are 0 to 1"):
        net["1"].intervene(BRIGHT).selected = 2
    with pytest.raises(TypeError, match="predict expects a row"):
        vk.Net(reader()[:2], input_size=4)["0"].intervene(BRIGHT)
    with pytest.raises(ValueError, match=r"expected \(image, class\) and \(image, unit\)"):
        InterventionViewer(None, [[0.5, 0.5]], [[1.0]], ["a", "b"], ["x", "y"])


def test_its_picture_has_bars_of_the_first_classes_of_both_sides(net, tmp_path):
    viewer = net["1"].intervene([BRIGHT, DARK], top=1)
    assert [text.get_text() for text in viewer.figure().axes[1].get_yticklabels()] == ["bright"]
    viewer.mode = "knocked out"
    viewer.image = 1
    viewer.selected = 1
    assert viewer.save(tmp_path / "out.png").stat().st_size > 1000
    assert viewer.figure()._suptitle.get_text() == viewer.caption
    saved = np.load(viewer.save(tmp_path / "out.npz"))
    assert sorted(saved) == ["after", "before", "held", "seen", "unit"]
