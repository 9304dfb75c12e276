"""What EmbeddingViewer answers about points: true and false neighbours, paths, trust, pictures."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import pairwise_distances

import vizkit as vk
from vizkit.vectors import layout
from vizkit.vectors.truth import Truth
from vizkit.views.embedding_picture import TRUST
from vizkit.views.thumbnails import closeups, thumbnails

DIGITS = load_digits()
SOME, LABELS = DIGITS.data[:300], DIGITS.target[:300]
# In the plane point 3 is drawn upon point 0; in truth it is the farthest from it.
ROW = np.array([[0.0, 0], [1, 0], [2, 0], [9, 0]])
LIE = np.array([[0.0, 0], [1, 0], [2, 0], [0.1, 0]])


def test_a_point_drawn_near_that_is_far_in_truth_is_told():
    viewer = vk.embedding(ROW, layout=LIE, names=list("abcd"))
    viewer.count = 2
    viewer.chosen = 0
    assert viewer.near.tolist() == [1, 2]
    assert viewer.drawn.tolist() == [3, 1] and viewer.ranks.tolist() == [3, 1]
    assert "1 of them are also the nearest in this picture" in viewer.alt
    assert "d · #3 is its neighbour number 3 in truth" in viewer.alt
    assert viewer.data["ranks"].tolist() == [3, 1]
    viewer.chosen = -1
    assert viewer.drawn is None and "Lines lead" not in viewer.alt


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_ranks_are_those_of_all_distances(metric):
    distances = pairwise_distances(SOME, metric=metric)
    order = np.argsort(np.argsort(distances[7], kind="stable"), kind="stable")
    truth = Truth(SOME, np.arange(300), metric)
    others = np.delete(np.arange(300), 7)
    assert (np.abs(truth.ranks(7, others) - order[others]) <= 1).all()  # equal distances
    assert truth.ranks(7, truth.neighbours(7, 5)[0]).tolist() == [1, 2, 3, 4, 5]


def test_a_path_passes_the_points_nearest_to_the_straight_line():
    viewer = vk.embedding(SOME, images=DIGITS.images[:300], labels=LABELS)
    viewer.ends = [0, 5]
    places = SOME[0] + np.linspace(0, 1, 9)[1:-1, None] * (SOME[5] - SOME[0])
    apart = pairwise_distances(places, SOME)
    apart[:, [0, 5]] = np.inf
    assert viewer.route.tolist() == [0, *apart.argmin(1), 5]
    assert np.allclose(viewer.aside, [0, *apart.min(1), 0])
    assert "The straight line from 0 · #0 to 5 · #5 passes nearest to" in viewer.alt
    viewer.figure()
    viewer.ends = []
    assert viewer.route is None


@pytest.mark.parametrize("ends, said", [
    ([0, 0], "two different points"), ([0, 900], "point 900: there are 300"),
    ([0, -1], "point -1"), ([4, 2], "point 4 holds NaN"),
])
def test_a_path_that_leads_nowhere_says_why(ends, said):
    vectors = SOME.copy()
    vectors[4] = np.nan
    viewer = vk.embedding(vectors)
    viewer.ends = ends
    assert said in viewer.problem and viewer.route is None


def test_two_points_alone_have_nothing_between_them():
    viewer = vk.embedding(np.eye(2))
    viewer.ends = [0, 1]
    assert "nothing on the way" in viewer.problem


def test_trust_is_the_share_of_drawn_neighbours_that_are_true():
    viewer = vk.embedding(SOME, labels=LABELS)
    viewer.colouring = "trust"
    true, drawn = (np.argsort(pairwise_distances(x), axis=1, kind="stable")[:, 1:11]
                   for x in (SOME, viewer.positions))
    shares = [np.isin(d, t).mean() for d, t in zip(drawn, true, strict=True)]
    assert np.abs(viewer.trust - shares).mean() < 0.005, "but for equal distances"
    assert f"{np.mean(viewer.trust):.0%} on average" in viewer.alt
    assert viewer.figure().axes[1].get_ylabel() == "of the 10 nearest drawn, true ones"
    before = viewer.trust.mean()
    viewer.layout_name = "tsne"
    assert viewer.trust.mean() > before + 0.2, "t-SNE keeps neighbours, two components do not"
    viewer.colouring = "label"
    assert "Colours say" not in viewer.alt and "trust" not in viewer.data


def test_a_faithful_picture_is_trusted_everywhere_and_points_without_a_place_nowhere():
    plane = np.random.default_rng(0).normal(size=(50, 2))
    plane[8] = np.nan
    viewer = vk.embedding(plane, layout=plane)
    viewer.colouring = "trust"
    assert np.isnan(viewer.trust[8]) and (np.delete(viewer.trust, 8) == 1).all()


def test_the_live_picture_and_the_printed_one_colour_trust_alike():
    script = (Path(vk.__file__).parent / "views" / "js" / "tints.js").read_text(encoding="utf-8")
    live = json.loads(re.search(r"TRUST = (\[\[.*?\]\])", script)[1])
    assert np.allclose([TRUST(share)[:3] for share in (0.0, 0.5, 1.0)], np.array(live) / 255,
                       atol=1.5 / 255)


def test_too_many_points_for_trust_stay_coloured_by_label():
    many = np.zeros((20_001, 2))
    viewer = vk.embedding(many, layout=many)
    viewer.colouring = "trust"
    assert "takes up to 20,000 points" in viewer.problem and viewer.colouring == "label"


def test_five_thousand_pictures_in_colour_are_sent_in_eight_megabytes_and_larger_when_asked():
    images = np.random.default_rng(0).integers(0, 255, (5000, 64, 64, 3), dtype=np.uint8)
    viewer = vk.embedding(np.eye(5000, 3), images=images, layout=np.zeros((5000, 2)))
    assert viewer.thumbs.shape == (5000, 21, 21, 3) and viewer.thumbs.nbytes < 8 << 20
    assert viewer.closer
    viewer.asked = np.array([4999, 17, 70_000], np.uint32)  # the last one does not exist
    assert viewer.large_of.tolist() == [4999, 17]
    assert (viewer.large == images[[4999, 17]]).all()
    assert thumbnails(images[:1600]).shape[1:] == (32, 32, 3)


def test_pictures_that_are_small_anyway_are_never_asked_for():
    assert not vk.embedding(SOME, images=DIGITS.images[:300]).closer
    assert not vk.embedding(SOME).closer
    huge = np.zeros((2, 500, 300, 3), np.uint8)
    assert closeups(huge).shape == (2, 125, 75, 3)


def test_umap_keeps_digits_together_and_repeats_itself():
    positions = layout.umap(SOME)
    assert (positions == layout.umap(SOME)).all()
    near = pairwise_distances(positions).argsort(1)[:, 1]
    assert (LABELS[near] == LABELS).mean() > 0.85, "300 digits: 0.95 measured, chance is 0.1"
    assert (layout.umap(np.ones((9, 3))) == 0).all()
    assert layout.umap(np.eye(5), metric="cosine").shape == (5, 2)
    with pytest.raises(ValueError, match="UMAP of 3 points"):
        layout.umap(np.eye(3))
    viewer = vk.embedding(SOME, layout="umap")
    assert "layout UMAP" in repr(viewer) and "trustworthiness" in viewer.describe()


def test_without_umap_learn_it_says_how_to_get_it_and_the_old_layout_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, "umap", None)
    with pytest.raises(ImportError, match="pip install umap-learn"):
        vk.embedding(SOME, layout="umap")
    viewer = vk.embedding(SOME)
    viewer.layout_name = "umap"
    assert "pip install umap-learn" in viewer.problem and viewer.layout_name == "pca"


def test_umap_is_a_developers_package_not_a_learners():
    text = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    course, dev = text.split("course = [")[1].split("dev = [")
    assert "umap-learn" not in course and "umap-learn" in dev
