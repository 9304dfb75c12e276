"""Patches: the parts of a data set's images that excite the units of a layer most, or least.

One pass for all units of a layer. Of each image a unit's largest value over the map counts, once,
so that nine patches come from nine images. Three groups, by that value: the strongest; the
weakest; and a random control: images drawn uniformly from the data set, the same for all units,
each at the place where the unit likes it best.
"""

import math
from dataclasses import dataclass, field

import numpy as np
import torch

from vizkit import views
from vizkit.fields import receptive
from vizkit.inputs import images as reading
from vizkit.model.layers import as_maps
from vizkit.model.runner import AT_ONCE
from vizkit.patches.crops import boxes_of, colour, crop
from vizkit.patches.once import Once
from vizkit.patches.stream import Stream
from vizkit.patches.winners import Sample, Winners
from vizkit.progress import Progress

GROUPS = ("strongest", "random", "weakest")
AT_LAYER = 32 << 20  # bytes of the largest activation of one pass
SAMPLED = 16 << 20  # bytes of maxima kept for the histogram


@dataclass
class Patches:
    """What one pass found. values, numbers, boxes: dicts of group → (unit, top), boxes (…, 4).

    maxima (image, unit): of images drawn at random, for histograms. seen: how many images were
    looked at. kept: patches of images that came once, else the stream gives them again.
    """

    net: object
    stream: Stream
    field: receptive.ReceptiveField
    values: dict
    numbers: dict
    boxes: dict
    maxima: np.ndarray
    seen: int
    notes: list
    kept: dict = field(default_factory=dict)

    def crops(self, group, units, most=None):
        """The patches (unit, top, y, x, 3), bytes, of some units of one group; `most` of each."""
        if group in self.kept:
            return self.kept[group][units][:, :most]
        numbers, boxes = (found[group][units][:, :most] for found in (self.numbers, self.boxes))
        size = tuple(boxes.reshape(-1, 4)[0, 2:] - boxes.reshape(-1, 4)[0, :2])
        found = np.empty((*numbers.shape, *size, 3), np.uint8)
        order = np.argsort(numbers, axis=None)
        for block in np.array_split(order, -(-len(order) // AT_ONCE)):
            wanted = np.unique(numbers.flat[block])
            pictures = dict(zip(wanted.tolist(), self.pictures(wanted), strict=True))
            for at in map(int, block):
                where = np.unravel_index(at, numbers.shape)
                found[where] = crop(pictures[int(numbers[where])], boxes[where])
        return found

    def pictures(self, numbers):
        """The images of these numbers as the model saw them, a list of (y, x, 3) bytes."""
        numbers = [int(number) for number in numbers]
        items = self.stream.at(numbers)
        return pictures(self.net, self.net.batch(items).tensor, items)

    def whole(self, number):
        """One image (y, x, 3), or None where it came once and is gone."""
        return self.pictures([number])[0] if self.stream.again else None


def collect(net, layer, images, top=9, seed=0, pick=None, progress=None):
    """Patches of all units of a layer, in one pass over the images; memory does not grow.

    pick: from a layer's maps (image, channel, y, x) to the units' maps. Ctrl-C ends the pass and
    gives what was found until then. Raises ValueError where there is no image.
    """
    stream = images if isinstance(images, Stream) else Stream(images)
    best, worst = Winners(top), Winners(top, largest=False)
    sample = found = crops = None
    seen, broken, stopped = 0, 0, False
    axis, size = net.fact(layer).axis, batch_size(net, layer)
    try:
        for numbers, items in stream.blocks(size):
            numbers, batch = stream.prepared(net, numbers, items)
            maps = as_units(net.capture(batch, layer)[layer], axis, pick)
            values, places = peaks(maps)
            values, places, numbers = values.cpu(), places.cpu(), torch.from_numpy(numbers)
            if sample is None:
                found = where(net, layer, batch, items, maps.shape)
                count = values.shape[1]
                sample = Sample(max(top, min(2000, SAMPLED // (8 * count))), seed)
                crops = None if stream.again else Once(found, maps.shape, top)
            broken += int(values.isnan().any(1).sum())
            sample.add(values, numbers, places)
            came = best.add(values, numbers, places), worst.add(values, numbers, places)
            if crops is not None:
                drawn = sample.first(top)[1]
                crops.add(pictures(net, batch, items), numbers, came, (best, worst), drawn)
            seen += len(values)
            if progress is not None:
                progress(stream.count and seen / stream.count, f"{seen:,} images")
    except KeyboardInterrupt:
        if sample is None:
            raise
        stopped = True
    if sample is None:
        raise ValueError("there are no images: pass at least one")
    said = [f"stopped after {seen:,} images" if stopped else "", stream.note(),
            f"{broken} images gave NaN" if broken else "",
            crops.note() if crops is not None else ""]
    return gathered(net, stream, found, maps.shape, (best, worst), sample, top, seen,
                    [words for words in said if words], crops)


def gathered(net, stream, found, shape, ends, sample, top, seen, notes, crops):
    """The Patches of a pass that has ended: arrays (unit, top) of each group."""
    values, numbers, places = sample.first(top)
    order = torch.argsort(values, dim=0, descending=True, stable=True)  # the highest first
    drawn = numbers[:, None].expand_as(values).gather(0, order)
    groups = {"strongest": (ends[0].values, ends[0].numbers, ends[0].places),
              "random": (values.gather(0, order), drawn, places.gather(0, order)),
              "weakest": (ends[1].values, ends[1].numbers, ends[1].places)}
    arrays = {name: [part.T.contiguous().numpy() for part in parts]
              for name, parts in groups.items()}
    boxes = {name: boxes_of(found, part[2], shape) for name, part in arrays.items()}
    result = Patches(net, stream, found, {n: p[0] for n, p in arrays.items()},
                     {n: p[1] for n, p in arrays.items()}, boxes,
                     sample.rows[1].numpy(), seen, notes)
    if crops is not None:
        result.kept = crops.kept(result)
    return result


def batch_size(net, layer):
    """Images in one pass, so that no activation on the way takes more than 32 MB."""
    largest = 1
    for name, fact in net.runner.facts().items():
        largest = max(largest, math.prod(fact.shape or (1,)))
        if name == layer:
            break
    return max(8, min(AT_ONCE, AT_LAYER // (4 * largest)))


def as_units(output, axis, pick):
    """What a layer gave, (image, …), as maps of the units, (image, unit, y, x)."""
    if output.ndim == 4:
        maps = output.movedim(axis, 1)
    elif output.ndim == 2:
        maps = output[:, :, None, None]
    elif as_maps(output[0], axis, tokens=True) is not None:
        maps = torch.stack([as_maps(one, axis, tokens=True) for one in output])
    else:
        maps = output.movedim(axis, 1).flatten(2)[..., None]
    return maps if pick is None else pick(maps)


def peaks(maps):
    """(values, places): the largest value of each map (image, unit) and where it is.

    Of several places with that value it is the middle one, if that has it, else the first: on a
    map that is the same everywhere no corner stands out.

    >>> values, places = peaks(torch.tensor([[[[0.0, 3.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]]]))
    >>> values.tolist(), places.tolist()
    ([[3.0, 0.0]], [[1, 3]])
    """
    height, width = maps.shape[2:]
    middle = height // 2 * width + width // 2
    flat = maps.flatten(2).float()
    values, places = flat.max(2)
    places[flat[..., middle] == values] = middle
    return values, places


def where(net, layer, batch, items, shape):
    """The receptive field of the units, in pixels of the picture that is shown."""
    if batch.ndim == 4:
        return receptive.field(net, layer, batch)
    image = pictures(net, batch[:1], items[:1])[0].shape[:2]
    return receptive.ReceptiveField(image, (0, 0), (0, 0), image)


def pictures(net, batch, items):
    """Images as the model saw them, (y, x, 3) bytes; as they came where it takes no images."""
    if net.intake.kind == "image":
        shown = [net.seen_image(reading.Batch(one[None])) for one in batch]
        if shown[0] is not None:
            return [colour(picture) for picture in shown]
    loaded = [reading.load(item) for item in items]
    return [colour(np.asarray(reading.to_pil(one)[0])) for one in loaded]


def patches(unit, images, top=9, seed=0):
    """A PatchViewer of the units: strongest, random and weakest patches of the images."""
    net, called = unit.net, unit.name
    if top < 1:
        raise ValueError(f"top is {top}; expected at least one patch")
    stream = Stream(images)
    chosen = None if unit.rows is None else unit.numbers()

    def pick(maps):
        if chosen is not None:
            return maps[:, chosen]
        return torch.einsum("uc,nchw->nuhw", unit.vectors().to(maps), maps)

    with Progress(f"patches of {called}") as bar:
        found = collect(net, unit.layer, stream, top, seed,
                        None if unit.rows is None else pick, bar)
    viewer = views.PatchViewer(
        found.values, found.numbers, found.boxes, found.maxima, found.crops, found.whole,
        layer=called, titles=unit.titles, seen=found.seen, notes=found.notes,
        exact=found.field.exact, how=found.field.how,
    )
    if unit.numbers() is None:
        return viewer
    source = net.fact(unit.layer).source
    return net.selection.join(viewer, {called: (source, chosen)})
