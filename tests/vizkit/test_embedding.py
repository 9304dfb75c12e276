"""vk.embedding and EmbeddingViewer without a browser: what is placed, said, refused and sent."""

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits

import vizkit as vk
from vizkit.arrays import wire
from vizkit.views.embedding import quantised
from vizkit.views.embedding_picture import look
from vizkit.views.labels import told_apart
from vizkit.views.thumbnails import stamp, strokes, thumbnails

DIGITS = load_digits()
SOME = DIGITS.data[:200]


def test_it_says_what_it_shows_and_how_good_the_picture_is():
    viewer = vk.embedding(DIGITS.data, images=DIGITS.images, labels=DIGITS.target)
    assert repr(viewer) == "EmbeddingViewer: 1,797 vectors of 64, 10 labels, layout PCA"
    assert "hold 28.5% of the variance (14.9% and 13.6%)" in viewer.describe()
    assert "0 (178), 1 (182)" in viewer.describe()
    assert viewer.axes[0] == "first principal component (14.9% of the variance)"
    assert set(viewer.data) == {"vectors", "positions", "labels"}


def test_the_neighbours_of_the_chosen_point_are_true_ones():
    viewer = vk.embedding(DIGITS.data, labels=DIGITS.target)
    viewer.chosen = 7
    distances = np.linalg.norm(DIGITS.data - DIGITS.data[7], axis=1)
    order = np.argsort(distances, kind="stable")[1:11]
    assert viewer.near.tolist() == order.tolist()
    assert np.allclose(viewer.distances, distances[order])
    viewer.count = 3
    assert viewer.near.tolist() == order[:3].tolist()
    viewer.chosen = -1
    assert viewer.near is None


def test_cosine_neighbours_do_not_see_length():
    vectors = np.array([[1.0, 0], [100, 1], [0, 1], [0.9, 0.1]])
    assert vk.embedding(vectors, metric="cosine").neighbours_of(0, 1)[0].tolist() == [1]
    assert vk.embedding(vectors).neighbours_of(0, 1)[0].tolist() == [3]


def test_vectors_with_nan_are_left_out_and_said():
    vectors = SOME.copy()
    vectors[0, 3], vectors[5, 0] = np.nan, np.inf
    viewer = vk.embedding(vectors, labels=DIGITS.target[:200])
    assert "2 with NaN or infinity left out" in repr(viewer)
    assert np.isnan(viewer.positions[[0, 5]]).all()
    assert np.isfinite(np.delete(viewer.positions, [0, 5], 0)).all()
    assert (viewer.places[[0, 5]] == 65535).all()
    clean = np.delete(np.arange(200), [0, 5])
    viewer.chosen = 1
    distances = np.linalg.norm(vectors[clean] - vectors[1], axis=1)
    assert viewer.near.tolist() == clean[np.argsort(distances, kind="stable")[1:11]].tolist()
    viewer.chosen = 5
    assert viewer.near is None
    assert "point 5 holds NaN or infinity" in viewer.problem
    viewer.figure()


def test_layouts_are_switched_and_given_ones_kept():
    given = np.random.default_rng(0).normal(size=(200, 2))
    viewer = vk.embedding(SOME, layout=given)
    assert [name for name, _ in viewer.choices] == ["pca", "tsne", "umap", "given"]
    assert np.allclose(viewer.positions, given, atol=1e-6)
    before = viewer.places.copy()
    viewer.layout_name = "tsne"
    assert "layout t-SNE" in repr(viewer) and "trustworthiness" in viewer.alt
    assert (viewer.places != before).any()
    viewer.layout_name = "given"
    assert (viewer.places == before).all()


def test_a_layout_that_fails_says_why_and_the_old_one_stays():
    viewer = vk.embedding(np.eye(3))
    viewer.layout_name = "tsne"
    assert "t-SNE of 3 points: it takes 4" in viewer.problem
    assert viewer.layout_name == "pca"
    assert "layout PCA" in viewer.caption


@pytest.mark.parametrize("arguments, said", [
    ({"vectors": np.zeros(3)}, r"shape \(3,\), expected \(n, width\)"),
    ({"vectors": np.zeros((0, 3))}, "nothing to draw"),
    ({"vectors": [[1, 2], [3]]}, "several lengths"),
    ({"vectors": np.full((3, 2), np.nan)}, "all 3 vectors hold NaN"),
    ({"vectors": np.eye(3), "labels": [1, 2]}, "labels: 2 for 3 vectors"),
    ({"vectors": np.eye(3), "labels": np.eye(3)}, r"labels have shape \(3, 3\)"),
    ({"vectors": np.eye(3), "images": np.zeros((4, 8, 8))}, "images: 4 for 3 vectors"),
    ({"vectors": np.eye(3), "images": np.zeros((3, 8, 8, 2))}, r"shape \(3, 8, 8, 2\), expected"),
    ({"vectors": np.eye(3), "names": ["a"]}, "names: 1 for 3 vectors"),
    ({"vectors": np.eye(3), "layout": "isomap"}, "'isomap' is not known: use 'pca'"),
    ({"vectors": np.eye(3), "layout": np.zeros((3, 3))}, r"\(3, 3\), expected \(3, 2\)"),
    ({"vectors": np.eye(3), "layout": np.zeros((2, 2))}, "layout: 2 for 3 vectors"),
])
def test_what_does_not_fit_is_refused_in_words(arguments, said):
    with pytest.raises(ValueError, match=said):
        vk.embedding(**arguments)


def test_words_are_not_vectors():
    with pytest.raises(TypeError, match="expected numbers"):
        vk.embedding(np.array([["a", "b"]]))


@pytest.mark.parametrize("vectors", [
    torch.eye(5), torch.eye(5, dtype=torch.float16), torch.eye(5, dtype=torch.bfloat16),
    torch.eye(5, requires_grad=True), np.eye(5, dtype=np.uint8), np.eye(5).tolist(),
    np.eye(5).reshape(5, 5, 1),
])
def test_vectors_of_any_kind(vectors):
    assert repr(vk.embedding(vectors)) == "EmbeddingViewer: 5 vectors of 5, layout PCA"


@pytest.mark.parametrize("count, width", [(1, 3), (2, 1), (3, 1), (12, 400)])
def test_very_few_vectors_are_drawn(count, width):
    viewer = vk.embedding(np.random.default_rng(0).normal(size=(count, width)))
    assert viewer.png()[:4] == b"\x89PNG"
    viewer.chosen = 0
    if count == 1:
        assert "one point alone" in viewer.problem
    else:
        assert len(viewer.near) == min(10, count - 1)


def test_labels_of_any_kind():
    codes, groups, words = told_apart(np.array(["b", None, "a", np.nan], dtype=object), None, 4)
    assert (codes.tolist(), groups, words) == ([1, 2, 0, 2], ["a", "b", "no label"], None)
    assert told_apart(np.array([True, False]), None, 2)[1] == ["False", "True"]
    assert told_apart(np.array([2.5, np.nan]), None, 2)[1] == ["2.5", "no label"]
    assert told_apart(np.array([10, 2]), None, 2)[1] == ["2", "10"]
    many = np.array([f"word {i}" for i in range(300)])
    codes, groups, words = told_apart(many, None, 300)
    assert codes.max() == 0 and groups == [""] and words[7] == "word 7"


def test_names_of_points_travel_as_bytes():
    viewer = vk.embedding(np.eye(3), names=["Äpfel", "two\nlines", "c"])
    assert bytes(viewer.words).decode().split("\n") == ["Äpfel", "two lines", "c"]


def test_ten_colours_then_other_shapes():
    looks = {look(code, 40) for code in range(40)}
    assert len(looks) == 40


def test_places_take_four_bytes_and_lose_less_than_a_pixel():
    positions = np.random.default_rng(0).normal(size=(1000, 2)) * [1, 1e-6]
    places, (left, right, low, high) = quantised(positions)
    assert wire(places)["data"].nbytes == 4000
    back = places / 65534 * [right - left, high - low] + [left, low]
    assert (np.abs(back - positions) <= np.array([right - left, high - low]) / 65534).all()


def test_thumbnails_shrink_by_averaging_and_vanish_when_too_small():
    images = np.zeros((10, 64, 64, 3), np.uint8)
    images[:, ::2] = 255
    small = thumbnails(images)
    assert small.shape == (10, 32, 32, 3) and (small == 128).all()
    assert thumbnails(images[..., 0])[0, 0, 0] == 128
    many = np.broadcast_to(np.zeros((28, 28), np.uint8), (1_000_000, 28, 28))
    assert thumbnails(many) is None
    assert thumbnails(DIGITS.images.astype(np.uint8)).shape == (1797, 8, 8)


def test_strokes_take_the_labels_colour_and_photographs_a_frame():
    assert strokes((DIGITS.images * 15.9).astype(np.uint8))
    photograph = np.full((5, 8, 8), 120, np.uint8)
    assert not strokes(photograph)
    assert stamp(photograph[0], False, "#0072b2")[0, 0].tolist() == [0, 114, 178]
    assert stamp(photograph[0], False, "#0072b2")[9, 9].tolist() == [120, 120, 120]


@pytest.mark.parametrize("images", [
    DIGITS.images[:200], torch.rand(200, 3, 8, 8), torch.rand(200, 1, 8, 8),
    np.random.default_rng(0).normal(size=(200, 8, 8, 3)), DIGITS.images[:200] > 8,
])
def test_images_of_any_kind_are_drawn(images):
    viewer = vk.embedding(SOME, images=images, labels=DIGITS.target[:200])
    assert viewer.thumbs.dtype == np.uint8 and viewer.thumbs.max() > 200
    assert viewer.png()[:4] == b"\x89PNG"


def test_the_figure_names_its_axes_and_labels():
    axes = vk.embedding(SOME, labels=DIGITS.target[:200]).figure().axes[0]
    assert "of the variance" in axes.get_xlabel()
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list("0123456789")


def test_a_million_points_are_sent_in_five_bytes_each():
    vectors = np.random.default_rng(0).normal(size=(1_000_000, 2)).astype(np.float32)
    labels = np.arange(1_000_000) % 7
    viewer = vk.embedding(vectors, labels=labels, layout=vectors)
    sent = sum(wire(array)["data"].nbytes for array in (viewer.places, viewer.codes))
    assert sent == 5_000_000
    assert "a sample of 20,000 drawn" in viewer.figure().axes[0].get_title()


def test_saved_arrays_come_back(tmp_path):
    labels = np.array(["a", None] * 100, dtype=object)
    path = vk.embedding(SOME, labels=labels).save(tmp_path / "e.npz")
    with np.load(path) as arrays:
        assert arrays["positions"].shape == (200, 2)
        assert arrays["labels"][0] == "a"
