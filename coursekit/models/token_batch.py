"""From a text, or several, to the batch of token ids that a GPT takes."""

from numbers import Number
from operator import index

import torch


def token_batch(encoding, texts):
    """Ids (text, position) of a text, of a list of texts, or of ids that are there already.

    Shorter texts are followed by <|endoftext|> up to the length of the longest: what follows a
    token changes nothing for it. A text's own "<|endoftext|>" is that token; other words of that
    form are ordinary text. Raises ValueError for a text without any token, and for other ids.

    >>> from coursekit.models import bpe
    >>> token_batch(bpe.encoding(bpe.train("", vocabulary=257)), ["ab", "abc"])
    tensor([[ 97,  98, 256],
            [ 97,  98,  99]])
    """
    try:
        rows = [listed(row) for row in encoded(encoding, texts)]
    except TypeError:
        raise ValueError(f"{texts!r:.60} is no text: give a text, a list of texts, or token ids, "
                         "which are whole numbers") from None  # fmt: skip
    if not rows or not all(rows):
        raise ValueError("a text without any token: give at least one character")
    if wrong := [id for row in rows for id in row if not 0 <= id < encoding.n_vocab]:
        raise ValueError(f"there is no token {wrong[0]}: they are numbered from 0 to "
                         f"{encoding.n_vocab - 1}; was the text encoded for another model?")
    longest = max(map(len, rows))
    return torch.tensor([row + [encoding.eot_token] * (longest - len(row)) for row in rows])


def encoded(encoding, texts):
    """Rows of ids; of ids that are there already those of one text become a row."""
    if isinstance(texts, bytes):
        raise TypeError
    if isinstance(texts, str):
        texts = [texts]
    texts = texts.tolist() if hasattr(texts, "tolist") else list(texts)
    if all(isinstance(text, str) for text in texts):
        return [encoding.encode(text, allowed_special="all") for text in texts]
    return [texts] if isinstance(texts[0], Number) else texts


def listed(row):
    """A row of ids as Python's whole numbers; TypeError for anything else."""
    if isinstance(row, str | bytes):
        raise TypeError
    return [index(id) for id in row]
