"""Attention seen from outside a model: its weights, and what they were made of."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import vizkit as vk
from vizkit.language import cell, watch


def hooks_of(model):
    return [m for m in model.modules() if m._forward_hooks or m._forward_pre_hooks]


class Eager(nn.Module):
    """Attention written out, as in transformers' eager modules: softmax, dropout, times v."""

    def __init__(self, heads=2, bias=False):
        super().__init__()
        self.heads, self.bias = heads, bias
        self.embed, self.qkv = nn.Embedding(20, 8), nn.Linear(8, 24)

    def forward(self, ids):
        made = self.qkv(self.embed(ids)).unflatten(-1, (3, self.heads, -1))
        q, k, v = made.permute(2, 0, 3, 1, 4)
        scores = q @ k.mT / math.sqrt(q.shape[-1])
        self.last = F.softmax(scores, dim=-1, dtype=torch.float32).to(q.dtype)
        return torch.matmul(F.dropout(self.last, 0.5, self.training), v)


def test_the_weights_of_a_gpt_are_those_that_its_own_arithmetic_gives(language):
    ids, gpt = torch.arange(7)[None], language.model
    viewer = language.attention(ids)
    assert repr(viewer) == "AttentionViewer: 3 layers of 4 heads, 7 tokens, causal"
    assert viewer.names == [f"blocks.{n}.attn" for n in range(3)]
    weights = viewer.data["weights"]
    assert np.allclose(weights.sum(-1), 1, atol=1e-5)
    block = gpt.blocks[0]
    x = gpt.tokens(ids) + gpt.positions(torch.arange(7))
    q, k, _ = (a.unflatten(-1, (4, 6)).transpose(1, 2)
               for a in block.attn.qkv(block.norm1(x)).chunk(3, -1))
    scores = q @ k.mT / math.sqrt(6) + torch.full((7, 7), -math.inf).triu(1)
    assert np.allclose(weights[0], scores.softmax(-1)[0].detach(), atol=1e-5)
    assert not hooks_of(gpt)


def test_attention_written_out_and_that_of_torch_are_seen():
    model = Eager()
    found = watch.attention(model.eval(), torch.arange(5)[None])
    assert [one.label for one in found] == [""] and torch.equal(found[0].weights, model.last[0])
    layer = nn.TransformerEncoderLayer(8, 2, batch_first=True)
    encoder = nn.Sequential(nn.Embedding(20, 8), nn.TransformerEncoder(layer, 2))
    found = watch.attention(encoder, torch.arange(5)[None])
    assert [one.name for one in found] == ["1.layers.0.self_attn", "1.layers.1.self_attn"]
    x = encoder[0](torch.arange(5)[None])
    own = encoder[1].layers[0].self_attn.eval()(x, x, x, average_attn_weights=False)[1]
    assert torch.allclose(found[0].weights, own[0], atol=1e-6)
    assert not hooks_of(encoder)


@pytest.mark.parametrize("options", [
    {}, {"bias": False, "batch_first": True}, {"kdim": 6, "vdim": 5}, {"add_zero_attn": True},
    {"add_bias_kv": True}, {"alone": True},
], ids=str)
def test_one_weight_of_torchs_own_attention_is_explained(options):
    options = dict(options)
    alone = options.pop("alone", False)  # one text without an axis for texts

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.attend = nn.Embedding(20, 8), nn.MultiheadAttention(8, 2, **options)
            if self.attend.in_proj_bias is not None:
                nn.init.normal_(self.attend.in_proj_bias)  # torch begins with zeros

        def forward(self, ids):
            x = self.embed(ids)
            x = x[0] if alone else x if options.get("batch_first") else x.transpose(0, 1)
            found = [x, x[..., : options.get("kdim", 8)], x[..., : options.get("vdim", 8)]]
            self.joined, weights = self.attend(*found, need_weights=False)
            assert weights is None, "the model gets what it asked for"
            return self.joined

    torch.manual_seed(2)
    model = Model().eval()
    viewer = vk.Net(model).attention([1, 2, 3, 4], selected=1, token=3, key=1)
    if "add_zero_attn" in options or "add_bias_kv" in options:  # a key, no word: not explained
        assert viewer.data["weights"].shape == (1, 2, 4, 5) and not viewer.account["lines"]
        return
    assert viewer.account["lines"][1].endswith(f"weight {cell.said(viewer.now[3, 1])}")
    outputs = []
    for head in range(2):
        viewer.choose(head=head)
        outputs.append(torch.from_numpy(viewer.data["vectors"][3]))
    joined = model.attend.out_proj(torch.cat(outputs))  # what the layer gives for that token
    assert torch.allclose(joined, model.joined.reshape(4, 8)[3], atol=1e-5)


@pytest.mark.parametrize("how", ["divided after", "divided before", "in place", "bias"])
def test_attention_written_out_is_followed_back_to_its_products(how):
    class Written(Eager):
        def forward(self, ids):
            made = self.qkv(self.embed(ids)).unflatten(-1, (3, self.heads, -1))
            q, k, v = 3 * made.permute(2, 0, 3, 1, 4)
            self.parts = q[0], k[0], v[0]
            later = torch.ones(ids.shape[1], ids.shape[1], dtype=torch.bool).triu(1)
            if how == "divided before":
                self.parts = q[0] / 2, k[0], v[0]
                scores = (q / 2) @ k.mT + torch.zeros(later.shape).masked_fill(later, -math.inf)
            elif how == "in place":
                scores = torch.matmul(q, k.transpose(-1, -2))
                scores /= 2
                scores.masked_fill_(later, -math.inf)
            else:
                scores = (q @ k.mT / math.sqrt(4)).masked_fill(later, -math.inf)
            if how == "bias":
                scores = scores + torch.arange(ids.shape[1])
            return scores.softmax(-1) @ v

    torch.manual_seed(1)
    model = Written()
    viewer = vk.Net(model).attention([1, 2, 3, 4], token=3, key=1, selected=1)
    q, k, v, output = viewer.data["vectors"]
    for seen, own, place in ((q, 0, 3), (k, 1, 1), (v, 2, 1)):
        assert np.allclose(seen, model.parts[own][1, place].detach(), atol=1e-6)
    assert np.allclose(output, viewer.now[3] @ model.parts[2][1].detach().numpy(), atol=1e-5)
    said = viewer.account["lines"][1]
    assert ("it adds something" in said) if how == "bias" else said.endswith(
        f"weight {cell.said(viewer.now[3, 1])}")


def test_a_classifiers_softmax_and_a_mixture_of_texts_are_no_attention():
    class Plain(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(9, 4)

        def forward(self, ids):
            return self.embed(ids).softmax(-1)

    with pytest.raises(ValueError, match="no attention was seen in Plain"):
        vk.Net(Plain()).attention([1, 2])
    with pytest.raises(ValueError, match="2 texts"):
        watch.attention(Plain(), torch.zeros(2, 3, dtype=torch.long))
    with pytest.raises(TypeError, match="takes image, not tokens"):
        vk.Net(nn.Conv2d(1, 2, 3)).attention(np.zeros((8, 8)))


@pytest.mark.parametrize("how", ["none", "causal", "bool", "float", "scale", "grouped"])
def test_every_kind_of_mask_and_scale_gives_the_output_that_torch_gives(how):
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 1, 4, 6, 8)
    options = {"none": {}, "causal": {"is_causal": True}, "scale": {"scale": 0.9},
               "bool": {"attn_mask": torch.rand(6, 6) > 0.3}, "grouped": {"enable_gqa": True},
               "float": {"attn_mask": torch.randn(4, 6, 6)}}[how]
    if how == "grouped":
        k, v = k[:, :2], v[:, :2]
    if how == "bool":
        options["attn_mask"].fill_diagonal_(True)
    weights, _, _, values, _ = watch.explicit(q, k, v, **options)
    given = F.scaled_dot_product_attention(q, k, v, **options)
    assert torch.allclose(weights @ values, given, atol=1e-5)


def test_a_net_without_a_part_pays_attention_otherwise(language):
    net = language
    ids = [3, 1, 4, 1, 5]
    cut = net.without(net["blocks.0.mlp"])
    usual, other = (n.attention(ids).data["weights"] for n in (net, cut))
    assert np.allclose(usual[0], other[0]) and not np.allclose(usual[1], other[1], atol=1e-3)


def test_one_weight_is_explained_and_its_sum_is_the_heads_output(language):
    viewer = language.attention([3, 1, 4, 1, 5], selected=5, token=3, key=1)
    q, k, v, output = viewer.data["vectors"]
    weight = viewer.now[3, 1]
    assert f"q · k = {cell.said(q @ k)}; × 1/√6" in viewer.account["lines"][0]
    assert viewer.account["lines"][1].endswith(f"weight {cell.said(weight)}")
    assert viewer.account["lines"][1] in viewer.describe()
    seen = watch.attention(language.model, torch.tensor([[3, 1, 4, 1, 5]]))[1]
    assert np.allclose(output, (seen.weights[1] @ seen.values[1])[3], atol=1e-5)
    viewer.choose(token=1, key=3)
    assert viewer.account["lines"][1].startswith("this key is masked")
    viewer.choose(layer="blocks.0.attn", head=0, token=-1)
    assert (viewer.layer, viewer.head, viewer.account["lines"]) == (0, 0, [])


def test_layers_of_several_shapes_are_shown_when_chosen():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = Eager(2), Eager(4)

        def forward(self, ids):
            return self.one(ids).flatten(), self.two(ids)

    net = vk.Net(Two())
    with pytest.raises(ValueError, match="one 2×3×3, two 4×3×3"):
        net.attention([1, 2, 3])
    assert net.attention([1, 2, 3], layers="two").data["weights"].shape == (1, 4, 3, 3)
    with pytest.raises(ValueError, match="it was seen in one, two"):
        net.attention([1, 2, 3], layers=["three"])
