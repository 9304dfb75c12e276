"""Patches of images that come only once, as a generator gives them: those of the winners so far."""

import math

import numpy as np

from vizkit.patches.crops import boxes_of, crop, smaller

KEPT = 256 << 20  # bytes of patches


class Once:
    """Patches of the winners so far, of images that will not come again."""

    def __init__(self, found, shape, top):
        self.found, self.shape = found, shape
        size = math.prod(found.size) * 3 * shape[1] * top * 2
        self.factor = max(1, math.ceil(math.sqrt(size / KEPT)))
        self.ends, self.drawn = [None, None], {}

    def add(self, shown, numbers, came, ends, drawn):
        """One block: its pictures; where the winners come from; the numbers drawn so far."""
        for end, (rows, best) in enumerate(zip(came, ends, strict=True)):
            before = self.ends[end]
            ranks = 0 if before is None else len(before)
            boxes = boxes_of(self.found, best.places.numpy(), self.shape)
            sizes = tuple(boxes[0, 0, 2:] - boxes[0, 0, :2])
            height, width = (side // self.factor for side in sizes)
            now = np.empty((*rows.shape, height, width, 3), np.uint8)
            for (rank, unit), row in np.ndenumerate(rows.numpy()):
                if row < ranks:
                    now[rank, unit] = before[row, unit]
                else:
                    patch = crop(shown[row - ranks], boxes[rank, unit])
                    now[rank, unit] = smaller(patch, self.factor)
            self.ends[end] = now
        rows = {int(number): row for row, number in enumerate(numbers)}
        self.drawn = {n: self.drawn[n] if n in self.drawn else shown[rows[n]]
                      for n in map(int, drawn)}

    def kept(self, result):
        """The patches (unit, top, y, x, 3) of each group."""
        numbers, boxes = result.numbers["random"], result.boxes["random"]
        drawn = np.stack([np.stack([
            smaller(crop(self.drawn[int(n)], box), self.factor)
            for n, box in zip(*row, strict=True)]) for row in zip(numbers, boxes, strict=True)])
        strongest, weakest = (end.swapaxes(0, 1) for end in self.ends)
        return {"strongest": strongest, "random": drawn, "weakest": weakest}

    def note(self):
        """Whether the patches had to be made smaller, in words."""
        return "" if self.factor == 1 else f"patches kept {self.factor} times smaller"
