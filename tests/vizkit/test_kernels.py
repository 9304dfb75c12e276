"""KernelViewer without a browser: its numbers, its words, its picture."""

import numpy as np
import pytest
import torch

import vizkit as vk
from vizkit.arrays import unwire, wire
from vizkit.style import BROKEN

EDGE = np.array([[-1, 0, 1]] * 3, float)


def test_a_flat_kernel_is_red_above_zero_and_blue_below():
    picture = vk.kernels(EDGE).pictures()[0]
    assert picture[0].tolist() == [[33, 102, 172], [247, 247, 247], [178, 24, 43]]


def test_a_colour_kernel_is_drawn_around_mid_grey():
    red = np.zeros((1, 3, 2, 2))
    red[0, 0] = 1
    assert vk.kernels(red).pictures()[0, 0, 0].tolist() == [255, 128, 128]
    assert vk.kernels(0 * red).pictures()[0, 0, 0].tolist() == [128, 128, 128]


def test_each_kernel_has_its_own_scale_unless_they_share_one():
    viewer = vk.kernels([EDGE, EDGE / 2])
    assert (viewer.pictures()[0] == viewer.pictures()[1]).all()
    viewer.shared_scale = True
    assert (viewer.pictures()[0] != viewer.pictures()[1]).any()


def test_one_input_channel_of_many_is_drawn_and_only_those_there_are():
    viewer = vk.kernels(np.stack([EDGE, -EDGE])[None])
    first = viewer.pictures()
    viewer.channel = 1
    assert (viewer.pictures() == first[:, :, ::-1]).all()
    with pytest.raises(ValueError, match="there are 0 to 1"):
        viewer.channel = 2
    viewer.kernels = EDGE[None, None]
    assert viewer.channel == 0 and viewer.caption == "1 kernel of 3×3"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_broken_weights_are_magenta_and_said(value):
    viewer = vk.kernels(np.full((2, 1, 3, 3), value))
    assert (viewer.pictures() == BROKEN).all()
    assert "18 values are NaN or infinite" in repr(viewer) and "NaN to NaN" in viewer.describe()
    assert viewer.png()


def test_what_has_no_flat_picture_is_refused():
    for shape in ((2, 3, 3, 3, 3), (0, 1, 3, 3), (4,)):
        with pytest.raises(ValueError, match="expected"):
            vk.kernels(np.zeros(shape))


@pytest.mark.parametrize("shape", [(1, 1, 1, 1), (300, 2, 3, 3), (2, 3, 16, 4)])
def test_every_shape_has_its_picture_in_every_format(shape, tmp_path):
    viewer = vk.kernels(np.random.default_rng(0).normal(size=shape), layer="c")
    for ending in ("png", "svg", "pdf", "npz"):
        assert viewer.save(tmp_path / f"kernels.{ending}").stat().st_size > 200
    assert np.array_equal(np.load(tmp_path / "kernels.npz")["kernels"], viewer.kernels)
    with pytest.raises(ValueError, match=r"cannot save kernels\.gif"):
        viewer.save(tmp_path / "kernels.gif")


def test_the_picture_says_which_input_channel_it_draws_and_what_its_colours_mean():
    deep = vk.kernels(np.stack([EDGE, -EDGE])[None])
    deep.channel = 1
    assert "input channel 1 is drawn" in deep.describe()
    assert deep.figure()._suptitle.get_text().endswith("; input channel 1 is drawn")
    scale = deep.figure().axes[0].child_axes[0]
    assert [text.get_text() for text in scale.get_yticklabels()] == ["−largest", "0", "largest"]
    colour = vk.kernels(np.zeros((1, 3, 2, 2)))
    assert colour.figure()._suptitle.get_text().endswith("mid-grey is zero")


PAST = np.stack([0.1 * EDGE, EDGE, 4 * EDGE])[:, None, None]  # one kernel that grows


def test_a_slider_goes_through_the_moments_of_a_training_and_says_which():
    viewer = vk.kernels(PAST, "c1", steps=[0, 128, 128_000])
    assert repr(viewer) == "KernelViewer: 1 kernel of 3×3, layer c1, after 128,000 images (3 of 3)"
    assert (viewer.kernels[0, 0] == 4 * EDGE).all()
    viewer.moment = 0
    assert viewer.caption == "1 kernel of 3×3, layer c1, before training (1 of 3)"
    assert viewer.data["kernels"][0, 0, 0].tolist() == [-0.1, 0, 0.1]
    assert (viewer.data["snapshots"] == PAST).all()
    assert viewer.data["steps"].tolist()[1:] == ["after 128 images", "after 128,000 images"]
    with pytest.raises(ValueError, match="moment 3: there are 0 to 2"):
        viewer.moment = 3


def test_one_scale_for_all_holds_over_time_too():
    viewer = vk.kernels(PAST, steps="abc")
    viewer.moment = 0
    assert viewer.pictures()[0, 0, 2].tolist() == [178, 24, 43], "its own largest"
    viewer.shared_scale = True
    faint = viewer.pictures()[0, 0, 2]
    viewer.moment = 2
    assert faint.min() > 220 and viewer.pictures()[0, 0, 2].tolist() == [178, 24, 43]


def test_the_printed_picture_shows_the_chosen_kernels_way():
    viewer = vk.kernels(np.random.default_rng(0).normal(size=(4, 9, 3, 5, 5)), steps=range(4))
    names = [text.get_text() for text in viewer.figure().axes[1].get_yticklabels()]
    assert names == ["kernel 4"]
    viewer.selected = 7
    strip = viewer.figure().axes[1]
    assert [text.get_text() for text in strip.get_yticklabels()] == ["kernel 7"]
    words = [text.get_text().replace("\n", " ") for text in strip.get_xticklabels()]
    assert words == ["before training", "1 images", "2 images", "3 images"]
    assert viewer.describe().endswith(
        "Below them kernel 7 at 4 moments, from before training to after 3 images.")
    assert len(vk.kernels(EDGE).figure().axes) == 1


def test_moments_and_steps_belong_together():
    with pytest.raises(ValueError, match="2 steps for 3 moments"):
        vk.kernels(PAST, steps=[0, 1])
    with pytest.raises(ValueError, match=r"\(time, n, channels"):
        vk.kernels(PAST)  # or is it a convolution in three dimensions?
    viewer = vk.kernels(PAST, steps=[0, 1, 2])
    viewer.kernels = EDGE[None, None]
    assert viewer.caption == "1 kernel of 3×3" and list(viewer.data) == ["kernels"]


def test_a_layer_shows_its_own_snapshots():
    net = vk.Net(torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3)))
    past = np.arange(2 * 4 * 9, dtype=np.float16).reshape(2, 4, 1, 3, 3)
    assert net["0"].kernels(past, [0, 5]).data["snapshots"].dtype == np.float16
    assert (net["0"][2:4].kernels(past, [0, 5]).data["snapshots"] == past[:, 2:4]).all()
    mixed = net["0"][1] - 2 * net["0"][0]
    shown = mixed.kernels(past, [0, 5]).data["snapshots"]
    assert (shown[:, 0] == past[:, 1] - 2 * past[:, 0]).all()
    with pytest.raises(ValueError, match=r"expected \(time, 4, 1, 3, 3\)"):
        net["0"].kernels(past[:, :3], [0, 5])


def test_halves_travel_as_halves():
    sent = wire(np.array([0.5, -2], np.float16))
    assert (sent["dtype"], len(sent["data"])) == ("float16", 4)
    assert unwire(sent).tolist() == [0.5, -2]
