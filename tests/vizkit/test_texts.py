"""What a Net that reads tokens cannot take is said in words, whichever way it is looked into."""

import numpy as np
import pytest
import tiktoken
import torch
from torch import nn

import vizkit as vk

LOOKS = ("attention", "lens", "predict", "output")


def state_of(net):
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in net.model.modules()]
    return hooks, net.model.training, [bool(w.requires_grad) for w in net.model.parameters()]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("text", "error", "said"), [
    ([], ValueError, "the text is empty: give at least one token"),
    (None, TypeError, "this net takes tokens, got NoneType"),
    (b"abc", TypeError, "got bytes: pass a text, or the numbers of its tokens"),
    ([1, 2.5], TypeError, r"whole numbers\), got torch.float32"),
    ([1, 20], ValueError, r"layer tokens \(Embedding\) got the number 20, it has rows for 0 to 19"),
    ([1, -2], ValueError, "got the number -2"),
    (list(range(17)), ValueError, "17 tokens, and this GPT looks back on 16"),
    ("Anna", TypeError, "list cannot make tokens of a text: give their numbers"),
], ids=str)
def test_texts_that_cannot_be_read(language, look, text, error, said):
    before = state_of(language)
    with pytest.raises(error, match=said):
        getattr(language, look)(text)
    assert state_of(language) == before


@pytest.mark.parametrize(("call", "error", "said"), [
    (lambda net: net.lens([1], layers=["blocks.9"]), KeyError, "no layer 'blocks.9'"),
    (lambda net: net.lens([1], layers=[]), ValueError, "expected names of layers"),
    (lambda net: net.lens([1], head="positions"), ValueError, "no norm and head of GPT lead"),
    (lambda net: net.attention([1], tokn=0), TypeError, "AttentionViewer has no 'tokn' to set"),
    (lambda net: net.next_token([1], context=-1), ValueError, "context is -1: expected how many"),
    (lambda net: net.next_token([1], context=0), ValueError, "context is 0: expected how many"),
    (lambda net: net.next_token([1], stop="end"), ValueError, "'end' is none of the 20 words"),
    (lambda net: net.next_token(b"ab"), TypeError, "prompt is b'ab'; expected a text or whole"),
    (lambda net: net.next_token([1, 2.5]), TypeError, "prompt is .1, 2.5.; expected a text or"),
    (lambda net: net.next_token([1]).append(1.5), TypeError, "float"),
    (lambda net: vk.next_token(net.model, ["a"], [0]), TypeError, "predict is GPT; expected a fun"),
    (lambda net: vk.next_token(None, ["a"], [0]), TypeError, "predict is NoneType; expected a fun"),
])
def test_calls_that_make_no_sense(language, call, error, said):
    with pytest.raises(error, match=said):
        call(language)


class Counted(nn.Module):
    """What comes next is the token's number plus one."""

    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding.from_pretrained(torch.eye(12))

    def forward(self, ids):
        return self.embed((ids + 1) % 12)


def test_special_tokens_in_a_text_are_those_tokens_everywhere():
    model = Counted()
    model.encoding = tiktoken.Encoding(
        "tiny", pat_str=r".", special_tokens={"<|endoftext|>": 11},
        mergeable_ranks={bytes([97 + n]): n for n in range(9)} | {b"ab": 9, b"\n": 10})
    net = vk.Net(model)
    text = "ba<|endoftext|>"
    assert net.batch(text).tensor.tolist() == [[1, 0, 11]] == [net.next_token(text).tokens]
    assert net.predict(text).best == "a", "twelve is none: it begins anew"


def test_a_tokenizer_of_transformers_ends_where_it_says():
    class Tokenizer:
        eos_token_id = 2

        def encode(self, text):
            return list(map(int, text))

        def decode(self, ids):
            return "".join(map(str, ids))

    shown = vk.next_token(lambda ids: np.eye(3)[(ids[-1] + 1) % 3], Tokenizer(), sampler="greedy")
    assert shown.tokens == [2]
    shown.write(9)
    assert shown.text == "2012" and shown.ended
