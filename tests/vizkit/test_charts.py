"""Plain charts: the arrays they keep, the words they ask for, what they refuse."""

import base64

import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

import vizkit as vk


def test_a_chart_without_words_is_refused():
    with pytest.raises(ValueError, match="needs alt="):
        vk.bars({"a": 1}, alt=" ")


def test_signed_pictures_are_white_at_zero_and_share_one_scale():
    chart = vk.pictures([np.array([[-2.0, 0.0]]), np.array([[1.0, 2.0]])], alt="two rows")
    axes = chart.figure().axes
    first, second = (np.asarray(a.images[0].get_array()) for a in axes)
    assert first[0, 1].tolist() == [247, 247, 247], "zero is white"
    assert second[0, 1].tolist() == [178, 24, 43], "+2 is the red end"
    assert second[0, 0].tolist() != [178, 24, 43], "+1 is not, on the same scale"


def test_as_many_titles_as_pictures():
    with pytest.raises(ValueError, match="2 pictures and 1 titles"):
        vk.pictures(np.zeros((2, 3, 3)), ["one"], alt="two")


def test_lines_keep_x_and_y():
    chart = vk.lines({"a": ([1, 10], [3, 4])}, log="x", marks={"aim": 3.5}, alt="a rises")
    assert chart.data["a"].tolist() == [[1, 10], [3, 4]]
    axes = chart.figure().axes[0]
    assert axes.get_xscale() == "log" and len(axes.lines) == 2
    assert vk.lines({"one": (3, 4)}, alt="a point", points=True).data["one"].tolist() == [[3], [4]]


def test_few_places_on_a_logarithmic_axis_are_named_one_by_one():
    (axes,) = vk.lines({"a": ([16, 1024], [3, 4])}, log="x", alt="a rises").figure().axes
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["16", "1,024"]
    assert not axes.get_xticks(minor=True).size
    (axes,) = vk.lines({"a": (range(1, 9), range(8))}, log="x", alt="eight").figure().axes
    assert len(axes.get_xticks()) != 8


def test_lines_between_pixels_where_they_are_to_be_counted():
    def between(**options):
        (axes,) = vk.pictures([np.eye(3, 4)], alt="a diagonal", **options).figure().axes
        return [(axis.get_minorticklocs().tolist(), all(tick.gridline.get_visible()
                 for tick in axis.get_minor_ticks())) for axis in (axes.xaxis, axes.yaxis)]

    assert between(grid=True) == [([0.5, 1.5, 2.5], True), ([0.5, 1.5], True)]
    assert [places for places, _ in between()] == [[], []]


def test_the_picture_carries_its_words_and_is_the_same_every_time():
    chart = vk.signals({"q": [0, 1]}, alt="q turns on")
    page = chart._repr_mimebundle_()["text/html"]
    assert 'alt="q turns on"' in page
    assert base64.b64decode(page.split("base64,")[1].rstrip('">'))[:4] == b"\x89PNG"
    assert chart._repr_mimebundle_()["text/html"] == page


@pytest.mark.parametrize("ending", ["png", "npz"])
def test_saved(tmp_path, ending):
    path = vk.bars({"a": 1, "b": 2.5}, alt="b is more").save(tmp_path / f"x.{ending}")
    if ending == "npz":
        with np.load(path) as stored:
            assert stored["values"].tolist() == [1, 2.5]
    else:
        assert Image.open(path).size[0] > 100


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"ends in \.png"):
        vk.bars({"a": 1}, alt="a").save(tmp_path / "x.gif")


def test_what_is_not_a_number_is_magenta():
    axes = vk.pictures([np.array([[0, np.nan], [1, 2]])], alt="one is lost").figure().axes[0]
    shown = np.asarray(axes.images[0].get_array())
    assert shown[0, 1].tolist() == [214, 39, 214] and shown[1, 1].tolist() == [255, 255, 255]


def test_steps_are_counted_in_whole_numbers():
    for chart in (vk.lines({"loss": [3.5, 2, 1]}, alt="falls"),
                  vk.signals({"q": [0, 1]}, alt="turns on")):
        figure = chart.figure()
        FigureCanvasAgg(figure).draw()
        ticks = [text.get_text() for text in figure.axes[0].get_xticklabels()]
        assert ticks and not any("." in text for text in ticks)


@pytest.mark.parametrize(("call", "error", "said"), [
    (lambda: vk.pictures([], alt="a"), ValueError, "there is no picture"),
    (lambda: vk.pictures(np.zeros((3, 3)), alt="a"), ValueError, "stands in a list"),
    (lambda: vk.pictures(np.zeros((2, 3, 8, 8)), alt="a"), ValueError, r"\(3, 8, 8\): expected"),
    (lambda: vk.pictures([np.zeros((3, 3))], scale="red", alt="a"), ValueError, "one of grey"),
    (lambda: vk.pictures([np.zeros((3, 3))], alt=5), ValueError, "needs alt"),
    (lambda: vk.lines([1, 2], alt="a"), TypeError, "got list; expected a dict"),
    (lambda: vk.lines({}, alt="a"), ValueError, "nothing to draw"),
    (lambda: vk.lines({"a": ([1, 2], [1])}, alt="a"), ValueError, r"a: x of shape \(2,\)"),
    (lambda: vk.lines({"a": "abc"}, alt="a"), TypeError, "expected numbers"),
    (lambda: vk.lines({"a": [1]}, log="q", alt="a"), ValueError, "log is 'q'"),
    (lambda: vk.bars([1], alt="a"), TypeError, "expected a dict"),
    (lambda: vk.bars({"a": "b"}, alt="a"), TypeError, "expected numbers"),
    (lambda: vk.signals({"a": [0, 2]}, alt="a"), ValueError, r"zeros and ones, got \[0, 2\]"),
    (lambda: vk.signals({"a": []}, alt="a"), ValueError, "zeros and ones"),
])
def test_what_cannot_be_drawn_is_refused_at_once(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_tensors_that_learn_are_drawn():
    learning = torch.ones(3, requires_grad=True)
    assert vk.lines({"a": learning}, alt="flat").data["a"][1].tolist() == [1, 1, 1]
    assert vk.bars({"a": learning[0]}, alt="one").data["values"].tolist() == [1]
    assert vk.pictures(torch.ones(1, 2, 2, requires_grad=True), alt="white").figure()
