"""A recurrent network that reads one line and writes another, with attention or without.

Not the network of the paper in all parts: GRU cells as later libraries have them, one layer for
the output instead of maxout. The attention is the paper's.
Source: D. Bahdanau, K. Cho & Y. Bengio, "Neural machine translation by jointly learning to align
and translate", arXiv:1409.0473, 2014. Without attention: K. Cho and others, arXiv:1406.1078, 2014.
"""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PAD, START, END = 0, 1, 2  # the numbers of the first three pieces, in what is read and written


class Reader(nn.Module):
    """Reads lines in both directions: the state at a place knows what is before it and after it.

    reads  how many pieces there are; width  numbers in the state of one direction

    >>> reader = Reader(reads=9, width=4)
    >>> h, last, mask = reader(torch.tensor([[5, 6, 2], [5, 2, PAD]]))
    >>> h.shape, last.shape, mask[1].tolist()      # each place, both ends; is there a piece?
    (torch.Size([2, 3, 8]), torch.Size([2, 8]), [True, True, False])
    """

    def __init__(self, reads, width):
        super().__init__()
        self.heard = nn.Embedding(reads, width)
        self.both = nn.GRU(width, width, batch_first=True, bidirectional=True)

    def forward(self, said):
        lengths = (said != PAD).sum(1)
        packed = pack_padded_sequence(self.heard(said), lengths.cpu(), True, enforce_sorted=False)
        states, last = self.both(packed)  # packed: no state is ever made from padding
        h, _ = pad_packed_sequence(states, batch_first=True)  # (n, places, 2·width)
        return h, torch.cat([*last], 1), said[:, : h.shape[1]] != PAD


class Additive(nn.Module):
    """Weights e = vᵀ tanh(W s + U h), softmax over the places, and the weighted sum of the h.

    >>> look, s, h = Additive(4), torch.zeros(1, 4), torch.rand(1, 3, 8)
    >>> mask = torch.tensor([[True, True, False]])              # the third place is padding
    >>> context, weights = look(s, h, look.U(h), mask)
    >>> context.shape, round(weights.sum().item(), 4), weights[0, 2].item()
    (torch.Size([1, 8]), 1.0, 0.0)
    """

    def __init__(self, width):
        super().__init__()
        self.W = nn.Linear(width, width, bias=False)
        self.U = nn.Linear(2 * width, width)
        self.v = nn.Linear(width, 1, bias=False)

    def forward(self, s, h, Uh, mask):
        e = self.v(torch.tanh(self.W(s)[:, None] + Uh))[:, :, 0]  # (n, places)
        weights = e.masked_fill(~mask, -torch.inf).softmax(1)  # (n, places), each row sums to 1
        return (weights[:, None] @ h)[:, 0], weights  # (n, 2·width): a weighted sum of places


class Seq2Seq(nn.Module):
    """Reads a line in both directions, then writes one symbol after the other.

    reads, writes  how many pieces there are to read and to write
    width          numbers in a state; a state of the reader has twice as many, two directions
    attention      False: every step of writing gets the same vector, the reader's last states

    >>> net = Seq2Seq(reads=9, writes=7, width=4)
    >>> lines = torch.tensor([[[5, 6, 2, 0], [3, 4, 3, 2]], [[5, 2, 0, 0], [4, 2, 0, 0]]])
    >>> net(lines).shape                                # (line, place, scores of 7 pieces)
    torch.Size([2, 4, 7])
    """

    def __init__(self, reads, writes, width=64, attention=True):
        super().__init__()
        self.reader = Reader(reads, width)
        self.begin = nn.Linear(2 * width, width)
        self.attention = Additive(width) if attention else None
        self.given = nn.Embedding(writes, width)
        self.writer = nn.GRUCell(3 * width, width)
        self.out = nn.Linear(3 * width, writes)

    def look(self, said):
        """The writer's first state, and the function it looks back with: s → context, weights."""
        h, last, mask = self.reader(said)
        if self.attention is None:
            return torch.tanh(self.begin(last)), lambda s: (last, None)
        Uh = self.attention.U(h)  # once a line: it does not depend on s
        return torch.tanh(self.begin(last)), lambda s: self.attention(s, h, Uh, mask)

    def step(self, symbol, s, context):
        return self.writer(torch.cat([self.given(symbol), context], 1), s)

    def forward(self, lines):
        """Scores of each symbol, given the right ones before it; lines (n, 2, places)."""
        said, written = lines.unbind(1)
        s, look = self.look(said)
        longest, rows = int((written != PAD).sum(1).max()), []
        for symbol in F.pad(written, (1, 0), value=START)[:, :longest].unbind(1):  # one place late
            context, _ = look(s)
            s = self.step(symbol, s, context)
            rows.append(torch.cat([s, context], 1))
        return self.out(torch.stack(rows, 1))  # (n, longest, writes)


@torch.no_grad()
def write(net, said, most):
    """The symbols a Seq2Seq writes itself, (n, most), and where it looked, (n, most, places).

    >>> net, said = Seq2Seq(reads=9, writes=7, width=4), torch.tensor([[5, 6, 2], [5, 2, PAD]])
    >>> [tuple(found.shape) for found in write(net, said, most=5)]
    [(2, 5), (2, 5, 3)]
    """
    s, look = net.look(said)
    symbol = said.new_full((len(said),), START)
    written, looked = [], []
    for _ in range(most):
        context, weights = look(s)
        s = net.step(symbol, s, context)
        ended = (symbol == END) | (symbol == PAD)
        symbol = net.out(torch.cat([s, context], 1)).argmax(1).masked_fill(ended, PAD)
        written.append(symbol)
        looked.append(weights)
    return torch.stack(written, 1), None if net.attention is None else torch.stack(looked, 1)


def loss(scores, written):
    """Cross-entropy of the symbols that are there: padding does not count.

    >>> loss(torch.zeros(1, 2, 4), torch.tensor([[3, PAD]])).item() == torch.tensor(4.).log().item()
    True
    """
    written = written[:, : scores.shape[1]]  # beyond the longest line there are no scores
    return F.cross_entropy(scores.flatten(0, 1), written.flatten(), ignore_index=PAD)
