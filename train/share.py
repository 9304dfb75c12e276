"""The batches of one process among several, and how pictures become a network's input."""

import torch
import torch.nn.functional as F

from coursekit.augment import crops, flips, pca_colour, zooms
from coursekit.models.alexnet import MEAN

RECIPES = ("zoom", "paper", "none")


class Share:
    """This process's part of every batch of a set of pictures; a new order each epoch.

    pictures   uint8 (n, side, side, 3), an array on the disk or a tensor on the device
    labels     (n,); `rows`: which of the pictures to use
    batch      pictures a step, of all processes together
    rank, world  which process this is, of how many

    An epoch has every picture once, over all processes. Its batches are of equal size, give or
    take one, so that none is a small rest. Order and chance (`set_epoch` seeds the generators)
    depend on seed, epoch and rank alone: a resumed run sees what the first would have seen.
    `weight`: this process's part of the batch under way, in units of an equal part.
    """

    def __init__(self, pictures, labels, rows, batch, seed=0, rank=0, world=1):
        if len(rows) < world:
            raise ValueError(f"{len(rows)} pictures for {world} processes: take fewer processes")
        self.pictures, self.labels = pictures, torch.as_tensor(labels)
        self.rows, self.batch, self.seed = torch.as_tensor(rows), batch, seed
        self.rank, self.world, self.epoch, self.weight = rank, world, 1, 1.0

    def __len__(self):
        return min(-(-len(self.rows) // self.batch), len(self.rows) // self.world)

    def set_epoch(self, epoch):
        self.epoch = epoch

    def order(self):
        """All rows in this epoch's order, in one list a batch; the same in every process."""
        generator = torch.Generator().manual_seed(1_000_003 * self.seed + self.epoch)
        mixed = self.rows[torch.randperm(len(self.rows), generator=generator)]
        return mixed.tensor_split(len(self))

    def __iter__(self):
        torch.manual_seed((1_000_003 * self.seed + self.epoch) * 1009 + self.rank)
        for rows in self.order():
            own = rows[self.rank :: self.world]
            self.weight = len(own) * self.world / len(rows)
            yield self.take(own)

    def take(self, rows):
        if isinstance(self.pictures, torch.Tensor):
            return self.pictures[rows.to(self.pictures.device)], self.labels[rows]
        return torch.from_numpy(self.pictures[rows.numpy()]), self.labels[rows]


class Loss:
    """Cross-entropy, its gradients those of the whole batch when processes have unequal parts.

    smoothing: the share of each target that is spread over all classes (Szegedy et al. 2015).
    """

    def __init__(self, share, smoothing=0.0):
        self.share, self.smoothing = share, smoothing

    def __call__(self, outputs, targets):
        value = F.cross_entropy(outputs, targets, label_smoothing=self.smoothing)
        return value * self.share.weight if torch.is_grad_enabled() else value


class Views:
    """Pictures to look at, not to train on: middles, in order, ready for the network.

    Yields (inputs, labels) on the device; `mirrored` turns every picture round.
    """

    def __init__(self, pictures, labels, rows, prepare, batch=256, mirrored=False):
        self.whole = Share(pictures, labels, rows, batch)
        self.prepare, self.mirrored = prepare, mirrored

    def __len__(self):
        return -(-len(self.whole.rows) // self.whole.batch)

    def __iter__(self):
        for rows in self.whole.rows.split(self.whole.batch):
            pixels, labels = self.whole.take(rows)
            x = self.prepare(pixels)
            yield x.flip(-1) if self.mirrored else x, labels


class Prepare:
    """From pictures (n, s, s, 3) uint8 to inputs (n, 3, side, side), levels minus their mean.

    scale     levels are divided by it
    recipe    None for the middle of each picture; "zoom", "paper" or "none" to vary it at random
    axes      of colours, from coursekit.augment.colour_axes, for PCA colour
    area      smallest share of a picture that a zoom shows
    """

    def __init__(self, side, scale, device="cpu", layout=torch.contiguous_format, recipe=None,
                 axes=None, area=0.35):  # fmt: skip
        if recipe not in (None, *RECIPES):
            raise ValueError(f"recipe {recipe!r}, expected one of {', '.join(RECIPES)}")
        self.side, self.scale, self.device, self.layout = side, scale, device, layout
        self.recipe, self.axes, self.area = recipe, axes, area
        self.mean = torch.tensor(MEAN, device=device)[:, None, None]

    def __call__(self, pixels):
        x = pixels.to(self.device).movedim(-1, 1).float()
        if self.recipe == "zoom":
            x = zooms(x, self.side, (self.area, 1.0))
        elif self.recipe == "paper":  # 224 of 256 pixels, as many mirrored
            x = flips(crops(at_least(x, round(self.side * 256 / 224)), self.side))
        else:
            x = middle(x, self.side)
        if self.recipe in ("zoom", "paper"):
            x = pca_colour(x, self.axes)
        return ((x - self.mean) / self.scale).contiguous(memory_format=self.layout)


def middle(x, side):
    """The middle square of side x side pixels; smaller pictures are enlarged, all of them shown.

    >>> middle(torch.zeros(1, 3, 256, 256), 227).shape, middle(torch.zeros(1, 3, 64, 64), 64).shape
    (torch.Size([1, 3, 227, 227]), torch.Size([1, 3, 64, 64]))
    """
    x = at_least(x, side)
    edge = (x.shape[-1] - side) // 2
    return x[:, :, edge : edge + side, edge : edge + side]


def at_least(x, side):
    """Enlarged to `side` pixels where the pictures are smaller."""
    if x.shape[-1] >= side:
        return x
    return F.interpolate(x, (side, side), mode="bilinear", align_corners=False)


def apart(labels, share):
    """Rows to train on, and the last `share` of each class, kept apart to choose settings by.

    At least one of each class, unless it has only one.

    >>> [rows.tolist() for rows in apart([0, 0, 0, 0, 1, 1, 1, 1], 0.25)]
    [[0, 1, 2, 4, 5, 6], [3, 7]]
    """
    labels = torch.as_tensor(labels)
    kept = torch.zeros(len(labels), dtype=torch.bool)
    for label in labels.unique():
        rows = (labels == label).nonzero().squeeze(1)
        count = max(round(share * len(rows)), int(len(rows) > 1))
        kept[rows[len(rows) - count :]] = True
    return (~kept).nonzero().squeeze(1), kept.nonzero().squeeze(1)
