"""The logit lens without a browser: a prediction after each layer."""

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from coursekit.models.gpt import GPT

IDS = [3, 1, 4, 1, 5, 9]


@pytest.fixture
def net(language):
    return language


def test_after_the_last_layer_it_is_what_the_model_says(net):
    seen = net.lens(IDS)
    assert repr(seen) == "LensViewer: 3 layers and their input, 6 tokens"
    assert seen.names == ["input", "blocks.0", "blocks.1", "blocks.2"]
    with torch.no_grad():
        shares = net.model(torch.tensor([IDS]))[0].softmax(-1)
    assert (seen.first[-1, :, 0] == shares.argmax(-1).numpy()).all()
    assert np.allclose(seen.shares[-1, :, 0], shares.max(-1).values, atol=1e-4)
    rank = 1 + int((shares[2] > shares[2, IDS[3]]).sum())
    assert seen.ranks[-1, 2] == rank and seen.ranks[-1, -1] == 0


def test_after_an_earlier_layer_it_is_what_a_shorter_model_would_say(net):
    shorter = GPT(vocabulary=20, context=16, width=24, depth=2, heads=4)
    state = {k: v for k, v in net.model.state_dict().items() if not k.startswith("blocks.2.")}
    shorter.load_state_dict(state)
    with torch.no_grad():
        expected = shorter.eval()(torch.tensor([IDS]))[0].argmax(-1)
    assert (net.lens(IDS).first[2, :, 0] == expected.numpy()).all()


def test_the_first_row_is_what_the_first_layer_is_given(net):
    model = net.model
    with torch.no_grad():
        x = model.tokens(torch.tensor(IDS)) + model.positions(torch.arange(6))
        expected = (model.norm(x) @ model.tokens.weight.T).argmax(-1)
    assert (net.lens(IDS).first[0, :, 0] == expected.numpy()).all()


def test_a_change_is_seen_from_its_layer_on(net):
    usual = net.lens(IDS).data["shares"]
    other = net.without(net["blocks.1.attn"].heads[0]).lens(IDS).data["shares"]
    assert np.allclose(usual[:2], other[:2]) and not np.allclose(usual[2], other[2], atol=1e-4)


def test_norm_and_head_are_found_by_what_they_give_or_named():
    class Other(nn.Module):
        """An untied head and a norm of another name, with a decoy beside each."""

        def __init__(self):
            super().__init__()
            self.embed, self.decoy = nn.Embedding(12, 8), nn.Linear(8, 12)
            self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(3))
            self.ln_f, self.lm_head = nn.LayerNorm(8), nn.Linear(8, 12)

        def forward(self, ids):
            x = self.embed(ids)
            for layer in self.layers:
                x = x + layer(x)
            return self.lm_head(self.ln_f(x))

    torch.manual_seed(0)
    net = vk.Net(Other())
    with pytest.raises(ValueError, match="no norm and head of Other lead"):
        net.lens([1, 2, 3])  # what a layer gives is not the stream: it is added to it

    class Stream(Other):
        def forward(self, ids):
            x = self.embed(ids)
            for layer in self.layers:
                x = layer(x)
            return self.lm_head(self.ln_f(x))

    net = vk.Net(Stream())
    found, named = net.lens([1, 2, 3]), net.lens([1, 2, 3], norm="ln_f", head=net.model.lm_head)
    assert np.array_equal(found.first, named.first) and found.words[0].isdigit()
    with pytest.raises(ValueError, match="lead from its last layer"):
        net.lens([1, 2, 3], head="decoy")
    assert net.lens([1, 2, 3], layers=["layers.2"]).names == ["input", "layers.2"]


class Tokenizer:
    """As those of transformers: it can be called too, and gives no text then."""

    def __call__(self, text):
        raise AssertionError("called in place of decode")

    def decode(self, ids):
        return f"⟪{ids[0]}⟫"


def test_plain_numbers_are_shown_and_chosen():
    logits = np.log([[[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]], [[0.9, 0.05, 0.05], [0.2, 0.6, 0.2]]])
    seen = vk.lens(logits, ["a", "b"], "xyz", ["one", "two"], answers=[0, 1], chosen=[0, 1])
    assert seen.at(0, 0) == [("x", pytest.approx(0.5)), ("y", pytest.approx(0.3)),
                             ("z", pytest.approx(0.2))]
    assert seen.ranks.tolist() == [[1, 2], [1, 1]]
    assert seen.settled().tolist() == [0, 1]
    few = vk.lens(logits, ["a", "b"], ["x", "y"])  # a model may have room for more tokens
    assert few.at(0, 0)[2][0] == "⟨2⟩" and vk.lens(logits, [7, 8]).at(0, 0)[0][0] == "0"
    assert vk.lens(logits, ["a", "b"], Tokenizer()).at(0, 0)[0][0] == "⟪0⟫"
    alone = vk.lens(logits[:1], ["a", "b"], names=["input"])
    assert repr(alone) == "LensViewer: 1 layer, 2 tokens"
    never = vk.lens([[[0.0, -np.inf], [0.0, 0.0]]], ["a", "b"], "xy")
    assert never.at(0, 0) == [("x", 1.0), ("y", 0.0)], "−∞ is a share of 0"
    assert "After 'b', one: 'z' 0.800" in seen.describe()
    with pytest.raises(ValueError, match=r"expected \[layer, position\]"):
        seen.chosen = [2, 0]


def test_what_cannot_be_shown_is_refused():
    for answers in ([0], [0, 2]):
        with pytest.raises(ValueError, match="give one number for each token"):
            vk.lens(np.ones((1, 2, 2)), ["a", "b"], answers=answers)
    for logits, tokens, said in ((np.ones((2, 3)), "ab", "expected"),
                                 (np.full((1, 2, 2), -np.inf), "ab", r"are −∞ \(layer 0\)"),
                                 ([[[0, 1], [-np.inf] * 2]], "ab", "all logits of a token are −∞"),
                                 (np.full((1, 2, 2), np.inf), "ab", "4 logits are NaN or inf"),
                                 (np.ones((2, 3, 4)), "ab", "for 2 tokens"),
                                 (np.full((1, 2, 2), np.nan), "ab", "4 logits are NaN")):
        with pytest.raises(ValueError, match=said):
            vk.lens(logits, list(tokens))
    with pytest.raises(ValueError, match="2 names for 1 layers"):
        vk.lens(np.ones((1, 2, 2)), ["a", "b"], names=["x", "y"])
    with pytest.raises(ValueError, match="no row of equal blocks"):
        vk.Net(nn.Sequential(nn.Embedding(9, 4), nn.Linear(4, 9))).lens([1, 2])
    with pytest.raises(ValueError, match="of kind image"):
        vk.Net(nn.Conv2d(1, 2, 3)).lens(np.zeros((8, 8)))


def test_the_picture_of_a_long_text_shows_its_end(net, tmp_path):
    seen = vk.lens(np.random.default_rng(0).normal(size=(3, 30, 9)), [f"t$_{k}" for k in range(30)])
    texts = [label.get_text() for label in seen.figure().axes[0].get_xticklabels()]
    assert len(texts) == 18 and texts[-1].endswith("29")
    for ending in ("png", "svg", "npz"):
        assert seen.save(tmp_path / f"lens.{ending}").stat().st_size > 500
