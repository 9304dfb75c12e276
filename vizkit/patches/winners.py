"""The largest or smallest values of a long stream, for many units at once, and a fair sample.

Nothing here grows with the length of the stream.
"""

import numpy as np
import torch

NUMBERS = 31  # bits for an image's number: up to two milliards of them
LAST = (1 << NUMBERS) - 1


def keys(values, numbers, largest):
    """Whole numbers that sort as (value, number) do; among equal values the first image wins.

    values (n, unit) float32; numbers (n,). The bits of a float, read as an integer, are in order;
    those of negative ones are turned round.
    """
    bits = (values + 0.0).view(torch.int32).long()
    ordered = torch.where(bits >= 0, bits, bits ^ 0x7FFFFFFF)
    tie = LAST - numbers if largest else numbers
    return ordered * (LAST + 1) + tie[:, None].to(ordered)


class Winners:
    """For each unit the `top` largest (or smallest) values, with image number and place.

    >>> best = Winners(2)
    >>> for start in (0, 2):
    ...     values = torch.tensor([[1.0], [5.0], [5.0], [-3.0]])[start : start + 2]
    ...     _ = best.add(values, torch.arange(start, start + 2), torch.zeros(2, 1).long())
    >>> best.values.tolist(), best.numbers.tolist()
    ([[5.0], [5.0]], [[1], [2]])
    """

    def __init__(self, top, largest=True):
        self.top, self.largest, self.keys, self.places = top, largest, None, None

    def add(self, values, numbers, places):
        """A block (n, unit). Returns where each winner (rank, unit) comes from: its rank before,
        or, from `len(ranks before)` on, its row in this block.
        """
        lost = -torch.inf if self.largest else torch.inf
        fresh = keys(values.nan_to_num(lost, torch.inf, -torch.inf), numbers, self.largest)
        count = min(self.top, len(fresh))
        fresh, rows = fresh.topk(count, 0, self.largest)
        places = places.gather(0, rows)
        if self.keys is not None:
            before = len(self.keys)
            old = torch.arange(before)[:, None].expand(before, fresh.shape[1])
            fresh, rows = torch.cat([self.keys, fresh]), torch.cat([old, rows + before])
            fresh, order = fresh.topk(min(self.top, len(fresh)), 0, self.largest)
            rows, places = rows.gather(0, order), torch.cat([self.places, places]).gather(0, order)
        self.keys, self.places = fresh, places
        return rows

    @property
    def numbers(self):
        """Image numbers (rank, unit)."""
        tie = self.keys & LAST
        return LAST - tie if self.largest else tie

    @property
    def values(self):
        """Values (rank, unit), the best first."""
        ordered = self.keys >> NUMBERS
        bits = torch.where(ordered >= 0, ordered, ordered ^ 0x7FFFFFFF)
        return bits.to(torch.int32).view(torch.float32)


class Sample:
    """A uniform sample of the images of a stream: those whose random numbers are the smallest."""

    def __init__(self, size, seed=0):
        self.size, self.random, self.rows = size, np.random.default_rng(seed), None

    def add(self, values, numbers, places):
        """A block (n, unit). Which images are drawn does not depend on the size of the blocks."""
        drawn = torch.from_numpy(self.random.random(len(values)))
        worst = torch.inf
        if self.rows is not None and len(self.rows[0]) == self.size:
            worst = self.rows[0][-1]
        rows = [part[drawn < worst] for part in (drawn, values, numbers, places)]
        if self.rows is not None:
            rows = [torch.cat(pair) for pair in zip(self.rows, rows, strict=True)]
        order = rows[0].argsort()[: self.size]
        self.rows = [part[order] for part in rows]

    def first(self, count):
        """(values, numbers, places) of the first that were drawn, (image, unit) and (image,)."""
        return [part[:count] for part in self.rows[1:]]
