"""AttentionViewers: of plain arrays, and of what a Net pays while it reads a text."""

from dataclasses import replace

import numpy as np

from vizkit import views
from vizkit.arrays import as_array
from vizkit.language import watch
from vizkit.language.words import words_of


def attention(weights, tokens, queries=None, *, names=(), q=None, k=None, v=None, **traits):
    """An AttentionViewer of plain numbers, whichever model or library they are from.

    weights: (query, key), (head, query, key) or (layer, head, query, key); or a list of one array
    a layer, as transformers' `outputs.attentions` is (a text axis of one is left out).
    tokens: the words of the keys; queries: those of the queries, where they are another text.
    names: of the layers; or of the maps one by one, where they are no layers of several heads: of
    (map, query, key), as moments of a training. q, k, v: what the weights were made of,
    (…, position, features), for the arithmetic of one weight. traits: selected=, token=, key= of
    the viewer.

    >>> attention(np.tril(np.ones((3, 3))) / [[1], [2], [3]], ["a", "b", "c"])
    AttentionViewer: 1 head, 3 tokens, causal
    >>> attention(np.ones((2, 3, 3)) / 3, ["a", "b", "c"], names=["at first", "later"])
    AttentionViewer: 2 maps, 3 tokens
    """
    weights, names = layered(weights, 2, "weights"), list(map(str, names))
    maps = 1 in weights.shape[:2] and len(names) == weights.shape[0] * weights.shape[1]
    if maps:
        weights = one_by_one(weights)
    tokens, queries = in_pieces(tokens, "tokens"), in_pieces(queries, "queries")
    if tokens is None:
        raise TypeError("tokens is None; expected the pieces of the text, one for each key")
    explain = None
    given = {"q": q, "k": k, "v": v}
    if any(part is not None for part in given.values()):
        missing = [name for name, part in given.items() if part is None]
        if missing:
            raise ValueError(f"{missing[0]} is missing: the arithmetic needs q, k and v")
        parts = {name: layered(part, 2, name) for name, part in given.items()}
        parts = {name: one_by_one(part) for name, part in parts.items()} if maps else parts
        for name, part in parts.items():
            places = weights.shape[2 if name == "q" else 3]
            if part.shape[:2] != weights.shape[:2] or part.shape[2] != places:
                raise ValueError(f"{name} has shape {part.shape} (layer, head, position, features);"
                                 f" the weights are {weights.shape} (layer, head, query, key)")

        def explain(layer, head, query, key):
            from vizkit.language import cell  # it formats numbers with what loads matplotlib

            mine = [part[layer, head] for part in parts.values()]
            return cell.account(*mine, weights[layer, head], query, key)

    return views.AttentionViewer(weights, tokens, queries, names=names, explain=explain,
                                 noun="map" if maps else "head", **traits)


def in_pieces(words, name):
    """A list of texts: of words, or of numbers in an array; None stays. Raises TypeError."""
    if words is None:
        return None
    if isinstance(words, str):
        raise TypeError(f"{name} is one text; expected a list of its pieces, one for each "
                        "position: [encoding.decode([id]) for id in ids]")
    words = words.tolist() if hasattr(words, "tolist") else words
    if not hasattr(words, "__iter__"):
        raise TypeError(f"{name} is {words!r}; expected a list of texts, one for each position")
    return list(map(str, words))


def one_by_one(array):
    """An array (map, 1, …) of one (map, 1, …) or (1, map, …): each has an own name."""
    return array.reshape(-1, 1, *array.shape[2:])


def layered(value, axes, name):
    """An array (layer, head, position, …) of what has as many axes behind, or fewer before.

    >>> layered([np.zeros((1, 4, 3, 3)), np.zeros((1, 4, 3, 3))], 2, "weights").shape
    (2, 4, 3, 3)
    """
    if isinstance(value, (list, tuple)) and value and hasattr(value[0], "shape"):
        shapes = {tuple(one.shape) for one in value}
        if len(shapes) > 1:
            raise ValueError(f"{name}: the layers have several shapes, {sorted(shapes)}; show "
                             "those of one shape together")
        array = np.stack([as_array(one) for one in value])
        array = array[:, None] if array.ndim == axes + 1 else array  # one head a layer
    else:
        array = as_array(value)
        while axes <= array.ndim < axes + 2:
            array = array[None]
    if array.ndim == axes + 3:
        if array.shape[1] != 1:
            raise ValueError(f"{name} of {array.shape[1]} texts {array.shape}: choose one, e.g. "
                             "[layer[0] for layer in attentions]")
        array = array[:, 0]
    if array.ndim != axes + 2 or 0 in array.shape:
        raise ValueError(f"{name} has shape {np.shape(array)}; expected (query, key), (head, query,"
                         " key) or (layer, head, query, key)")
    return array


def of_net(net, text, layers=None, **traits):
    """An AttentionViewer of what a net pays to a text, or to the numbers of its tokens."""
    batch = net.batch(text).tensor
    if net.intake.kind != "tokens" or batch.ndim != 2:
        raise TypeError(f"this net takes {net.intake.kind}, not tokens; vk.attention(weights, "
                        "tokens) shows weights of any model")
    net.runner.must_have_values()
    found = watch.alike(
        net.runner.explained(watch.attention, net.model, batch, net._edits()), layers)
    weights = np.empty((len(found), *found[0].weights.shape), np.float32)
    for number, one in enumerate(found):  # they may be hundreds of MB: one copy is enough
        weights[number], found[number] = one.weights.numpy(), replace(one, weights=None)

    def explain(layer, head, query, key):
        from vizkit.language import cell  # as above

        one = found[layer]
        mine = [part[head].numpy() for part in (one.queries, one.keys, one.values)]
        return cell.account(*mine, weights[layer, head], query, key, one.scale)

    shown = all(one.queries is not None for one in found)
    words = words_of(net.encoding, batch[0].tolist())
    many = weights.shape[2] == len(words), weights.shape[3] == len(words)
    keys, asked = (words if fits else list(map(str, range(count)))
                   for fits, count in zip(many[::-1], weights.shape[:1:-1], strict=True))
    return views.AttentionViewer(weights, keys, None if keys == asked else asked,
                                 names=[one.label for one in found],
                                 explain=explain if shown else None, **traits)
