"""Plan: which layers a batch of objectives needs, and each image's score from what they give.

The last layer need not run where it is a convolution or fully connected and its mean (or middle)
is asked for: that is a weighted sum of what the layer is given, with weights that never change
during a run. They are computed once, and the layer's cost, for all its channels, is saved.
"""

import torch

from vizkit.dreams.objectives import centre, mean, unlike
from vizkit.dreams.strided import Dense
from vizkit.model import hooks, names
from vizkit.model.blame import explain, times

AFFINE = (torch.nn.Conv2d, torch.nn.Linear)  # layers that give weighted sums, plus a constant
LINEAR = (mean, centre)  # measures that are weighted sums of what a layer gives
AT_ONCE = 32  # images in one forward pass, of such a size at most:
PIXELS = 8 * 224 * 224  # what several passes hold in the processor's cache


class Plan:
    """Objectives, one for each image, sorted so that a layer's are measured together.

    mean, spread: what makes the model's numbers of pixels 0…1. size: (height, width). `half` may
    be set: the model then runs in bfloat16 where autocast holds that good enough.
    """

    def __init__(self, net, objectives, mean, spread, size):
        self.model, self.size, self.half = net.model, size, False
        self.share, self.shift = (1 / spread)[:, None, None], (-mean / spread)[:, None, None]
        self.edits, self.names = net._edits(), [objective.name for objective in objectives]
        known = {objective: number for number, objective in enumerate(dict.fromkeys(objectives))}
        self.kin = torch.tensor([known[objective] for objective in objectives])
        groups = {}
        for image, objective in enumerate(objectives):
            for term in objective.terms:
                groups.setdefault((term.layer, term.measure), []).append((image, term))
        self.groups = {
            key: (torch.tensor([image for image, _ in rows]), [term.row for _, term in rows],
                  torch.tensor([term.weight for _, term in rows]))
            for key, rows in groups.items()
        }
        layers = list(dict.fromkeys(layer for layer, _ in groups))
        self.axes = {layer: net.fact(layer).axis for layer in layers}
        self.last = self.skippable(net, layers)
        self.wanted = [wanted(net, layer, layer == self.last) for layer in layers]
        self.first = next(iter(net.runner.facts().values())).name
        self.ready = {}  # what each part of the batch needs: made at its first pass

    def skippable(self, net, layers):
        """The last layer, if what it gives need not be computed; else None."""
        order = list(net.runner.facts())
        if not all(layer in order for layer in layers):
            return None
        last = max(layers, key=order.index)
        module, _, path = net.find(last)
        plain = (type(module) in AFFINE and not path and not module._forward_hooks
                 and not module._forward_pre_hooks)
        measures = [measure for layer, measure in self.groups if layer == last]
        edited = names.parse(last)[0] in [edit.layer for edit in self.edits]
        return last if plain and not edited and all(m in LINEAR for m in measures) else None

    def parts(self, most):
        """Slices of the batch, of at most that many images; all of it where they are compared."""
        count = len(self.kin)
        together = any(measure is unlike for _, measure in self.groups)
        most = count if together else most
        return [slice(first, min(first + most, count)) for first in range(0, count, most)]

    def scores(self, images, part):
        """The score (n,) of each image 0…1 of that part of the batch; differentiable."""
        batch = torch.addcmul(self.shift, images, self.share)
        batch = batch.to(next(self.model.parameters(), batch).dtype)
        if self.last != self.first:  # a layer runs: quicker with a pixel's channels side by side
            batch = batch.contiguous(memory_format=torch.channels_last)
        try:
            with Dense(), torch.autocast(batch.device.type, torch.bfloat16, enabled=self.half):
                found, _ = hooks.run(self.model, batch, self.wanted, self.edits)
            if part.start not in self.ready:
                self.ready[part.start] = self.prepare(found, part)
        except RuntimeError as error:
            raise self.misfit(error) from error
        rows, slopes, constants = self.ready[part.start]
        total = self.measured(found, rows, len(images))
        if slopes is not None:
            total = total + (found[self.last].float() * slopes).flatten(1).sum(1) + constants
        return total

    def prepare(self, found, part):
        """What every pass of this part needs: its rows of each group, the last layer's slopes."""
        rows = {}
        for key, (images, directions, weights) in self.groups.items():
            mine = torch.nonzero((images >= part.start) & (images < part.stop)).flatten()
            if len(mine):
                tensors = images[mine] - part.start, self.kin[images[mine]], weights[mine]
                device = found[key[0]].device
                rows[key] = ([directions[index] for index in mine.tolist()],
                             *(tensor.to(device) for tensor in tensors))
        ours = {key: row for key, row in rows.items() if key[0] == self.last}
        if not ours:
            return dense(rows, found, self.axes), None, None
        with torch.enable_grad():  # of a weighted sum, the gradient is the weights
            given = torch.zeros_like(found[self.last]).float().requires_grad_()
            with Dense():
                gives = {self.last: self.model.get_submodule(names.parse(self.last)[0])(given)}
            total = self.measured(gives, dense(ours, gives, self.axes), len(given))
            slopes, = torch.autograd.grad(total.sum(), [given])
        others = {key: row for key, row in rows.items() if key not in ours}
        slopes = torch.empty_like(given).copy_(slopes)  # in the order of what it is multiplied with
        return dense(others, found, self.axes), slopes, total.detach()

    def measured(self, found, rows, count):
        """The sum of terms (count,) of these rows, from what the layers gave."""
        total = 0.0
        for (layer, measure), (where, directions, kin, weights) in rows.items():
            activations = found[layer].float().movedim(self.axes[layer], 1)
            if len(where) == count:
                total = total + measure(activations, directions, kin) * weights
                continue
            part = measure(activations[where], directions, kin) * weights
            total = total + part.new_zeros(count).index_add(0, where, part)
        return total

    def remarks(self):
        """What to know of these objectives: in a layer without a ReLU before it, what is highest
        on average is a plain colour.
        """
        if (self.first, mean) in self.groups and self.first == self.last:
            return [f"{self.first} adds up the image's pixels, so that its mean over all places "
                    "is highest for a plain colour: the ReLU after it has the pattern"]
        return []

    def misfit(self, error):
        """An error of the forward pass, in words."""
        said = explain(error, self.model) or str(error).splitlines()[0]
        return ValueError(f"images of {times(self.size)} do not go through this model ({said}). A "
                          "size of your own is possible for layers before the first fully "
                          "connected one: leave size out for the model's own")


def wanted(net, layer, given):
    """What to keep of a layer: what it gives, or what it is given."""
    _, call, path = net.find(layer)
    return hooks.Wanted(layer, names.parse(layer)[0], call, path, given)


def dense(rows, found, axes):
    """Rows whose directions are tensors (image, channel) as wide as their layer."""
    made = {}
    for key, (directions, where, kin, weights) in rows.items():
        layer = found[key[0]]
        table = torch.zeros(len(directions), layer.shape[axes[key[0]]])
        for number, row in enumerate(directions):
            for channel, weight in row:
                table[number, channel] = weight
        made[key] = where, table.to(layer.device), kin, weights
    return made


def multiplies_halves(device):
    """Has this processor instructions for bfloat16? Elsewhere such numbers save no time."""
    known = [getattr(torch.cpu, f"_is_{name}_supported", None)
             for name in ("avx512_bf16", "amx_tile")]
    return device.type == "cpu" and any(ask is not None and ask() for ask in known)


def at_once(size):
    """Images of that size in one forward pass.

    >>> at_once((64, 64)), at_once((224, 224))
    (32, 8)
    """
    return max(1, min(AT_ONCE, PIXELS // (size[0] * size[1])))
