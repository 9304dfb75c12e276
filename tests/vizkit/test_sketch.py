"""The sketchpad without a browser: centring as MNIST does it, what it asks, what it says."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import vizkit as vk
from coursekit import models
from coursekit.data import digits
from coursekit.models.preprocess import centred as course_centred
from vizkit.inputs.centring import centred, shrunk
from vizkit.live.sketching import TWO, read, stroke
from vizkit.views.sketch import PAPER, Sketchpad, on_paper


@pytest.fixture(scope="module")
def lenet():
    return models.load("lenet")


def message(pad, drawing, number=1):
    """What the script sends when something was drawn."""
    pad._handle_custom_msg({"kind": "drawing", "number": number}, [drawing.tobytes()])


def test_centring_is_the_courses_own_rule():
    for image in digits().images[:40]:
        drawing = on_paper(image)
        ours = centred(drawing)
        theirs = course_centred(torch.tensor(drawing / 255).float())[2:30, 2:30] * 255
        assert np.abs(ours - theirs.numpy()).max() <= 1.5, "whole grey levels against floats"


@given(st.integers(0, 90), st.integers(0, 90), st.integers(8, 50), st.integers(8, 50))
def test_a_block_anywhere_comes_out_in_the_same_place_and_size(top, left, high, wide):
    drawing = np.zeros((PAPER, PAPER), np.uint8)
    drawing[top : top + high, left : left + wide] = 200
    picture = centred(drawing)
    rows, columns = picture.any(1).nonzero()[0], picture.any(0).nonzero()[0]
    assert max(len(rows), len(columns)) == 20
    for used in (rows, columns):
        assert (used[0] + used[-1] + 1) / 2 in (14, 14.5)


def test_an_empty_paper_and_one_dot_have_a_picture_too():
    assert not centred(np.zeros((140, 140), np.uint8)).any()
    dot = np.zeros((140, 140), np.uint8)
    dot[0, 0] = 255
    assert centred(dot).sum() == 255 * 20 * 20
    with pytest.raises(ValueError, match=r"\(h, w\) of uint8, got \(2, 2\) of float64"):
        centred(np.zeros((2, 2)))


def test_without_centring_a_28_pixel_image_comes_back_bit_for_bit():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    assert (shrunk(on_paper(image)) == image).all()


def test_a_network_reads_the_first_drawing_and_shows_every_layer(lenet):
    pad = vk.sketch(lenet)
    assert repr(pad) == "Sketchpad: a drawing read as 2, 1.00"
    assert pad.layers[0] == "c1" and "flat" not in pad.layers and pad.layers[-1] == "output"
    assert pad.maps.shape == (6, 28, 28) and pad.seen.shape == (28, 28)
    pad.layer = "f6"
    assert pad.maps.shape == (84, 1, 1)
    assert sum(pad.prediction.values()) == pytest.approx(1, abs=1e-5)
    twin = lenet(lenet.preprocess(pad.seen)).softmax(1)[0]
    assert list(pad.prediction.values()) == pytest.approx(twin.tolist(), abs=1e-6)
    assert "and bars: 2 1.00, the others below 0.005. Below: 84 activation maps" in pad.describe()
    with pytest.raises(ValueError, match="no layer 'c9' here; there are c1, "):
        pad.layer = "c9"
    with pytest.raises(KeyError, match="no layer 'c9'"):
        vk.sketch(lenet, layers=["c9"])


def test_a_drawn_message_is_read_and_acknowledged(lenet):
    pad = vk.sketch(lenet, layers=["c3"])
    sent, told = [], []
    pad.send = sent.append
    pad.observe(lambda change: told.append(change["new"]), "prediction")
    message(pad, stroke([(0.5, 0.15), (0.5, 0.85)]), number=7)
    assert sent == [{"kind": "seen", "number": 7}]
    assert max(told[-1], key=told[-1].get) == "1"
    assert pad.drawing.shape == (PAPER, PAPER) and pad.maps.shape == (16, 10, 10)


def test_an_error_of_the_function_is_said_and_the_next_drawing_goes_on():
    def reads(picture):
        return {"ink": 1 / int(picture.max())}

    pad = vk.sketch(reads)
    sent = []
    pad.send = sent.append
    message(pad, np.zeros((PAPER, PAPER), np.uint8))
    assert "ZeroDivisionError" in pad.problem and sent, "acknowledged all the same"
    message(pad, stroke(TWO))
    assert pad.problem == "" and pad.prediction["ink"] == 1 / 255


def test_centring_can_be_switched_off():
    pad = vk.sketch(lambda picture: [picture.sum()], example=np.eye(28)[:, ::-1] * 0.5)
    pad.draw(np.pad([[1.0]], ((1, 26), (1, 26))))
    assert pad.seen[14, 14] == 255 and (pad.seen > 0).sum() == 400
    pad.centred = False
    assert pad.seen.nonzero() == (1, 1)


@pytest.mark.parametrize("result, expected", [
    ({"a": 1, "b": np.float32(2)}, (["a", "b"], [1.0, 2.0])),
    (np.array([[0.5, 0.25]]), (["0", "1"], [0.5, 0.25])),
    (torch.tensor([0.5, 0.25], requires_grad=True), (["0", "1"], [0.5, 0.25])),
    (np.int64(7), (["7"], [1.0])),
])  # fmt: skip
def test_a_function_may_answer_in_several_ways(result, expected):
    assert read(result) == expected


def test_what_cannot_be_read_is_named():
    for wrong in (None, np.zeros((2, 3)), object()):
        with pytest.raises(TypeError, match="expected a row of values"):
            read(wrong)
    with pytest.raises(TypeError, match="a Net, an nn.Module or a function, got int"):
        vk.sketch(3)
    with pytest.raises(ValueError, match="a function has no layers"):
        vk.sketch(lambda picture: 1, layers=["c1"])
    pad = vk.sketch(lambda picture: "ink")
    for wrong, words in [(np.zeros(3), "shape"), (np.array([[-1.0]]), "values -1"),
                         (np.array([[300.0]]), "300"), (np.array([[np.nan]]), "nan")]:  # fmt: skip
        with pytest.raises(ValueError, match=words):
            pad.draw(wrong)


def test_nan_and_a_thousand_classes_are_drawn_and_said():
    pad = vk.sketch(lambda picture: [np.nan, np.nan])
    assert "2 values are NaN" in repr(pad)
    assert pad.png()
    many = vk.sketch(lambda picture: np.arange(1000.0) - 500)
    assert repr(many) == "Sketchpad: a drawing read as 999, 499"
    assert many.describe().count(",") < 20
    assert len(many.figure().axes[1].patches) == 10


def test_an_empty_paper_is_said(lenet):
    pad = vk.sketch(lenet)
    pad.clear()
    assert repr(pad) == "Sketchpad: an empty paper"
    assert pad.png() and set(pad.data) == {"drawing", "seen", "values", "maps"}


def test_a_network_for_colour_photographs_takes_drawings_too():
    net = torch.nn.Sequential(torch.nn.Conv2d(3, 200, 5), torch.nn.AdaptiveAvgPool2d(1),
                              torch.nn.Flatten(), torch.nn.Linear(200, 4))  # fmt: skip
    pad = vk.sketch(net, size=64)
    assert pad.maps.shape == (27, 60, 60), "as many of 200 maps as travel while one draws"
    assert len(pad.prediction) == 4


def test_a_viewer_is_also_made_from_a_plain_look():
    def look(drawing, centre, layer):
        return {"seen": drawing, "classes": ["x"], "values": [1], "maps": np.ones((1, 2, 2))}

    assert Sketchpad(look, layers=["a"]).layer == "a"


def test_a_wide_array_lies_in_the_middle_of_the_paper():
    paper = on_paper(np.ones((1, 4)))  # one row of four pixels, each 35 wide
    rows = paper.any(1).nonzero()[0]
    assert paper.shape == (PAPER, PAPER) and (rows[0], rows[-1]) == (35, 69)
    assert paper[35:70].min() == 255
