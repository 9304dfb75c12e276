"""GPT: a stack of attention and small networks that guesses the next token. No training here.

The architecture of GPT-2: normalised before each part and once at the end, GELU, learned
positions, biases everywhere, and a head that is the token embedding used backwards.
Sources: Radford et al. 2019, "Language models are unsupervised multitask learners"; its code,
github.com/openai/gpt-2; Vaswani et al. 2017, arXiv:1706.03762, for attention.
"""

import torch
import torch.nn.functional as F
from torch import nn

from coursekit.models.attention import attend


class Attention(nn.Module):
    """Each position takes a weighted mean of what the positions up to it have to say.

    A position asks with its query, offers its key and hands out its value; the weights of one
    query are softmax(query · keys / √features), and 0 for what comes later. Heads do this side by
    side, each with its own share of the width. Their results, joined, go through `out`.
    """

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x, cache=None):
        split = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        q, k, v = split.permute(2, 0, 3, 1, 4)  # each (text, head, position, feature)
        if cache is None:
            y = attend(q, k, v)
        else:  # the keys and values of earlier calls stand before the new ones
            y = F.scaled_dot_product_attention(q, *cache.extend(self, k, v), cache.mask)
        return self.out(y.transpose(1, 2).flatten(2))  # (text, position, width)


class MLP(nn.Module):
    """What each position computes for itself: four times as wide, GELU, and back."""

    def __init__(self, width, gelu="tanh"):
        super().__init__()
        self.gelu = gelu
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.down(F.gelu(self.up(x), approximate=self.gelu))


class Block(nn.Module):
    """Attention, then the small network; each reads a normalised copy and adds what it found."""

    def __init__(self, width, heads, gelu="tanh"):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = MLP(width, gelu)

    def forward(self, x, cache=None):
        x = x + self.attn(self.norm1(x), cache)
        return x + self.mlp(self.norm2(x))


def initialise(model):
    """Small random weights to start from, as wide as GPT-2's paper and code have them; biases 0.

    What `out` and `down` put into the residual stream is smaller by √(2 · depth): so many of them
    add up there.
    """
    depth = len(model.blocks)
    for name, p in model.named_parameters():
        if name.endswith(("tokens.weight", "qkv.weight", "up.weight")):
            nn.init.normal_(p, std=0.02)
        elif name.endswith("positions.weight"):
            nn.init.normal_(p, std=0.01)
        elif name.endswith(("out.weight", "down.weight")):
            nn.init.normal_(p, std=0.02 / (2 * depth) ** 0.5)
        elif name.endswith("bias"):
            nn.init.zeros_(p)


class GPT(nn.Module):
    """From token ids (text, position) to logits (text, position, vocabulary) of the next token.

    vocabulary, context   how many tokens there are, and how many it can look back on
    width, depth, heads   numbers a position carries; blocks; attention heads in each
    gelu  "tanh", the approximation that GPT-2 was trained with, or "none": exact, as in nanoGPT,
          and a CPU trains it about a tenth faster; as F.gelu's `approximate`

    Raises ValueError when the width cannot be shared among the heads, or for more positions
    than the context has. `cache`: keys and values of earlier calls (coursekit.generation).

    >>> model = GPT(vocabulary=512, context=64, width=96, depth=4, heads=4)
    >>> model(torch.zeros(2, 10, dtype=torch.long)).shape
    torch.Size([2, 10, 512])
    >>> sum(p.numel() for p in model.parameters())
    502848
    """

    def __init__(self, vocabulary=50257, context=1024, width=768, depth=12, heads=12,
                 gelu="tanh"):
        super().__init__()
        if heads < 1 or width % heads:
            raise ValueError(f"width {width} cannot be shared evenly among {heads} heads")
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, gelu) for _ in range(depth))
        self.norm = nn.LayerNorm(width)
        initialise(self)

    def forward(self, ids, cache=None):
        if cache is None:
            n, context = ids.shape[-1], self.positions.num_embeddings
            if n > context:
                raise ValueError(f"{n} tokens, and this GPT looks back on {context}: cut the text")
            places = torch.arange(n, device=ids.device)
        else:
            places = cache.places
        x = self.tokens(ids) + self.positions(places)  # (text, position, width)
        for block in self.blocks:
            x = block(x, cache)
        return F.linear(self.norm(x), self.tokens.weight)
