"""Files as people have them: each comes out as the right picture, or is refused in words."""

import io

import numpy as np
import pytest
from PIL import Image

from vizkit.inputs.uploads import opened

RED, BLUE = (255, 0, 0), (0, 0, 255)


def saved(image, kind, **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def halves(mode="RGB", size=(40, 20)):
    """Red on the left, blue on the right."""
    array = np.zeros((size[1], size[0], 3), np.uint8)
    array[:, : size[0] // 2], array[:, size[0] // 2 :] = RED, BLUE
    return Image.fromarray(array).convert(mode)


def near(pixel, colour, within=40):
    return np.abs(pixel.astype(int) - colour).max() <= within


@pytest.mark.parametrize("kind, mode", [
    ("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "P"), ("GIF", "P"), ("WEBP", "RGB"),
    ("PNG", "RGBA"), ("BMP", "RGB"), ("TIFF", "CMYK"),
])  # fmt: skip
def test_every_usual_file_comes_out_in_its_colours(kind, mode):
    image = opened(saved(halves(mode), kind))
    assert image.shape == (20, 40, 3) and image.dtype == np.uint8
    assert near(image[10, 5], RED) and near(image[10, 35], BLUE)


def test_a_photograph_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it
    image = opened(saved(halves(), "JPEG", exif=exif, quality=95))
    assert image.shape == (40, 20, 3)
    assert near(image[5, 10], RED) and near(image[35, 10], BLUE)


def test_of_an_animation_the_first_frame_is_shown():
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    for kind in ("GIF", "WEBP"):
        data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        assert near(opened(data)[4, 4], RED)


def test_16_bits_are_read_as_they_look():
    ramp = np.linspace(0, 65535, 16).astype(np.uint16)[None].repeat(4, 0)
    image = opened(saved(Image.fromarray(ramp), "PNG"))
    assert image.shape == (4, 16, 3)
    assert image[0, :, 0].tolist() == np.round(np.linspace(0, 255, 16)).tolist()


def test_transparency_lies_over_white():
    assert (opened(saved(Image.new("RGBA", (3, 3), (255, 0, 0, 0)), "PNG")) == 255).all()


def test_one_pixel_is_an_image():
    assert opened(saved(Image.new("RGB", (1, 1), RED), "PNG")).tolist() == [[list(RED)]]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_ten_thousand_pixels_square_are_shrunk(kind):
    data = saved(Image.new("L", (10_000, 10_000), 200), kind)
    image = opened(data)
    assert image.shape == (1024, 1024, 3) and near(image[500, 500], (200, 200, 200), 2)


def test_a_long_16_bit_strip_is_shrunk_too():
    assert max(opened(saved(Image.fromarray(np.zeros((3, 3000), np.uint16)), "PNG")).shape) == 1024


@pytest.mark.parametrize("data, words", [
    (b"", "cat.jpg is empty"),
    (b"Dear Sir, ", "cat.jpg is no image that can be read here: try a JPEG"),
    (saved(halves(size=(200, 200)), "JPEG")[:400], r"cat.jpg is damaged \(.*\): save it anew"),
    (saved(halves(), "PNG")[:60], "cat.jpg is (damaged|no image)"),
    (saved(halves(), "GIF")[:20], "cat.jpg is (damaged|no image)"),
    (saved(Image.new("1", (12_000, 12_000)), "PNG"), "has 12,000×12,000 pixels.*shrink it"),
    (saved(Image.new("1", (20_000, 20_000)), "PNG"), "far too many pixels"),
], ids=range(7))  # fmt: skip
def test_what_cannot_be_shown_is_refused_in_words(data, words):
    with pytest.raises(ValueError, match=words):
        opened(data, "cat.jpg")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_bytes_changed_at_random_never_raise_anything_else(kind):
    good = bytearray(saved(halves(), kind))
    rng = np.random.default_rng(0)
    for _ in range(60):
        data = bytearray(good)
        for place in rng.integers(0, len(data), 3):
            data[place] = rng.integers(0, 256)
        try:
            assert opened(bytes(data)).shape[2] == 3
        except ValueError as error:
            assert "the file" in str(error)
