"""How far back each tensor of a forward pass reaches into the image, followed as the pass runs.

Every torch function that is called on the way is seen (torch.overrides): convolutions and pools
widen the reach by their kernels, functions that treat each position alone pass it on, and where
branches meet, the union goes on. A function or module of unknown kind is tried: one position of
its input is changed, and if no other position of its output answers, it passes the reach on.
Source of the arithmetic: Araujo, Norris & Sim 2019, "Computing receptive fields of convolutional
neural networks", Distill, doi:10.23915/distill.00021.
"""

from collections import OrderedDict
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch.overrides import TorchFunctionMode

from vizkit.fields.windows import WINDOWS
from vizkit.model import hooks

WHOLE = "whole"  # the reach of what sees the whole image, such as a fully connected layer
JOINS = ("flatten", "reshape", "view", "mean", "sum", "amax", "linear", "squeeze")
CREATES = ("_like", "new_", "empty")  # parts of names of functions that copy a shape, no values


@dataclass(frozen=True)
class Span:
    """Along one axis, output i sees `size` pixels from pixel `start + i·step` on.

    >>> Span(0, 1, 1).through(kernel=11, stride=4).through(kernel=3, stride=2)
    Span(start=0, size=19, step=8)
    """

    start: int
    size: int
    step: int

    def through(self, kernel, stride=1, before=0, dilation=1):
        """The span after a window of `kernel` values, `before` of them ahead of the first."""
        return Span(self.start - before * self.step,
                    self.size + (kernel - 1) * dilation * self.step, self.step * stride)

    def joined(self, other):
        """The smallest span around both; None where they do not move in step."""
        if self.step != other.step:
            return None
        start = min(self.start, other.start)
        end = max(self.start + self.size, other.start + other.size)
        return Span(start, end - start, self.step)


def reach(model, batch, wanted):
    """The reach of one tensor of a pass (a hooks.Wanted): spans (y, x), WHOLE, or None: unknown.

    batch: (image, channel, y, x); one image is enough.
    """
    walk, handles = Walk(batch), []
    try:
        for module in model.modules():
            handles.append(module.register_forward_hook(walk.module_ran))
        with walk:
            found, _ = hooks.forward(model, batch, [wanted])
    finally:
        for handle in handles:
            handle.remove()
    return walk.known.get(id(found[wanted.label]), (None, None))[1]


class Walk(TorchFunctionMode):
    """While it is entered, notes the reach of every tensor that was made from the batch."""

    def __init__(self, batch):
        super().__init__()
        # The tensors are kept: a number that id() gave is then never given twice.
        self.known = {id(batch): (batch, (Span(0, 1, 1), Span(0, 1, 1)))}
        self.trying = False

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        output = function(*args, **kwargs)
        if self.trying:
            return output
        name = getattr(function, "__name__", "")
        made, came = tensors_in(output), self.followed((args, kwargs))
        if name == "__setitem__" and came:
            self.note([args[0]], None)
        elif made and came:
            self.note(made, self.after(name, function, args, kwargs, came, made))
        return output

    def module_ran(self, module, args, output):
        """A forward hook: is a layer as a whole local, where its functions could not tell?

        A layer only, without others in it: in a block, what comes of a neighbour can be too faint
        beside what goes straight on.
        """
        made, came = tensors_in(output), self.followed(args)
        lost = made and all(self.known.get(id(t), (t, None))[1] is None for t in made)
        leaf = not any(True for _ in module.children())
        if self.trying or not (lost and leaf and len(came) == 1 and same_places(came, made)):
            return
        before = self.known[id(came[0])][1]
        with unhooked(module):  # what others count or keep is not to see these trials
            if before is not None and self.local(module, args, {}, came):
                self.note(made, before)

    def note(self, tensors, reached):
        for tensor in tensors:
            self.known[id(tensor)] = tensor, reached

    def followed(self, value):
        """The tensors in a value that were made from the batch."""
        return [tensor for tensor in tensors_in(value) if id(tensor) in self.known]

    def after(self, name, function, args, kwargs, came, made):
        """The reach of what a function made of tensors whose reach is known."""
        before = [self.known[id(tensor)][1] for tensor in came]
        if any(part in name for part in CREATES) or None in before:
            return None
        if WHOLE in before:
            return WHOLE
        joint = before[0]
        for other in before[1:]:
            joint = tuple(a.joined(b) for a, b in zip(joint, other, strict=True))
            if None in joint:
                return None
        if name in WINDOWS:
            axes = WINDOWS[name](made[0].shape, *args, **kwargs)
            return axes and tuple(s.through(*axis) for s, axis in zip(joint, axes, strict=True))
        if name in JOINS and made[0].ndim == 2:
            return WHOLE
        if same_places(came, made) and self.local(function, args, kwargs, came):
            return joint
        return None

    def local(self, function, args, kwargs, came):
        """Does each position of the output depend on that position of the input alone? Tried."""
        random = torch.Generator().manual_seed(0)
        height, width = came[0].shape[-2:]
        plain = {id(t): (torch.rand(t.shape, generator=random) + 0.5).to(t) for t in came}
        bump = {id(t): (torch.rand(t.shape[:-2], generator=random) + 1).to(t) for t in came}

        def run(inputs):
            copies = {key: value.clone() for key, value in inputs.items()}
            outputs = tensors_in(function(*swapped(args, copies), **swapped(kwargs, copies)))
            return [output.float() for output in outputs]

        self.trying = True
        try:
            usual = run(plain)
            for y, x in {(0, width - 1), (height // 2, width // 3), (height - 1, 0)}:
                changed = {key: value.clone() for key, value in plain.items()}
                for key, value in changed.items():
                    value[..., y, x] += bump[key]
                for one, other in zip(usual, run(changed), strict=True):
                    moved = (one - other).abs() > 1e-6 * one.abs()
                    moved[..., y, x] = False
                    if moved.any():
                        return False
            return True
        finally:
            self.trying = False


@contextmanager
def unhooked(module):
    """The module without its forward hooks."""
    kept = module._forward_hooks
    try:
        module._forward_hooks = OrderedDict()
        yield
    finally:
        module._forward_hooks = kept


def tensors_in(value):
    """All tensors in nested tuples, lists and dicts."""
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for part in hooks.parts(value) for tensor in tensors_in(part)]


def swapped(value, table):
    """The same structure with tensors exchanged for those that the table has for their id."""
    if isinstance(value, torch.Tensor):
        return table.get(id(value), value)
    if type(value) in (tuple, list):
        return type(value)(swapped(part, table) for part in value)
    if type(value) is dict:
        return {key: swapped(part, table) for key, part in value.items()}
    return value


def same_places(came, made):
    """Do all of these tensors have maps of the same height and width?"""
    return len({tensor.shape[-2:] if tensor.ndim > 2 else None for tensor in (*came, *made)}) == 1
