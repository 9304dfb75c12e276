"""Photographs in every form become the same batch; what cannot be one is said to be."""

import numpy as np
import pytest
import torch
from PIL import Image

from coursekit.models.alexnet import MEAN, SCALE
from coursekit.models.photos import photo_batch

LEVELS = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
EXPECTED = ((torch.tensor(LEVELS).movedim(-1, 0) - torch.tensor(MEAN)[:, None, None]) / SCALE)[None]


@pytest.mark.parametrize("image", [
    LEVELS, torch.tensor(LEVELS), LEVELS / 255, Image.fromarray(LEVELS), LEVELS.transpose(2, 0, 1),
    LEVELS[None], torch.tensor(LEVELS).movedim(-1, 0)[None], LEVELS.astype(np.uint16) * 257,
    np.dstack([LEVELS, np.full((64, 64), 255, np.uint8)]), Image.fromarray(LEVELS).convert("RGBA"),
    [LEVELS]], ids=range(11))  # fmt: skip
def test_every_form_of_one_picture_gives_the_same_batch(image):
    assert torch.allclose(photo_batch(image), EXPECTED, atol=1e-5)


def test_many_pictures_of_different_sizes_and_a_path(tmp_path):
    Image.fromarray(LEVELS).save(tmp_path / "a.png")
    batch = photo_batch([LEVELS, str(tmp_path / "a.png"), np.zeros((30, 200)), np.ones((9, 9))])
    assert batch.shape == (4, 3, 64, 64) and torch.allclose(batch[1], EXPECTED[0])


def test_a_prepared_batch_is_left_alone():
    assert photo_batch(EXPECTED) is not None and torch.equal(photo_batch(EXPECTED), EXPECTED)
    with pytest.raises(ValueError, match="only a prepared batch .*64, 64. may go below 0"):
        photo_batch(EXPECTED[:, :, :32])


def test_the_middle_square_without_stretching():
    wide = np.zeros((64, 192, 3), np.uint8)
    wide[:, 64:128] = LEVELS
    assert torch.allclose(photo_batch(wide), EXPECTED)


def test_grey_cmyk_16_bit_transparent_and_animated_pictures(tmp_path):
    def level(image):
        return (photo_batch(image)[0, :, 32, 32] * SCALE + torch.tensor(MEAN)).round().tolist()

    assert level(Image.new("L", (80, 70), 77)) == [77] * 3
    assert level(Image.new("CMYK", (64, 64), (255, 0, 0, 0)))[0] < 40
    assert level(Image.fromarray(np.full((64, 64), 128 * 257, np.uint16))) == [128] * 3
    assert level(Image.new("RGBA", (64, 64), (0, 0, 0, 0))) == [255] * 3, "nothing on white"
    assert level(Image.new("1", (1, 1), 1)) == [255] * 3
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert level(tmp_path / "a.gif") == [255, 0, 0]


def test_exif_says_which_side_is_up(tmp_path):
    half = Image.fromarray(np.repeat(np.array([0, 255], np.uint8), 32)[:, None].repeat(64, 1))
    exif = Image.Exif()
    exif[0x0112] = 3  # turned by 180°
    half.save(tmp_path / "a.jpg", exif=exif)
    shown = photo_batch(tmp_path / "a.jpg")[0, 0]
    assert shown[5, 5] > 1 and shown[60, 5] < -1


@pytest.mark.parametrize(("image", "words"), [
    ([], "an empty list"), (np.zeros((0, 64, 64, 3)), "an empty array"),
    (np.zeros((2, 5, 64, 64)), "cannot tell what"), (np.full((64, 64), np.nan), "NaN or infinity"),
    (np.full((64, 64), 300.0), "a value of 300: expected 0…1 or 0…255")])  # fmt: skip
def test_what_is_no_picture_is_said_to_be(image, words):
    with pytest.raises(ValueError, match=words):
        photo_batch(image)


def test_for_alexnet_itself():
    batch = photo_batch(LEVELS, side=227, scale=1)
    assert batch.shape == (1, 3, 227, 227) and batch.min() >= -124 and batch.max() <= 152


def test_a_huge_picture_gives_what_the_scaling_of_all_its_pixels_gives():
    y, x = np.mgrid[:2000, :2100] / 2000
    pixels = np.stack([x, y, (x - 0.5) ** 2 + y**2], -1)
    pixels = (255 * pixels / pixels.max()).astype(np.uint8)
    whole = photo_batch(pixels, side=16)
    assert torch.allclose(photo_batch(Image.fromarray(pixels), side=16), whole, atol=2 / SCALE)
