"""Plan: which layers a batch of objectives needs, and each image's score from what they give."""

import torch

from vizkit import hooks, names
from vizkit.blame import explain, times
from vizkit.objectives import unlike


class Plan:
    """Objectives, one for each image, sorted so that a layer's are measured together.

    mean, spread: what makes the model's numbers of pixels 0…1. size: (height, width).
    """

    def __init__(self, net, objectives, mean, spread, size):
        self.model, self.size = net.model, size
        self.mean, self.spread = mean[:, None, None], spread[:, None, None]
        self.edits = net._edits()
        known = {objective: number for number, objective in enumerate(dict.fromkeys(objectives))}
        self.kin = torch.tensor([known[objective] for objective in objectives])
        self.wanted, self.axes, groups = [], {}, {}
        for image, objective in enumerate(objectives):
            for term in objective.terms:
                if term.layer not in self.axes:
                    _, call, path = net.find(term.layer)
                    self.axes[term.layer] = net.fact(term.layer).axis
                    name = names.parse(term.layer)[0]
                    self.wanted.append(hooks.Wanted(term.layer, name, call, path))
                groups.setdefault((term.layer, term.measure), []).append((image, term))
        self.groups = {
            key: (torch.tensor([image for image, _ in rows]),
                  [term.row for _, term in rows],
                  torch.tensor([term.weight for _, term in rows]))
            for key, rows in groups.items()
        }
        self.ready = {}  # what a part of the batch needs: made at its first pass

    def parts(self, most):
        """Slices of the batch, of at most that many images; all of it where they are compared."""
        count = len(self.kin)
        together = any(measure is unlike for _, measure in self.groups)
        most = count if together else most
        return [slice(first, min(first + most, count)) for first in range(0, count, most)]

    def scores(self, images, part):
        """The score (n,) of each image 0…1 of that part of the batch; differentiable."""
        batch = (images - self.mean) / self.spread
        batch = batch.to(next(self.model.parameters(), batch).dtype)
        try:
            found, _ = hooks.run(self.model, batch, self.wanted, self.edits)
        except RuntimeError as error:
            raise ValueError(self.misfit(error)) from error
        total = 0
        for (layer, measure), (where, directions, kin, weights) in self.prepared(part, found):
            activations = found[layer].float().movedim(self.axes[layer], 1)
            whole = len(where) == len(images)
            measures = measure(activations if whole else activations[where], directions, kin)
            if whole:
                total = total + measures * weights
            else:
                total = total + torch.zeros_like(images[:, 0, 0, 0]).index_add(
                    0, where, measures * weights)
        return total

    def prepared(self, part, found):
        """[(layer, measure), (image numbers in this part, directions, kin, weights)]."""
        if part.start not in self.ready:
            made = []
            for key, (images, rows, weights) in self.groups.items():
                mine = (images >= part.start) & (images < part.stop)
                if not mine.any():
                    continue
                layer = found[key[0]]
                dense = torch.zeros(int(mine.sum()), layer.shape[self.axes[key[0]]])
                for number, index in enumerate(torch.nonzero(mine).flatten().tolist()):
                    for channel, weight in rows[index]:
                        dense[number, channel] = weight
                tensors = images[mine] - part.start, dense, self.kin[images[mine]], weights[mine]
                made.append((key, tuple(tensor.to(layer.device) for tensor in tensors)))
            self.ready[part.start] = made
        return self.ready[part.start]

    def misfit(self, error):
        """An error of the forward pass, in words."""
        said = explain(error, self.model)
        return (f"images of {times(self.size)} do not go through this model"
                f" ({said or str(error).splitlines()[0]}). A size of your own is possible for "
                "layers before the first fully connected one: leave size out for the model's own")
