"""One position through a GPT in few Python steps: the same sums as `GPT.forward`, for writing.

A position is so little work that calling some forty modules takes longer than the sums. This path
leaves the modules out, and with them their hooks: it is taken only where there are none.
"""

import torch
import torch.nn.functional as F
from torch import nn

from coursekit.models.gpt import GPT, MLP, Attention, Block

KINDS = {GPT, Block, Attention, MLP, nn.Linear, nn.LayerNorm, nn.Embedding, nn.ModuleList}


class Step:
    """`step(ids, cache)` → logits (text, vocabulary) of ids (text, 1): `model(ids, cache)[:, 0]`.

    All of it is computed on matrices (text, width): products of three axes take a sixth longer.

    Raises ValueError for a model that is not made of exactly the parts it knows.
    """

    def __init__(self, model):
        if not known(model):
            raise ValueError("a part of this model is not GPT's own: call the model itself")
        self.hooks = [hooks for module in model.modules()
                      for hooks in (module._forward_hooks, module._forward_pre_hooks)]  # fmt: skip
        self.model, self.size = model, (model.tokens.embedding_dim,)
        self.blocks = [(b.attn, b.mlp.gelu, *both(b.norm1), *both(b.attn.qkv), *both(b.attn.out),
                        *both(b.norm2), *both(b.mlp.up), *both(b.mlp.down)) for b in model.blocks]
        self.norm, self.tokens = both(model.norm), model.tokens.weight
        self.positions = model.positions.weight

    def hooked(self):
        """Has anybody put a hook on a module of the model?"""
        return any(self.hooks)

    def __call__(self, ids, cache):
        size, layer, norm, texts = self.size, F.linear, torch.layer_norm, ids.shape[0]
        x = torch.embedding(self.tokens, ids[:, 0])
        x = x + torch.embedding(self.positions, cache.places.flatten())
        for attn, gelu, n1, n1b, qkv, qkvb, out, outb, n2, n2b, up, upb, down, downb in self.blocks:
            split = layer(norm(x, size, n1, n1b, 1e-5), qkv, qkvb)
            split = split.view(texts, 3, attn.heads, 1, -1).transpose(0, 1)
            k, v = cache.extend_both(attn, split.narrow(0, 1, 2))  # (2, text, head, 1, feature)
            y = F.scaled_dot_product_attention(split.select(0, 0), k, v, cache.mask)
            x = x + layer(y.view(x.shape), out, outb)
            inner = layer(norm(x, size, n2, n2b, 1e-5), up, upb)
            x = x + layer(F.gelu(inner, approximate=gelu), down, downb)
        return layer(norm(x, size, *self.norm, 1e-5), self.tokens)


def known(model):
    """Is the model made of our own classes alone, none of them changed, none added?"""
    epsilons = {m.eps for m in model.modules() if isinstance(m, nn.LayerNorm)}
    changed = any("forward" in vars(m) for m in model.modules())
    return {type(m) for m in model.modules()} <= KINDS and epsilons <= {1e-5} and not changed


def both(module):
    return module.weight, module.bias
