"""Attention heads as units: parts of what an attention layer's last projection is given.

A head's own result is nowhere a layer's output. The heads' results stand side by side, head by
head, in the input of the projection that joins them (`out`, GPT-2's `c_proj`): head 2 of 4 is the
third quarter of its features. There it is silenced, clamped or patched.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from vizkit import interventions
from vizkit.model import hooks
from vizkit.model.edits import Edit, fitting

COUNTS = ("heads", "num_heads", "n_heads", "n_head", "nhead", "num_attention_heads")
JOINS = ("out", "out_proj", "c_proj", "o_proj", "proj", "wo", "to_out", "out_lin",
         "output.dense", "dense")


@dataclass(frozen=True, repr=False)
class Heads:
    """Heads of one attention layer. Made by `net[layer].heads`; `[2]`, `[:3]` pick some of them.

    count: how many there are. out: name of the layer that joins them. numbers: which these are.
    """

    net: Any
    layer: str
    count: int
    out: str
    numbers: tuple
    axis = -1  # of the features in what that layer is given

    def __len__(self):
        return len(self.numbers)

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def __getitem__(self, index):
        try:
            picked = np.atleast_1d(np.array(self.numbers)[index]).tolist()
        except (IndexError, TypeError) as error:
            raise IndexError(f"layer {self.layer} has {len(self)} heads here (0…{len(self) - 1}), "
                             f"asked for [{index}]") from error
        if not picked:
            raise IndexError(f"[{index}] picks none of the {len(self)} heads of {self.layer}")
        return Heads(self.net, self.layer, self.count, self.out, tuple(picked))

    @property
    def name(self):
        """What they are called: `blocks.1.attn head 2`."""
        if len(self) == 1:
            return f"{self.layer} head {self.numbers[0]}"
        if len(self) == self.count:
            return f"{self.layer} heads"
        return f"{self.layer} heads {', '.join(map(str, self.numbers))}"

    def __repr__(self):
        kind = "Unit" if len(self) == 1 else "Units"
        return f"{kind} {self.name} (of {self.count})"

    def edit(self, value):
        """The Edit after which every feature of these heads has that value, or those of a tensor:
        (text, position, width), as the projection was given for another text; or (width,).
        """

        def change(given):
            changed = self.split(given).clone()
            other = value
            if torch.is_tensor(value):
                other = self.split(fitting(value, given))[..., list(self.numbers), :]
            changed[..., list(self.numbers), :] = other
            return changed.flatten(-2)

        return Edit(self.out, change, given=True)

    def split(self, given):
        """What the projection is given as (…, head, feature)."""
        if given.shape[-1] % self.count:
            raise ValueError(f"layer {self.out} is given {given.shape[-1]} features, which are not "
                             f"{self.count} heads of one size: net[{self.layer!r}].heads_as(…)")
        return given.unflatten(-1, (self.count, -1))

    def output(self, text):
        """What the projection is given for a text (text, position, width): all heads' results."""
        net = self.net
        wanted = [hooks.Wanted("given", self.out, given=True)]
        batch = net.batch(text).tensor
        return hooks.forward(net.model, batch, wanted, net._edits())[0]["given"]

    def results(self, text):
        """What these heads find in a text: (text, position, head, feature)."""
        return self.split(self.output(text))[..., list(self.numbers), :]

    @property
    def titles(self):
        """What each of them is called."""
        return [head.name for head in self]

    def largest(self, text):
        """The largest magnitude of each head's results (text, head), what a clamp goes by."""
        return self.results(text).float().abs().amax((1, 3)).cpu().numpy()

    def intervene(self, texts, top=5):
        """An InterventionViewer: a head knocked out or clamped, and the next token of each text."""
        return interventions.intervene(self, texts, top)

    def attention(self, text, **traits):
        """An AttentionViewer of the layer's heads for a text; the first of these is shown large."""
        return self.net.attention(text, layers=self.layer, selected=self.numbers[0], **traits)


def heads_of(net, layer, count=None, out=None):
    """All heads of an attention layer, as Heads.

    count: how many (default: as the module says). out: the name, within the layer, of the
    projection that joins them. Raises TypeError where that cannot be seen.
    """
    module = net.find(layer)[0]
    if isinstance(module, nn.MultiheadAttention):
        raise TypeError(f"layer {layer} is a nn.MultiheadAttention, which uses the weights of its "
                        "projection without running it: its heads cannot be reached from outside. "
                        f"net.attention(text, layers={layer!r}) shows their weights")
    inside = {name: part for name, part in module.named_modules() if name}
    found = [name for name in JOINS if getattr(inside.get(name), "weight", None) is not None]
    if out is None and not found:
        raise TypeError(f"layer {layer} ({type(module).__name__}) has no projection that joins "
                        f"heads; in it are {', '.join(inside) or 'no layers'}. If it is attention, "
                        f"name that one: net[{layer!r}].heads_as(count, out=…)")
    if out is not None and out not in inside:
        raise KeyError(f"no layer {out!r} in {layer}; in it are {', '.join(inside)}")
    count = said(module) if count is None else int(count)
    name = out or found[0]
    if count is None:
        raise TypeError(f"layer {layer} ({type(module).__name__}) does not say how many heads it "
                        f"has: give it, net[{layer!r}].heads_as(12)")
    width = getattr(inside[name], "in_features", None)
    if count < 1 or (width is not None and width % count):
        raise ValueError(f"{count} heads do not share the {width} features of {layer}.{name}")
    return Heads(net, layer, count, f"{layer}.{name}" if layer else name, tuple(range(count)))


def said(module):
    """How many heads a module says that it has, itself, in its config or in a part; else None."""
    for holder in (module, getattr(module, "config", None), *module.children()):
        for name in COUNTS:
            value = getattr(holder, name, None)
            if isinstance(value, int) and not isinstance(value, bool):
                return value
    return None
