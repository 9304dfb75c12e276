"""Tokens and numbers of things as they are said, in captions, alternative texts and figures."""


def quoted(word):
    """A token as it is said: with its spaces, and its line breaks and tabs seen.

    >>> quoted(" the"), quoted("\\n")
    ('“ the”', '“↵”')
    """
    return "“" + word.replace("\n", "↵").replace("\t", "⇥") + "”"


def counted(number, noun, nouns=None):
    """How many there are; nouns: the plural, where it is not formed by an s.

    >>> counted(1, "token"), counted(1200, "token"), counted(2, "query", "queries")
    ('1 token', '1,200 tokens', '2 queries')
    """
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
