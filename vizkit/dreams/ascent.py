"""Dreams: images that raise what a network's units give, found by climbing the gradient.

Many objectives in one run, an image each. Computes and shows nothing; `units.dream()` is the
viewer. Source: Olah, Mordvintsev & Schubert 2017, "Feature Visualization",
doi:10.23915/distill.00007.
"""

from dataclasses import dataclass, field

import numpy as np
import torch

from vizkit.dreams.asked import image_shape, listed, seeds_of
from vizkit.dreams.climb import Climb, shut
from vizkit.dreams.painter import Painter
from vizkit.dreams.pixel_range import pixel_range
from vizkit.dreams.plan import Plan, at_once, multiplies_halves
from vizkit.dreams.spectrum import colour_matrix
from vizkit.dreams.wobble import wobble
from vizkit.model import hooks
from vizkit.model.runner import place_of


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
    painter = Painter(parameterisation, (channels, *size), seeds, colour_matrix(colour, channels),
                      device)
    plan = Plan(net, objectives, mean.to(device), spread.to(device), size)
    climb = Climb(plan, painter, wobble(transforms, size), seeds, steps, rate)
    history, stopped = [], False
    with hooks.untouched(net.model), torch.enable_grad():
        _, start = climb.look()
        plan.half = multiplies_halves(device) if half is None else half
        try:
            while len(history) < steps and not stopped:
                history.append(climb.step(len(history)))
                if progress is not None:
                    progress(len(history), steps, history[-1])
                stopped = stop is not None and stop() and len(history) < steps
        except KeyboardInterrupt:
            stopped = True
        plan.half = False
        images, scores = climb.look()
    notes = [words, *plan.remarks()]
    if stopped:
        notes.append(f"stopped after {len(history)} of {steps} steps")
    if history and not climb.moved.all():
        notes.append(shut(plan.names, climb.moved))
    history = np.array(history, np.float32).reshape(-1, len(objectives))
    return Dreams(images, scores, start, history, seeds, plan.names, notes, stopped)


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
