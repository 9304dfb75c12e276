"""Attention heads as units: knocked out, clamped, patched; and units patched from another input."""

import math

import numpy as np
import pytest
import torch
from torch import nn

import vizkit as vk
from vizkit.language import watch

IDS = torch.tensor([[3, 1, 4, 1, 5]])
OTHER = torch.tensor([[2, 7, 1, 8, 2]])


@pytest.fixture
def net(language):
    return language


class Conv1D(nn.Module):
    """GPT-2's projection in transformers: weights (in, out), no in_features."""

    def __init__(self, wide, given):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(given, wide) / 5)

    def forward(self, x):
        return x @ self.weight


class GPT2Attention(nn.Module):
    """With transformers' names: c_attn, c_proj, num_heads; softmax written out."""

    def __init__(self, told=True):
        super().__init__()
        self.c_attn, self.c_proj = Conv1D(24, 8), Conv1D(8, 8)
        if told:
            self.num_heads = 2

    def forward(self, x):
        q, k, v = self.c_attn(x).chunk(3, -1)
        q, k, v = (a.unflatten(-1, (2, -1)).transpose(1, 2) for a in (q, k, v))
        weights = (q @ k.mT / math.sqrt(4)).softmax(-1)
        return self.c_proj((weights @ v).transpose(1, 2).flatten(2)), weights


class GPT2(nn.Module):
    def __init__(self, told=True):
        super().__init__()
        self.wte, self.attn, self.head = nn.Embedding(20, 8), GPT2Attention(told), nn.Linear(8, 20)

    def forward(self, ids):
        x = self.wte(ids)
        return self.head(x + self.attn(x)[0])


def test_a_heads_result_is_its_weights_times_its_values(net):
    head = net["blocks.1.attn"].heads[2]
    assert repr(head) == "Unit blocks.1.attn head 2 (of 4)"
    seen = watch.attention(net.model, IDS)[1]
    own = seen.weights[2] @ seen.values[2]  # (position, feature)
    assert torch.allclose(head.results(IDS)[0, :, 0], own, atol=1e-5)


def test_without_a_head_the_layer_gives_what_its_other_heads_find(net):
    layer = net["blocks.1.attn"]
    out = net.model.blocks[1].attn.out
    kept = layer.heads.output(IDS).clone()
    kept[..., 12:18] = 0  # head 2 of 4, of 24 features
    changed = net.without(layer.heads[2])
    assert "without blocks.1.attn head 2" in repr(changed)
    with torch.no_grad():
        assert torch.allclose(changed.capture(IDS, layer.layer)[layer.layer], out(kept), atol=1e-5)
    assert not torch.allclose(changed.output(IDS), net.output(IDS), atol=1e-3)
    assert torch.equal(net.output(IDS), vk.Net(net.model).output(IDS))
    assert not any(m._forward_pre_hooks or m._forward_hooks for m in net.model.modules())


def test_several_heads_are_changed_together_and_clamped(net):
    heads = net["blocks.0.attn"].heads
    assert [len(heads), len(heads[1:3]), heads[[0, 3]].numbers] == [4, 2, (0, 3)]
    assert [head.name for head in heads[:2]] == ["blocks.0.attn head 0", "blocks.0.attn head 1"]
    both = net.without(heads[0]).without(heads[3])
    assert torch.allclose(net.without(heads[[0, 3]]).output(IDS), both.output(IDS))
    given = net.clamp(heads[1], 7)[heads.layer].heads.output(IDS)
    assert (given[..., 6:12] == 7).all() and torch.equal(given[..., :6], heads.output(IDS)[..., :6])


def test_a_patched_head_finds_what_it_found_in_the_other_text(net):
    head = net["blocks.0.attn"].heads[1]
    patched = net.patch(head, OTHER)
    assert "patched from another input" in repr(patched)
    given = patched["blocks.0.attn"].heads.output(IDS)
    assert torch.equal(given[..., 6:12], head.output(OTHER)[..., 6:12])
    assert torch.equal(given[..., :6], head.output(IDS)[..., :6])
    assert torch.allclose(patched.output(OTHER), net.output(OTHER), atol=1e-5)
    whole = net.patch(net["blocks.1"], OTHER)
    assert torch.allclose(whole.output(IDS), net.output(OTHER), atol=1e-5)
    with pytest.raises(ValueError, match="1×3×24 where this input has 1×5×24|as many tokens"):
        net.patch(head, [1, 2, 3]).output(IDS)


def test_channels_and_directions_are_patched_too():
    torch.manual_seed(0)
    net = vk.Net(nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 2)))
    a, b = torch.randn(1, 3), torch.randn(1, 3)
    ours, theirs = net.capture(a, "0")["0"], net.capture(b, "0")["0"]
    found = net.patch(net["0"][[1, 3]], b).capture(a, "0")["0"]
    assert torch.equal(found[:, [1, 3]], theirs[:, [1, 3]])
    assert torch.equal(found[:, [0, 2]], ours[:, [0, 2]])
    along = torch.tensor([0.6, 0.8, 0, 0])
    found = net.patch(net["0"].direction(along), b).capture(a, "0")["0"]
    assert torch.allclose(found @ along, theirs @ along)
    across = torch.tensor([0.8, -0.6, 0, 0])
    assert torch.allclose(found @ across, ours @ across) and torch.equal(found[:, 2:], ours[:, 2:])


def test_at_its_mean_a_head_says_the_same_of_every_token(net):
    head = net["blocks.1.attn"].heads[2]
    texts = [[3, 1, 4], [1, 5, 9, 2, 6]]  # of two lengths: each token counts once
    mean = torch.cat([head.results(text)[0, :, 0] for text in texts]).mean(0)
    held = net.ablate(head, texts)
    assert "blocks.1.attn head 2 at its mean" in repr(held)
    assert torch.allclose(held["blocks.1.attn"].heads[2].results(IDS)[0, :, 0],
                          mean.expand(5, -1), atol=1e-6)
    others = [0, 1, 3]
    assert torch.equal(held["blocks.1.attn"].heads[others].results(IDS),
                       net["blocks.1.attn"].heads[others].results(IDS))
    one = net.ablate(head, [3, 1, 4])  # numbers are one text
    assert torch.allclose(one["blocks.1.attn"].heads[2].results(IDS)[0, 0, 0],
                          head.results([3, 1, 4])[0, :, 0].mean(0), atol=1e-6)


def test_channels_and_directions_are_held_at_their_mean():
    torch.manual_seed(0)
    net = vk.Net(nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU()))
    images, image = torch.randn(5, 1, 6, 6), torch.randn(1, 1, 6, 6)
    usual, other = (net.capture(value, "0")["0"] for value in (image, images))
    held = net.ablate(net["0"][[1, 3]], images).capture(image, "0")["0"]
    mean = other.mean((0, 2, 3))
    assert torch.allclose(held[0, [1, 3]], mean[[1, 3], None, None].expand(2, 4, 4))
    assert torch.equal(held[0, [0, 2]], usual[0, [0, 2]])
    along = torch.tensor([0.6, 0.8, 0, 0])
    held = net.ablate(net["0"].direction(along), images).capture(image, "0")["0"]
    found = torch.einsum("nchw,c->nhw", held, along)
    assert torch.allclose(found, (mean @ along).expand(1, 4, 4), atol=1e-6)


def test_a_change_at_chosen_tokens_leaves_the_others_as_they_are(net):
    head = net["blocks.0.attn"].heads[1]
    usual, theirs = (head.results(text)[0, :, 0] for text in (IDS, OTHER))
    for change, value in ((net.patch(head, OTHER, at=[1, -1]), theirs),
                          (net.clamp(head, 7, at=[1, -1]), torch.full((5, 6), 7.0)),
                          (net.ablate(head, OTHER, at=[1, -1]), theirs.mean(0).expand(5, -1)),
                          (net.without(head, at=[1, 4]), torch.zeros(5, 6))):
        found = change["blocks.0.attn"].heads[1].results(IDS)[0, :, 0]
        assert torch.allclose(found[[1, 4]], value[[1, 4]], atol=1e-6)
        assert torch.equal(found[[0, 2, 3]], usual[[0, 2, 3]])
    assert "patched from another input at token 2" in repr(net.patch(head, OTHER, at=2))
    assert "head 1 at its mean at tokens 1, -1" in repr(net.ablate(head, OTHER, at=[1, -1]))
    before = net.capture(IDS, "blocks.1")["blocks.1"][0]
    last = net.patch(head, OTHER, at=4).capture(IDS, "blocks.1")["blocks.1"][0]
    assert torch.allclose(last[:4], before[:4], atol=1e-5), "no earlier token hears of it"
    with pytest.raises(ValueError, match="token 9: this text has 5, counted from 0"):
        net.without(head, at=9).output(IDS)
    images = vk.Net(nn.Sequential(nn.Linear(3, 4)))
    with pytest.raises(TypeError, match="at= names tokens of a text; this net takes vector"):
        images.without(images["0"][1], at=1)
    joined = vk.Net(nn.Sequential(nn.Embedding(9, 4), nn.Flatten(), nn.Linear(32, 3)))
    with pytest.raises(ValueError, match="gives 1×3, in which there are no tokens to choose"):
        joined.without(joined["2"][1], at=1).output([1] * 8)


def test_gpt_2_of_transformers_is_read_by_its_own_names():
    torch.manual_seed(0)
    net = vk.Net(GPT2())
    head = net["attn"].heads[1]
    assert (head.count, head.out) == (2, "attn.c_proj")
    weights = net.model.attn(net.model.wte(IDS))[1]
    assert np.allclose(head.attention(IDS).now, weights[0, 1].detach(), atol=1e-6)
    none = net.without(net["attn"].heads)
    assert torch.allclose(none.output(IDS), net.model.head(net.model.wte(IDS)))
    untold = vk.Net(GPT2(told=False))
    with pytest.raises(TypeError, match=r"does not say how many heads it has.*heads_as\(12\)"):
        untold["attn"].heads  # noqa: B018
    assert untold["attn"].heads_as(2)[1].numbers == (1,)


def test_what_has_no_heads_says_so(net):
    with pytest.raises(TypeError, match="no projection that joins heads; in it are up, down"):
        net["blocks.0.mlp"].heads  # noqa: B018
    with pytest.raises(KeyError, match="in it are qkv, out"):
        net["blocks.0.attn"].heads_as(4, out="c_proj")
    with pytest.raises(ValueError, match="5 heads do not share the 24 features"):
        net["blocks.0.attn"].heads_as(5)
    with pytest.raises(IndexError, match="has 4 heads here"):
        net["blocks.0.attn"].heads[4]
    encoder = vk.Net(nn.Sequential(nn.Embedding(9, 8), nn.TransformerEncoderLayer(8, 2)))
    with pytest.raises(TypeError, match="nn.MultiheadAttention"):
        encoder["1.self_attn"].heads  # noqa: B018
    with pytest.raises(ValueError, match="a unit of this net"):
        encoder.without(net["blocks.0.attn"].heads[1])


def test_the_next_token_is_predicted_in_words(net):
    prediction = net.predict(IDS, top=3)
    with torch.no_grad():
        shares = net.model(IDS)[0, -1].softmax(-1)
    assert prediction.best == f" w{int(shares.argmax())}"
    assert prediction[0][1] == pytest.approx(float(shares.max()), abs=1e-5)
    assert len(net.predict(torch.cat([IDS, OTHER]))) == 2


def test_the_intervention_viewer_shows_the_next_token_with_and_without_a_head(net):
    heads = net["blocks.1.attn"].heads
    seen = heads.intervene(torch.cat([IDS, OTHER]))
    assert seen.titles[2] == "blocks.1.attn head 2" and seen.classes[3] == " w3"
    assert np.allclose(seen.before[0], net.predict(IDS).probabilities)
    assert seen.texts == [" w3 w1 w4 w1 w5", " w2 w7 w1 w8 w2"]
    first = net.predict(IDS).best
    assert repr(seen).endswith(f"; next “{first}”, {seen.before[0].max():.3f}")
    assert seen.describe().startswith("After “ w3 w1 w4 w1 w5”. Blocks.1.attn head")
    assert seen.figure().axes[0].get_title(loc="left") == " w3 w1 w4 w1 w5"
    seen.selected, seen.mode = 2, "knocked out"
    assert seen.words.endswith("followed by something else") and "of 2 texts" in seen.words
    assert "image" not in seen.describe()
    assert np.allclose(seen.after[0], net.without(heads[2]).predict(IDS).probabilities)
    assert np.allclose(seen.seen[1], heads.results(OTHER)[0].abs().amax((0, 2)))
    seen.mode = "clamped"
    assert np.allclose(seen.after[0], net.clamp(heads[2], seen.held).predict(IDS).probabilities)
    seen.texts = ["a" * 90 + "\n$b", "c"]
    seen.classes = [f"${n}$" for n in range(20)]  # no formula between two $
    (axes,) = seen.figure().axes
    title = axes.get_title(loc="left")
    assert title.startswith("…a") and title.endswith(r"a↵\$b"), "of a long text its end"
    assert all(label.get_text().startswith(r"\$") for label in axes.get_yticklabels())


def test_a_channel_of_a_gpt_is_intervened_on_as_one_of_any_net(net):
    seen = net["blocks.0.mlp.up"].intervene(IDS)
    seen.mode = "knocked out"
    up = net.capture(IDS, "blocks.0.mlp.up")["blocks.0.mlp.up"]
    assert np.allclose(seen.seen[0], up.amax(1)) and seen.unit == int(up.amax(1).argmax())
    cut = net.without(net["blocks.0.mlp.up"][seen.unit])
    assert np.allclose(seen.after[0], cut.predict(IDS).probabilities)
