"""Text cut into pieces by any tokenizer: numbers, bytes, and which pieces share a character."""

import functools
import inspect
import unicodedata

import numpy as np

VISIBLE = {" ": "·", "\n": "⏎", "\t": "⇥", "\r": "␍"}


class Cut:
    """A text as pieces. numbers (n,), ends (n,) in bytes, raw (bytes,) uint8, groups (n,).

    Pieces of one group share a character: only together are they whole ones. `table` (n, 3) has
    number, end and group of each piece.

    >>> cut = Cut([7, 8, 9], [b"a", b"\\xc3", b"\\xa9"])
    >>> cut.groups.tolist(), cut.text, cut.piece(1)
    ([0, 1, 1], 'aé', b'\\xc3')
    """

    def __init__(self, numbers, pieces):
        if len(numbers) != len(pieces):
            raise ValueError(f"{len(numbers)} numbers and {len(pieces)} pieces: give one for each")
        pieces = [piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces]
        self.numbers = np.array(numbers, np.int32).reshape(-1)
        self.ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int32).reshape(-1)
        self.raw = np.frombuffer(b"".join(pieces), np.uint8)
        self.groups = groups(self.raw, self.ends)
        self.table = np.stack([self.numbers, self.ends, self.groups], axis=1)

    def __len__(self):
        return len(self.numbers)

    @property
    def text(self):
        """All pieces together; bytes that are no character become \\ufffd."""
        return self.raw.tobytes().decode(errors="replace")

    def piece(self, index):
        """The bytes of one piece."""
        return self.raw[self.ends[index - 1] if index else 0 : self.ends[index]].tobytes()


def groups(raw, ends):
    """The number of the group of each piece: a group ends where a character ends.

    In UTF-8 the bytes of a character after its first are 128 to 191.

    >>> groups(np.frombuffer("a日".encode(), np.uint8), np.array([1, 3, 4])).tolist()
    [0, 1, 1]
    """
    following = np.append(raw, 0)[ends]  # 0: after the last byte everything is whole
    whole = (following < 128) | (following > 191)
    return np.append(0, np.cumsum(whole)[:-1]).astype(np.int32)[: len(ends)]


def cutter(encoding):
    """A function from text to a Cut, and the encoding's name.

    encoding: anything with encode(text) and decode_single_token_bytes(number), as a
    `tiktoken.Encoding`, whose special texts become their tokens; or a tokenizer of transformers;
    or a function that returns (numbers, pieces) for a text; or such a pair itself, which then
    stands for the one text it is.
    """
    if hasattr(encoding, "decode_single_token_bytes"):
        special = {}
        if "allowed_special" in inspect.signature(encoding.encode).parameters:
            special["allowed_special"] = "all"

        def cut(text):
            numbers = encoding.encode(text, **special)
            return Cut(numbers, [encoding.decode_single_token_bytes(n) for n in numbers])
    elif hasattr(encoding, "convert_ids_to_tokens"):

        def cut(text):
            numbers = encoding.encode(text, add_special_tokens=False)
            return Cut(numbers, written(encoding.convert_ids_to_tokens(numbers), text))
    elif callable(encoding):

        def cut(text):
            made = encoding(text)
            if not isinstance(made, (tuple, list)) or len(made) != 2:
                raise TypeError(f"the encoding gave {type(made).__name__} for a text; expected a "
                                "pair (numbers, pieces)")
            return Cut(*made)
    elif isinstance(encoding, tuple) and len(encoding) == 2:
        fixed = Cut(*encoding)

        def cut(text):
            return fixed
    else:
        raise TypeError(f"{type(encoding).__name__} is no encoding: give one with encode and "
                        "decode_single_token_bytes (a tiktoken.Encoding), a tokenizer of "
                        "transformers, a function of a text that returns (numbers, pieces), or "
                        "such a pair")
    return cut, str(getattr(encoding, "name", "") or getattr(encoding, "__name__", ""))


def written(tokens, text):
    """The pieces of a text, bytes, of tokens as transformers writes them.

    GPT-2 and its kin write each byte as one letter, "Ġthe" is " the"; others write letters, and
    a space as "▁". Where neither gives the text, the tokens stay as they are written.

    >>> written(["Ġna", "Ã", "¯", "ve"], " naïve"), written(["▁the"], " the")
    ([b' na', b'\\xc3', b'\\xaf', b've'], [b' the'])
    """
    byte = byte_letters()
    if all(letter in byte for token in tokens for letter in token):
        pieces = [bytes(byte[letter] for letter in token) for token in tokens]
        if b"".join(pieces) == text.encode():
            return pieces
    return [token.replace("▁", " ").encode() for token in tokens]


@functools.cache
def byte_letters():
    """GPT-2's letter for each byte, as a dict letter → byte: those that can be seen stand for
    themselves, the others for letters from U+0100 on. Source: openai/gpt-2, encoder.py.
    """
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in seen]
    return {**{chr(byte): byte for byte in seen},
            **{chr(256 + place): byte for place, byte in enumerate(others)}}


def readable(text):
    """The text with its white space and whatever else cannot be seen made visible.

    >>> readable(" the\\n"), readable("\\u200d"), readable("naïve")
    ('·the⏎', 'U+200D', 'naïve')
    """
    return "".join(VISIBLE.get(sign) or (f"U+{ord(sign):04X}" if hidden(sign) else sign)
                   for sign in text)


def hidden(sign):
    """Is this a control sign, an odd space, or a mark that needs a letter to stand on?"""
    return unicodedata.category(sign)[0] in "CZM"


def hexadecimal(piece):
    """Bytes as two digits each.

    >>> hexadecimal(b"\\xe6 ")
    'e6 20'
    """
    return piece.hex(" ")
