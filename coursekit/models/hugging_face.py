"""GPT-2's weights as Hugging Face stores them, in our GPT. Nothing here downloads anything.

Their linear layers are `Conv1D`s, whose weights are (inputs, outputs), ours (outputs, inputs).
Source: github.com/huggingface/transformers, models/gpt2/modeling_gpt2.py.
"""

import re
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

    Raises ValueError for names that are missing or not GPT-2's, and for a head of its own: GPT-2's
    is the token embedding.
    """
    if isinstance(source, str | Path):
        source = safetensors.torch.load_file(Path(source).expanduser())
    state = {}
    for name, value in source.items():
        name = name.removeprefix("transformer.")
        if name == "lm_head.weight" or name.endswith(BUFFERS):
            continue
        state[translated(name)] = turned(name, value)
    if "tokens.weight" not in state or "positions.weight" not in state:
        raise ValueError(f"no embeddings (wte.weight, wpe.weight) among {list(source)[:3]} …: is "
                         f"it the state dict of a GPT-2?")  # fmt: skip
    head = source.get("lm_head.weight")
    if head is not None and not torch.equal(head, state["tokens.weight"]):
        raise ValueError("lm_head.weight is not wte.weight: this model has a head of its own, "
                         "GPT-2's is its token embedding")  # fmt: skip
    (vocabulary, width), context = state["tokens.weight"].shape, len(state["positions.weight"])
    depth = 1 + max((int(k.split(".")[1]) for k in state if k.startswith("blocks.")), default=-1)
    with torch.device("meta"):  # the sizes only, no numbers
        model = GPT(vocabulary, context, width, depth, heads or max(width // 64, 1))
    missing, unknown = model.load_state_dict(state, strict=False, assign=True)
    if missing or unknown:
        raise ValueError(f"not GPT-2's weights: missing {missing[:3]}, unknown {unknown[:3]}")
    return model.eval()


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


def turned(name, value):
    """A Conv1D's weight turned round; everything else as it is. A copy, in float32."""
    value = value.detach().float().clone()
    return value.T.contiguous() if ".c_" in name and name.endswith("weight") else value
