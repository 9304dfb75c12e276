"""GPT against the paper's formulas in NumPy, against torch, against the published sizes."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from coursekit.models import gpt_sizes, hugging_face
from coursekit.models.attention import SHORT, attend
from coursekit.models.gpt import GPT, Attention
from coursekit.models.packing import pack, unpack
from coursekit.models.token_batch import token_batch


def small(seed=0, **sizes):
    torch.manual_seed(seed)
    model = GPT(**{"vocabulary": 30, "context": 12, "width": 16, "depth": 2, "heads": 4, **sizes})
    with torch.no_grad():
        for p in model.parameters():  # biases that are 0 would hide mistakes
            p.add_(0.2 * torch.randn_like(p))
    return model.eval()


# --- attention -----------------------------------------------------------------------------


@pytest.mark.parametrize("positions", [1, 7, SHORT + 1])
def test_both_ways_to_attend_give_torch_s_means_and_slopes(positions):
    torch.manual_seed(0)
    ours = [torch.randn(2, 3, positions, 8, requires_grad=True) for _ in range(3)]
    theirs = [a.detach().clone().requires_grad_() for a in ours]
    y, expected = attend(*ours), F.scaled_dot_product_attention(*theirs, is_causal=True)
    torch.testing.assert_close(y, expected, rtol=1e-4, atol=1e-5)
    slope = torch.randn_like(y)
    y.backward(slope), expected.backward(slope)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-4, atol=1e-5)


def test_short_texts_are_written_out_and_long_ones_left_to_torch(monkeypatch):
    calls = []
    monkeypatch.setattr(F, "scaled_dot_product_attention", lambda q, *_, **__: calls.append(q) or q)
    for positions, grad, times in ((SHORT, True, 0), (SHORT + 1, True, 1), (2, False, 1)):
        calls.clear()
        attend(*(torch.randn(1, 1, positions, 4, requires_grad=grad) for _ in range(3)))
        assert len(calls) == times


def test_one_head_on_three_positions_by_hand():
    attention = Attention(width=2, heads=1)
    with torch.no_grad():
        attention.qkv.weight.copy_(torch.cat([torch.eye(2)] * 3))  # q = k = v = x
        attention.qkv.bias.zero_(), attention.out.bias.zero_()
        attention.out.weight.copy_(torch.eye(2))
    x = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]])
    a = np.exp(1 / np.sqrt(2))  # e^(q·k/√2) of the second position with itself, 1 with the first
    b = np.exp(2 / np.sqrt(2))  # of the third with itself, a with both others
    expected = [[1, 0], [1 / (1 + a), a / (1 + a)], [(a + b) / (2 * a + b)] * 2]
    np.testing.assert_allclose(attention(x)[0].detach(), expected, rtol=1e-5)


# --- the whole ----------------------------------------------------------------------------


def by_hand(state, ids, heads):
    """Logits of GPT-2 by its paper's formulas, from a state dict with Hugging Face's names."""
    w = {k.removeprefix("transformer."): v.double().numpy() for k, v in state.items()}

    def normalised(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5)
        return x * w[name + ".weight"] + w[name + ".bias"]

    def layer(x, name):  # Conv1D: inputs by outputs
        return x @ w[name + ".weight"] + w[name + ".bias"]

    x = w["wte.weight"][ids] + w["wpe.weight"][: len(ids)]
    for k in range(1 + max(int(key.split(".")[1]) for key in w if key.startswith("h."))):
        q, keys, v = np.split(layer(normalised(x, f"h.{k}.ln_1"), f"h.{k}.attn.c_attn"), 3, 1)
        means, size = [], q.shape[1] // heads
        for part in (slice(h * size, (h + 1) * size) for h in range(heads)):
            scores = q[:, part] @ keys[:, part].T / np.sqrt(size)
            weights = np.exp(scores - scores.max(1, keepdims=True)) * np.tri(len(ids))
            means.append(weights / weights.sum(1, keepdims=True) @ v[:, part])
        x = x + layer(np.concatenate(means, 1), f"h.{k}.attn.c_proj")
        u = layer(normalised(x, f"h.{k}.ln_2"), f"h.{k}.mlp.c_fc")
        gelu = 0.5 * u * (1 + np.tanh(np.sqrt(2 / np.pi) * (u + 0.044715 * u**3)))
        x = x + layer(gelu, f"h.{k}.mlp.c_proj")
    return normalised(x, "ln_f") @ w["wte.weight"].T


def theirs(vocabulary, context, width, depth, seed=0):
    """A random state dict as Hugging Face's GPT2LMHeadModel has it, and older files' masks."""
    torch.manual_seed(seed)
    shapes = {"wte.weight": (vocabulary, width), "wpe.weight": (context, width),
              "ln_f.weight": (width,), "ln_f.bias": (width,)}  # fmt: skip
    for k in range(depth):
        for name, sizes in (("attn.c_attn", (width, 3 * width)), ("attn.c_proj", (width, width)),
                            ("mlp.c_fc", (width, 4 * width)), ("mlp.c_proj", (4 * width, width)),
                            ("ln_1", (width,)), ("ln_2", (width,))):  # fmt: skip
            shapes |= {f"h.{k}.{name}.weight": sizes, f"h.{k}.{name}.bias": sizes[-1:]}
        shapes[f"h.{k}.attn.bias"] = (1, 1, context, context)
    state = {f"transformer.{name}": 0.02 * torch.randn(s) for name, s in shapes.items()}
    for name in state:
        if ".ln_" in name:
            state[name] += name.endswith("weight")
    return state | {"lm_head.weight": state["transformer.wte.weight"]}


@pytest.mark.parametrize(("sizes", "heads"), [((60, 20, 24, 3), 4), ((50257, 64, 768, 2), None)])
@pytest.mark.parametrize("prefix", ["transformer.", ""])
def test_hugging_face_s_weights_give_the_logits_of_the_formulas(sizes, heads, prefix):
    state = {k.replace("transformer.", prefix): v for k, v in theirs(*sizes).items()}
    if not prefix:  # GPT2Model has no head
        del state["lm_head.weight"]
    model = hugging_face.load(state, heads)
    ids = torch.arange(3, 3 + 19)
    found = model(ids[None])[0].detach().numpy()
    expected = by_hand(state, ids.numpy(), heads or 12)
    assert np.abs(expected).max() > 0.05 and np.abs(found - expected).max() < 1e-4
    assert not model.training and model.positions.num_embeddings == sizes[1]


def test_weights_that_are_not_gpt_2_s_are_refused(tmp_path):
    state = theirs(9, 5, 8, 1)
    with pytest.raises(ValueError, match="has a head of its own"):
        hugging_face.load(state | {"lm_head.weight": torch.ones(9, 8)}, heads=2)
    with pytest.raises(ValueError, match="h.0.attn.q_proj.weight is no weight of a GPT-2"):
        hugging_face.load(state | {"h.0.attn.q_proj.weight": torch.ones(8, 8)}, heads=2)
    with pytest.raises(ValueError, match="not GPT-2's weights: ln_f.bias is missing"):
        hugging_face.load({k: v for k, v in state.items() if not k.endswith("ln_f.bias")}, heads=2)
    with pytest.raises(ValueError, match="not GPT-2's weights: h.0.ln_1.weight is missing"):
        hugging_face.load({k: v for k, v in theirs(9, 5, 8, 2).items() if ".h.0." not in k}, 2)
    with pytest.raises(ValueError, match="no embeddings"):
        hugging_face.load({"ln_f.weight": torch.ones(3)})


@pytest.mark.parametrize(("name", "shape", "words"), [
    ("h.0.attn.c_attn.weight", (24, 8), r"is \(24, 8\), a GPT-2 of width 8 has \(8, 24\) there"),
    ("h.0.ln_1.bias", (9,), r"is \(9,\), a GPT-2 of width 8 has \(8,\) there"),
    ("wpe.weight", (5, 9), r"is \(5, 9\), a GPT-2 of width 8 has \(5, 8\)"),
    ("wte.weight", (9,), "is it the state dict of a GPT-2"),
])  # fmt: skip
def test_a_weight_of_another_shape_is_named_as_its_file_names_it(name, shape, words):
    with pytest.raises(ValueError, match=words) as error:
        hugging_face.load(theirs(9, 5, 8, 1) | {f"transformer.{name}": torch.ones(shape)}, 2)
    assert name in str(error.value)


def test_heads_are_asked_for_where_they_cannot_be_guessed():
    state = theirs(9, 5, 8, 1)
    with pytest.raises(ValueError, match="width 8 is no multiple of 64: say how many heads"):
        hugging_face.load(state)
    for heads in (0, -1):
        with pytest.raises(ValueError, match=f"heads is {heads}: at least one"):
            hugging_face.load(state, heads)


def test_what_is_no_state_dict_is_said(tmp_path):
    with pytest.raises(ValueError, match="GPT is no state dict: give model.state_dict()"):
        hugging_face.load(small())
    with pytest.raises(ValueError, match="is a folder: give the model.safetensors in it"):
        hugging_face.load(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"PK\x03\x04" * 9)
    with pytest.raises(ValueError, match="is no safetensors file .*weights_only=True"):
        hugging_face.load(tmp_path / "pytorch_model.bin")
    half = {k: v.half() for k, v in theirs(9, 5, 8, 1).items()}
    assert {p.dtype for p in hugging_face.load(half, 2).parameters()} == {torch.float32}


def test_weights_are_also_read_from_a_file(tmp_path):
    from safetensors.torch import save_file

    state = theirs(9, 5, 8, 1)
    del state["lm_head.weight"]
    save_file(state, tmp_path / "model.safetensors")
    ids = torch.tensor([[1, 2, 3]])
    assert torch.equal(hugging_face.load(tmp_path / "model.safetensors", 2)(ids),
                       hugging_face.load(state, 2)(ids))  # fmt: skip


def test_nothing_depends_on_what_comes_later_and_all_on_what_came():
    model, ids = small(), torch.randint(30, (1, 12), generator=torch.Generator().manual_seed(0))
    before = model(ids)
    for place in range(12):
        other = ids.clone()
        other[0, place] = (ids[0, place] + 1) % 30
        moved = (model(other) - before).abs().amax(-1)[0] > 1e-4
        assert moved.tolist() == [False] * place + [True] * (12 - place)


@pytest.mark.parametrize(("kind", "formula"), [
    ({}, lambda x: 0.5 * x * (1 + (math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)).tanh())),
    ({"gelu": "none"}, lambda x: 0.5 * x * (1 + (x / math.sqrt(2)).erf())),
])  # fmt: skip
def test_gelu_is_gpt_2_s_or_exact_as_asked_in_every_block(kind, formula):
    x = torch.linspace(-3, 3, 33)[:, None].expand(-1, 16).double()
    for block in small(**kind).double().blocks:
        up, down = block.mlp.up, block.mlp.down
        expected = F.linear(formula(up(x)), down.weight, down.bias)
        torch.testing.assert_close(block.mlp(x), expected, rtol=1e-12, atol=1e-12)


def test_the_head_is_the_embedding_and_learns_from_both_ends():
    model = small()
    model(torch.tensor([[1, 2]]))[0, 1, 5].backward()
    touched = model.tokens.weight.grad.abs().sum(1) > 0
    assert touched.nonzero()[:, 0].tolist() == [1, 2, 5]


def test_what_does_not_fit_is_refused_in_words():
    with pytest.raises(ValueError, match="width 10 cannot be shared evenly among 4 heads"):
        GPT(width=10, heads=4)
    for heads in (0, -2):
        with pytest.raises(ValueError, match=f"cannot be shared evenly among {heads} heads"):
            GPT(width=10, heads=heads)
    with pytest.raises(ValueError, match="13 tokens, and this GPT looks back on 12: cut the text"):
        small()(torch.zeros(1, 13, dtype=torch.long))


def test_it_begins_as_gpt_2_does_with_residual_parts_scaled_down():
    torch.manual_seed(0)
    model = GPT(vocabulary=500, context=64, width=64, depth=8, heads=4)
    spread = {name: p.std().item() for name, p in model.named_parameters() if p.ndim > 1}
    for name, value in spread.items():
        small = name.endswith(("out.weight", "down.weight"))
        expected = 0.01 if "positions" in name else 0.005 if small else 0.02
        assert abs(value / expected - 1) < 0.1, name
    loss = F.cross_entropy(model(torch.zeros(1, 9).long()).flatten(0, 1), torch.arange(9))
    assert abs(loss.item() - np.log(500)) < 0.1  # knows nothing yet


# --- sizes --------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [
    ("GPT-2 small", 124_439_808), ("GPT-2 medium", 354_823_168), ("GPT-2 large", 774_030_080),
    ("GPT-2 XL", 1_557_611_200), ("GPT-3 125M", 125_226_240), ("GPT-3 175B", 174_604_259_328),
])  # fmt: skip
def test_the_network_itself_has_as_many_parameters_as_the_formula(name, count):
    sizes = gpt_sizes.sizes(name)
    assert gpt_sizes.parameters(**sizes) == count
    with torch.device("meta"):
        assert sum(p.numel() for p in GPT(**sizes).parameters()) == count


def test_gpt_1_has_no_normalisation_at_its_end_and_is_not_built_here():
    assert gpt_sizes.parameters(**gpt_sizes.GPT1["GPT-1"]) == 116_534_784
    with pytest.raises(ValueError, match="GPT-1 normalises after each part"):
        gpt_sizes.sizes("GPT-1")
    with pytest.raises(ValueError, match="no size is called 'GPT-4'.*GPT-3 175B"):
        gpt_sizes.sizes("GPT-4")


def test_gpt_3_s_table_and_the_two_rows_that_do_not_fit():
    billions = [gpt_sizes.parameters(**row) / 1e9 for row in gpt_sizes.GPT3.values()]
    assert [round(b, 3) for b in billions] == [
        0.125, 0.356, 0.760, 1.316, 2.652, 6.658, 12.853, 174.604]  # fmt: skip
    heads = {name.split()[1]: row["width"] / row["heads"] for name, row in gpt_sizes.GPT3.items()}
    assert heads == {"125M": 64, "350M": 64, "760M": 96, "1.3B": 128, "2.7B": 80, "6.7B": 128,
                     "13B": 128, "175B": 128}  # fmt: skip
    assert 24 * 128 == 3072 != gpt_sizes.GPT3["GPT-3 1.3B"]["width"]
    assert gpt_sizes.PRINTED["GPT-3 1.3B"]["heads"][0] == 24
    printed = gpt_sizes.PRINTED["GPT-3 13B"]["width"][0]
    assert printed % 40 and gpt_sizes.GPT3["GPT-3 13B"]["width"] == 40 * 128
    assert round(gpt_sizes.parameters(50257, 2048, printed, 40) / 1e6) != 12_853


def test_the_smallest_gpt_has_a_dozen_parameters_or_so():
    model = GPT(vocabulary=2, context=1, width=2, depth=0, heads=1)
    assert sum(p.numel() for p in model.parameters()) == 10 == gpt_sizes.parameters(2, 1, 2, 0)
    assert GPT(2, 1, 1, 1, 1)(torch.tensor([[1]])).shape == (1, 1, 2)


# --- beside it ----------------------------------------------------------------------------


def test_packed_weights_are_near_a_quarter_in_size_and_near_the_same():
    state = small(width=64, depth=1).state_dict()
    packed = pack(state, "7/")
    again = unpack(packed | {"8/tokens.weight": np.zeros((30, 64), np.int8)}, "7/")
    assert list(again) == list(state)
    for name, value in state.items():
        rows = value.abs().flatten(1).amax(1) if value.ndim > 1 else value.abs().max()
        error = (again[name] - value).abs()
        error = error.flatten(1).amax(1) if value.ndim > 1 else error.max()
        assert (error <= rows / 250).all(), name
    assert sum(a.nbytes for a in packed.values()) < 0.27 * 4 * sum(
        v.numel() for v in state.values())  # fmt: skip
    none = unpack(pack({"w": torch.zeros(2, 2)}))["w"]
    assert none.eq(0).all(), "no division by nothing"


def test_a_batch_of_texts_is_filled_up_with_ends_and_refuses_nothing_at_all():
    from coursekit.models import bpe

    coded = bpe.encoding(bpe.train("", vocabulary=257))
    assert token_batch(coded, "a<|endoftext|>").tolist() == [[97, 256]]
    assert token_batch(coded, "<|im_end|>").shape == (1, 10), "not ours: ordinary text"
    assert token_batch(coded, [[1, 2], [3]]).tolist() == [[1, 2], [3, 256]]
    assert token_batch(coded, [1, 2]).tolist() == token_batch(coded, torch.tensor([1, 2])).tolist()
    assert token_batch(coded, torch.ones(2, 3, dtype=torch.long)).shape == (2, 3)
    for rows in (np.array([[1, 2], [3, 4]]), [np.array([1, 2]), np.array([3, 4])],
                 torch.tensor([[1, 2], [3, 4]])):  # fmt: skip
        assert token_batch(coded, rows).tolist() == [[1, 2], [3, 4]]
    for wrong in (None, 5, b"ab", [b"ab"], [1.5], ["a", [1]], [1, [2]], [[[1]]]):
        with pytest.raises(ValueError, match="is no text: give a text, a list of texts, or token"):
            token_batch(coded, wrong)
    for wrong in ([257], [-1]):
        with pytest.raises(ValueError, match=rf"no token {wrong[0]}: they are numbered .* to 256"):
            token_batch(coded, wrong)
    for nothing in ("", [], ["a", ""]):
        with pytest.raises(ValueError, match="without any token"):
            token_batch(coded, nothing)
