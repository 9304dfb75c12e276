"""WaveNet's stack: causal convolutions whose steps double, so that a few layers reach far back.

Takes whole numbers (n, time), 0 … symbols - 1, and returns logits (n, symbols, time): at each time
the scores of the *next* symbol, made of this one and those before it.
Source: van den Oord and others, "WaveNet: a generative model for raw audio", 2016,
arXiv:1609.03499. Here an embedding stands for its first convolution, and symbols are of any kind.
"""

import torch
import torch.nn.functional as F
from torch import nn

DILATIONS = tuple(2**k for k in range(10))  # 1, 2, 4 … 512: the paper's, over and over


def field(kernel, dilations):
    """How far back an output of a dilated stack can reach, its own place included.

    kernel in taps, dilations in places from one tap to the next, one for each layer.

    >>> field(2, DILATIONS)
    1024
    """
    return 1 + (kernel - 1) * sum(dilations)


class CausalConv(nn.Conv1d):
    """A convolution over time that sees its own place and earlier ones: padded on the left only."""

    def __init__(self, inputs, outputs, kernel=2, dilation=1):
        super().__init__(inputs, outputs, kernel, dilation=dilation)

    def forward(self, x):  # (n, channels, time)
        left = (self.kernel_size[0] - 1) * self.dilation[0]
        return super().forward(F.pad(x, (left, 0)))  # as long as x


class WaveNet(nn.Module):
    """Gated causal convolutions, one for each dilation; every layer speaks to the output.

    >>> WaveNet(symbols=5)(torch.zeros(2, 30, dtype=torch.long)).shape
    torch.Size([2, 5, 30])
    """

    def __init__(self, symbols, width=32, dilations=DILATIONS, kernel=2):
        super().__init__()
        self.embed = nn.Embedding(symbols, width)
        self.gates = nn.ModuleList(CausalConv(width, 2 * width, kernel, d) for d in dilations)
        self.mixes = nn.ModuleList(nn.Conv1d(width, 2 * width, 1) for _ in dilations)
        self.head = nn.Sequential(
            nn.ReLU(), nn.Conv1d(width, width, 1), nn.ReLU(), nn.Conv1d(width, symbols, 1))

    def forward(self, symbols):
        x = self.embed(symbols).mT  # (n, width, time)
        total = 0
        for gate, mix in zip(self.gates, self.mixes, strict=True):
            value, opening = gate(x).chunk(2, dim=1)
            found = torch.tanh(value) * torch.sigmoid(opening)
            onward, out = mix(found).chunk(2, dim=1)
            x, total = x + onward, total + out  # to the next layer, and to the output
        return self.head(total)  # (n, symbols, time)
