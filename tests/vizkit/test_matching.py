"""Lines between two images: where they lie, their colours, what is refused."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

import vizkit as vk

GREY = np.full((10, 20), 0.5)


def test_a_line_leads_from_the_left_image_to_the_right_one():
    places, partners = np.array([[2, 3], [5, 6]]), np.array([[2, 1], [9, 19]])
    chart = vk.matches(GREY, GREY, {"some": (places, partners, [True, False])}, alt="two lines")
    (axes,) = chart.figure().axes
    first, second = axes.lines
    assert first.get_xdata().tolist() == [3, 21] and first.get_ydata().tolist() == [2, 2]
    assert second.get_xdata().tolist() == [6, 39] and second.get_ydata().tolist() == [5, 9]
    assert [to_hex(line.get_color()) for line in axes.lines] == ["#0072b2", "#d55e00"]
    assert axes.get_title() == "some"


def test_each_group_has_its_own_pair_of_images():
    none = np.empty((0, 2)), np.empty((0, 2)), np.empty(0, bool)
    chart = vk.matches(GREY, GREY, {"kept": none, "rejected": none}, alt="nothing matches")
    assert [axes.get_title() for axes in chart.figure().axes] == ["kept", "rejected"]


def test_images_of_two_sizes_and_places_without_partners_are_refused():
    with pytest.raises(ValueError, match="two grey ones of one size"):
        vk.matches(GREY, GREY[:5], {}, alt="x")
    with pytest.raises(ValueError, match=r"some: places \(2, 2\), partners \(1, 2\) and 2 verd"):
        vk.matches(GREY, GREY, {"some": (np.zeros((2, 2)), np.zeros((1, 2)), [1, 0])}, alt="x")
