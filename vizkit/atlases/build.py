"""vk.atlas: activations of many images laid out, averaged cell by cell, and drawn as dreams.

Each step is a plain function: samples.sample, layout, cells.unit_square, cells.cell_of,
cells.means, whitening.whitened, a dream for each cell, cells.strongest.
Source: Carter, Armstrong, Schubert, Johnson and Olah, "Activation Atlas", Distill 2019. There it
is InceptionV1; here any network.
"""

import numpy as np
import torch

from vizkit import dreams
from vizkit.atlases import cells, whitening
from vizkit.atlases.kept import Kept, fingerprint
from vizkit.atlases.samples import Samples, sample
from vizkit.dreams import objectives
from vizkit.vectors import layout as layouts
from vizkit.views.atlas import AtlasViewer

AT_ONCE = 64  # icons in one batch: what is lost when the run is stopped
TRIES, SHUT = 4, 0.1  # starts of a dream, and the cosine below which another one is taken
NEAR = 8  # cells most alike that are marked: as many as touch a cell
LAYOUTS = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}


def atlas(net, layer, images, labels=None, names=None, layout="tsne", grid=(10, 20, 40), size=None,
          steps=128, per_image=1, least=5, whiten=False, seed=0, folder=None, draw=None,
          progress=None):
    """An AtlasViewer of what a layer tells apart, on grids from coarse to fine.

    net: a Net; layer: a name in it. images: many, of any kind that net.batch takes in slices.
    labels: what is on each image, numbers or words (names: what the numbers mean). Without them a
    cell is called after the classes that the network itself gives its images, on average.
    layout: "tsne", "umap" or "pca" of the activations at length 1 (so that angles count, as in
    2019), or positions (activations, 2). grid: cells along a side, coarse first. Cells with fewer
    than `least` activations stay empty. size, steps: of each cell's dream; size None is what the
    model takes. per_image: places taken of each image's maps. whiten: draw what makes a cell
    special, not what all cells share (the authors did so in deep layers; where batch norm had
    evened the channels out, it was measured to make icons worse).
    folder: keeps finished steps of one set of images, so that a second call goes on where the
    first was stopped; Ctrl-C ends the drawing and shows what is there.
    draw: a function of directions (n, channels) that returns (pictures (n, size, size, 3) uint8,
    scores (n,)), in place of dreams.
    progress: a function of (done from 0 to 1, words).
    Raises ValueError where no cell is full enough, or lengths differ.
    """
    if not len(images):
        raise ValueError("there is no image to take activations from")
    sides = _sides(grid)
    kept = Kept(folder)
    mark = _mark(net)
    taken = _samples(kept, mark, net, layer, images, per_image, seed, labels is None, progress)
    if not len(taken.vectors):
        raise ValueError(f"layer {layer} is silent at every place that was looked at: all its "
                         "channels are 0")
    codes, shares, names = _classes(taken, labels, names, net.classes, len(images))
    places = cells.unit_square(_positions(kept, taken.vectors, layout, seed))
    arrays = _levels(taken.vectors, places, sides, least)
    arrays |= _told(arrays, places, codes, shares, taken.image, names)
    directions = arrays["vectors"]
    if whiten:
        directions = whitening.whitened(directions, whitening.second_moment(taken.vectors))

    def dreamt(part):
        return icons_of(net, layer, part, size, steps, seed)

    made_from = (mark, layer, size, steps, seed, getattr(draw, "__name__", "dream"))
    icons, scores = _icons(kept, directions, draw or dreamt, made_from, progress)
    return AtlasViewer({
        **arrays, "icons": icons, "scores": scores, "places": places.astype(np.float32),
        "image": taken.image.astype(np.int32), "names": np.array(names, dtype=str),
        "layer": np.array(layer), "layout": np.array(LAYOUTS.get(str(layout), "given")),
        "told": np.array("network" if labels is None else "labels"),
        "whitened": np.array(bool(whiten)),
    })


def _sides(grid):
    """The grids' sides, coarse first, each once."""
    sides = sorted({int(side) for side in np.atleast_1d(grid)})
    if sides[0] < 1:
        raise ValueError(f"grid is {grid}: expected cells along a side, e.g. (10, 20)")
    return sides


def _mark(net):
    """What tells these weights from others: computed steps of other weights are not taken."""
    weights = [value.detach().float().cpu().numpy() for value in net.model.state_dict().values()]
    return fingerprint([*weights, *(change.words for change in net.changes)])


def _samples(kept, mark, net, layer, images, per_image, seed, classes, progress):
    ends = net.batch(images[:1]).tensor.cpu().numpy(), net.batch(images[-1:]).tensor.cpu().numpy()

    def compute():
        found = sample(net, layer, images, per_image, seed, classes, progress)
        return {name: value for name, value in vars(found).items() if value is not None}

    made_from = [mark, layer, len(images), *ends, per_image, seed, classes]
    return Samples(**kept.get("activations", made_from, compute))


def _classes(taken, labels, names, known, count):
    """(codes, shares, names): the classes of each image, by its label or by the network."""
    if labels is None:
        if taken.codes is None:
            return np.zeros((count, 1), int), np.zeros((count, 1)), [""]
        names = known if names is None else names
        most = int(taken.codes.max()) + 1
        if names is None or len(names) < most:
            names = [str(code) for code in range(most)]
        return taken.codes, taken.shares, [str(name) for name in names]
    labels = np.asarray(labels)
    if labels.shape != (count,):
        raise ValueError(f"labels have shape {labels.shape} for {count:,} images: expected one "
                         "each")
    if names is None or labels.dtype.kind not in "iu":
        kinds, codes = np.unique(labels.astype(str), return_inverse=True)
        names = kinds.tolist()
    else:
        codes, names = labels, [str(name) for name in names]
        if not 0 <= codes.min() <= codes.max() < len(names):
            raise ValueError(f"labels go from {codes.min()} to {codes.max()}, there are "
                             f"{len(names)} names: expected one name for each label")
    return codes[:, None], np.ones((count, 1)), names


def _positions(kept, vectors, layout, seed):
    """Where each activation lies, (n, 2)."""
    if not isinstance(layout, str):
        positions = np.asarray(layout, dtype=float)
        if positions.shape != (len(vectors), 2):
            raise ValueError(f"layout has shape {positions.shape} for {len(vectors):,} "
                             f"activations, expected ({len(vectors)}, 2)")
        return positions
    ways = {"pca": lambda unit: layouts.pca(unit)[0],
            "tsne": lambda unit: layouts.tsne(unit, seed=seed),
            "umap": lambda unit: layouts.umap(unit, seed=seed)}
    if layout not in ways:
        raise ValueError(f"layout {layout!r} is not known: use 'tsne', 'umap', 'pca', or positions "
                         "(activations, 2)")
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1)
    return kept.get(f"layout-{layout}", [vectors, seed],
                    lambda: {"positions": ways[layout](unit)})["positions"]


def _levels(vectors, places, sides, least):
    """Arrays of all full cells, level by level."""
    rows = []
    for level, side in enumerate(sides):
        number, count, mean = cells.means(vectors, cells.cell_of(places, side), least)
        near, alike = cells.likeness(mean, NEAR)
        before = sum(len(row[1]) for row in rows)
        rows.append((np.full(len(number), level), number, count, mean,
                     np.where(near >= 0, near + before, -1), alike))
    level, number, count, mean, near, alike = map(np.concatenate, zip(*rows, strict=True))
    if not len(number):
        raise ValueError(f"no cell of {sides[0]}×{sides[0]} holds {least} of {len(vectors):,} "
                         "activations: give more images, a coarser grid or least=1")
    return {"sides": np.array(sides, np.int32), "level": level.astype(np.int32),
            "number": number.astype(np.int32), "count": count.astype(np.int32),
            "vectors": mean.astype(np.float32), "near": near.astype(np.int32), "alike": alike}


def _told(arrays, places, codes, shares, image, names):
    """codes and shares of the strongest classes of each cell."""
    found = []
    for level, side in enumerate(arrays["sides"]):
        numbers = arrays["number"][arrays["level"] == level]
        row = np.full(side * side, -1)
        row[numbers] = np.arange(len(numbers))
        rows = row[cells.cell_of(places, side)]
        whole = cells.class_shares(rows, codes[image], shares[image], len(numbers), len(names))
        found.append(cells.strongest(whole))
    codes, shares = map(np.concatenate, zip(*found, strict=True))
    return {"codes": codes, "shares": shares}


def icons_of(net, layer, directions, size=None, steps=128, seed=0):
    """(pictures (n, side, side, 3) uint8, cosines (n,)): a dream for each direction (n, channels).

    All start from the same picture and are moved about alike, so that what differs between two is
    what their directions ask for. The cosine is between the direction and what the layer gives for
    the finished picture, in the middle. Where that start leaves a ReLU shut, others are tried,
    four in all, as in 2019. Ctrl-C goes through: a batch counts as a whole.
    """
    directions = np.asarray(directions, dtype=np.float64)
    length = np.linalg.norm(directions, axis=1, keepdims=True)
    units = list(net[layer].direction(directions / np.where(length > 0, length, 1)))
    pictures, cosines = _dreamt(net, units, size, steps, seed)
    for again in range(1, TRIES):
        shut = np.flatnonzero(cosines < SHUT)
        if not len(shut):
            break
        others, reached = _dreamt(net, [units[at] for at in shut], size, steps, seed + again)
        better = reached > cosines[shut]
        pictures[shut[better]], cosines[shut[better]] = others[better], reached[better]
    pictures = np.floor(pictures * 255 + 0.5).astype(np.uint8)
    pictures = np.repeat(pictures, 3, 1) if pictures.shape[1] == 1 else pictures
    return np.moveaxis(pictures, 1, -1), cosines


def _dreamt(net, units, size, steps, seed):
    """(pictures (n, channel, y, x) 0…1, cosines) of one try."""
    try:
        found = dreams.dream(net, [objectives.cosine(unit) for unit in units], size, steps, seed)
    except ValueError:  # it says so where no picture of the batch had a gradient
        found = dreams.dream(net, [objectives.cosine(unit) for unit in units], size, 1, seed)
    if found.stopped:
        raise KeyboardInterrupt
    angles = [objectives.of_unit(unit, _cosine, "{}") for unit in units]
    return found.images, dreams.score(net, angles, found.images)


def _cosine(activations, directions, kin):
    """A measure for dreams.score: the angle alone, at the place in the middle."""
    here = objectives.in_the_middle(activations)
    return torch.nn.functional.cosine_similarity(here, directions, dim=1)


def _icons(kept, directions, draw, made_from, progress):
    """(pictures, scores) of all directions; those that were not reached are grey, score NaN."""
    pictures, scores = [], []
    try:
        for start in range(0, len(directions), AT_ONCE):
            part = directions[start : start + AT_ONCE]

            def compute(part=part):
                images, reached = draw(part)
                return {"images": np.asarray(images), "scores": np.asarray(reached)}

            found = kept.get("icons", [*made_from, part], compute)
            pictures.append(found["images"])
            scores.append(found["scores"])
            if progress is not None:
                done = start + len(part)
                progress(done / len(directions), f"{done:,} of {len(directions):,} icons")
    except KeyboardInterrupt:
        if not pictures:
            raise
    pictures, scores = np.concatenate(pictures), np.concatenate(scores).astype(np.float32)
    missing = len(directions) - len(pictures)
    grey = np.full((missing, *pictures.shape[1:]), 128, np.uint8)
    return np.concatenate([pictures, grey]), np.append(scores, np.full(missing, np.nan, np.float32))
