"""From a text, or several, to the batch of token ids that a GPT takes."""

import torch


def token_batch(encoding, texts):
    """Ids (text, position) of a text, of a list of texts, or of ids that are there already.

    Shorter texts are followed by <|endoftext|> up to the length of the longest: what follows a
    token changes nothing for it. A text's own "<|endoftext|>" is that token; other words of that
    form are ordinary text. Raises ValueError for a text without any token.

    >>> from coursekit.models import bpe
    >>> token_batch(bpe.encoding(bpe.train("", vocabulary=257)), ["ab", "abc"])
    tensor([[ 97,  98, 256],
            [ 97,  98,  99]])
    """
    if isinstance(texts, str):
        texts = [texts]
    if not isinstance(texts, torch.Tensor) and all(isinstance(text, str) for text in texts):
        texts = [encoding.encode(text, allowed_special="all") for text in texts]
    elif getattr(texts, "ndim", 2) == 1 or not isinstance(texts[0], list | tuple | torch.Tensor):
        texts = [texts]
    rows = [[int(id) for id in row] for row in texts]
    if not rows or not all(rows):
        raise ValueError("a text without any token: give at least one character")
    longest = max(map(len, rows))
    return torch.tensor([row + [encoding.eot_token] * (longest - len(row)) for row in rows])
