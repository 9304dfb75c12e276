"""Numbers of tokens in words, whatever encoding the model has."""


def words_of(encoding, ids):
    """The text of each token; its number where there is no encoding, or none for it.

    encoding: a tiktoken.Encoding, anything with `decode(list of ids)`, a list of words, or None.

    >>> words_of(["a", "b"], [1, 0]), words_of(None, [7])
    (['b', 'a'], ['7'])
    """
    return [word_of(encoding, int(number)) for number in ids]


def encoded(encoding, text):
    """The numbers of a text's tokens; in it the texts of special tokens are those tokens.

    Raises TypeError where the encoding is only a list of words.
    """
    if not hasattr(encoding, "encode"):
        raise TypeError(f"{type(encoding).__name__} cannot make tokens of a text: give their "
                        "numbers, or an encoding with encode and decode")
    if hasattr(encoding, "special_tokens_set"):  # tiktoken refuses them unless it is told
        return list(encoding.encode(text, allowed_special="all"))
    return list(encoding.encode(text))


def as_classes(net, output):
    """(scores (example, class), names of the classes or None) of what a net gives: of a language
    model's logits (text, position, vocabulary) those of the next token, with the tokens as names.
    """
    if net.intake.kind != "tokens" or output.ndim != 3:
        return output, net.classes
    output = output[:, -1]
    if net.classes is None and net.encoding is not None:
        return output, words_of(net.encoding, range(output.shape[1]))
    return output, net.classes


def word_of(encoding, number):
    """One token's text; bytes that are no whole letter are written as ⟨e2 82⟩."""
    if encoding is None:
        return str(number)
    if isinstance(encoding, (list, tuple, str)):
        return str(encoding[number]) if 0 <= number < len(encoding) else f"⟨{number}⟩"
    try:
        if hasattr(encoding, "decode_single_token_bytes"):
            return in_letters(encoding.decode_single_token_bytes(number))
        return str(encoding.decode([number]))
    except (KeyError, IndexError, ValueError):
        return f"⟨{number}⟩"  # a number past the vocabulary: some models have room for more


def text_of(encoding, ids):
    """The text of several tokens; letters that several tokens share are put together. Without an
    encoding their numbers.
    """
    if encoding is None:
        return " ".join(map(str, ids))
    if hasattr(encoding, "decode"):
        try:
            return encoding.decode([int(number) for number in ids])
        except (KeyError, IndexError, ValueError):
            pass  # one of them is no token of it
    return "".join(words_of(encoding, ids))


def in_letters(piece):
    """Bytes as text, or as bytes where they are only part of a letter.

    >>> in_letters(b" the"), in_letters(bytes([0xE2, 0x82]))
    (' the', '⟨e2 82⟩')
    """
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        return f"⟨{piece.hex(' ')}⟩"
