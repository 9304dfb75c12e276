"""One run of gradient ascent: many images at once, each with its own objective and seed."""

import numpy as np
import torch

from vizkit.dreams.plan import at_once

FAINT = 0.05  # slopes below this share of an image's usual one move its knobs less than a full step
SILENT = 8  # steps that an image without a slope gets, twice as strong after each


class Climb:
    """Where a run stands: the knobs of each part of the batch, and which images have had a slope.

    plan: a Plan. painter: a Painter. mover: a Wobble or None. seeds: one for each image.
    """

    def __init__(self, plan, painter, mover, seeds, steps, rate):
        self.plan, self.painter, self.mover = plan, painter, mover
        self.parts = plan.parts(at_once(plan.size))
        self.knobs = [painter.knobs[part].clone().requires_grad_() for part in self.parts]
        self.adam = torch.optim.Adam(self.knobs, lr=rate, eps=FAINT, fused=True)
        self.draws = mover.draws(steps, seeds) if mover else None
        self.moved = torch.zeros(len(seeds), dtype=torch.bool, device=painter.knobs.device)

    def step(self, step):
        """Takes one step, number `step` from 0; the scores (n,) that the wobbled images had."""
        found = []
        for mine, part in zip(self.knobs, self.parts, strict=True):
            moves = self.mover and self.mover.moves(self.draws[step, part].to(mine), self.plan.size)
            scores = self.plan.scores(self.painter(mine, moves), part)
            slopes, = torch.autograd.grad(-scores.sum(), [mine])
            mine.grad = evened(slopes).contiguous()  # as the knobs lie: Adam is fused
            if not self.moved[part].all():
                self.moved[part] |= mine.grad.flatten(1).abs().amax(1) > 0
            found.append(scores.detach())
        scores = torch.cat(found).cpu().numpy()
        if not np.isfinite(scores).all():
            raise ValueError(broken(self.plan.names, scores, step))
        if step == SILENT - 1 and not self.moved.any():
            raise ValueError(shut(self.plan.names, self.moved))
        self.adam.step()
        if step < SILENT:
            self.louder()
        return scores

    @torch.no_grad()
    def louder(self):
        """Doubles the waves of images that have had no slope: near grey, many a ReLU is shut."""
        for mine, part in zip(self.knobs, self.parts, strict=True):
            mine[~self.moved[part]] *= 2

    @torch.no_grad()
    def look(self):
        """(images, scores) as they are, without a wobble. What never had a slope is where it
        started.
        """
        for mine, part in zip(self.knobs, self.parts, strict=True):
            mine[~self.moved[part]] = self.painter.knobs[part][~self.moved[part]]
        images = [self.painter(mine) for mine in self.knobs]
        scores = [self.plan.scores(i, p) for i, p in zip(images, self.parts, strict=True)]
        return torch.cat(images).cpu().float().numpy(), torch.cat(scores).cpu().numpy()


def evened(slopes):
    """Gradients (n, …), each image's divided by its own root mean square.

    Adam takes a full step for every knob, be its slope ever so faint, unless it knows what faint
    is (its `eps`). Waves that no unit asks for would then grow into specks of black and white.

    >>> evened(torch.tensor([[3.0, 4.0], [0.0, 0.0]])).square().mean(1)
    tensor([1., 0.])
    """
    usual = slopes.flatten(1).square().mean(1).sqrt().clamp(min=1e-30)
    return slopes / usual.view(-1, *[1] * (slopes.ndim - 1))


def shut(names, moved):
    """Which images had no gradient at any step, and why that may be."""
    names = [name for name, alive in zip(names, moved.tolist(), strict=True) if not alive]
    called = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return (f"{called}: no gradient at any step, so the picture is where it started. A ReLU before "
            "it is shut, or it sees nothing of the image: try the layer before the ReLU, another "
            "seed, or pixels of another range (normalise=)")


def broken(names, scores, step):
    """Which image's score is no number."""
    name = names[int(np.flatnonzero(~np.isfinite(scores))[0])]
    return (f"{name} is {scores[~np.isfinite(scores)][0]} at step {step}: the model's numbers "
            "overflow here; a smaller rate may help")
