"""Words as vectors by the company they keep: counts of neighbours, PPMI, singular vectors.

Nothing here learns by gradient. Sources: J. R. Firth 1957 (the idea); K. Church and P. Hanks 1990
(pointwise mutual information); S. Deerwester et al. 1990 (singular vectors of counts); O. Levy and
Y. Goldberg 2014 (what word2vec has to do with it).
"""

import re
from collections import Counter

import numpy as np

WORD = re.compile(r"[^\W\d_]+")


def words_of(text):
    """The words of a text in small letters; digits and signs part them and are left out.

    >>> words_of("Mia's 3 cups, and a Kite.")
    ['mia', 's', 'cups', 'and', 'a', 'kite']
    """
    return WORD.findall(text.lower())


def frequent(words, least=10, most=1000):
    """The most frequent words, the most frequent first, each at least so often.

    >>> frequent(["a", "b", "a", "c", "b", "a"], least=2)
    ['a', 'b']
    """
    return [word for word, times in Counter(words).most_common(most) if times >= least]


def cooccurrences(words, vocabulary, window=4):
    """How often two words stand at most `window` places from each other: (n, n), symmetric.

    Places are those of all words, also of those that are not in the vocabulary.

    >>> cooccurrences("a cup and a hat".split(), ["a", "cup", "hat"], window=1)
    array([[0., 1., 1.],
           [1., 0., 0.],
           [1., 0., 0.]])
    """
    n = len(vocabulary)
    place = {word: index for index, word in enumerate(vocabulary)}
    ids = np.array([place.get(word, n) for word in words])  # n: any other word
    counts = np.zeros((n + 1) ** 2)
    for apart in range(1, window + 1):
        both = ids[:-apart] * (n + 1) + ids[apart:]
        counts += np.bincount(both, minlength=(n + 1) ** 2)
    counts = counts.reshape(n + 1, n + 1)[:n, :n]
    return counts + counts.T


def ppmi(counts):
    """Positive pointwise mutual information of counts (n, n): log of how many times as often two
    words meet as they would by chance; 0 where that is less than once, or never.

    >>> ppmi(np.array([[0.0, 2.0], [2.0, 4.0]])).round(3)
    array([[0.   , 0.288],
           [0.288, 0.   ]])
    """
    by_chance = counts.sum(1, keepdims=True) * counts.sum(0) / max(counts.sum(), 1)
    times = np.divide(counts, by_chance, out=np.ones_like(counts), where=counts > 0)
    return np.log(np.maximum(times, 1))


def vectors(matrix, size=50):
    """Each word's row of the matrix in `size` numbers: singular vectors, scaled by √(value).

    The matrix is symmetric, so its singular values are the magnitudes of its eigenvalues.
    """
    values, directions = np.linalg.eigh(matrix)
    largest = np.argsort(-abs(values))[:size]
    return directions[:, largest] * np.sqrt(abs(values[largest]))


def scaled(vectors):
    """The same vectors, each of length 1, so that their dot products are cosines."""
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True).clip(1e-12)


def nearest(vectors, to, count=5, without=()):
    """Numbers of the rows of largest cosine with the vector `to`, the rows `without` left out."""
    cosine = scaled(vectors) @ scaled(to)
    cosine[list(without)] = -np.inf
    return np.argsort(-cosine, kind="stable")[:count]


def analogies(vectors, questions, exclude=True):
    """Answers to "a is to b as c is to …": for each question (a, b, c) the row nearest b − a + c.

    exclude: a, b and c cannot be the answer, as is usual since word2vec (T. Mikolov et al. 2013);
    without, it often is b or c (T. Linzen 2016, arXiv:1606.07736).
    """
    a, b, c = np.asarray(questions).T
    unit = scaled(vectors)
    cosine = scaled(unit[b] - unit[a] + unit[c]) @ unit.T  # (question, word)
    if exclude:
        np.put_along_axis(cosine, np.stack([a, b, c], axis=1), -np.inf, axis=1)
    return cosine.argmax(1)
