"""Whatever is a picture becomes the batch it should be, or is refused with what to do."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image
from torch import nn

import vizkit as vk
from vizkit.inputs import images, seen

SIDES = st.integers(5, 40)  # 3 or 4 pixels could as well be channels: that is refused, see below
DTYPES = st.sampled_from([np.uint8, np.float32, np.float64, np.float16, np.bool_])


def values(draw, shape, dtype):
    seed = draw(st.integers(0, 2**32 - 1))
    pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    return pixels if dtype == np.uint8 else (pixels > 127 if dtype == np.bool_
                                             else (pixels / 255).astype(dtype))


@st.composite
def pictures(draw):
    """(array in some layout, the same as (image, channel, y, x) from 0 to 1)."""
    count, channels = draw(st.integers(1, 3)), draw(st.sampled_from([1, 3]))
    pixels = values(draw, (count, channels, draw(SIDES), draw(SIDES)), draw(DTYPES))
    expected = pixels.astype(np.float32) / (255 if pixels.dtype == np.uint8 else 1)
    order = draw(st.sampled_from(["nchw", "nhwc", "chw", "hwc", "hw", "nhw"]))
    if "n" not in order:
        pixels, expected = pixels[0], expected[:1]
    if "c" not in order:
        pixels, expected = pixels[..., 0, :, :], expected[:, :1]
    if order.endswith("c"):
        pixels = np.moveaxis(pixels, -3, -1)
    return order, pixels, expected


@given(pictures())
def test_every_layout_and_number_type_gives_the_same_batch(case):
    order, pixels, expected = case
    if order == "nhw" and len(pixels) in (1, 3):
        return  # three grey images or one in colour: see below
    batch = images.load(pixels)
    assert batch.tensor.dtype == torch.float32
    assert np.allclose(batch.tensor.numpy(), expected, atol=1e-3)


@given(pictures(), st.sampled_from([1, 3]))
def test_grey_and_colour_become_what_the_net_takes_and_say_so(case, channels):
    order, pixels, expected = case
    if order == "nhw" and len(pixels) in (1, 3) or order == "chw" and len(pixels) > channels:
        return  # three grey images or one in colour: see below
    batch = images.load(pixels, channels)
    assert batch.tensor.shape == (len(expected), channels, *expected.shape[2:])
    assert bool(batch.notes) == (channels != expected.shape[1])


@settings(deadline=None, max_examples=40)
@given(hnp.arrays(np.uint8, st.tuples(SIDES, SIDES)), st.sampled_from([1, 3]),
       st.integers(1, 6), st.integers(1, 4), st.integers(1, 2))
def test_maps_have_the_sizes_that_the_layers_rule_says(pixels, channels, out, kernel, stride):
    net = vk.Net(nn.Sequential(nn.Conv2d(channels, out, kernel, stride)))
    height, width = ((side - kernel) // stride + 1 for side in pixels.shape)
    viewer = net.maps(pixels)
    assert viewer.data["maps"].shape == (out, height, width)
    assert viewer.data["image"].shape[:2] == pixels.shape
    assert net["0"].kernels().data["kernels"].shape == (out, channels, kernel, kernel)


@settings(deadline=None, max_examples=30)
@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=3, max_dims=3, max_side=6),
                  elements=st.floats(width=32)))
def test_any_numbers_are_drawn(maps):
    viewer = vk.maps({"any": maps})
    assert viewer.pictures().shape == (*maps.shape, 3)
    broken = ~np.isfinite(maps)
    assert (viewer.pictures()[broken] == (214, 39, 214)).all()
    assert ("NaN or infinite" in repr(viewer)) == bool(broken.any())
    assert viewer.describe()


@pytest.mark.parametrize(("image", "words"), [
    (np.zeros((3, 5, 3), np.uint8), "cannot tell where the channels"),
    (np.zeros((2, 7, 7, 7), np.uint8), "neither 7 nor 7 is 1, 3 or 4"),
    (np.zeros(9), r"shape \(9,\) is no picture"),
    (np.zeros((0, 5)), "no pixel"),
    (np.full((5, 5), 3.7), "cannot tell its scale"),
    (np.full((5, 5), -4), "cannot tell its scale"),
    ([], "empty list"),
    ([np.zeros((5, 5)), np.zeros((6, 5))], "several sizes"),
    ("https://example.org/cat.png", "is an address"),
])  # fmt: skip
def test_what_cannot_be_told_is_refused(image, words):
    with pytest.raises(ValueError, match=words):
        images.load(image)


def test_what_is_no_picture_is_refused():
    with pytest.raises(TypeError, match="expected a tensor, an array"):
        images.load({"a": 1})
    with pytest.raises(TypeError, match="complex"):
        images.load(torch.zeros(5, 5, dtype=torch.complex64))


def test_several_grey_images_or_one_in_colour_is_asked_back():
    with pytest.raises(ValueError, match=r"images\[:, None\].*permute\(1, 2, 0\)"):
        images.load(torch.zeros(3, 8, 8, dtype=torch.uint8), 1)
    assert images.load(np.zeros((3, 8, 8), np.uint8), 1).tensor.shape == (3, 1, 8, 8)


def test_paths_and_pil_images_of_all_modes_are_read(tmp_path):
    red = Image.new("RGB", (6, 4), (255, 0, 0))
    red.save(tmp_path / "red.png")
    assert images.load(tmp_path / "red.png").tensor[0, :, 0, 0].tolist() == [1, 0, 0]
    for mode in ("1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "F"):
        image = Image.new("L", (6, 4), 1).convert(mode) if mode in "F" else Image.new(mode, (6, 4))
        assert images.load(image, 1).tensor.shape == (1, 1, 4, 6), mode
    with pytest.raises(FileNotFoundError, match="did you mean red.png"):
        images.load(tmp_path / "rad.png")
    (tmp_path / "text.png").write_text("no image")
    with pytest.raises(ValueError, match="not an image that PIL can read"):
        images.load(tmp_path / "text.png")


def test_transparency_is_laid_over_white_and_said():
    clear = np.zeros((5, 6, 4), np.uint8)
    batch = images.load(clear, 3)
    assert (batch.tensor == 1).all() and batch.notes == ["transparency laid over white"]


def test_the_shown_image_undoes_the_normalisation_or_spans_black_to_white():
    class Preset:
        mean, std = [0.5], [0.25]

    pixels = torch.tensor([[[-2.0, 0.0, 2.0]]])
    assert seen.picture(pixels, Preset()).tolist() == [[0, 128, 255]]
    assert seen.picture(pixels * 10).tolist() == [[0, 128, 255]]
    assert seen.picture(torch.zeros(2, 3, 3)) is None


def test_a_huge_picture_is_shrunk_and_a_broken_file_named(tmp_path):
    batch = images.load(Image.new("RGB", (6000, 4000), (255, 0, 0)))
    assert batch.tensor.shape == (1, 3, 2000, 3000)
    assert batch.tensor[0, :, 9, 9].tolist() == [1, 0, 0]
    assert batch.notes == ["shrunk from 6000×4000 to 3000×2000 pixels"]
    whole = tmp_path / "whole.jpg"
    Image.new("RGB", (64, 64), (9, 99, 200)).save(whole)
    for name, content in {"cut.jpg": whole.read_bytes()[:200], "text.png": b"no picture"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=name):
            images.load(tmp_path / name)
