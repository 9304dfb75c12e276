"""Features by hand, against scikit-image and against numbers one can check."""

import numpy as np
import pytest
from skimage.feature import hog, match_descriptors
from skimage.filters import sobel_h, sobel_v

from coursekit import data, features


@pytest.fixture
def noise():
    return np.random.default_rng(0).random((20, 25))


def test_a_step_to_the_right_has_a_slope_to_the_right_only():
    gx, gy = features.slope_maps(np.tile([0.0, 0, 1, 1], (4, 1)))
    assert gx[1].tolist() == [0, 4, 4, 0] and not gy.any()


def test_the_slopes_are_four_times_those_of_scikit_image(noise):
    gx, gy = features.slope_maps(noise)
    np.testing.assert_allclose(gx, 4 * sobel_v(noise), atol=1e-12)
    np.testing.assert_allclose(gy, 4 * sobel_h(noise), atol=1e-12)


def test_an_edge_and_its_reverse_have_one_angle():
    gx, gy = np.array([2.0, -2.0, 0.0, -5.0]), np.array([2.0, -2.0, -1.0, -1e-17])
    assert features.slopes(gx, gy)[1].tolist() == [45, 45, 90, 0]


def test_cells_are_those_of_scikit_image(noise):
    ours = features.cells(noise, 5)
    assert ours.shape == (4, 5, 9)
    ours = ours / np.linalg.norm(ours, axis=2, keepdims=True)
    theirs = hog(noise, pixels_per_cell=(5, 5), cells_per_block=(1, 1), block_norm="L2",
                 feature_vector=False)[:, :, 0, 0]  # fmt: skip
    np.testing.assert_allclose(ours, theirs, atol=1e-6)


def test_the_two_nearest_are_in_their_order():
    rng = np.random.default_rng(0)
    some, others = rng.normal(size=(30, 8)), rng.normal(size=(40, 8))
    near, distance = features.two_nearest(some, others)
    full = np.linalg.norm(some[:, None] - others, axis=2)
    assert (near == full.argsort(1)[:, :2]).all()
    np.testing.assert_allclose(distance, np.sort(full, 1)[:, :2])


def test_the_ratio_test_is_that_of_scikit_image():
    rng = np.random.default_rng(1)
    some, others = rng.normal(size=(50, 3)), rng.normal(size=(60, 3))
    near, distance = features.two_nearest(some, others)
    kept = np.flatnonzero(distance[:, 0] < 0.8 * distance[:, 1])
    theirs = match_descriptors(some, others, cross_check=False, max_ratio=0.8)
    assert 5 < len(kept) < 45
    assert np.column_stack([kept, near[kept, 0]]).tolist() == theirs.tolist()


def test_the_same_place_in_another_view_has_the_same_descriptor():
    image = data.photo("camera")[::2, ::2, 0] / 255
    copy, back = features.another_view(image, np.random.default_rng(0))
    places, descriptors = features.key_points(image)
    there, others = features.key_points(copy)
    near, distance = features.two_nearest(others, descriptors)
    sure = distance[:, 0] < 0.7 * distance[:, 1]
    missed = np.linalg.norm(places[near[sure, 0]] - back(there[sure]), axis=1)
    assert sure.sum() > 15
    assert np.mean(missed[np.isfinite(missed)] < 3) > 0.8


def test_places_from_outside_the_image_are_nan():
    image = np.zeros((40, 60))
    _, back = features.another_view(image, np.random.default_rng(0))
    assert np.isnan(back(np.array([[-500.0, 0.0]]))).all()
    assert np.isfinite(back(np.array([[20.0, 30.0]]))).all()


def test_an_image_without_key_points_gives_an_empty_bag():
    places, descriptors = features.key_points(np.zeros((40, 40)))
    assert places.shape == (0, 2) and descriptors.shape == (0, 128)
    assert features.bag(descriptors, np.eye(3, 128)).tolist() == [0, 0, 0]


def test_words_are_the_middles_of_heaps_and_bags_their_shares():
    heaps = np.repeat([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0]], [5, 3, 2], axis=0)
    words = features.vocabulary(heaps, 3)
    assert sorted(words.tolist()) == [[0, 0], [0, 9], [9, 0]]
    assert sorted(features.bag(heaps, words).tolist()) == [0.2, 0.3, 0.5]
