"""Token numbers: of a long text as one array, and GPT-2's own tokens. Never uses the network."""
import os
from unittest import mock

import numpy as np
import tiktoken

from coursekit.cache import folder, missing, problem


def token_ids(parts, encoding):
    """Token numbers of a text, or of its parts one after the other: (tokens,), uint16 or uint32.

    parts: a string, or strings that `text_parts` yields: only one at a time is held as text.
    encoding: a `tiktoken.Encoding`; its special texts become their tokens. Up to 65,536 tokens
    two bytes hold a number. Raises ValueError for half a character, which has no bytes.

    >>> from coursekit.models import bpe
    >>> token_ids("ab<|endoftext|>", bpe.encoding(bpe.train("", vocabulary=257)))
    array([ 97,  98, 256], dtype=uint16)
    """
    kind = np.uint16 if encoding.n_vocab <= 2**16 else np.uint32
    ids = bytearray()  # grows in place: a list of arrays, joined, would be held twice
    try:
        for part in [parts] if isinstance(parts, str) else parts:
            ids += encoding.encode_to_numpy(part, allowed_special="all").astype(kind).tobytes()
    except UnicodeEncodeError as error:
        raise ValueError(f"character {error.start:,} of a part is half of a character (a lone "
                         "surrogate), which has no bytes in UTF-8: read the text from its file "
                         'again, or drop it: text.encode("utf-8", "ignore").decode()') from error
    return np.frombuffer(ids, kind)


def gpt2_encoding():
    """GPT-2's 50,257 tokens as a `tiktoken.Encoding`, which goes by the name "gpt2".

    Raises FetchedDataMissing, with the command that fetches the vocabulary, when it is not there
    or damaged: tiktoken by itself would then go and download it.
    Source: Radford et al. 2019, github.com/openai/gpt-2.
    """
    if reason := problem("gpt2_vocabulary", checksum=True):
        raise missing("gpt2_vocabulary", reason)
    with mock.patch.dict(os.environ, TIKTOKEN_CACHE_DIR=str(folder() / "tiktoken")):
        return tiktoken.get_encoding("gpt2")
