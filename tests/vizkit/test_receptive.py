"""Receptive fields against the numbers of papers, and against gradients on random stacks."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

import vizkit as vk
from coursekit.models.alexnet import AlexNet, AlexNet64
from vizkit.fields import support
from vizkit.fields.receptive import field
from vizkit.model.hooks import Wanted


def net_of(*layers):
    return vk.Net(nn.Sequential(*layers).eval())


def test_alexnet_as_the_paper_has_it():
    net = vk.Net(AlexNet(classes=10))
    names = ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]
    batch = torch.zeros(1, 3, 227, 227)
    fields = [field(net, name, batch) for name in names]
    assert [f.size[0] for f in fields] == [11, 19, 51, 67, 99, 131, 163, 195]
    assert [f.step[1] for f in fields] == [4, 8, 8, 16, 16, 16, 16, 32]
    assert all(f.exact for f in fields)
    assert field(net, "norm2", batch) == field(net, "conv2", batch)  # the norm is one of our own
    assert field(net, "fc6", batch).whole and field(net, "fc6", batch).box(0, 0) == (0, 0, 227, 227)


@pytest.mark.parametrize("norm", ["batch", "lrn", "none"])
def test_alexnet_64(norm):
    net = vk.Net(AlexNet64(norm=norm))
    names = ["conv1", "relu1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "pool5"]
    fields = [field(net, name, torch.zeros(1, 3, 64, 64)) for name in names]
    assert [f.size for f in fields] == [(n, n) for n in (11, 11, 15, 31, 39, 55, 71, 87, 103)]
    assert [f.step[0] for f in fields] == [2, 2, 4, 4, 8, 8, 8, 8, 16]
    assert fields[0].box(0, 0) == (-4, -4, 7, 7) and fields[0].inside(0, 0) == (0, 0, 7, 7)
    assert fields[0].inside(30, 30) == (56, 56, 64, 64)  # the last: 3 pixels of padding are seen


def test_two_convolutions_of_three_by_hand():
    net = net_of(nn.Conv2d(1, 1, 3, padding=1), nn.ReLU(), nn.Conv2d(1, 1, 3, stride=2))
    assert field(net, "2", torch.zeros(1, 1, 9, 9)).box(1, 2) == (1, 3, 6, 8)


def test_kernels_that_are_not_square_and_pads_that_are_not_even():
    net = net_of(nn.ZeroPad2d((3, 0, 1, 0)), nn.Conv2d(1, 1, (2, 4), padding="same", dilation=2))
    assert field(net, "1", torch.zeros(1, 1, 9, 9)).box(0, 0) == (-2, -6, 1, 1)


class Branches(nn.Module):
    """Two ways of 3 and 5 pixels and one straight on, added, then what they share."""

    def __init__(self, write=False):
        super().__init__()
        self.write = write
        self.three = nn.Conv2d(1, 4, 3, padding=1)
        self.five = nn.Conv2d(1, 4, (1, 5), padding=(0, 2))
        self.last = nn.Conv2d(8, 2, 1)

    def forward(self, x):
        both = torch.cat([functional.relu(self.three(x)) + x, self.five(x)], 1)
        if self.write:
            both[:, :1] *= 2
        return self.last(functional.max_pool2d(both, 2))


def test_where_branches_meet_the_field_is_their_union():
    batch = torch.zeros(1, 1, 8, 8)
    worked_out = field(vk.Net(Branches()), "last", batch)
    assert worked_out.exact and worked_out.box(0, 0) == (-1, -2, 3, 4)
    seen = field(vk.Net(Branches(write=True)), "last", batch)  # values written in: by gradient
    assert not seen.exact and seen.box(0, 0) == (-1, -2, 3, 4)


def test_pools_that_adapt():
    even = field(net_of(nn.Conv2d(1, 1, 3), nn.AdaptiveAvgPool2d(2)), "1", torch.zeros(1, 1, 8, 8))
    assert even.exact and even.size == (5, 5) and even.step == (3, 3)
    odd = field(net_of(nn.Conv2d(1, 1, 3), nn.AdaptiveMaxPool2d(4)), "1", torch.zeros(1, 1, 9, 9))
    assert not odd.exact and "gradient" in odd.how and odd.size == (5, 5)  # windows of 2 and 3


def test_what_mixes_all_positions_sees_the_whole_image():
    norm = net_of(nn.Conv2d(1, 2, 3), nn.GroupNorm(1, 2), nn.Conv2d(2, 2, 3))
    found = field(norm, "2", torch.zeros(1, 1, 9, 9))
    assert found.whole and not found.exact and found.size == (9, 9)
    assert field(net_of(nn.Flatten(), nn.Linear(81, 3)), "1", torch.zeros(1, 1, 9, 9)).whole


def test_upsampling_is_left_to_the_gradient():
    net = net_of(nn.Conv2d(1, 1, 3, padding=1), nn.ConvTranspose2d(1, 1, 2, stride=2))
    found = field(net, "1", torch.zeros(1, 1, 9, 9))
    assert not found.exact and found.size == (3, 3)


def test_a_model_without_images_is_refused_and_the_model_stays_as_it_was():
    with pytest.raises(ValueError, match="takes \\(5,\\) and no images"):
        field(vk.Net(nn.Sequential(nn.Linear(5, 2))), "0")
    model = AlexNet64().train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    field(vk.Net(model), "conv2", torch.rand(1, 3, 64, 64))
    assert model.training and not any(m._forward_hooks for m in model.modules())
    assert all((value == before[name]).all() for name, value in model.state_dict().items())


@st.composite
def stacks(draw):
    """Two to four layers of random windows, with norms between them."""
    layers = []
    for _ in range(draw(st.integers(2, 4))):
        kernel = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
        stride = draw(st.tuples(st.integers(1, 2), st.integers(1, 2)))
        pad = tuple(draw(st.integers(0, k // 2)) for k in kernel)
        kind = draw(st.sampled_from(["conv", "conv", "max", "average", "norm"]))
        if kind == "conv":
            layers.append(nn.Conv2d(1, 1, kernel, stride, pad, dilation=draw(st.integers(1, 2))))
        elif kind == "norm":
            layers += [nn.BatchNorm2d(1), nn.ReLU(), nn.LocalResponseNorm(3)]
        else:
            pool = nn.MaxPool2d if kind == "max" else nn.AvgPool2d
            layers.append(pool(kernel, stride, pad, ceil_mode=draw(st.booleans())))
    return nn.Sequential(*layers).eval()


@settings(max_examples=40, deadline=None)
@given(stacks())
def test_on_random_stacks_the_box_is_where_the_gradient_is(model):
    """Where a box lies in the image and not in its padding, it is the gradient's hull."""
    last = str(len(model) - 1)
    found = field(vk.Net(model), last, torch.zeros(1, 1, 96, 96))
    assert found.exact
    boxes = support.boxes(model, (1, 96, 96), Wanted(last, last), lambda output: output)
    within = [place for place in boxes if found.box(*place) == found.inside(*place)]
    assert len(within) > len(boxes) // 2, (found, model)
    for place in within:
        assert found.box(*place) == boxes[place], (place, model)
