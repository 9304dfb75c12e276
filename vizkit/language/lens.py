"""The logit lens: what a language model would say if it stopped after each of its layers.

What a layer gives is put through the model's last norm and head, as if no layer followed.
Source: nostalgebraist 2020, "interpreting GPT: the logit lens", lesswrong.com.
"""

from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from vizkit import views
from vizkit.arrays import as_array
from vizkit.language.words import word_of, words_of
from vizkit.model import hooks

NORMS = ("LayerNorm", "RMSNorm")  # ends of the names of classes, as every library has its own


def lens(logits, tokens, word=str, names=(), **traits):
    """A LensViewer of plain numbers.

    logits: (layer, position, vocabulary), the prediction after each layer, the last layer last.
    tokens: the words at the positions. word: function of a token's number that returns its text,
    an encoding, or a list of words. names: of the layers. answers=: numbers of the tokens that
    do follow, -1 where none is known.

    >>> import numpy as np
    >>> lens(np.eye(3)[None], ["a", "b", "c"], "abc")
    LensViewer: 1 layer, 3 tokens
    """
    logits = as_array(logits)
    if logits.ndim != 3 or logits.shape[1] != len(tokens) or 0 in logits.shape:
        raise ValueError(f"logits of shape {logits.shape} for {len(tokens)} tokens; expected "
                         "(layer, position, vocabulary)")
    if hasattr(word, "decode") or not callable(word):
        word = partial(word_of, word)
    names = list(map(str, names)) or [f"layer {number}" for number in range(len(logits))]
    if len(names) != len(logits):
        raise ValueError(f"{len(names)} names for {len(logits)} layers: give one for each")
    answers = traits.get("answers")
    if answers is not None and (len(answers) != len(tokens) or max(answers) >= logits.shape[2]):
        raise ValueError(f"{len(answers)} answers, {str(answers)[:40]}, for "
                         f"{len(tokens)} tokens and a vocabulary of {logits.shape[2]}: give one "
                         "number for each token, -1 where it is not known")
    return views.LensViewer(logits, list(map(str, tokens)), word, names, **traits)


def of_net(net, text, layers=None, norm=None, head=None, **traits):
    """A LensViewer of a net that reads tokens.

    layers: names (default: the longest row of equal blocks, and what the first of them is given).
    norm, head: functions or layers' names that lead from the last layer to the logits (default:
    those that do, tried). Raises ValueError where none do.
    """
    batch = net.batch(text).tensor
    if net.intake.kind != "tokens" or len(batch) != 1:
        raise ValueError(f"{len(batch)} inputs of kind {net.intake.kind}; expected one text")
    net.runner.must_have_values()
    layers = blocks(net.model) if layers is None else list(layers)
    if not layers or isinstance(layers[0], nn.Module):
        raise ValueError(f"layers is {layers}; expected names of layers, the first one first")
    for name in layers:
        net.find(name)
    wanted = [hooks.Wanted("before", layers[0], given=True),
              *(hooks.Wanted(name, name) for name in layers)]
    found, output = net.runner.explained(hooks.forward, net.model, batch, wanted, net._edits(),
                                         whole=True)
    stream = torch.stack([state[0] for state in found.values()])  # (layer, position, width)
    end = ending(net, norm, head, stream[-1], hooks.first_tensor(output)[0])
    ids = batch[0].tolist()
    with hooks.untouched(net.model), torch.no_grad():  # one layer's logits at a time
        return views.LensViewer(map(end, stream), words_of(net.encoding, ids),
                                partial(word_of, net.encoding), ["input", *layers],
                                answers=[*ids[1:], -1], **traits)


def blocks(model):
    """Names of the longest row of layers of one kind. Raises ValueError where there is none."""
    rows = []
    for name, module in model.named_modules():
        children = list(module.children())
        alike = len({type(child) for child in children}) == 1
        if isinstance(module, (nn.ModuleList, nn.Sequential)) and alike:
            rows.append([f"{name}.{part}".lstrip(".") for part, _ in module.named_children()])
    if not rows:
        raise ValueError(f"{type(model).__name__} has no row of equal blocks: name the layers "
                         "whose outputs are to be read, layers=[…]")
    return max(rows, key=len)


def ending(net, norm, head, last, logits):
    """A function from what the last layer gives to the logits: head(norm(x)).

    Where they are not given, every norm and head outside the blocks is tried on the last layer,
    and those are taken that give what the model gave.
    """
    norms = [called(net, norm)] if norm is not None else [lambda x: x, *norms_of(net.model)]
    heads = [called(net, head)] if head is not None else heads_of(net.model, logits.shape[-1])
    for one in norms:
        for other in heads:
            try:
                with hooks.untouched(net.model), torch.no_grad():
                    made = other(one(last))
            except (RuntimeError, ValueError, TypeError, IndexError):
                continue  # of another width
            if made.shape == logits.shape and torch.allclose(made, logits, rtol=1e-3, atol=1e-3):
                return lambda x, one=one, other=other: other(one(x))
    raise ValueError(
        f"no norm and head of {type(net.model).__name__} lead from its last layer to its logits: "
        "give them, norm= and head= (names of layers, or functions), and layers= where the last "
        "block is not the one that was found"
    )


def called(net, value):
    """A function, or the layer of that name as one; an embedding is used backwards."""
    if callable(value) and not isinstance(value, nn.Module):
        return value
    module = net.find(value)[0] if isinstance(value, str) else value
    if isinstance(module, nn.Embedding):
        return lambda x: F.linear(x, module.weight)
    return module


def norms_of(model):
    """The norms of a model, the last first."""
    return [m for m in list(model.modules())[::-1] if type(m).__name__.endswith(NORMS)]


def heads_of(model, vocabulary):
    """What may make logits of that many tokens: linear layers, and embeddings used backwards."""
    found = [m for m in model.modules()
             if isinstance(m, nn.Linear) and m.out_features == vocabulary]
    tied = [m for m in model.modules()
            if isinstance(m, nn.Embedding) and m.num_embeddings == vocabulary]
    return [*found, *(lambda x, m=m: F.linear(x, m.weight) for m in tied)]
