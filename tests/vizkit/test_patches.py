"""Patches against plain sorting; streams of every kind; what is grey, gone, tied or broken."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image
from torch import nn

import vizkit as vk
from vizkit.patches import search as finding
from vizkit.patches.search import GROUPS, collect
from vizkit.patches.winners import Sample, Winners

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 255, (40, 12, 12, 3), np.uint8)


def small_net():
    torch.manual_seed(0)
    first, last = nn.Conv2d(3, 5, 3, padding=1), nn.Conv2d(5, 4, 3, stride=2)
    return vk.Net(nn.Sequential(first, nn.ReLU(), last))


def by_hand(net, layer, images):
    """The largest value of each map (image, channel), and where it is, one image after another."""
    found = [net.capture(image, layer)[layer][0] for image in images]
    return np.array([maps.flatten(1).max(1).values.numpy() for maps in found]), found


def test_the_strongest_and_weakest_are_those_of_a_plain_sort():
    net = small_net()
    found = collect(net, "2", IMAGES, top=4)
    maxima, _ = by_hand(net, "2", IMAGES)
    order = maxima.argsort(0)
    assert (found.numbers["strongest"] == order[::-1][:4].T).all()
    assert (found.numbers["weakest"] == order[:4].T).all()
    assert found.values["strongest"] == pytest.approx(np.sort(maxima, 0)[::-1][:4].T, abs=1e-5)
    assert found.seen == 40 and found.notes == []


def test_a_patch_is_what_the_unit_saw_and_grey_where_there_was_no_image():
    net = small_net()
    found = collect(net, "2", IMAGES, top=9)
    assert found.field.size == (5, 5) and found.field.offset == (-1, -1)
    patches = found.crops("strongest", [0, 1, 2, 3])
    assert patches.shape == (4, 9, 5, 5, 3)
    for unit, rank in [(0, 0), (3, 8), (2, 4)]:
        top, left, bottom, right = found.boxes["strongest"][unit, rank]
        image = IMAGES[found.numbers["strongest"][unit, rank]]
        padded = np.pad(image, ((2, 2), (2, 2), (0, 0)), constant_values=128)
        assert (patches[unit, rank] == padded[top + 2 : bottom + 2, left + 2 : right + 2]).all()
        # The unit's value comes from these pixels alone.
        only = np.zeros_like(image)
        at = slice(max(0, top), bottom), slice(max(0, left), right)
        only[at] = image[at]
        maps = net.capture(only, "2")["2"][0, unit]
        y, x = (top + 1) // 2, (left + 1) // 2
        assert float(maps[y, x]) == pytest.approx(found.values["strongest"][unit, rank], abs=1e-5)


def test_the_random_group_is_the_same_images_for_all_units_each_at_its_best_place():
    found = collect(small_net(), "2", IMAGES, top=6, seed=3)
    drawn = found.numbers["random"]
    assert len({frozenset(row) for row in drawn.tolist()}) == 1 and len(set(drawn[0].tolist())) == 6
    maxima, _ = by_hand(small_net(), "2", IMAGES)
    assert found.values["random"][1] == pytest.approx(maxima[drawn[1], 1], abs=1e-5)
    assert (np.diff(found.values["random"]) <= 0).all()
    other = collect(small_net(), "2", IMAGES, top=6, seed=4).numbers["random"]
    assert set(other[0].tolist()) != set(drawn[0].tolist())


@pytest.mark.parametrize("size", [1, 7, 64])
def test_blocks_and_kinds_of_streams_make_no_difference(monkeypatch, tmp_path, size):
    usual = collect(small_net(), "2", IMAGES, top=5)
    monkeypatch.setattr(finding, "batch_size", lambda net, layer: size)
    np.save(tmp_path / "images.npy", IMAGES)
    sets = {
        "memmap": np.load(tmp_path / "images.npy", mmap_mode="r"),
        "list": list(IMAGES),
        "pairs": [(image, number) for number, image in enumerate(IMAGES)],
        "generator": (image for image in IMAGES),
        "batches": ((IMAGES[k : k + 9], list(range(9))) for k in range(0, 40, 9)),
    }
    for kind, images in sets.items():
        found = collect(small_net(), "2", images, top=5)
        for group in GROUPS:
            assert (found.numbers[group] == usual.numbers[group]).all(), kind
            same = found.crops(group, [0, 3]) == usual.crops(group, [0, 3])
            assert same.all(), (kind, group)
        assert (found.whole(3) is None) == (kind in ("generator", "batches"))


def test_ties_go_to_the_first_images_and_silent_maps_have_their_place_in_the_middle():
    net = vk.Net(nn.Sequential(nn.Conv2d(3, 1, 1), nn.ReLU()))
    nn.init.constant_(net.model[0].weight, -1)
    nn.init.zeros_(net.model[0].bias)
    found = collect(net, "1", IMAGES[:8], top=3)
    assert found.numbers["weakest"].tolist() == found.numbers["strongest"].tolist() == [[0, 1, 2]]
    assert found.boxes["weakest"][0, 0].tolist() == [6, 6, 7, 7]


def test_ctrl_c_gives_what_is_there(monkeypatch):
    monkeypatch.setattr(finding, "batch_size", lambda net, layer: 8)

    def images():
        yield from IMAGES[:20]
        raise KeyboardInterrupt

    found = collect(small_net(), "2", images(), top=3)
    assert found.seen == 16 and found.notes == ["stopped after 16 images"]
    assert found.crops("random", [0, 1]).shape == (2, 3, 5, 5, 3)

    def none():
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        collect(small_net(), "2", none())


def test_a_folder_with_a_broken_file_goes_on_and_names_it(tmp_path):
    for number in range(6):
        Image.fromarray(IMAGES[number]).save(tmp_path / f"{number}.png")
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    found = collect(small_net(), "2", tmp_path, top=2)
    assert found.seen == 6 and found.notes == ["1 image could not be read (broken.jpg)"]
    assert found.crops("strongest", [0]).shape == (1, 2, 5, 5, 3)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="there is no image in"):
        collect(small_net(), "2", tmp_path / "empty")


def test_nan_wins_nothing_and_is_told():
    images = torch.rand(6, 3, 12, 12)
    images[2] = torch.nan
    found = collect(small_net(), "2", images, top=3)
    assert 2 not in found.numbers["strongest"] and 2 not in found.numbers["weakest"]
    assert "1 images gave NaN" in found.notes


def test_directions_vectors_and_models_without_images():
    net = small_net()
    maxima, maps = by_hand(net, "2", IMAGES)
    unit = net["2"][0] - 2 * net["2"][3]
    viewer = unit.patches(IMAGES, top=2)
    mixed = np.array([float((one[0] - 2 * one[3]).max()) for one in maps])
    assert viewer.found["numbers"]["strongest"].tolist() == [mixed.argsort()[::-1][:2].tolist()]
    digits = np.random.default_rng(1).integers(0, 255, (20, 8, 8), np.uint8)
    plain = vk.Net(nn.Sequential(nn.Linear(64, 3)), preprocess=lambda images: torch.as_tensor(
        np.asarray(images)).float().reshape(-1, 64))
    found = plain["0"].patches(digits, top=2)
    assert found.data["strongest"].shape == (3, 2, 8, 8, 3)
    first = found.data["strongest_images"][0, 0]
    assert (found.data["strongest"][0, 0, ..., 0] == digits[first]).all()


def test_the_model_is_as_it_was_and_changes_of_the_net_count():
    net = small_net()
    net.model.train()
    silent = net.without(net["0"])
    found = collect(silent, "2", IMAGES, top=2)
    assert np.ptp(found.values["strongest"], axis=1).max() == 0  # the same for every image
    assert net.model.training and not net.model[0]._forward_hooks


def test_the_viewer_shows_the_chosen_unit_and_follows_the_selection():
    net = small_net()
    viewer, kernels = net["2"].patches(IMAGES, top=4), net["2"].kernels()
    assert repr(viewer) == ("PatchViewer: 4 units, layer 2, the 4 strongest, random and weakest "
                            "patches of 5×5 among 40 images")
    assert viewer.icons.shape == (4, 5, 5, 3) and viewer.patches.shape == (3, 4, 5, 5, 3)
    kernels.selected = 2
    assert (viewer.selected, viewer.shown) == (2, 2)
    assert (viewer.patches[0] == viewer.data["strongest"][2]).all()
    assert viewer.counts.sum() == 40 and "2[2]: strongest" in viewer.describe()
    viewer.looked = [0, 1]
    assert (viewer.around == IMAGES[viewer.numbers[0, 1]]).all()
    viewer.selected = 1
    assert viewer.looked == [] and kernels.selected == 1
    assert "grey" in viewer.note and len(viewer.figure().axes) == 16
    with pytest.raises(ValueError, match="top is 0"):
        net["2"].patches(IMAGES, top=0)


def test_what_comes_once_is_kept_smaller_where_it_would_be_too_much(monkeypatch):
    monkeypatch.setattr("vizkit.patches.once.KEPT", 4 * 2 * 3 * 25)
    found = collect(small_net(), "2", (image for image in IMAGES), top=3)
    assert found.notes == ["patches kept 2 times smaller"]
    assert found.crops("weakest", [0]).shape == (1, 3, 2, 2, 3)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, (23, 2), elements=st.floats(-9, 9, width=32)),
       st.integers(1, 8), st.booleans())
def test_winners_of_blocks_are_those_of_a_stable_sort(values, size, largest):
    best = Winners(5, largest)
    for start in range(0, 23, size):
        block = torch.from_numpy(values[start : start + size])
        numbers = torch.arange(start, start + len(block))
        best.add(block, numbers, numbers[:, None].expand(-1, 2))
    order = np.argsort(-values if largest else values, axis=0, kind="stable")[:5]
    assert best.numbers.tolist() == order.tolist() == best.places.tolist()
    assert (best.values.numpy() == np.take_along_axis(values, order, 0)).all()


def test_a_sample_is_uniform_and_blocks_make_no_difference():
    def drawn(size, seed):
        sample = Sample(3, seed)
        for start in range(0, 12, size):
            numbers = torch.arange(start, start + size)
            sample.add(numbers[:, None].float(), numbers, numbers[:, None])
        return sample.first(3)[1].tolist()

    assert drawn(1, 0) == drawn(4, 0) == drawn(12, 0)
    counts = np.bincount(np.concatenate([drawn(6, seed) for seed in range(400)]), minlength=12)
    assert counts.min() > 70 and counts.max() < 130  # 100 expected, standard deviation 8.7


def test_200_viewers_made_and_forgotten_leave_no_hook_and_no_tie():
    net = small_net()
    for _ in range(200):
        net["2"].patches(IMAGES[:2], top=1).close()
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in net.model.modules())
    assert len(net.selection._ties) <= 16
