"""Dreams: images that raise what a network's units give, found by climbing the gradient.

Many objectives in one run, an image each. Computes and shows nothing; `units.dream()` is the
viewer. Source: Olah, Mordvintsev & Schubert 2017, "Feature Visualization",
doi:10.23915/distill.00007.
"""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import torch

from vizkit.dreams.objectives import Objective, each
from vizkit.dreams.pixel_range import pixel_range
from vizkit.dreams.plan import Plan, at_once, multiplies_halves
from vizkit.dreams.spectrum import PARAMETERISATIONS, Painter, colour_matrix
from vizkit.dreams.wobble import wobble
from vizkit.model import hooks
from vizkit.model.runner import place_of

FAINT = 0.05  # slopes below this share of an image's usual one move its knobs less than a full step
SILENT = 8  # steps that an image without a slope gets, twice as strong after each


@dataclass
class Dreams:
    """What a run found.

    images: (n, channel, y, x), 0…1, float32. scores: (n,), of these images through the plain
    network, without transforms. start: (n,), the scores of the images it started from.
    history: (steps, n), the scores of the transformed images at each step. seeds: (n,).
    notes: what to know, in words. stopped: ended before its last step?
    """

    images: np.ndarray
    scores: np.ndarray
    start: np.ndarray
    history: np.ndarray
    seeds: list
    names: list
    notes: list = field(default_factory=list)
    stopped: bool = False

    def __repr__(self):
        count, _, height, width = self.images.shape
        early = ", stopped" if self.stopped else ""
        return f"Dreams: {count} of {height}×{width}, {len(self.history)} steps{early}"


def dream(net, objectives, size=None, steps=128, seed=0, rate=0.05, transforms=True,
          parameterisation="fourier", colour="decorrelated", normalise=None, half=None,
          progress=None, stop=None):
    """Dreams of several objectives in one run, each image with its own. Ctrl-C ends it early and
    returns what is there.

    net: a Net. objectives: an Objective, a list of them, or Units (a channel objective for each).
    size: side of the images, or (height, width); default: what the model takes. Another size is
    possible for layers before the first fully connected one.
    seed: of the random start and the transforms: a number (an objective that comes again takes
    the next one) or one for each image. An image depends on its own seed and not on its company.
    rate: Adam's step. transforms: True, False, or a dict (see vizkit.dreams.wobble).
    parameterisation: "fourier" or "pixels". colour: "decorrelated", "plain" or a 3×3 matrix.
    normalise: (mean, spread) where the model's preprocess does not say how pixels go in.
    half: climb in bfloat16; scores are taken in full precision. None: where the processor
    multiplies such numbers itself: the same scores within a percent, in two thirds of the time.
    progress: called as progress(step, steps, scores) after each step. stop: called after each
    step; a true answer ends the run.

    >>> from vizkit.net import Net
    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(3, 2, 5)))
    >>> found = dream(net, net["0"], size=16, steps=20)
    >>> found
    Dreams: 2 of 16×16, 20 steps
    >>> bool((found.scores > found.start).all())
    True
    """
    objectives = listed(objectives)
    seeds = seeds_of(seed, objectives)
    if steps < 1:
        raise ValueError(f"steps={steps}; expected at least one")
    channels, size = image_shape(net, size)
    mean, spread, words = pixel_range(net, channels, size, normalise)
    device, _ = place_of(net.model)
    if parameterisation not in PARAMETERISATIONS:
        raise ValueError(f"parameterisation is {parameterisation!r}; expected one of "
                         f"{', '.join(PARAMETERISATIONS)}")
    painter = Painter(PARAMETERISATIONS[parameterisation], (channels, *size), seeds,
                      colour_matrix(colour, channels), device)
    mover = wobble(transforms, size)
    draws = mover.draws(steps, seeds) if mover else None
    plan = Plan(net, objectives, mean.to(device), spread.to(device), size)
    parts = plan.parts(at_once(size))
    knobs = [painter.knobs[part].clone().requires_grad_() for part in parts]
    adam = torch.optim.Adam(knobs, lr=rate, eps=FAINT, fused=True)
    history = np.full((steps, len(objectives)), np.nan, np.float32)
    moved = torch.zeros(len(objectives), dtype=torch.bool, device=device)
    taken, stopped = 0, False
    with hooks.untouched(net.model), torch.enable_grad():
        with torch.no_grad():
            start = torch.cat([plan.scores(painter(k), p)
                               for k, p in zip(knobs, parts, strict=True)])
        plan.half = multiplies_halves(device) if half is None else half
        try:
            for step in range(steps):
                for mine, part in zip(knobs, parts, strict=True):
                    images = painter(mine)
                    if mover:
                        images = mover(images, draws[step, part])
                    scores = plan.scores(images, part)
                    slopes, = torch.autograd.grad(-scores.sum(), [mine])
                    mine.grad = evened(slopes).contiguous()  # as the knobs lie: Adam is fused
                    history[step, part] = scores.detach().cpu()
                    if not moved[part].all():
                        moved[part] |= mine.grad.flatten(1).abs().amax(1) > 0
                if not np.isfinite(history[step]).all():
                    raise ValueError(broken(objectives, history[step], step))
                if step == SILENT - 1 and not moved.any():
                    raise ValueError(shut(objectives, moved))
                adam.step()
                if step < SILENT:
                    louder(knobs, parts, moved)
                taken = step + 1
                if progress is not None:
                    progress(taken, steps, history[step])
                if stop is not None and stop():
                    stopped = taken < steps
                    break
        except KeyboardInterrupt:
            stopped = True
        with torch.no_grad():
            plan.half = False
            for mine, part in zip(knobs, parts, strict=True):
                mine[~moved[part]] = painter.knobs[part][~moved[part]]
            images = [painter(mine) for mine in knobs]
            scores = torch.cat([plan.scores(i, p) for i, p in zip(images, parts, strict=True)])
    notes = [words, *plan.remarks()]
    if stopped:
        notes.append(f"stopped after {taken} of {steps} steps")
    if taken and not moved.all():
        notes.append(shut(objectives, moved))
    return Dreams(torch.cat(images).cpu().float().numpy(), scores.cpu().numpy(),
                  start.cpu().numpy(), history[:taken], seeds,
                  [objective.name for objective in objectives], notes, stopped)


def score(net, objectives, images, normalise=None):
    """The scores (n,) of images (n, channel, y, x), 0…1, each by its own objective; one objective
    or one image serves all the others.

    >>> from vizkit.net import Net
    >>> net = Net(torch.nn.Sequential(torch.nn.Conv2d(3, 2, 5)))
    >>> score(net, net["0"], np.zeros((1, 3, 16, 16))).shape
    (2,)
    """
    objectives = listed(objectives)
    device, _ = place_of(net.model)
    images = torch.as_tensor(np.asarray(images), dtype=torch.float32, device=device)
    count = max(len(objectives), len(images))
    objectives = objectives * count if len(objectives) == 1 else objectives
    images = images.expand(count, -1, -1, -1) if len(images) == 1 else images
    if len(objectives) != len(images):
        raise ValueError(f"{len(objectives)} objectives for {len(images)} images: expected as "
                         "many, or one")
    channels, size = images.shape[1], tuple(images.shape[-2:])
    mean, spread, _ = pixel_range(net, channels, size, normalise)
    plan = Plan(net, objectives, mean.to(device), spread.to(device), size)
    with hooks.untouched(net.model), torch.no_grad():
        found = [plan.scores(images[part], part) for part in plan.parts(at_once(size))]
    return torch.cat(found).cpu().numpy()


@torch.no_grad()
def louder(knobs, parts, moved):
    """Doubles the waves of images that have had no slope: near grey, many a ReLU is shut."""
    for mine, part in zip(knobs, parts, strict=True):
        mine[~moved[part]] *= 2


def evened(slopes):
    """Gradients (n, …), each image's divided by its own root mean square.

    Adam takes a full step for every knob, be its slope ever so faint, unless it knows what faint
    is (its `eps`). Waves that no unit asks for would then grow into specks of black and white.

    >>> evened(torch.tensor([[3.0, 4.0], [0.0, 0.0]])).square().mean(1)
    tensor([1., 0.])
    """
    usual = slopes.flatten(1).square().mean(1).sqrt().clamp(min=1e-30)
    return slopes / usual.view(-1, *[1] * (slopes.ndim - 1))


def listed(objectives):
    """A list of Objectives, from one, several, or Units."""
    if hasattr(objectives, "vectors"):
        return each(objectives)
    found = [objectives] if isinstance(objectives, Objective) else list(objectives)
    found = [one for item in found for one in
             (each(item) if hasattr(item, "vectors") else [item])]
    wrong = next((item for item in found if not isinstance(item, Objective)), None)
    if wrong is not None or not found:
        came = "nothing" if not found else type(wrong).__name__
        raise TypeError(f"expected objectives or Units, got {came}: "
                        'objectives.channel(net["conv1"][3]), or net["conv1"]')
    return found


def seeds_of(seed, objectives):
    """A seed for each image; from one number, the k-th image of one objective has seed + k."""
    if not isinstance(seed, int):
        seeds = [int(one) for one in seed]
        if len(seeds) != len(objectives):
            raise ValueError(f"{len(seeds)} seeds for {len(objectives)} images")
        return seeds
    before = Counter()
    seeds = []
    for objective in objectives:
        seeds.append(seed + before[objective])
        before[objective] += 1
    return seeds


def image_shape(net, size):
    """(channels, (height, width)) of the images that the model takes."""
    net.runner.must_have_values()
    if size is not None and net.runner.example is None and net.intake.kind == "image":
        height, width = size if isinstance(size, tuple | list) else (size, size)
        return net.intake.width, (int(height), int(width))
    net.runner.facts()
    shape = tuple(net.runner.example.shape[1:])
    if len(shape) != 3 or not net.runner.example.is_floating_point():
        raise TypeError(f"dreams are images; {type(net.model).__name__} takes {shape or 'tokens'}, "
                        "without the batch axis")
    if size is None:
        return shape[0], shape[1:]
    height, width = size if isinstance(size, tuple | list) else (size, size)
    return shape[0], (int(height), int(width))


def shut(objectives, moved):
    """Which images had no gradient at any step, and why that may be."""
    names = [o.name for o, alive in zip(objectives, moved.tolist(), strict=True) if not alive]
    called = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return (f"{called}: no gradient at any step, so the picture is where it started. A ReLU before "
            "it is shut, or it sees nothing of the image: try the layer before the ReLU, another "
            "seed, or pixels of another range (normalise=)")


def broken(objectives, scores, step):
    """Which image's score is no number."""
    name = objectives[int(np.flatnonzero(~np.isfinite(scores))[0])].name
    return (f"{name} is {scores[~np.isfinite(scores)][0]} at step {step}: the model's numbers "
            "overflow here; a smaller rate may help")
