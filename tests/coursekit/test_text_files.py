"""Texts of a user: every encoding that says what it is, any length, folders; what is no text."""

import os
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursekit import data
from coursekit.data import text_files
from coursekit.models import bpe
from coursekit.models.pieces import words
from coursekit.tales import collection

STORY = "Ünder the bridge,\n日本 and 😀.\n\nThe end\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_file_that_says_its_encoding_is_read(tmp_path, encoding):
    path = tmp_path / "mine.txt"
    path.write_bytes(STORY.replace("\n", "\r\n").encode(encoding))
    assert data.text(path).text == STORY
    path.write_bytes(STORY.replace("\n", "\r").encode(encoding))
    assert data.text(str(path)).text == STORY


def test_another_encoding_has_to_be_named(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_bytes("naïve €".encode("cp1252"))
    with pytest.raises(ValueError, match=r"not UTF-8 text .byte 2 is 0xef.*encoding=.cp1252"):
        data.text(path)
    assert data.text(path, encoding="cp1252").text == "naïve €"


@pytest.mark.parametrize(("content", "words"), [
    (b"\x89PNG\r\n\x1a\n\x00\x00", "byte 0 is 0x89"),
    (b"MZ\x00\x01", "is no text: it holds characters of value 0, as pictures, programs"),
    ("no mark".encode("utf-16-le"), 'is no text: .*try encoding="utf-16-le"'),
    (b"a" * 70_000 + b"\xff", "byte 70,000 is 0xff"),
    (("é" * 70_000).encode()[:-1], "byte 139,998 is 0xc3"),
    ("é".encode("utf-16") + b"\x00", "not UTF-16 text .byte 4 is 0x0"),
    (b"ok\xed\xa0\xbd", "byte 2 is 0xed"),  # half of a character
])
def test_what_is_no_text_is_refused_with_its_place(tmp_path, content, words):
    path = tmp_path / "mine.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=words):
        data.text(path)


def test_an_empty_file_is_an_empty_text(tmp_path):
    path = tmp_path / "mine.txt"
    path.touch()
    assert data.text(path).text == "" and list(data.text_parts(path)) == []
    assert data.token_ids(data.text_parts(path), bpe.encoding(bpe.train("", 257))).shape == (0,)


@settings(max_examples=200, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("ab 1.\n😀'l", max_size=60), st.integers(1, 20))
def test_parts_have_the_words_of_the_whole(tmp_path, text, size):
    path = tmp_path / "mine.txt"
    path.write_text(text, encoding="utf-8")
    parts = list(text_files.parts_of(path, size=size))
    assert "".join(parts) == text
    if all(len(part) < 4 * size for part in parts):  # else it had no place to cut
        assert [word for part in parts for word in words(part)] == list(words(text))


def test_a_text_without_a_gap_is_cut_as_it_comes(tmp_path):
    path = tmp_path / "mine.txt"
    path.write_text("é" * 500_000, encoding="utf-8")
    parts = list(text_files.parts_of(path, size=10_000))
    assert "".join(parts) == "é" * 500_000 and max(map(len, parts)) < 150_000


def test_a_folder_is_its_texts_in_order_each_followed_by_the_mark(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "b" / "c.md").write_bytes("second".encode("utf-16"))
    (tmp_path / "b" / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / ".git" / "config").write_text("hidden")
    folder = data.text(tmp_path)
    assert folder.text == "first<|endoftext|>second<|endoftext|>"
    assert folder.source == (f"the folder {tmp_path.name}, 2 files, 1 left out, which are no text "
                             "that can be read")
    (tmp_path / "b" / "photo.jpg").unlink()
    assert data.text(tmp_path).source == f"the folder {tmp_path.name}, 2 files"


def test_a_file_that_goes_wrong_late_is_left_out_whole(tmp_path):
    (tmp_path / "late.txt").write_bytes(b"text " * 600_000 + b"\xff")
    (tmp_path / "good.txt").write_text("good")
    assert data.text(tmp_path).text == "good<|endoftext|>"


def test_a_folder_without_text_and_a_path_to_nothing_are_said(tmp_path):
    with pytest.raises(ValueError, match="no file in .* is text that can be read; 0 were"):
        data.text(tmp_path)
    with pytest.raises(FileNotFoundError, match="there is no file .*mine: give the path"):
        data.text(tmp_path / "mine")
    with pytest.raises(FileNotFoundError, match="there is no file"):
        next(data.text_parts(tmp_path / "mine"))


def test_a_path_that_is_none_is_said_in_words(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file To be, .* …: give the path"):
        data.text("To be, or not to be. " * 500)  # the text itself: too long for a name
    with pytest.raises(FileNotFoundError, match="there is no file : give"):
        data.text("")  # an empty variable of a shell, not the folder it runs in
    with pytest.raises(ValueError, match="is a pipe or a device, which cannot be read twice"):
        data.text(os.devnull)


def test_an_encoding_that_is_none_is_refused_with_some_that_are(tmp_path):
    (tmp_path / "mine.txt").write_text("text")
    for name in ("klingon", "base64"):
        for path in (tmp_path, tmp_path / "mine.txt"):
            with pytest.raises(ValueError, match=f"encoding '{name}' is none of text .*cp1252"):
                data.text(path, encoding=name)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_a_file_says_of_itself_counts_more_than_a_name(tmp_path, encoding):
    (tmp_path / "mine.txt").write_bytes("naïve €".encode(encoding))
    for name in ("utf-8", "utf-16-le", "cp1252"):
        assert data.text(tmp_path / "mine.txt", encoding=name).text == "naïve €"


def test_a_folder_is_as_large_as_its_texts_and_files_that_nobody_may_read_are_left_out(
        tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(f"one{collection.END}two")
    (tmp_path / "locked.txt").write_text("secret")
    (tmp_path / "photo.jpg").write_bytes(b"\xff" * 5_000)
    real = text_files.decoded

    def decoded(path, encoding=None):
        if path.name == "locked.txt":  # mode 0 keeps out users, not the one who is root
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, encoding)

    monkeypatch.setattr(text_files, "decoded", decoded)
    monkeypatch.setattr(sys.modules["coursekit.data.text"], "LARGEST", 1_000)
    found = data.text(tmp_path)
    assert found.text == f"one{collection.END}two{collection.END}"
    assert ", 1 file, 2 left out," in found.source
    monkeypatch.chdir(tmp_path)
    assert data.text(".").source == found.source, "a folder has its own name"
    (tmp_path / "b.txt").write_text("text " * 200)
    with pytest.raises(ValueError, match="MB or more, at most 0 MB"):
        data.text(tmp_path)


def test_white_space_without_end_is_searched_once(tmp_path):
    path = tmp_path / "blank.txt"
    path.write_bytes(b" " * 3_000_000)
    looked = []

    class Gap:
        def search(self, text, start):
            looked.append(len(text) - start)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_files, "LAST_GAP", Gap())
        parts = list(text_files.parts_of(path, size=1_000_000))
    assert sum(map(len, parts)) == 3_000_000 and sum(looked) < 2 * 3_000_000


def test_a_long_text_is_read_in_parts_and_in_little_memory(tmp_path, monkeypatch):
    path, line = tmp_path / "long.txt", "A line of about forty characters, or so.\n"
    path.write_text(line * 500_000)  # 20 MB
    monkeypatch.setattr(sys.modules["coursekit.data.text"], "LARGEST", 10_000_000)
    with pytest.raises(ValueError, match=r"has 20 MB, at most 10 MB .*data.text_parts.path"):
        data.text(path)
    tracemalloc.start()
    count = sum(map(len, data.text_parts(path)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 41 * 500_000 and peak < 8_000_000


def test_token_numbers_of_the_parts_are_those_of_the_whole(tmp_path, monkeypatch):
    whole = data.pydoc_text().text[:50_000]
    (tmp_path / "mine.txt").write_text(whole, encoding="utf-8")
    ranks = bpe.train(text_files.parts_of(tmp_path / "mine.txt", size=1_000), 400)
    assert ranks == bpe.train(whole, 400)
    coded = bpe.encoding(ranks)
    ids = data.token_ids(text_files.parts_of(tmp_path / "mine.txt", size=1_000), coded)
    assert ids.dtype == np.uint16 and ids.tolist() == coded.encode_ordinary(whole)
    assert data.token_ids(f"ab{collection.END}", coded)[-1] == 399
    assert data.token_ids("", coded).shape == data.token_ids([], coded).shape == (0,)
    with pytest.raises(ValueError, match="character 2 of a part is half of a character"):
        data.token_ids(["good", "ab\ud83d"], coded)


def test_token_numbers_are_held_once(tmp_path):
    coded = bpe.encoding(bpe.train("", 257))
    parts = ["x" * 100_000] * 100
    tracemalloc.start()
    ids = data.token_ids(iter(parts), coded)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(ids) == 10_000_000 and peak < 1.5 * ids.nbytes


def test_the_mark_between_texts_is_one_everywhere():
    assert collection.END == bpe.END == "<|endoftext|>"
