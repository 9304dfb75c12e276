"""The data sets: what comes, in which shape, and what is said when one is not there."""
import dataclasses
import io
import os
import re
import socket
import struct
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from coursekit import data
from coursekit.data.imagenette import middle
from coursekit.registry import DATA_SETS, File

FETCHED = {  # what a learner calls, and the name to fetch
    data.mnist: "mnist",
    data.tiny_imagenet: "tiny_imagenet",
    data.imagenette: "imagenette",
    data.text: "tinyshakespeare",
    data.gpt2_encoding: "gpt2_vocabulary",
}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, and no network: any connection is an error."""

    def refuse(*arguments, **options):
        raise AssertionError("this must not use the network")

    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tmp_path


def any_length(monkeypatch, name, *paths):
    """Let the data set `name` be any files at these paths, of any content."""
    edition = tuple(File(path) for path in paths)
    monkeypatch.setitem(DATA_SETS, name, dataclasses.replace(DATA_SETS[name], editions=(edition,)))


def jpeg(color, size=(64, 64), mode="RGB"):
    """The bytes of a picture of one colour."""
    file = io.BytesIO()
    Image.new(mode, size, color).save(file, "JPEG")
    return file.getvalue()


# --- on every machine ---------------------------------------------------------------------------


def test_faces_are_a_hundred_faces_and_a_hundred_others():
    faces = data.faces()
    assert faces.images.shape == (200, 25, 25) and faces.images.dtype == np.uint8
    assert [faces.names[label] for label in faces.labels[[0, 99, 100, 199]]] == [
        "face", "face", "no face", "no face"]
    assert faces.images.max() == 255  # the original goes from 0 to 1
    # eyes are darker than cheeks: on average over the faces, and not over the others
    eyes = faces.images[:, 8:11, 5:20].mean((1, 2))
    cheeks = faces.images[:, 13:16, 5:20].mean((1, 2))
    assert (eyes < cheeks)[:100].mean() > 0.7 > (eyes < cheeks)[100:].mean()


def test_digits_divide_into_parts_that_share_nothing():
    whole, train, test = data.digits(), data.digits("train"), data.digits("test")
    assert (len(whole), len(train), len(test)) == (1797, 1437, 360)
    pieces = np.concatenate([train.images, test.images]).reshape(1797, -1)
    assert sorted(map(bytes, pieces)) == sorted(map(bytes, whole.images.reshape(1797, -1)))
    assert whole.images.max() == 255 and whole.images.dtype == np.uint8
    with pytest.raises(ValueError, match="split is 'val', expected one of all, train, test"):
        data.digits("val")


def test_a_digit_is_the_original_scaled_from_sixteen():
    from sklearn.datasets import load_digits

    assert (np.abs(data.digits().images / 255 * 16 - load_digits().images) < 0.04).all()


def test_every_photograph_is_rgb_and_found_by_its_name():
    photos = data.photos()
    assert len(photos) == 18 and all(image.ndim == 3 for image in photos.images)
    assert {image.dtype for image in photos.images} == {np.dtype(np.uint8)}
    assert (data.photo("chelsea") == photos.images[photos.names.index("chelsea")]).all()
    grey = data.photo("camera")
    assert (grey[..., 0] == grey[..., 2]).all()
    with pytest.raises(KeyError, match="no photograph is called 'cat'; there are: astronaut, "):
        data.photo("cat")


def test_a_photograph_is_the_learners_own_copy():
    data.photo("chelsea")[:] = 0
    assert data.photo("chelsea").max() > 0


@settings(max_examples=25, deadline=None)
@given(count=st.integers(1, 40), size=st.integers(1, 96), seed=st.integers(0, 2**32 - 1))
def test_crops_have_the_size_asked_for_and_come_from_their_photograph(count, size, seed):
    names = ("coffee", "camera", "rocket")
    crops = data.crops(count, size, seed, names)
    assert crops.images.shape == (count, size, size, 3) and crops.images.dtype == np.uint8
    assert crops.labels.dtype == np.int64
    assert np.bincount(crops.labels, minlength=3).max() <= -(-count // 3)
    assert (crops.images == data.crops(count, size, seed, names).images).all()
    grey = crops.images[crops.labels == 1]
    assert (grey[..., 0] == grey[..., 1]).all()  # those of the grey photograph stay grey


def test_crops_larger_than_a_photograph_are_refused():
    with pytest.raises(ValueError, match="size is 9000, the smallest photograph has"):
        data.crops(3, size=9000)


def test_python_brings_a_text_of_its_own():
    text = data.pydoc_text()
    assert len(text) > 300_000
    assert re.search(r'The "if" statement is used for conditional execution', text.text)
    assert repr(text).startswith(f"Text: {len(text):,} characters")


# --- Images, whatever is in them ----------------------------------------------------------------

SIDES = st.tuples(st.integers(1, 5), st.integers(1, 40), st.integers(1, 40))
SHAPES = st.one_of(SIDES, SIDES.map(lambda sides: (*sides, 3)))


@settings(max_examples=50)
@given(arrays(np.uint8, SHAPES))
def test_images_say_how_many_and_how_large_they_are(pixels):
    count, height, width = pixels.shape[:3]
    shown = data.Images(pixels, np.zeros(count, np.int64), ("a",), "drawn at random")
    assert len(shown) == count
    assert repr(shown) == f"Images: {count} of {height}×{width}, 1 names (drawn at random)"


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=6))
def test_images_of_different_sizes_say_so(sizes):
    pixels = tuple(np.zeros((*size, 3), np.uint8) for size in sizes)
    shown = repr(data.Images(pixels, np.zeros(len(sizes), np.int64), ("a",), "zeros"))
    assert ("different sizes" in shown) == (len(set(sizes)) > 1)


@settings(max_examples=50)
@given(st.integers(160, 400), st.integers(160, 400))
def test_the_middle_of_a_picture_is_as_far_from_one_side_as_from_the_other(height, width):
    pixels = np.add.outer(np.arange(height), np.arange(width))[..., None]
    cut = middle(pixels)
    top, left = int(cut[0, 0, 0]), int(pixels[-1, -1, 0] - cut[-1, -1, 0])
    assert cut.shape == (160, 160, 1)
    assert 0 <= left - top <= 2  # an odd rest leaves one more below, and one more to the right


# --- once fetched -------------------------------------------------------------------------------


@pytest.mark.parametrize("call, name", FETCHED.items(), ids=FETCHED.values())
def test_what_is_not_there_names_the_command_that_fetches_it(cache, call, name):
    assert not data.available(name)
    with pytest.raises(data.FetchedDataMissing, match=f"python3 start.py fetch {name}$"):
        call()


@pytest.mark.parametrize("call", [data.mnist, data.tiny_imagenet, data.imagenette],
                         ids=lambda call: call.__name__)
def test_an_unknown_split_lists_the_known_ones(cache, call):
    with pytest.raises(ValueError, match="split is 'trian', expected 'train' or"):
        call("trian")


def test_available_lists_the_known_names_for_an_unknown_one(cache):
    with pytest.raises(KeyError, match="there are: mnist, tiny_imagenet, imagenette, "):
        data.available("shakespeare")


def test_a_file_of_the_wrong_length_is_not_available_and_the_lengths_are_said(cache):
    (cache / "tinyshakespeare.txt").write_text("To be")
    assert not data.available("tinyshakespeare")
    with pytest.raises(data.FetchedDataMissing, match="has 5 bytes, expected 1,115,394"):
        data.text()


def write_mnist(cache, monkeypatch, images, labels):
    """A small MNIST in torchvision's place; `images` (n, 28, 28), `labels` (n,), both uint8."""
    raw = cache / "MNIST" / "raw"
    raw.mkdir(parents=True)
    any_length(monkeypatch, "mnist", "MNIST/raw/t10k-images-idx3-ubyte")
    header = struct.pack(">4B3I", 0, 0, 8, 3, *images.shape)
    (raw / "t10k-images-idx3-ubyte").write_bytes(header + images.tobytes())
    header = struct.pack(">4BI", 0, 0, 8, 1, *labels.shape)
    (raw / "t10k-labels-idx1-ubyte").write_bytes(header + labels.tobytes())
    return raw


def test_mnist_reads_what_torchvision_lays_out(cache, monkeypatch):
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28)).astype(np.uint8)
    write_mnist(cache, monkeypatch, images, np.array([7, 2, 1, 0, 4], np.uint8))
    digits = data.mnist("test")
    assert (digits.images == images).all() and digits.labels.tolist() == [7, 2, 1, 0, 4]
    from coursekit.compat import torchvision  # the twin

    theirs = torchvision.datasets.mnist.read_image_file(
        str(cache / "MNIST" / "raw" / "t10k-images-idx3-ubyte"))
    assert (theirs.numpy() == digits.images).all()


def test_a_damaged_mnist_file_is_named(cache, monkeypatch):
    images = np.zeros((5, 28, 28), np.uint8)
    raw = write_mnist(cache, monkeypatch, images, np.zeros(4, np.uint8))
    with pytest.raises(data.FetchedDataMissing, match="5 images and 4 labels do not go together"):
        data.mnist("test")
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"<html>")
    with pytest.raises(data.FetchedDataMissing, match="starts with .*, expected .0, 0, 8, 3."):
        data.mnist("test")


@pytest.fixture
def tiny(cache, monkeypatch):
    """A Tiny-ImageNet of two classes in the layout of the original zip file."""
    top = "tiny-imagenet-200"
    any_length(monkeypatch, "tiny_imagenet", f"{top}.zip")
    with zipfile.ZipFile(cache / f"{top}.zip", "w") as archive:
        archive.writestr(f"{top}/wnids.txt", "n02\nn01\n")
        archive.writestr(f"{top}/words.txt", "n00\tentity\nn01\tgoldfish, carp\nn02\tbull\n")
        for wnid, level in (("n01", 40), ("n02", 200)):
            archive.writestr(f"{top}/train/{wnid}/{wnid}_boxes.txt", "n01_0.JPEG\t0\t10\t63\t58")
            for index in (0, 1, 10, 2):
                archive.writestr(f"{top}/train/{wnid}/images/{wnid}_{index}.JPEG",
                                 jpeg((level + index, 0, 0)))
        archive.writestr(f"{top}/val/val_annotations.txt",
                         "val_1.JPEG\tn01\t0\t0\t62\t62\nval_0.JPEG\tn02\t0\t0\t62\t62\n")
        archive.writestr(f"{top}/val/images/val_0.JPEG", jpeg(200, mode="L"))
        archive.writestr(f"{top}/val/images/val_1.JPEG", jpeg((40, 0, 0)))
        archive.writestr(f"{top}/test/images/test_0.JPEG", jpeg(0, mode="L"))
    return cache / f"{top}.zip"


def test_tiny_imagenet_is_read_out_of_its_zip_in_the_original_order(tiny):
    train = data.tiny_imagenet("train")
    assert train.images.shape == (8, 64, 64, 3) and train.images.dtype == np.uint8
    assert train.names == ("bull", "goldfish")
    assert train.labels.tolist() == [0] * 4 + [1] * 4
    reds = train.images[:, 32, 32, 0].astype(int)
    assert (np.abs(reds - [200, 201, 202, 210, 40, 41, 42, 50]) <= 2).all()  # _2 before _10
    assert [path.name for path in tiny.parent.iterdir()] == [tiny.name]  # nothing is unpacked


def test_tiny_imagenet_validates_with_the_same_labels_and_grey_becomes_rgb(tiny):
    val = data.tiny_imagenet("val")
    assert val.labels.tolist() == [0, 1] and val.names == ("bull", "goldfish")
    assert (val.images[0] == 200).all()
    assert val.images[1, 0, 0, 0] > 30 > val.images[1, 0, 0, 1]


def test_tiny_imagenet_takes_the_first_classes_and_the_first_of_each(tiny):
    few = data.tiny_imagenet("train", classes=1, per_class=3)
    assert (len(few), few.names) == (3, ("bull",))
    assert repr(few) == "Images: 3 of 64×64, 1 names (Tiny-ImageNet, 1 of 2 classes, split 'train')"
    with pytest.raises(ValueError, match="classes is 3, this file has 2: take 1 to 2"):
        data.tiny_imagenet(classes=3)
    with pytest.raises(ValueError, match="per_class is 0, this file has 4"):
        data.tiny_imagenet(per_class=0)


def test_a_zip_file_that_is_none_says_how_to_get_a_good_one(tiny):
    tiny.write_bytes(b"<html>")
    with pytest.raises(data.FetchedDataMissing, match="zip file.*start.py fetch tiny_imagenet"):
        data.tiny_imagenet()


def test_imagenette_comes_by_torchvisions_class_cut_to_its_middle(cache):
    for split, count in (("train", 3), ("val", 1)):
        for wnid, level in (("n01440764", 40), ("n03888257", 200)):
            place = cache / "imagenette2-160" / split / wnid
            place.mkdir(parents=True)
            for index in range(count):
                picture = jpeg((level, 0, 0), size=(160 + 20 * index, 170))
                (place / f"{index}.JPEG").write_bytes(picture)
    assert data.available("imagenette")
    few = data.imagenette("train", per_class=2)
    assert few.images.shape == (4, 160, 160, 3) and few.images.dtype == np.uint8
    assert few.names == ("tench", "parachute") and few.labels.tolist() == [0, 0, 1, 1]
    assert (np.abs(few.images[:, 80, 80, 0].astype(int) - [40, 40, 200, 200]) <= 2).all()
    assert len(data.imagenette("val")) == 2


def test_a_text_file_of_ones_own_is_read(tmp_path):
    (tmp_path / "mine.txt").write_bytes("\ufeffÜber\r\nalles".encode())
    mine = data.text(tmp_path / "mine.txt")
    assert mine.text == "Über\nalles" and mine.source == "the file mine.txt"


def test_a_text_file_that_is_missing_or_not_text_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file .*mine.txt: give the path"):
        data.text(tmp_path / "mine.txt")
    (tmp_path / "mine.txt").write_bytes("naïve".encode("latin-1"))
    with pytest.raises(ValueError, match="not UTF-8 text .byte 2 is 0xef.: if it is text, save it"):
        data.text(tmp_path / "mine.txt")


def test_shakespeare_is_read_from_the_cache(cache, monkeypatch):
    any_length(monkeypatch, "tinyshakespeare", "tinyshakespeare.txt")
    (cache / "tinyshakespeare.txt").write_text("First Citizen:\n")
    assert data.text().text == "First Citizen:\n" and data.text().source == "tinyshakespeare"


def test_a_damaged_vocabulary_is_said_before_tiktoken_would_download_it(cache):
    for file in DATA_SETS["gpt2_vocabulary"].editions[0]:
        (cache / file.path).parent.mkdir(exist_ok=True)
        (cache / file.path).write_bytes(b"?" * file.size)
    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    with pytest.raises(data.FetchedDataMissing, match="wrong SHA-256: it is damaged"):
        data.gpt2_encoding()
    assert os.environ.get("TIKTOKEN_CACHE_DIR") == before


def test_the_vocabulary_is_read_by_tiktoken_from_the_cache(cache, monkeypatch):
    asked = []

    def get_encoding(name):
        asked.append((name, os.environ["TIKTOKEN_CACHE_DIR"]))
        return "an encoding"

    monkeypatch.setattr(sys.modules["coursekit.data.tokens"].tiktoken, "get_encoding", get_encoding)
    any_length(monkeypatch, "gpt2_vocabulary", "tiktoken/a")
    (cache / "tiktoken").mkdir()
    (cache / "tiktoken" / "a").touch()
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    assert data.gpt2_encoding() == "an encoding"
    assert asked == [("gpt2", str(cache / "tiktoken"))]
    assert "TIKTOKEN_CACHE_DIR" not in os.environ


# --- the real ones, where they are --------------------------------------------------------------


def real_mnist():
    train, test = data.mnist("train"), data.mnist("test")
    assert train.images.shape == (60_000, 28, 28) and test.images.shape == (10_000, 28, 28)
    assert np.bincount(train.labels).tolist() == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]


def real_tiny_imagenet():
    val = data.tiny_imagenet("val", classes=10)
    each = np.bincount(val.labels)
    assert len(each) == 10 and set(each.tolist()) in ({25}, {50})  # the file of 100, or of 200
    assert data.tiny_imagenet("train", 2, 3).images.shape == (6, 64, 64, 3)
    assert data.tiny_imagenet("train", 2, 3).images.std() > 20


def real_imagenette():
    assert data.imagenette("val", per_class=2).images.shape == (20, 160, 160, 3)


def real_text():
    assert data.text().text.startswith("First Citizen:\nBefore we proceed any further")
    assert len(data.text()) == 1_115_394 and len(set(data.text().text)) == 65


def real_gpt2_encoding():
    encoding = data.gpt2_encoding()
    assert encoding.n_vocab == 50_257 == 256 + 50_000 + 1
    assert encoding.encode("hello world") == [31373, 995]


@pytest.mark.parametrize("real, name", [
    (real_mnist, "mnist"),
    (real_tiny_imagenet, "tiny_imagenet"),
    (real_imagenette, "imagenette"),
    (real_text, "tinyshakespeare"),
    (real_gpt2_encoding, "gpt2_vocabulary"),
])
def test_the_real_data_set_is_as_published_where_it_is_here(real, name):
    if data.available(name):
        return real()
    with pytest.raises(data.FetchedDataMissing):
        real()
