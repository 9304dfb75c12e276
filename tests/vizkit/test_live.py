"""LiveViewer without a browser: what it asks, what it sends, what it says."""

import gc
import io
import weakref

import numpy as np
import pytest
import torch
from PIL import Image

import vizkit as vk
from coursekit import models
from coursekit.data import photos
from coursekit.models.alexnet import AlexNet64
from coursekit.models.photos import photo_batch
from vizkit.views import LiveViewer
from vizkit.views.levels import MOST_VALUES, quantised, small, thumbnails

SIDE = 16


@pytest.fixture(scope="module")
def net():
    """Two kernels of 4×4: a vertical edge and a horizontal one."""
    model = torch.nn.Sequential(torch.nn.Conv2d(3, 2, 4, bias=False), torch.nn.ReLU())
    step = torch.tensor([-1.0, -1, 1, 1])
    with torch.no_grad():
        model[0].weight[0] = step.expand(3, 4, 4)
        model[0].weight[1] = step[:, None].expand(3, 4, 4)
    return vk.Net(model, input_size=SIDE)


@pytest.fixture(scope="module")
def alexnet():
    """Its architecture, with random weights."""
    torch.manual_seed(0)
    model = AlexNet64().eval()
    model.preprocess = photo_batch
    return vk.Net(model)


def send(viewer, kind, *buffers, **content):
    """What the script sends; returns what Python answers."""
    sent = []
    viewer.send = sent.append
    viewer._handle_custom_msg({"kind": kind, "number": 3, **content}, list(buffers))
    return sent


def plain(image, name):
    return {"maps": image.transpose(2, 0, 1) / 255.0, "seen": image, "names": [], "shares": []}


def test_a_pattern_turned_by_90_degrees_silences_the_edge_that_answered(net):
    live = net.live("0")
    live.hold(kind="edge", angle=0)
    assert live.data["responses"].tolist() == [24, 0], "3 colours × 4 rows × (1 + 1 - 0 - 0)"
    live.hold(angle=90)
    assert live.data["responses"].tolist() == [0, 0], "dark above: the other way round"
    live.hold(angle=270)
    assert live.data["responses"].tolist() == [0, 24]
    assert repr(live) == "LiveViewer: edge at 270°, 2 maps of 13×13, layer 0 (1 of 2)"


def test_the_curve_holds_every_units_response_at_every_angle(net):
    live = net.live("0", source="pattern")
    angles, turned = live.data["angles"], live.data["turned"]
    assert angles.tolist() == list(range(0, 181, 5)) and turned.shape == (37, 2)
    for angle in (0, 45, 90):
        live.hold(angle=angle)
        assert turned[angle // 5] == pytest.approx(live.data["responses"], abs=1e-4)
    assert turned[18, 1] == pytest.approx(turned[0, 0], abs=1e-4), "the same edge, turned"
    assert turned[0, 0] > 20 * turned[18, 0]
    live.hold(kind="edge")
    assert live.data["angles"][-1] == 360, "an edge is itself again after a whole turn only"
    live.source = "draw"
    assert "turned" not in live.data


def test_the_unit_shown_first_is_the_one_that_tells_the_angles_apart_best():
    model = torch.nn.Conv2d(3, 2, 4, bias=False)
    with torch.no_grad():
        model.weight[0] = 1.0  # brightness, the same at all angles
        model.weight[1] = torch.tensor([-1.0, -1, 1, 1]).expand(3, 4, 4)
    live = vk.Net(model, input_size=SIDE).live()
    assert live.unit == live.leading == 1
    live.selected = 0
    assert live.unit == 0


def test_a_frame_is_looked_at_and_acknowledged(alexnet):
    live = alexnet.live(source="camera")
    assert "camera, nothing yet" in repr(live)
    frame = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    assert send(live, "frame", frame.tobytes(), source="camera") == [{"kind": "seen", "number": 3}]
    assert (live.data["image"] == frame).all() and (live.data["seen"] == frame).all()
    maps = alexnet.capture(frame, "conv1")["conv1"][0].numpy()
    assert live.data["maps"] == pytest.approx(maps, abs=1e-5)
    assert live.data["responses"] == pytest.approx(maps.max((1, 2)), abs=1e-5)
    best = alexnet.predict(frame)
    assert live.classes == [name for name, _ in best]
    assert live.shares.tolist() == pytest.approx([share for _, share in best], abs=1e-6)
    live.retell()
    assert "the camera, 96 maps" in live.describe() and "Likeliest: " in live.describe()


def test_a_file_is_opened_and_a_bad_one_is_said_and_acknowledged(net):
    live = net.live("0")
    live.source = "upload"
    assert "upload, nothing yet" in repr(live)
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), (255, 0, 0)).save(buffer, "PNG")
    assert send(live, "file", buffer.getvalue(), name="red.png") == [{"kind": "seen", "number": 3}]
    assert live.given.shape == (30, 40, 3) and (live.given == [255, 0, 0]).all()
    assert send(live, "file", b"Dear Sir", name="letter.txt") == [{"kind": "seen", "number": 3}]
    assert "letter.txt is no image that can be read here" in live.problem
    assert (live.given == [255, 0, 0]).all(), "what was there stays"
    send(live, "file", buffer.getvalue(), name="red.png")
    assert live.problem == ""


def test_the_settings_that_the_script_sends_change_the_pattern_and_the_curve_follows_at_rest(net):
    live = net.live("0")
    before = live.turned
    send(live, "pattern", settings=live.settings | {"angle": 45})
    assert live.turned is before and live.settings["angle"] == 45, "the curve is of all angles"
    send(live, "pattern", settings=live.settings | {"frequency": 2})
    assert live.turned is None
    send(live, "rest")
    assert live.turned.shape == (37, 2) and (live.turned != before).any()
    assert send(live, "pattern", settings=live.settings | {"frequency": 0})
    assert "frequency is 0: expected cycles" in live.problem


def test_photographs_of_any_kind_are_chosen_by_number(alexnet):
    pictures = list(photos().images)[:3] + [np.zeros((9, 5), np.uint8)]
    live = alexnet.live("conv3", pictures)
    assert live.thumbs.shape == (4, 48, 48, 3) and live.source == "photo"
    first = live.responses.copy()
    live.photo = 3
    assert (live.data["seen"] == 0).all() and (live.responses != first).any()
    live.photo = 99
    assert live.photo == 3
    assert alexnet.live("conv3", pictures[0]).thumbs is None, "nothing to choose from"


def test_layers_and_sources_are_chosen_and_errors_go_back_to_what_is_there():
    def look(image, name):
        if name == "broken":
            raise ValueError("no such thing")
        return plain(image, name)

    live = LiveViewer(look, ["fine", "broken"], photos=[np.zeros((4, 4, 3), np.uint8)])
    assert live.sources == ["photo", "draw", "camera"], "no pattern, no upload without a function"
    live.layer = "broken"
    assert live.layer == live.shown == "fine" and "no such thing" in live.problem
    with pytest.raises(Exception, match="no layer 'other' here; there are fine, broken"):
        live.layer = "other"
    with pytest.raises(Exception, match="no source 'pattern' here; there are photo, draw"):
        live.source = "pattern"
    with pytest.raises(ValueError, match="no source 'photo' here.*give an image"):
        LiveViewer(look, ["fine"], source="photo")


def test_units_and_directions_are_live_too_and_linked(alexnet):
    units = alexnet["conv1"][[5, 9]].live()
    assert units.layer == "conv1[5, 9]" and units.titles == ["conv1[5]", "conv1[9]"]
    everything = alexnet.live("conv1")
    everything.selected = 9
    assert units.selected == 1 and alexnet.selection.chosen == ("conv1", 9)
    one, other = everything.data["maps"][5], everything.data["maps"][9]
    mixed = (alexnet["conv1"][5] - 2 * alexnet["conv1"][9]).live()
    assert mixed.data["maps"][0] == pytest.approx(one - 2 * other, abs=1e-4)
    assert units.turned.shape == (37, 2)
    alexnet.selection.chosen = ("", -1)


def test_camera_takes_a_net_units_or_a_module(alexnet):
    for thing in (alexnet, alexnet.model, alexnet["conv2"]):
        assert vk.camera(thing).source == "camera"
    with pytest.raises(TypeError, match="expected a Net, Units of one or an nn.Module, got str"):
        vk.camera("alexnet")


def test_nets_that_can_be_shown_no_image_say_so():
    with pytest.raises(ValueError, match="takes a tokens, no image"):
        vk.Net(torch.nn.Embedding(10, 4)).live()
    with pytest.raises(ValueError, match="takes a vector, no image"):
        vk.Net(torch.nn.Linear(10, 4)).live()


def test_a_net_for_grey_digits_is_live(tmp_path):
    live = vk.Net(models.load("lenet")).live("c1")
    assert live.seen.shape == (32, 32) and live.data["maps"].shape == (6, 28, 28)
    assert live.png() and live.save(tmp_path / "live.npz").stat().st_size > 1000


def test_hold_refuses_what_it_cannot_show(net):
    live = net.live("0")
    with pytest.raises(ValueError, match="a pattern has no size; it has kind, angle"):
        live.hold(size=3)
    with pytest.raises(ValueError, match="no pattern 'spiral'"):
        live.hold(kind="spiral")
    assert live.settings["kind"] == "grating"
    with pytest.raises(ValueError, match=r"float64 of shape \(3, 3\); expected \(h, w, 3\)"):
        live.hold(np.zeros((3, 3)))
    live.hold(np.full((20, 20, 3), 7, np.uint8))
    assert live.source == "upload" and live.given[0, 0, 0] == 7


def test_levels_are_within_half_a_step_of_the_maps():
    rng = np.random.default_rng(0)
    for maps, top, lost in ((rng.normal(size=(5, 7, 6)), 127, -128),
                            (np.abs(rng.normal(size=(5, 7, 6))), 254, 255)):  # fmt: skip
        maps[2, 3, 4] = np.nan
        levels, limits = quantised(maps)
        back = levels * (limits / top)[:, None, None]
        error = np.abs(back - maps) / limits[:, None, None]
        assert levels[2, 3, 4] == lost
        assert np.nanmax(np.where(levels == lost, np.nan, error)) <= 0.5 / top + 1e-6
        assert limits == pytest.approx(np.nanmax(np.abs(maps), (1, 2)))
    assert quantised(np.zeros((2, 3, 3)))[0].max() == 0


def test_what_travels_is_bounded():
    levels, limits = quantised(np.ones((64, 224, 224), np.float32))
    assert levels.size <= MOST_VALUES and len(limits) == 64
    assert small(np.zeros((1000, 500, 3), np.uint8)).shape == (224, 112, 3)
    assert thumbnails([np.zeros((9, 30, 3), np.uint8)] * 2).shape == (2, 48, 48, 3)


def test_nan_and_silence_are_drawn_and_said():
    def look(image, name):
        return {"maps": np.full((2, 3, 3), np.nan), "seen": None, "names": ["a"],
                "shares": [np.nan]}

    live = LiveViewer(look, ["x"])
    assert "18 values are NaN" in repr(live) and live.png() and live.describe()


def test_the_stored_picture_says_what_it_shows_and_stays(alexnet):
    live = alexnet.live("conv1")
    words = live.describe()
    assert "grating at 0°, 96 maps of 31×31, layer conv1 (1 of 18)" in words
    assert "As the pattern turns, it goes from" in words
    assert alexnet.live("conv1").png() == live.png()


def test_200_viewers_made_and_closed_leave_no_hook_and_are_forgotten(net):
    made = []
    for _ in range(200):
        viewer = net.live("0", source="camera")
        send(viewer, "frame", bytes(SIDE * SIDE * 3), source="camera")
        viewer.close()
        made.append(weakref.ref(viewer))
    del viewer
    gc.collect()
    assert not any(module._forward_hooks for module in net.model.modules())
    assert sum(one() is not None for one in made) <= 16, "those that the Net still ties together"


def test_an_error_while_looking_is_said_and_the_next_frame_goes_on():
    def look(image, name):
        if image.max() == 0:
            raise ValueError("nothing to see")
        return plain(image, name)

    live = LiveViewer(look, ["x"], side=4)
    assert send(live, "frame", bytes(48), source="camera") == [{"kind": "seen", "number": 3}]
    assert "nothing to see" in live.problem
    send(live, "frame", bytes([9]) * 48, source="camera")
    assert live.problem == "" and live.given.max() == 9
