"""Words as vectors: counts by hand, the libraries' answers, analogies that must hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity

from coursekit.models import word_vectors as wv

SOME = st.lists(st.sampled_from("abcde"), min_size=2, max_size=40)


@settings(max_examples=100, deadline=None)
@given(SOME, st.integers(1, 5))
def test_counts_are_those_of_a_double_loop(words, window):
    known = ["a", "b", "c"]  # d and e keep their places and are not counted
    counts = np.zeros((3, 3))
    for i, one in enumerate(words):
        for j, other in enumerate(words):
            if one in known and other in known and 0 < abs(i - j) <= window:
                counts[known.index(one), known.index(other)] += 1
    assert (wv.cooccurrences(words, known, window) == counts).all()


def test_ppmi_by_hand():
    # row sums 4, 2; total 6. (0, 0): 2 · 6 / 16 < 1 → 0; (0, 1): 2 · 6 / 8 = 1.5
    counts = np.array([[2.0, 2.0], [2.0, 0.0]])
    assert wv.ppmi(counts) == pytest.approx(np.array([[0, np.log(1.5)], [np.log(1.5), 0]]))
    assert (wv.ppmi(np.zeros((2, 2))) == 0).all(), "words that never met anybody"


def test_a_word_s_counts_ten_times_over_change_no_information():
    counts = np.array([[0.0, 6, 1], [6, 0, 2], [1, 2, 8]])
    assert np.allclose(wv.ppmi(10 * counts), wv.ppmi(counts))


def test_all_singular_values_keep_every_dot_product_of_a_positive_matrix():
    matrix = np.array([[4.0, 1, 0], [1, 3, 1], [0, 1, 5]])  # its eigenvalues are positive
    full = wv.vectors(matrix, size=3)
    assert np.allclose(full @ full.T, matrix)
    left, values, _ = np.linalg.svd(matrix)
    two = left[:, :2] * np.sqrt(values[:2])
    assert np.allclose(abs(wv.vectors(matrix, 2)), abs(two))


def test_the_nearest_are_those_of_the_library():
    vectors = np.random.default_rng(0).normal(size=(20, 5))
    order = np.argsort(-cosine_similarity(vectors)[3])
    assert wv.nearest(vectors, vectors[3], count=6).tolist() == order[:6].tolist()
    assert wv.nearest(vectors, vectors[3], 5, without=[3]).tolist() == order[1:6].tolist()
    assert wv.nearest(vectors, 7 * vectors[3], 1) == 3, "length does not matter"


def test_a_parallelogram_is_completed_and_its_corners_are_no_answer():
    king, man, woman = np.array([3.0, 3, 1]), np.array([3.0, 0, 1]), np.array([0.0, 1, 3])
    queen = wv.scaled(king) - wv.scaled(man) + wv.scaled(woman)
    vectors = np.stack([man, king, woman, queen, [-1.0, 0, 0]])
    assert wv.analogies(vectors, [(0, 1, 2)]) == 3
    without_queen = vectors[[0, 1, 2, 4]]
    assert wv.analogies(without_queen, [(0, 1, 2)]) == 3, "the only one left"
    assert wv.analogies(without_queen, [(0, 1, 2)], exclude=False) in (1, 2)


def test_words_are_letters_in_any_script():
    assert wv.words_of("Über-Maß, 日本 x2") == ["über", "maß", "日本", "x"]
    assert wv.frequent(["b", "a", "b"], least=2) == ["b"]
    assert wv.frequent(["b", "a", "b"], least=1, most=1) == ["b"]
