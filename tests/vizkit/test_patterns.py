"""Patterns: what they look like in numbers that can be checked by hand, and how they turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import vizkit as vk
from vizkit.inputs.patterns import KINDS

kinds = st.sampled_from(KINDS)
angles = st.floats(-400, 400)
frequencies = st.floats(0.5, 12)
phases = st.floats(-180, 180)
sides = st.integers(1, 33)


@settings(deadline=None)
@given(kinds, angles, frequencies, phases, sides)
def test_a_quarter_turn_is_rot90(kind, angle, frequency, phase, side):
    options = {"frequency": frequency, "phase": phase, "side": side, "colours": ("red", "#0080ff")}
    upright = vk.pattern(kind, angle, **options)
    turned = vk.pattern(kind, angle + 90, **options)
    assert np.abs(np.rot90(upright).astype(int) - turned).max() <= 1, "by the angle's rounding"


@settings(deadline=None)
@given(st.sampled_from(["grating", "stripes", "checks"]), st.integers(1, 8), phases)
def test_whole_cycles_are_grey_on_average(kind, frequency, phase):
    image = vk.pattern(kind, 0, frequency, phase)
    assert abs(image.mean() - 127.5) < 0.6
    assert (image[..., 0] == image[..., 2]).all()


@settings(deadline=None)
@given(kinds, angles, frequencies, phases)
def test_the_other_way_round_is_the_negative(kind, angle, frequency, phase):
    one = vk.pattern(kind, angle, frequency, phase, colours=("white", "black")).astype(int)
    other = vk.pattern(kind, angle, frequency, phase, colours=("black", "white"))
    assert np.abs(one + other - 255).max() <= 1, "halves are rounded up in both"


@settings(deadline=None)
@given(kinds, frequencies)
def test_no_contrast_is_the_mean_colour(kind, frequency):
    image = vk.pattern(kind, 30, frequency, contrast=0, colours=("red", "black"))
    assert (image == [128, 0, 0]).all()


def test_stripes_at_0_stand_upright_and_lie_flat_at_90():
    upright = vk.pattern("stripes", angle=0, frequency=2, side=8)[..., 0]
    assert (upright == upright[0]).all()
    assert upright[0].tolist() == [255, 0, 0, 255, 255, 0, 0, 255]
    flat = vk.pattern("stripes", angle=90, frequency=2, side=8)[..., 0]
    assert (upright == flat.T).all()


def test_the_angle_turns_counter_clockwise():
    edge = vk.pattern("edge", angle=45, side=9)[..., 0]
    assert edge[0, 8] == 255 and edge[8, 0] == 0, "the first colour lies where the angle points"
    assert edge[4, 4] == 128


def test_a_grating_is_a_sine():
    row = vk.pattern("grating", frequency=1, side=360)[0, :, 0]
    places = (np.arange(360) + 0.5) / 360 - 0.5
    assert (row == np.round(127.5 + 127.5 * np.cos(2 * np.pi * places))).all()
    moved = vk.pattern("grating", frequency=1, phase=90, side=360)[0, :, 0]
    assert (moved == np.roll(row, 90)).all(), "a quarter of a cycle to the right"


def test_a_bar_is_half_a_cycle_wide_and_so_is_a_disc():
    bar = vk.pattern("bar", frequency=4, side=64)[32, :, 0]
    assert (bar == 255).sum() == 8 and (bar == 0).sum() == 56
    blob = vk.pattern("blob", frequency=4, side=64)[..., 0].astype(float)
    assert (blob[32] > 128).sum() == 8
    assert blob[31:33, 31:33].min() > 240 and blob[32].min() < 115, "a disc and a ring"
    assert abs(blob.mean() - 127.5) < 0.5, "as much ring as disc"
    assert (blob == blob.T).all()


def test_checks_are_the_product_of_two_stripes():
    def signs(kind, angle):
        return vk.pattern(kind, angle, side=64)[..., 0] > 127

    assert (signs("checks", 0) == (signs("stripes", 0) == signs("stripes", 90))).all()


def test_colours_are_names_numbers_or_one_against_its_opposite():
    for red in ("red", "#ff0000", (255, 0, 0), np.array([255, 0, 0])):
        assert (vk.pattern("edge", colours=red, side=2)[0] == [[0, 255, 255], [255, 0, 0]]).all()
    two = vk.pattern("edge", colours=("lime", (0, 0, 255)), side=2)[0]
    assert two.tolist() == [[0, 0, 255], [0, 255, 0]]


@pytest.mark.parametrize("wrong, words", [
    ({"kind": "spiral"}, "no pattern 'spiral'; there are grating, stripes"),
    ({"frequency": 0}, "frequency is 0: expected cycles"),
    ({"angle": float("nan")}, "angle nan.*expected numbers"),
    ({"contrast": 1.5}, "contrast is 1.5: expected 0…1"),
    ({"colours": "reddish"}, "'reddish' is no colour"),
    ({"colours": (300, 0, 0)}, "is no colour"),
    ({"colours": ("red", "blue", "lime")}, "3 colours; expected two"),
    ({"side": 0}, "side is 0"),
    ({"side": 10_000}, "side is 10000"),
])  # fmt: skip
def test_what_cannot_be_drawn_is_said(wrong, words):
    with pytest.raises(ValueError, match=words):
        vk.pattern(**wrong)
