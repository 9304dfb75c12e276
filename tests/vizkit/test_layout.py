"""Layouts against scikit-learn, and by hand where three points say it all."""

import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness as peer_trustworthiness

from vizkit.vectors import layout
from vizkit.vectors.layout import pca, trustworthiness, tsne

DIGITS = load_digits().data


def test_principal_components_are_scikit_learns():
    peer = PCA(2, svd_solver="full")
    expected = peer.fit_transform(DIGITS)
    positions, shares = pca(DIGITS)
    assert np.allclose(positions, expected, atol=1e-4)
    assert np.allclose(shares, peer.explained_variance_ratio_, atol=1e-9)


def test_few_long_vectors_and_a_random_solution_agree_with_it(monkeypatch):
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(120, 3000)) * np.linspace(3, 0.1, 3000)
    expected = PCA(2, svd_solver="full").fit_transform(vectors)
    assert np.allclose(pca(vectors)[0], expected, atol=1e-3)
    monkeypatch.setattr(layout, "EXACT_SIDE", 10)
    found = pca(DIGITS)[0]
    assert np.allclose(found, PCA(2, svd_solver="full").fit_transform(DIGITS), atol=1e-2)


def test_a_far_centre_loses_nothing():
    near, _ = pca(DIGITS)
    far, _ = pca(DIGITS.astype(np.float32) + 10_000)
    assert np.allclose(near, far, atol=1e-2)


def test_the_sign_does_not_depend_on_the_data_being_turned_over():
    positions, _ = pca(DIGITS)
    again, _ = pca(DIGITS[::-1].copy())
    assert np.allclose(positions, again[::-1], atol=1e-4)


@pytest.mark.parametrize("vectors, expected", [
    ([[5.0, 7.0]], [[0, 0]]),
    ([[1.0], [3.0]], [[-1, 0], [1, 0]]),
    (np.ones((4, 3)), np.zeros((4, 2))),
])
def test_too_little_to_vary_is_drawn_at_zero(vectors, expected):
    positions, shares = pca(vectors)
    assert positions.tolist() == np.asarray(expected, float).tolist()
    assert np.isfinite(shares).all()


def test_trustworthiness_is_scikit_learns():
    # A little noise, because scikit-learn leaves the order of equal distances open.
    some = DIGITS[:400] + np.random.default_rng(0).normal(size=(400, 64)) * 0.01
    positions = pca(some)[0]
    for k in (3, 10):
        assert np.isclose(trustworthiness(some, positions, k),
                          peer_trustworthiness(some, positions, n_neighbors=k), atol=1e-6)


def test_a_sample_of_anchors_is_close_to_all():
    positions = pca(DIGITS)[0]
    whole = trustworthiness(DIGITS, positions, sample=1797)
    assert abs(trustworthiness(DIGITS, positions, sample=400) - whole) < 0.02
    scattered = np.random.default_rng(0).normal(size=(1797, 2))
    assert abs(trustworthiness(DIGITS, scattered, sample=400) - 0.5) < 0.03


def test_tsne_keeps_digits_together_and_repeats_itself():
    some, kinds = DIGITS[:300], load_digits().target[:300]
    positions = tsne(some)
    assert (positions == tsne(some)).all()
    near = np.argsort(((positions[:, None] - positions) ** 2).sum(2), axis=1)[:, 1]
    assert (kinds[near] == kinds).mean() > 0.9, "300 digits: 0.96 measured, chance is 0.1"


def test_tsne_of_few_many_or_equal_points():
    assert tsne(np.eye(4)).shape == (4, 2)
    assert (tsne(np.ones((9, 3))) == 0).all()
    with pytest.raises(ValueError, match="t-SNE of 3 points: it takes 4 to 20,000"):
        tsne(np.eye(3))
    with pytest.raises(ValueError, match="t-SNE of 20,001 points"):
        tsne(np.zeros((20_001, 2)))


def test_without_scikit_learn_tsne_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        tsne(DIGITS[:50])
