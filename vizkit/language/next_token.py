"""NextTokenViewers: of a plain function, and of a Net that reads tokens."""

import operator
from functools import partial

import torch
from torch import nn

from vizkit import views
from vizkit.language.words import encoded, text_of, word_of

PLACES = ("positions", "wpe", "pos_emb", "position_embedding", "position_embeddings",
          "positional_embedding", "embed_positions")  # what an embedding of positions is called
LENGTHS = ("n_positions", "max_position_embeddings", "n_ctx", "block_size", "context")


def next_token(predict, encoding, prompt="", *, stop=None, seed=0, **traits):
    """A NextTokenViewer of any function that predicts.

    predict: function of a list of token numbers that returns the logits of the next one.
    encoding: a tiktoken.Encoding, anything with encode and decode, or a list of words (whose
    numbers are the tokens; the prompt is numbers then).
    prompt: a text, or numbers of tokens. stop: the token that ends a text, its number or text
    (default: the encoding's own end of text, where it has one).
    traits: sampler=, temperature=, k=, p=, top= of the viewer.

    >>> next_token(lambda ids: [0.0, 2.0], ["a", "b"], [0, 1])
    NextTokenViewer: 2 tokens, next “b” 0.881, “a” 0.119; 1 branch
    """
    if not callable(predict) or isinstance(predict, nn.Module):
        raise TypeError(f"predict is {type(predict).__name__}; expected a function of the tokens "
                        "so far that returns the logits of the next one; for a model: "
                        "vk.Net(model).next_token(prompt)")
    ids, end = numbers_of(encoding, prompt), end_of(encoding, stop)
    if not ids and end is None:
        raise ValueError("the prompt is empty, and this encoding has no end of text to begin "
                         "with: give at least one token")
    return views.NextTokenViewer(predict, ids or [end], partial(word_of, encoding),
                                 partial(text_of, encoding), end, seed, **traits)


def numbers_of(encoding, prompt):
    """The numbers of a prompt's tokens: of a text, or what was given in their place."""
    if isinstance(prompt, str):
        return encoded(encoding, prompt) if prompt else []
    try:
        return [operator.index(token) for token in torch.as_tensor(prompt).reshape(-1).tolist()]
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"prompt is {repr(prompt)[:60]}; expected a text or whole "
                        "numbers, those of its tokens") from error


def end_of(encoding, stop):
    """The number of the token that ends a text, or None."""
    if stop is None:
        if hasattr(encoding, "special_tokens_set") and encoding.special_tokens_set:
            known = encoding.special_tokens_set
            name = "<|endoftext|>" if "<|endoftext|>" in known else None
            return None if name is None else encoding.encode_single_token(name)
        return getattr(encoding, "eos_token_id", None)  # of a tokenizer of transformers
    if isinstance(stop, str) and isinstance(encoding, (list, tuple, str)):
        if stop not in encoding:
            raise ValueError(f"stop {stop!r} is none of the {len(encoding)} words")
        return encoding.index(stop)
    if isinstance(stop, str):
        found = encoded(encoding, stop)
        if len(found) != 1:
            raise ValueError(f"stop {stop!r} is {len(found)} tokens; expected one")
        return found[0]
    return int(stop)


def of_net(net, prompt="", context=None, **how):
    """A NextTokenViewer of a net; of long texts it reads the last `context` tokens."""
    if net.intake.kind != "tokens":
        raise TypeError(f"this net takes {net.intake.kind}, not tokens")
    net.runner.must_have_values()
    if context is not None and context < 1:
        raise ValueError(f"context is {context}: expected how many tokens to read, 1 or more")
    most = context or context_of(net.model)
    tables = [module for module in net.model.modules() if isinstance(module, nn.Embedding)]
    hidden = {each.embedding_dim for each in tables} - {each.num_embeddings for each in tables}

    def predict(ids):
        output = net.output(torch.tensor([ids[-most:] if most else ids]))
        if output.ndim != 3:
            raise ValueError(f"the net gives {tuple(output.shape)} for one text; expected logits "
                             "(text, position, vocabulary)")
        if output.shape[-1] in hidden:
            raise ValueError(f"the net gives {output.shape[-1]} numbers at each position, as wide "
                             "as its embedding: hidden states, not logits. Pass the model with "
                             "its language head (…LMHeadModel, …ForCausalLM)")
        return output[0, -1]

    encoding = net.encoding or [str(number) for number in range(net.intake.width)]
    return next_token(predict, encoding, prompt, **how)


def context_of(model):
    """How many positions a model has room for; None where that cannot be seen."""
    config = getattr(model, "config", None)
    for holder in (config, model):
        for name in LENGTHS:
            value = getattr(holder, name, None)
            if isinstance(value, int) and value > 0:
                return value
    for name, module in model.named_modules():
        if isinstance(module, nn.Embedding) and name.rpartition(".")[2] in PLACES:
            return module.num_embeddings
    return None
