"""Text for the training loop: windows of tokens as batches, loss per token, bits per byte.

All of a text is one tensor of token ids, on the device that trains; a batch is cut out of it.
"""

import math

import torch
import torch.nn.functional as F

IGNORE = -100  # a target that does not count, as torch's cross_entropy has it


class Windows:
    """Batches (inputs, targets) for `fit`, cut from one long tensor at random places.

    tokens   ids (n,), on the device; targets are the inputs one position later
    length   positions of a window; `batch`: windows a step, of all processes together
    steps    batches to an epoch, whatever the length of the text
    starts   places where a window may start: the beginnings of stories, say; default anywhere
    rank, world   which process this is, of how many: each gets an equal share of every batch

    The windows depend on seed, epoch and step alone: a resumed run sees what the first would have.

    >>> x, y = next(iter(Windows(torch.arange(100), length=5, batch=2, steps=10)))
    >>> x.shape, (y == x + 1).all().item()
    (torch.Size([2, 5]), True)
    """

    def __init__(self, tokens, length, batch, steps, starts=None, seed=0, rank=0, world=1):
        last = len(tokens) - length - 1
        if last < 0:
            raise ValueError(f"{len(tokens)} tokens are no window of {length} and the one after "
                             f"it: take a longer text or a shorter window")  # fmt: skip
        if batch % world:
            raise ValueError(f"a batch of {batch} cannot be shared evenly by {world} processes")
        self.tokens, self.length, self.batch, self.steps = tokens, length, batch, steps
        self.starts = None if starts is None else torch.as_tensor(starts)
        if starts is not None:
            self.starts = self.starts[self.starts <= last]
            if not len(self.starts):
                raise ValueError(f"none of {len(starts)} starts is followed by {length + 1} "
                                 "tokens: take a shorter window")  # fmt: skip
        self.last, self.seed, self.rank, self.world, self.epoch = last, seed, rank, world, 1

    def __len__(self):
        return self.steps

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __iter__(self):
        generator = torch.Generator().manual_seed(1_000_003 * self.seed + self.epoch)
        for _ in range(self.steps):
            if self.starts is None:
                first = torch.randint(self.last + 1, (self.batch,), generator=generator)
            else:
                chosen = torch.randint(len(self.starts), (self.batch,), generator=generator)
                first = self.starts[chosen]
            yield cut(self.tokens, first[self.rank :: self.world], self.length)


class Pages:
    """Every token once, in order, for `evaluate`: batches (inputs, targets) of windows.

    With `starts` each page begins at one of them and holds as many whole stories as fit; what is
    over is IGNOREd, as is the rest of the last page. A story longer than a page goes on without
    its beginning.

    >>> pages = Pages(torch.arange(12), length=5, batch=8)
    >>> [y.tolist() for _, y in pages]
    [[[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, -100, -100, -100, -100]]]
    """

    def __init__(self, tokens, length, batch=32, starts=None):
        if length < 1:
            raise ValueError(f"pages of {length} tokens: each needs at least 1")
        if len(tokens) < 2:
            raise ValueError(f"{len(tokens)} tokens to be predicted from those before: take a "
                             "longer text")  # fmt: skip
        self.tokens, self.length, self.batch = tokens, length, batch
        self.first = page_starts(len(tokens) - 1, length, starts)
        self.end = self.first[1:] + [len(tokens) - 1]

    def __len__(self):
        return -(-len(self.first) // self.batch)

    def __iter__(self):
        padded = F.pad(self.tokens, (0, self.length))
        places = torch.arange(self.length)
        for k in range(0, len(self.first), self.batch):
            first, end = (torch.tensor(v[k : k + self.batch]) for v in (self.first, self.end))
            x, y = cut(padded, first, self.length)
            over = first[:, None] + places >= end[:, None]
            yield x, y.masked_fill(over.to(y.device), IGNORE)


def page_starts(n, length, starts=None):
    """Where pages of at most `length` of n tokens begin, each at one of `starts` where it can.

    >>> page_starts(20, 8), page_starts(20, 8, starts=[0, 5, 7, 13])
    ([0, 8, 16], [0, 7, 13])
    """
    allowed = sorted(range(n) if starts is None else (int(s) for s in starts))
    pages, place = [0], 0
    while pages[-1] + length < n:
        while place < len(allowed) and allowed[place] <= pages[-1] + length:
            place += 1
        best = allowed[place - 1] if place else 0
        pages.append(best if best > pages[-1] else pages[-1] + length)
    return pages


def cut(tokens, first, length):
    """Windows of `tokens` from each of `first` on, and the same one position later."""
    places = first[:, None] + torch.arange(length + 1)
    rows = tokens[places.to(tokens.device)].long()
    return rows[:, :-1], rows[:, 1:]


def cross_entropy(logits, targets):
    """Nats per token: logits (text, position, vocabulary), targets (text, position).

    >>> round(cross_entropy(torch.zeros(1, 3, 512), torch.zeros(1, 3).long()).item(), 4)
    6.2383
    """
    return F.cross_entropy(logits.flatten(0, -2), targets.flatten(), ignore_index=IGNORE)


@torch.no_grad()
def score(model, pages, bf16=False):
    """(nats, tokens): the surprise of all of a text, summed; and how many tokens that was."""
    nats, count, device = 0.0, 0, next(model.parameters()).device
    training = model.training
    model.eval()
    try:
        for x, y in pages:
            with torch.autocast(device.type, dtype=torch.bfloat16, enabled=bf16):
                logits = model(x.to(device)).float()
            each = F.cross_entropy(logits.flatten(0, -2), y.to(device).flatten(),
                                   ignore_index=IGNORE, reduction="sum")  # fmt: skip
            nats, count = nats + each.item(), count + int((y != IGNORE).sum())
    finally:
        model.train(training)
    return nats, count


def bits_per_byte(nats, text):
    """The surprise of a whole text in bits for each of its bytes (UTF-8): comparable between
    vocabularies, as loss per token is not.

    >>> round(bits_per_byte(8 * math.log(256), "8 random"), 2)     # a byte at even odds
    8.0
    """
    return nats / math.log(2) / len(text.encode("utf-8"))


def adamw(model, rate, decay=0.1, betas=(0.9, 0.99)):
    """AdamW that pulls matrices towards 0 and leaves biases and normalisation alone, fused.

    Source: Loshchilov & Hutter 2017, arXiv:1711.05101; which tensors, after Brown et al. 2020.
    """
    groups = [{"params": [p for p in model.parameters() if p.ndim > 1], "weight_decay": decay},
              {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0}]
    fused = next(model.parameters()).device.type in ("cpu", "cuda")
    return torch.optim.AdamW(groups, lr=rate, betas=betas, fused=fused)
