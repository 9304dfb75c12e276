"""Nearest neighbours against measuring every distance in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from vizkit.vectors import bounds
from vizkit.vectors.neighbours import Neighbours, nearest


def brute(vectors, queries, k, metric="euclidean"):
    """All distances in float64; the k smallest, the smaller index first where they are equal."""
    vectors, queries = np.asarray(vectors, float), np.asarray(queries, float)
    if metric == "cosine":
        length = np.linalg.norm(vectors, axis=1) * np.linalg.norm(queries, axis=1)[:, None]
        distances = 1 - (queries[:, None] * vectors).sum(2) / np.where(length > 0, length, 1)
    else:
        distances = np.sqrt(((queries[:, None] - vectors) ** 2).sum(2))
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return order, np.take_along_axis(distances, order, 1)


@pytest.fixture(params=["bfloat16", "float32", "float64"])
def kind(request, monkeypatch):
    """Each of the number types that the cheap products may use, whatever this machine prefers."""
    monkeypatch.setattr(bounds, "rounded_kind", lambda _: getattr(torch, request.param))


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_tight_clusters_far_apart_are_told_apart_in_float32_first(metric, monkeypatch):
    rng = np.random.default_rng(1)
    centres = rng.normal(size=(3, 80)) * 10
    vectors = (centres[rng.integers(0, 3, 3000)] + rng.normal(size=(3000, 80)) * 1e-3)
    vectors = vectors.astype(np.float32)
    monkeypatch.setattr(bounds, "rounded_kind", lambda _: torch.bfloat16)
    ready = Neighbours(vectors, metric)
    used, original = [], ready._fewer
    ready._fewer = lambda *arguments: used.append(original(*arguments)) or used[-1]
    indices, _ = ready.nearest(vectors[:100], 10)
    assert (indices == brute(vectors, vectors[:100], 10, metric)[0]).all()
    assert len(used) == 1 and 1000 <= len(used[0][0]) < 100 * 1000


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_it_is_brute_force_on_blobs_far_from_zero(kind, metric):
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(3000, 40)) + 30 * rng.normal(size=(7, 40))[rng.integers(0, 7, 3000)]
               + 100).astype(np.float32)
    queries = np.concatenate([vectors[:150], rng.normal(size=(50, 40)).astype(np.float32) * 200])
    indices, distances = Neighbours(vectors, metric).nearest(queries, 10)
    expected, lengths = brute(vectors, queries, 10, metric)
    assert (indices == expected).all()
    assert np.allclose(distances, lengths, rtol=1e-12, atol=1e-14)


def test_equal_distances_come_by_index(kind):
    digits = load_digits().data  # whole numbers: sums are exact, and many distances are equal
    vectors = np.concatenate([digits, digits, digits])
    indices, distances = Neighbours(vectors).nearest(digits[:200], 9)
    expected, lengths = brute(vectors, digits[:200], 9)
    assert (indices == expected).all()
    assert (distances == lengths).all()
    assert (indices[:, :3] == np.arange(200)[:, None] + [0, 1797, 3594]).all()


def test_it_is_scikit_learn_on_digits():
    digits = load_digits().data
    indices, distances = nearest(digits, k=10)
    peer = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(digits)
    assert np.allclose(distances, peer.kneighbors()[0], atol=1e-9)
    assert not (indices == np.arange(1797)[:, None]).any()


def test_a_vector_is_not_its_own_neighbour_even_among_equals():
    ready = Neighbours(np.zeros((50, 3)))
    indices, distances = ready.neighbours([40, 2], k=3)
    assert indices.tolist() == [[0, 1, 2], [0, 1, 3]]
    assert (distances == 0).all()


def test_thousands_of_equal_vectors_stay_within_memory(monkeypatch):
    monkeypatch.setattr(bounds, "CANDIDATES", 1 << 12)
    vectors = np.zeros((5000, 8))
    vectors[4999] = 1
    indices, _ = Neighbours(vectors).nearest(np.zeros((4, 8)), 2)
    assert (indices == [0, 1]).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 400), st.integers(1, 70), st.integers(1, 30),
       st.sampled_from([1e-30, 1e-3, 1.0, 1e4, 1e30]), st.sampled_from(["euclidean", "cosine"]),
       st.sampled_from(["bfloat16", "float32"]), st.integers(0, 10**6))
def test_any_shape_and_size_of_numbers(count, width, k, size, metric, rounded, seed):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, width)) * size + rng.choice([0, 10 * size])
    queries = rng.normal(size=(5, width)) * rng.choice([size, 1e6 * size])
    original = bounds.rounded_kind
    bounds.rounded_kind = lambda _: getattr(torch, rounded)
    try:
        k = min(k, count)
        indices, distances = Neighbours(vectors, metric).nearest(queries, k)
    finally:
        bounds.rounded_kind = original
    lengths = brute(vectors, queries, k, metric)[1]
    assert np.allclose(distances, lengths, rtol=1e-12, atol=1e-14)
    # Another order of adding may swap two that differ by a last digit; no others.
    again = [brute(vectors[row], query[None], k, metric)[1][0] for row, query
             in zip(indices, queries, strict=True)]
    assert np.allclose(again, lengths, rtol=1e-12, atol=1e-14)


def test_every_product_is_within_its_bound(kind):
    """What exactness rests on: the rounded product is never further off than it claims."""
    rng = np.random.default_rng(3)
    vectors = rng.normal(size=(500, 300)) * rng.lognormal(size=(500, 1)) + 5
    queries = torch.from_numpy(rng.normal(size=(60, 300)) * 3 + 5)
    ready = bounds.Bounds(torch.from_numpy(vectors), "euclidean")
    rough, factors = ready.rounded(queries)
    scores = (ready.table @ rough).double()[:500]
    exact = (torch.from_numpy(vectors) - ready.centre) / ready.scale
    half = exact.square().sum(1) / 2
    true = exact @ ((queries - ready.centre) / ready.scale).T - (half - half.mean())[:, None]
    bound = ready.wrong[:500].double() @ factors.double() \
        + scores.abs() * bounds.UNIT[ready.kind] * 1.01
    assert ((scores - true).abs() <= bound).all()
    assert bound.max() < (true.max() - true.min()) / 20  # and it is a bound worth having


def test_products_at_lower_precision_by_the_users_wish_do_not_matter():
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(2000, 64)).astype(np.float32)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        indices, _ = nearest(vectors, vectors[:50], 5)
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    assert (indices == brute(vectors, vectors[:50], 5)[0]).all()


@pytest.mark.parametrize("vectors, said", [
    (np.zeros(4), r"shape \(4,\), expected \(count, width\)"),
    (np.zeros((0, 3)), r"shape \(0, 3\)"),
    ([[1.0, np.nan], [0, 0]], r"1 rows hold NaN or infinity \(first: \[0\]\)"),
    ([[1e200, 0.0]], "reach 1e\\+200"),
])
def test_what_has_no_distance_is_refused(vectors, said):
    with pytest.raises(ValueError, match=said):
        Neighbours(vectors)


def test_wrong_questions_are_answered_in_words():
    ready = Neighbours(np.eye(3))
    with pytest.raises(ValueError, match="width 2, the vectors have 3"):
        ready.nearest(np.zeros((1, 2)))
    with pytest.raises(ValueError, match="k is 4, there are 3 vectors"):
        ready.nearest(np.eye(3), 4)
    with pytest.raises(ValueError, match="k is 3, each vector has 2 others"):
        ready.neighbours([0], 3)
    with pytest.raises(ValueError, match="'manhattan' is not known"):
        Neighbours(np.eye(3), "manhattan")
