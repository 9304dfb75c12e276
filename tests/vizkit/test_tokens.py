"""TokenViewer: pieces, characters shared by several, and what is refused."""

import string

import numpy as np
import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st

import vizkit as vk
from vizkit.views import tokens_picture
from vizkit.views.pieces import Cut, byte_letters, cutter, hidden, readable

RANKS = {bytes([value]): value for value in range(256)} | {
    b"th": 256, b"the": 257, b" the": 258, " é".encode(): 259, "日".encode()[:2]: 260}
SMALL = tiktoken.Encoding("small", pat_str=r" ?\S+|\s+", mergeable_ranks=RANKS,
                          special_tokens={"<|endoftext|>": 261})


def by_letter(text):
    return [ord(sign) for sign in text], list(text)


def by_word(text):
    words = text.split(" ")
    return range(len(words)), [words[0]] + [f" {word}" for word in words[1:]]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_groups_are_whole_characters_and_no_larger_than_needed(text):
    cut = cutter(SMALL)[0](text)
    assert cut.text == text and len(cut.ends) == len(cut)
    pieces = [cut.piece(k) for k in range(len(cut))]
    assert b"".join(pieces) == text.encode()
    for group in range(cut.groups.max(initial=-1) + 1):
        mine = [piece for piece, of in zip(pieces, cut.groups, strict=True) if of == group]
        b"".join(mine).decode()  # raises where it is no whole character
        for k in range(1, len(mine)):
            with pytest.raises(UnicodeDecodeError):
                b"".join(mine[:k]).decode()


def test_pieces_of_one_character_are_a_group():
    viewer = vk.tokens("the 日<|endoftext|>", SMALL)
    assert viewer.pieces[:, 0].tolist() == [257, 32, 260, 165, 261]
    assert viewer.pieces[:, 2].tolist() == [0, 1, 2, 2, 3]
    assert repr(viewer) == "TokenViewer: 18 characters, 5 tokens by small"
    assert viewer.describe().endswith("By small: the | · | bytes e6 97 | bytes a5 | <|endoftext|>.")


class Letters:
    """As transformers has GPT-2's tokens: each byte a letter that can be seen."""

    def __init__(self, letters):
        self.letters = letters

    def encode(self, text, add_special_tokens=True):
        return SMALL.encode(text) + [0] * add_special_tokens

    def convert_ids_to_tokens(self, numbers):
        pieces = map(SMALL.decode_single_token_bytes, numbers)
        return ["".join(self.letters[byte] for byte in piece) for piece in pieces]


@settings(deadline=None)
@given(st.text(max_size=30))
def test_a_tokenizer_of_transformers_gives_the_bytes_that_its_letters_stand_for(text):
    letters = {byte: letter for letter, byte in byte_letters().items()}
    assert len(letters) == 256 and letters[32] == "Ġ" and letters[10] == "Ċ"
    edges = {33: "!", 126: "~", 127: "ġ", 160: "ł", 161: "¡", 172: "¬", 173: "Ń", 174: "®"}
    assert {byte: letters[byte] for byte in edges} == edges
    ours, theirs = vk.tokens(text, SMALL), vk.tokens(text, Letters(letters))
    assert np.array_equal(ours.pieces, theirs.pieces) and np.array_equal(ours.raw, theirs.raw)


def test_a_tokenizer_whose_tokens_are_letters_is_shown_as_it_writes_them():
    class Whole(Letters):
        def convert_ids_to_tokens(self, numbers):
            return self.letters

        def encode(self, text, add_special_tokens=True):
            return [5, 6, 7]

    for letters, pieces in ((["▁né", "##e", "[UNK]"], [" né", "##e", "[UNK]"]),
                            (["né", "##e", "[UNK]"], ["né", "##e", "[UNK]"])):  # é is no byte here
        shown = vk.tokens("née 日", Whole(letters))
        assert [shown.cuts[0].piece(k).decode() for k in range(3)] == pieces


def test_a_text_that_is_written_is_cut_anew_by_both():
    viewer = vk.tokens("the", SMALL, by_letter)
    assert [len(cut) for cut in viewer.cuts] == [1, 3]
    assert viewer.names == ["small", "by_letter"]
    viewer.selected = 0
    viewer.text = "of the"
    assert [len(cut) for cut in viewer.cuts] == [3, 6] and viewer.selected == -1
    assert viewer.caption == "6 characters, 3 tokens by small and 6 tokens by by_letter"
    assert viewer.other_pieces[:, 0].tolist() == [ord(sign) for sign in "of the"]
    assert set(viewer.data) == {"pieces", "raw", "other_pieces", "other_raw"}


def test_what_fails_for_a_typed_text_is_said_in_the_viewer():
    def no_digits(text):
        if any(sign in string.digits for sign in text):
            raise KeyError("a digit")
        return by_letter(text)

    viewer = vk.tokens("ab", no_digits)
    viewer.text = "a1"
    assert viewer.problem == "KeyError: 'a digit'" and len(viewer.cuts[0]) == 2
    viewer.text = "abc"
    assert viewer.problem == "" and len(viewer.cuts[0]) == 3


def test_numbers_and_pieces_stand_for_themselves():
    viewer = vk.tokens(None, ([5, 6], ["to", " be"]))
    assert viewer.text == "to be" and viewer.fixed
    assert repr(viewer) == "TokenViewer: 5 characters, 2 tokens by encoding 1"
    broken = vk.tokens(None, ([1], [b"\xff"]))
    assert broken.text == "\ufffd" and broken.png()


def test_a_piece_out_of_reach_is_none():
    viewer = vk.tokens("the", by_letter, by_word)
    viewer.selected = 2
    assert viewer.selected == 2
    viewer.selected = 3
    assert viewer.selected == -1
    viewer.panel = 1
    viewer.selected = 1
    assert viewer.selected == -1


@pytest.mark.parametrize(("given", "error", "words"), [
    (("a\ud83d", SMALL), ValueError, r"character 1 is U\+D83D, half of a character"),
    (("a" * 20_001, SMALL), ValueError, "20,001 characters, at most 20,000"),
    (("a", 7), TypeError, "int is no encoding: give one with encode"),
    (("a", "gpt2"), TypeError, "str is no encoding"),
    ((None, ([1, 2], ["a"])), ValueError, "2 numbers and 1 pieces: give one for each"),
    ((b"abc", SMALL), TypeError, r"text is bytes; expected a str: text\.decode\(\)"),
    ((5, SMALL), TypeError, "text is int; expected a str"),
    ((b"", SMALL), TypeError, "text is bytes"),
    (("abc", lambda text: [1, 2, 3]), TypeError, "gave list for a text; expected a pair"),
    (("abc", len), TypeError, r"gave int for a text; expected a pair \(numbers, pieces\)"),
])
def test_what_cannot_be_cut_is_refused(given, error, words):
    with pytest.raises(error, match=words):
        vk.tokens(*given)


def test_a_text_that_cannot_be_written_leaves_the_old_one():
    viewer = vk.tokens("the", SMALL)
    with pytest.raises(ValueError, match="half of a character"):
        viewer.text = "\udc00"
    assert viewer.text == "the" and len(viewer.cuts[0]) == 1


@pytest.mark.filterwarnings("error")
def test_the_picture_needs_no_font_but_its_own():
    viewer = vk.tokens("naïve 日本 😀\u200d\n한국\tend", SMALL, by_word)
    texts = [text.get_text() for text in viewer.figure().axes[0].texts]
    assert viewer.png() and texts[0] == "small: 31 tokens"
    assert {"U+65E5", "e6 97", "U+200D", "⏎", "·U+65E5U+672C"} <= set(texts)
    assert not any("日" in text for text in texts)
    for below, wanted in (("number", "260"), ("bytes", "e6 97"), ("nothing", "")):
        viewer.below = below
        assert wanted in {text.get_text() for text in viewer.figure().axes[0].texts}


def test_a_long_text_is_shown_in_part_and_that_is_said():
    viewer = vk.tokens("the end " * 300, SMALL)
    heading = viewer.figure().axes[0].texts[0].get_text()
    assert heading.startswith("small: 1,") and "the first" in heading
    assert ", and " in viewer.describe() and len(viewer.describe()) < 500


def test_no_text_at_all():
    viewer = vk.tokens("", SMALL)
    assert repr(viewer) == "TokenViewer: 0 characters, 0 tokens by small"
    assert viewer.png() and viewer.pieces.shape == (0, 3)


def test_no_box_reaches_over_the_edge_and_boxes_of_a_line_do_not_overlap():
    cut = Cut(*by_word("the quick brown fox " * 40))
    for row in tokens_picture.rows(tokens_picture.boxes(cut, "bytes")):
        ends = [box["x"] + sum(box["widths"]) for box in row]
        assert ends[-1] <= tokens_picture.WIDE * tokens_picture.LETTER + 1
        starts = [box["x"] for box in row[1:]]
        assert all(end <= start for end, start in zip(ends, starts, strict=False))


def test_all_that_cannot_be_seen_is_named():
    for sign in "\x00\x1b\u00a0\u200b\u202e\u0301\ufeff":
        assert readable(sign) == f"U+{ord(sign):04X}" and hidden(sign)
    assert readable(" a\n") == "·a⏎" and not hidden("é")
    assert np.array_equal(Cut([1], ["é"]).table, [[1, 2, 0]])
