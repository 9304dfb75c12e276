"""The peers of our GPT: nanoGPT's model, loop and sampling written anew, and Hugging Face's GPT-2.

nanoGPT cannot be installed with pip; what stands here follows its model.py, train.py and sample.py
line by line where time is spent (github.com/karpathy/nanoGPT, MIT License, A. Karpathy), with
dropout 0 and biases on, not compiled. The other names are ours.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

from coursekit.compat import import_torchvision

import_torchvision()  # transformers imports it, and needs it whole
from transformers import GPT2Config, GPT2LMHeadModel  # noqa: E402
from transformers.utils import logging  # noqa: E402

logging.set_verbosity_error()


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.c_attn, self.c_proj = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.heads, self.width = heads, width

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = self.c_attn(x).split(self.width, dim=2)
        q, k, v = (a.view(B, T, self.heads, C // self.heads).transpose(1, 2) for a in (q, k, v))
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=0.0, is_causal=True)
        return self.c_proj(y.transpose(1, 2).contiguous().view(B, T, C))


class MLP(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.c_fc, self.c_proj = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.gelu, self.dropout = nn.GELU(), nn.Dropout(0.0)

    def forward(self, x):
        return self.dropout(self.c_proj(self.gelu(self.c_fc(x))))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ln_1, self.attn = nn.LayerNorm(width), SelfAttention(width, heads)
        self.ln_2, self.mlp = nn.LayerNorm(width), MLP(width)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class NanoGPT(nn.Module):
    """nanoGPT's model: logits and loss in one call, exact GELU, head tied to the embedding."""

    def __init__(self, vocabulary, context, width, depth, heads):
        super().__init__()
        self.context = context
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.drop = nn.Dropout(0.0)
        self.h = nn.ModuleList(Block(width, heads) for _ in range(depth))
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, vocabulary, bias=False)
        self.wte.weight = self.lm_head.weight
        for name, p in self.named_parameters():
            if p.ndim > 1:
                small = name.endswith("c_proj.weight")
                nn.init.normal_(p, 0, 0.02 / math.sqrt(2 * depth) if small else 0.02)

    def forward(self, idx, targets=None):
        pos = torch.arange(0, idx.shape[1], dtype=torch.long, device=idx.device)
        x = self.drop(self.wte(idx) + self.wpe(pos))
        for block in self.h:
            x = block(x)
        x = self.ln_f(x)
        if targets is None:  # only the last position, when it samples
            return self.lm_head(x[:, [-1], :]), None
        logits = self.lm_head(x)
        loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.reshape(-1),
                               ignore_index=-1)  # fmt: skip
        return logits, loss

    @torch.no_grad()
    def generate(self, idx, count, temperature=1.0):
        for _ in range(count):
            window = idx if idx.size(1) <= self.context else idx[:, -self.context :]
            logits, _ = self(window)
            probs = F.softmax(logits[:, -1, :] / temperature, dim=-1)
            idx = torch.cat((idx, torch.multinomial(probs, num_samples=1)), dim=1)
        return idx


def hugging_face(vocabulary, context, width, depth, heads):
    """Their GPT-2, random, without dropout."""
    return GPT2LMHeadModel(GPT2Config(
        vocab_size=vocabulary, n_positions=context, n_embd=width, n_layer=depth, n_head=heads,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=None,
        pad_token_id=0))  # fmt: skip


def like(ours, peer):
    """Gives a peer the very weights of our model."""
    names = {"tokens": "wte", "positions": "wpe", "norm1": "ln_1", "norm2": "ln_2", "qkv": "c_attn",
             "out": "c_proj", "up": "c_fc", "down": "c_proj", "blocks": "h"}  # fmt: skip
    body, turned = getattr(peer, "transformer", peer), not isinstance(peer, NanoGPT)
    state = {}
    for name, value in ours.state_dict().items():
        words = [names.get(word, word) for word in name.split(".")]
        key = ".".join(words).replace("norm.", "ln_f.")
        state[key] = value.T if turned and ".c_" in key and key.endswith("weight") else value
    missing, unknown = body.load_state_dict(state, strict=False)
    assert not unknown and missing in ([], ["lm_head.weight"]), (missing, unknown)
    return peer
