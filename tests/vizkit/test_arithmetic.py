"""The arithmetic of one output: its sum is the map's value, whatever the convolution is like."""

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from vizkit.fields import arithmetic

CONVOLUTIONS = {
    "plain": nn.Conv2d(4, 6, 3),
    "strided and padded": nn.Conv2d(4, 6, 5, stride=(2, 1), padding=(2, 1)),
    "grouped": nn.Conv2d(4, 6, 3, groups=2, padding=1),
    "depthwise": nn.Conv2d(4, 8, 3, groups=4),
    "dilated": nn.Conv2d(4, 6, (3, 2), dilation=(2, 3), bias=False),
    "same": nn.Conv2d(4, 6, (2, 4), padding="same", dilation=2),
    "mirrored": nn.Conv2d(4, 6, 3, padding=1, padding_mode="reflect"),
}


@pytest.mark.parametrize("kind", CONVOLUTIONS)
def test_patch_times_kernel_plus_bias_is_the_value_on_the_map(kind):
    torch.manual_seed(0)
    net = vk.Net(nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(), CONVOLUTIONS[kind], nn.ReLU()))
    image = torch.randn(1, 3, 12, 11)
    explain = arithmetic.sources(net, image)["explain"]
    maps = net.capture(image, "2")["2"][0]
    count, height, width = maps.shape
    for channel, y, x in [(0, 0, 0), (count - 1, height - 1, width - 1), (2, 3, 4)]:
        found = explain("2", channel, y, x)
        assert found["words"] == "" and found["value"] == float(maps[channel, y, x])
        total = sum(found["sums"]) + found["rest"] + found["bias"]
        assert total == pytest.approx(found["value"], abs=1e-5)
        by_hand = (found["patch"] * found["kernel"]).sum((1, 2))
        assert by_hand == pytest.approx(np.array(found["sums"]))


def test_of_many_input_channels_the_six_largest_sums_are_shown_and_the_rest_is_added():
    net = vk.Net(nn.Sequential(nn.Conv2d(3, 20, 1), nn.Conv2d(20, 2, 3)))
    found = arithmetic.sources(net, torch.rand(1, 3, 8, 8))["explain"]("1", 1, 2, 2)
    assert found["count"] == 20 and len(found["sums"]) == 6
    sizes = [abs(one) for one in found["sums"]]
    assert sizes == sorted(sizes, reverse=True) and found["patch"].shape == (6, 3, 3)


def test_a_group_sees_its_own_input_channels():
    net = vk.Net(nn.Sequential(nn.Conv2d(4, 4, 1, groups=2)))
    explain = arithmetic.sources(net, torch.rand(1, 4, 5, 5))["explain"]
    assert sorted(explain("0", 3, 0, 0)["channels"]) == [2, 3]


def test_where_there_is_no_sum_it_is_said_why():
    net = vk.Net(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()))
    image = torch.rand(1, 1, 8, 8)
    assert "1 is a ReLU" in arithmetic.sources(net, image)["explain"]("1", 0, 0, 0)["words"]
    silenced = net.clamp(net["0"][1], 7)
    assert "changed it" in arithmetic.sources(silenced, image)["explain"]("0", 1, 0, 0)["words"]


def test_the_viewer_holds_the_field_of_its_layer_and_the_account_of_the_value_pointed_at():
    net = vk.Net(nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)))
    viewer = net.maps(torch.rand(1, 1, 8, 8))
    assert viewer.sees["size"] == [3, 3] and viewer.sees["offset"] == [-1, -1]
    viewer.pointed = [1, 1, 2, 3]
    assert viewer.account["value"] == pytest.approx(float(viewer.maps[1, 2, 3]))
    assert viewer.account["at"] == [1, 1, 2, 3] and viewer.patch.shape == (1, 3, 3)
    viewer.layer = "2"
    assert viewer.sees["size"] == [4, 4] and viewer.pointed == [] and viewer.patch is None
    viewer.pointed = [2, 0, 0, 0]
    assert "MaxPool2d" in viewer.account["words"]
    viewer.pointed = [3, 9, 0, 0]  # there is none: no matter, this layer has no sum
    one = net["0"][1].maps(torch.rand(1, 1, 8, 8))
    one.pointed = [1, 0, 2, 2]  # the only map is channel 1
    assert one.account["value"] == pytest.approx(float(one.maps[0, 2, 2]))
    mixed = (net["0"][0] + net["0"][1]).maps(torch.rand(1, 1, 8, 8))
    mixed.pointed = [1, 0, 2, 2]
    assert mixed.account == {"at": [1, 0, 2, 2]} and mixed.sees["size"] == [3, 3]
