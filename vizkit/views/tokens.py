"""TokenViewer: a text as the pieces that a tokenizer makes of it. It knows no tokenizer's rules."""

import numpy as np
import traitlets

from vizkit.view import Array, View, script, stylesheet
from vizkit.views import tokens_picture
from vizkit.views.pieces import Cut, cutter, hexadecimal, readable
from vizkit.views.saying import counted

LONGEST = 20_000  # characters that are cut while someone types


def tokens(text, encoding, other=None):
    """A text cut into tokens, to look at and to type in; with `other`, by two encodings.

    encoding, other: a `tiktoken.Encoding` or anything with encode and decode_single_token_bytes;
    a tokenizer of transformers; a function of a text that returns (numbers, pieces); or a pair
    (numbers, pieces), with which `text` may be None and nothing can be typed.

    >>> tokens("a flea", lambda text: (range(len(text)), list(text)))
    TokenViewer: 6 characters, 6 tokens by <lambda>
    """
    return TokenViewer(text, encoding, other)


class TokenViewer(View):
    """Pieces in colour, their numbers and bytes; pieces that share a character stand together.

    `text` may be written: it is cut anew. `selected` is the piece chosen, counted from 0, -1 for
    none; `panel` tells by which encoding, 0 or 1. `cuts` has the Cut of each encoding.
    """

    _esm = script("cuts", "tokens")
    _css = stylesheet("tokens")

    text = traitlets.Unicode().tag(sync=True)  # both write
    fixed = traitlets.Bool().tag(sync=True)  # Python writes: nothing can be typed
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of the encodings
    pieces = Array()  # Python writes: (n, 3), number, end in bytes, and group of each piece
    raw = Array()  # Python writes: the bytes of all pieces, uint8
    other_pieces = Array()  # Python writes: the same of the second encoding; empty without one
    other_raw = Array()  # Python writes
    below = traitlets.Enum(["number", "bytes", "nothing"], "number").tag(sync=True)  # both write
    selected = traitlets.Int(-1).tag(sync=True)  # both write
    panel = traitlets.Int(0, min=0, max=1).tag(sync=True)  # both write

    def __init__(self, text, encoding, other=None):
        given = [encoding] if other is None else [encoding, other]
        self._cutters, names = zip(*map(cutter, given), strict=True)
        self.cuts = [cut(checked("" if text is None else text)) for cut in self._cutters]
        super().__init__(
            text=self.cuts[0].text if text is None else text,
            fixed=any(isinstance(one, tuple) for one in given),
            names=[name or f"encoding {k}" for k, name in enumerate(names, 1)], **self._arrays(),
        )  # fmt: skip
        self.on_msg(self._said)

    def _arrays(self):
        one, two = (*self.cuts, Cut([], []))[:2]
        return {"pieces": one.table, "raw": one.raw, "other_pieces": two.table,
                "other_raw": two.raw}

    @traitlets.validate("text")
    def _check_text(self, proposal):
        return checked(proposal["value"])

    @traitlets.observe("text")
    def _typed(self, change):
        if not self.caption:  # not while the viewer is being made
            return
        with self.reporting():
            self.cuts = [cut(self.text) for cut in self._cutters]
            with self.hold_sync():
                self.selected = -1
                for name, array in self._arrays().items():
                    setattr(self, name, array)
                self.retell()

    @traitlets.validate("selected")
    def _check_selected(self, proposal):
        count = len(self.cuts[self.panel]) if self.panel < len(self.cuts) else 0
        return proposal["value"] if -1 <= proposal["value"] < count else -1

    def _said(self, _, content, buffers):
        if content.get("kind") == "rest":  # the stored picture follows when nobody types
            with self.reporting():
                self.refresh()

    @property
    def data(self):
        arrays = {"pieces": self.pieces, "raw": self.raw}
        if len(self.cuts) == 1:
            return arrays
        return {**arrays, "other_pieces": self.other_pieces, "other_raw": self.other_raw}

    def summary(self):
        counts = [f"{counted(len(cut), 'token')} by {name}"
                  for cut, name in zip(self.cuts, self.names, strict=True)]
        return f"TokenViewer: {counted(len(self.text), 'character')}, {' and '.join(counts)}"

    def describe(self):
        words = [f"{self.summary().removeprefix('TokenViewer: ')}."]
        for cut, name in zip(self.cuts, self.names, strict=True):
            told = [piece_in_words(cut, k) for k in range(min(len(cut), 40))]
            rest = f", and {len(cut) - 40:,} more" if len(cut) > 40 else ""
            words.append(f"By {name}: {' | '.join(told)}{rest}.")
        return " ".join(words)

    def figure(self):
        return tokens_picture.draw(self.cuts, self.names, self.below)


def checked(text):
    """The text; ValueError where it holds half a character or is too long to be cut live."""
    if not isinstance(text, str):
        hint = ": text.decode() makes it one" if isinstance(text, bytes) else ""
        raise TypeError(f"text is {type(text).__name__}; expected a str{hint}")
    if len(text) > LONGEST:
        raise ValueError(f"the text has {len(text):,} characters, at most {LONGEST:,} can be "
                         "looked at: give a part of it, text[:2000]")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"character {error.start:,} is U+{ord(text[error.start]):04X}, half of a "
                         "character (a lone surrogate), which has no bytes: leave it out") from None
    return text


def piece_in_words(cut, index):
    """A piece as it is read, or its bytes where it is part of a character."""
    shared = np.sum(cut.groups == cut.groups[index]) > 1
    piece = cut.piece(index)
    return f"bytes {hexadecimal(piece)}" if shared else readable(piece.decode(errors="replace"))
