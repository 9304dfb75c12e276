"""GPT-2's weights as Hugging Face stores them, in our GPT. Nothing here downloads anything.

Their linear layers are `Conv1D`s, whose weights are (inputs, outputs), ours (outputs, inputs).
Source: github.com/huggingface/transformers, models/gpt2/modeling_gpt2.py.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import safetensors.torch
import torch

from coursekit.models.gpt import GPT

NAMES = {
    "wte": "tokens", "wpe": "positions", "ln_f": "norm", "ln_1": "norm1", "ln_2": "norm2",
    "attn.c_attn": "attn.qkv", "attn.c_proj": "attn.out", "mlp.c_fc": "mlp.up",
    "mlp.c_proj": "mlp.down",
}  # fmt: skip
BLOCK = re.compile(r"h\.(\d+)\.(.+)")
BUFFERS = (".attn.bias", ".attn.masked_bias")  # the causal mask, which older files store


def load(source, heads=None):
    """A GPT with the weights of a Hugging Face GPT-2, in evaluation mode.

    source  the state dict of a GPT2Model or GPT2LMHeadModel, or the path of a safetensors file
    heads   attention heads, which a state dict does not tell; default: of 64 features each, as
            all published GPT-2s have

    Raises ValueError for names that are missing or not GPT-2's, for weights of another shape, and
    for a head of its own: GPT-2's is the token embedding.
    """
    source = from_file(source) if isinstance(source, str | Path) else source
    if not isinstance(source, Mapping):
        raise ValueError(f"{type(source).__name__} is no state dict: give model.state_dict(), or "
                         "the path of a safetensors file")  # fmt: skip
    state = {}
    for name, value in source.items():
        name = name.removeprefix("transformer.")
        if name != "lm_head.weight" and not name.endswith(BUFFERS):
            state[translated(name)] = turned(name, value)
    model = empty(state, list(source)[:3], heads)
    head = source.get("lm_head.weight")
    if head is not None and not torch.equal(torch.as_tensor(head).float(), state["tokens.weight"]):
        raise ValueError("lm_head.weight is not wte.weight: this model has a head of its own, "
                         "GPT-2's is its token embedding")  # fmt: skip
    model.load_state_dict(state, assign=True)
    return model.eval()


def from_file(path):
    """The state dict in a safetensors file; ValueError for any other file, or a folder."""
    path = Path(path).expanduser()
    if path.is_dir():
        raise ValueError(f"{path} is a folder: give the model.safetensors in it")
    try:
        return safetensors.torch.load_file(path)
    except safetensors.SafetensorError as error:
        raise ValueError(f"{path} is no safetensors file ({error}); of a .bin file give its "
                         "content: torch.load(path, weights_only=True)") from error  # fmt: skip


def empty(state, names, heads=None):
    """A GPT of the sizes that these weights have, without numbers; every one fits into it."""
    tokens, positions = (state.get(f"{name}.weight") for name in ("tokens", "positions"))
    if tokens is None or positions is None or not tokens.ndim == positions.ndim == 2:
        raise ValueError(f"no embeddings (wte.weight, wpe.weight) among {names} …: is it the "
                         "state dict of a GPT-2?")  # fmt: skip
    vocabulary, width = tokens.shape
    if heads is None and width % 64:
        raise ValueError(f"width {width} is no multiple of 64: say how many heads, as in "
                         "load(state, heads=4); config.n_head tells it")  # fmt: skip
    heads = width // 64 if heads is None else heads
    if heads < 1:
        raise ValueError(f"heads is {heads}: at least one is needed")
    depth = 1 + max((int(k.split(".")[1]) for k in state if k.startswith("blocks.")), default=-1)
    with torch.device("meta"):
        model = GPT(vocabulary, len(positions), width, depth, heads)
    for name, expected in model.state_dict().items():
        if name not in state:
            raise ValueError(f"not GPT-2's weights: {theirs(name)} is missing")
        if state[name].shape != expected.shape:
            found, wanted = (turned(theirs(name), w).shape for w in (state[name], expected))
            raise ValueError(f"{theirs(name)} is {tuple(found)}, a GPT-2 of width {width} has "
                             f"{tuple(wanted)} there")  # fmt: skip
    return model


def translated(name):
    """Our name of one of theirs, without the prefix "transformer.".

    >>> translated("h.11.attn.c_proj.bias"), translated("wpe.weight")
    ('blocks.11.attn.out.bias', 'positions.weight')
    """
    layer, _, kind = name.rpartition(".")
    block = BLOCK.fullmatch(layer)
    part = block[2] if block else layer
    if part not in NAMES:
        raise ValueError(f"{name} is no weight of a GPT-2; its parts are {', '.join(NAMES)}")
    return (f"blocks.{block[1]}." if block else "") + f"{NAMES[part]}.{kind}"


def theirs(name):
    """Their name of one of ours, the way back of `translated`.

    >>> theirs("blocks.11.attn.out.bias"), theirs("positions.weight")
    ('h.11.attn.c_proj.bias', 'wpe.weight')
    """
    layer, _, kind = name.rpartition(".")
    block = re.fullmatch(r"blocks\.(\d+)\.(.+)", layer)
    back = {ours: their for their, ours in NAMES.items()}
    return (f"h.{block[1]}." if block else "") + f"{back[block[2] if block else layer]}.{kind}"


def turned(name, value):
    """A Conv1D's weight turned round; everything else as it is. A copy, in float32."""
    value = torch.as_tensor(value).detach().float().clone()
    flat = not (".c_" in name and name.endswith("weight") and value.ndim == 2)
    return value if flat else value.T.contiguous()
