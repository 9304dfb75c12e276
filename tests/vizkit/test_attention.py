"""AttentionViewer without a browser: of plain arrays."""

import numpy as np
import pytest
import torch

import vizkit as vk
from vizkit.language import cell
from vizkit.views.attention import level_of, small_maps

HALF = np.array([[1.0, 0.0], [0.25, 0.75]])


def test_a_score_that_something_was_added_to_is_not_explained_away():
    q = np.eye(2)
    weights = np.array([[0.9, 0.1], [0.5, 0.5]])
    said = cell.account(q, q, q, weights, 0, 0)["lines"]
    assert "it adds something to its scores" in said[1] and len(said) == 2
    large = cell.account(30 * q, 30 * q, q, np.eye(2), 0, 0)["lines"]
    assert large[1] == "softmax over 1 scores: 1.00"


def test_small_maps_keep_the_largest_weight_of_each_block():
    weights = np.zeros((1, 1, 200, 130), np.float32)
    weights[0, 0, 199, 129] = 0.25
    maps = small_maps(weights)
    assert maps.shape == (1, 1, 64, 64) and maps[0, 0, -1, -1] == 127 and maps.sum() == 127
    assert level_of(np.array([2.0, np.inf]), top=2.0).tolist() == [254, 255]


def test_only_small_maps_and_one_head_travel():
    weights = np.full((12, 12, 64, 64), 1 / 64, np.float32)
    viewer = vk.attention(weights, ["x"] * 64)
    state = viewer.get_state()
    sizes = {name: len(value["data"]) for name, value in state.items()
             if isinstance(value, dict) and "dtype" in value}
    assert sizes == {"thumbs": 144 * 32 * 32, "weights": 64 * 64 * 2}
    viewer.selected = 143
    assert viewer.shown == 143 and viewer.called == "layer 11, head 11"


def test_what_transformers_gives_is_taken_as_it_is():
    layers = tuple(torch.softmax(torch.randn(1, 3, 4, 4), -1) for _ in range(2))
    viewer = vk.attention(layers, list("abcd"))
    assert repr(viewer) == "AttentionViewer: 2 layers of 3 heads, 4 tokens"
    assert np.array_equal(viewer.data["weights"][1], layers[1][0])
    with pytest.raises(ValueError, match="weights of 2 texts"):
        vk.attention(tuple(torch.ones(2, 3, 4, 4) for _ in range(2)), list("abcd"))
    halves = torch.ones(4, 4, dtype=torch.bfloat16)
    assert vk.attention(halves, list("abcd")).now.dtype == np.float32


def test_another_text_that_asks_has_its_own_words():
    viewer = vk.attention([[0.5, 0.5, 0], [0, 0, 1]], ["un", "deux", "trois"],
                          ["one", "two"], token=0)
    assert repr(viewer) == "AttentionViewer: 1 head, 2 queries, 3 keys"
    assert "“one” (token 0) looks at “un” 0.500, “deux” 0.500." in viewer.describe()
    assert not viewer.causal and viewer.png()


def test_what_a_head_does_is_said_in_numbers():
    before = np.eye(5, k=-1)
    before[0, 0] = 1
    words = vk.attention(before, list("abcde"), token=2).describe()
    assert "gives 0.20 to itself, 1.00 to the one before, 0.25 to the first" in words
    assert "“c” (token 2) looks at “b” 1.00. Looked at by “d” 1.00." in words


def test_what_cannot_be_shown_is_refused_in_words():
    for weights, words, said in (
        (HALF, ["a"], "2 queries and 2 keys for 1 and 1 words"),
        (-HALF, ["a", "b"], "a weight is -1"),
        (np.zeros(3), ["a"], "weights has shape"),
        (np.zeros((1, 1, 1, 1, 1, 1)), ["a"], "expected"),
        ([np.ones((2, 1, 1)), np.ones((3, 1, 1))], ["a"], "several shapes"),
    ):
        with pytest.raises(ValueError, match=said):
            vk.attention(weights, words)
    with pytest.raises(TypeError, match="list of its pieces"):
        vk.attention(HALF, "ab")
    for words, said in ((None, "tokens is None"), (2, "tokens is 2; expected a list of texts")):
        with pytest.raises(TypeError, match=said):
            vk.attention(HALF, words)
    with pytest.raises(TypeError, match="got NoneType"):
        vk.attention(None, ["a"])
    assert vk.attention(HALF, torch.tensor([7, 9])).tokens == ["7", "9"]
    with pytest.raises(ValueError, match="k is missing"):
        vk.attention(HALF, ["a", "b"], q=HALF)
    with pytest.raises(ValueError, match="q has shape"):
        vk.attention(HALF, ["a", "b"], q=np.ones((3, 2)), k=HALF, v=HALF)
    with pytest.raises(ValueError, match="there are 0 to 1"):
        vk.attention(HALF, ["a", "b"], token=2)
    with pytest.raises(ValueError, match="there is 1 head, counted from 0"):
        vk.attention(HALF, ["a", "b"]).choose(head=1)
    with pytest.raises(ValueError, match="no 'layer 7' here; there are layer 0, layer 1"):
        vk.attention(np.stack([HALF, HALF])[:, None], ["a", "b"]).choose("layer 7")
    with pytest.raises(ValueError, match="3 names for 1 layer of 2 heads"):
        vk.attention(np.stack([HALF, HALF]), ["a", "b"], names="xyz")


def test_maps_that_are_no_layers_of_heads_have_their_own_names():
    moments = np.stack([HALF, HALF[::-1], HALF])
    names = ["before", "after 25 batches", "after 50 batches"]
    for given in (moments, moments[:, None]):  # as a 3-D array, or as layers of one head
        viewer = vk.attention(given, ["a", "b"], ["c", "d"], names=names, selected=1)
        assert repr(viewer) == "AttentionViewer: 3 maps, 2 queries, 2 keys"
        assert viewer.called == "after 25 batches" and np.array_equal(viewer.now, moments[1])
        assert "All maps small, and one large: after 25 batches;" in viewer.describe()
        assert "head" not in viewer.describe() and "layer" not in viewer.describe()
        viewer.choose("after 50 batches")
        sheet = viewer.figure().axes[0]
        assert sheet.get_xlabel() == "before\n… after 50 batches" and not sheet.get_ylabel()
        assert viewer.selected == 2 and viewer.png()
        with pytest.raises(ValueError, match="map 9: there are 0 to 2"):
            viewer.selected = 9
        with pytest.raises(ValueError, match="map 3: there are 3 maps"):
            viewer.choose(3)
    assert repr(vk.attention(moments[:, None], ["a", "b"])) == (
        "AttentionViewer: 3 layers of 1 head, 2 tokens")
    explained = vk.attention(np.stack([np.eye(2)] * 3), ["a", "b"], names=names, selected=2,
                             token=1, key=1, q=np.arange(3.0)[:, None, None] * np.ones((3, 2, 4)),
                             k=np.ones((3, 2, 4)), v=np.ones((3, 2, 4)))
    assert explained.account["lines"][0] == "q · k = 8.00; × 1/√4 = 4.00", "of the chosen map"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_broken_weights_are_said_and_drawn(value, tmp_path):
    viewer = vk.attention([[1.0, 0.0], [value, 0.5]], ["a", "$b"], token=1)
    assert "1 value is NaN or infinite" in repr(viewer)
    for ending in ("png", "svg", "npz"):
        assert viewer.save(tmp_path / f"picture.{ending}").stat().st_size > 500
