"""One forward pass through a model that is left exactly as it was: hooks, early exit, edits.

The pass runs in evaluation mode. Hooks, training flags, buffers (batch-norm statistics),
gradient flags and the random state are put back, also after an error or Ctrl-C.
"""

import copy
import dataclasses
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from vizkit.model.edits import Edit

LAST = -1


class _Enough(BaseException):
    """Raised when the last layer needed has run. No `except Exception` of a model stops it."""


@dataclass(frozen=True)
class Wanted:
    """One tensor to keep: which module, which of its calls (from 1; LAST), which part; or what it
    is given instead of what it gives.
    """

    label: str
    layer: str
    call: int = 1
    path: tuple = ()
    given: bool = False


def forward(model, batch, wanted=(), edits=(), gradients=False, whole=False):
    """(found, output): a dict label → tensor, and the model's output (None after an early exit).

    wanted: Wanted items; the pass stops when all are found, unless whole is True.
    edits: Edit items, or pairs (layer, function); the function maps that layer's first tensor to
    another.
    gradients: record them, for the batch alone: weights count as constants in this pass.
    Raises KeyError where a wanted layer did not run so often.
    """
    with untouched(model), torch.enable_grad() if gradients else torch.no_grad():
        return run(model, batch, wanted, edits, whole)


def run(model, batch, wanted=(), edits=(), whole=False):
    """What forward() does, within an `untouched` block of the caller's: for many passes in one."""
    modules = dict(model.named_modules(remove_duplicate=False))
    found, handles = {}, []
    stop = bool(wanted) and not whole and all(item.call != LAST for item in wanted)
    output = None
    try:
        for layer, function, given in (Edit(*edit) for edit in edits):
            handles.append(modules[layer].register_forward_pre_hook(given_editor(function))
                           if given else modules[layer].register_forward_hook(editor(function)))
        for module in {id(m): m for m in (modules[item.layer] for item in wanted)}.values():
            mine = [item for item in wanted if modules[item.layer] is module]
            for given in {item.given for item in mine}:
                items = [item for item in mine if item.given == given]
                hook = keeper(items, found, len(wanted) if stop else None)
                register = (module.register_forward_pre_hook if given
                            else module.register_forward_hook)
                handles.append(register(hook))
        output = model(batch)
    except _Enough:
        pass
    finally:
        for handle in handles:
            handle.remove()
    missing = [item for item in wanted if item.label not in found]
    if missing:
        raise KeyError(did_not_run(missing[0], modules))
    return {item.label: found[item.label] for item in wanted}, output


def keeper(items, found, enough):
    """A hook that keeps what the items ask for; at `enough` finds it ends the pass."""
    calls = 0

    def hook(module, args, output=None):
        nonlocal calls
        calls += 1
        for item in items:
            if item.call in (calls, LAST):
                tensor = pick(args if item.given else output, item.path, item.layer)
                last = enough == len(found) + 1 and item.label not in found
                # A later layer may work in place (ReLU(inplace=True)): keep a copy of what was.
                found[item.label] = tensor if last else tensor.clone()
        if enough is not None and len(found) == enough:
            raise _Enough

    return hook


def editor(function):
    """A hook that replaces the first tensor of a layer's output."""

    def hook(module, args, output):
        return replace_first(output, function)

    return hook


def given_editor(function):
    """A hook that replaces the first tensor that a layer is given."""

    def hook(module, args):
        return replace_first(args, function)

    return hook


def pick(output, path, layer):
    """The tensor at a path of keys inside an output, or the first one in it."""
    for key in path:
        try:
            named = isinstance(key, str) and not isinstance(output, dict)
            output = getattr(output, key) if named else output[key]
        except (AttributeError, KeyError, IndexError, TypeError) as error:
            raise KeyError(
                f"layer {layer} gives {shape_of(output)}, which has no part [{key}]"
            ) from error
    tensor = first_tensor(output)
    if tensor is None:
        raise TypeError(f"layer {layer} gives {shape_of(output)}: there is no tensor in it")
    return tensor


def first_tensor(value):
    """The first tensor in nested tuples, lists, dicts and dataclasses; None where there is none."""
    if isinstance(value, torch.Tensor):
        return value
    for part in parts(value):
        tensor = first_tensor(part)
        if tensor is not None:
            return tensor
    return None


def parts(value):
    """What a container holds; nothing for anything else."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, (tuple, list)):
        return list(value)
    return list(vars(value).values()) if hasattr(value, "__dataclass_fields__") else []


def replace_first(value, function):
    """The same structure with its first tensor mapped by the function."""
    done = False

    def walk(part):
        nonlocal done
        if done:
            return part
        if isinstance(part, torch.Tensor):
            done = True
            return function(part)
        if isinstance(part, tuple) and hasattr(part, "_fields"):
            return type(part)(*map(walk, part))
        if isinstance(part, (tuple, list)):
            return type(part)(map(walk, part))
        if isinstance(part, dict):
            changed = copy.copy(part)
            for key in part:
                changed[key] = walk(part[key])
            return changed
        if hasattr(part, "__dataclass_fields__"):
            return dataclasses.replace(part, **{k: walk(v) for k, v in vars(part).items()})
        return part

    changed = walk(value)
    if not done:
        raise TypeError(f"the layer gives {shape_of(value)}: there is no tensor in it to change")
    return changed


def shape_of(value):
    """An output in words: its shape, or what it is made of.

    >>> shape_of((torch.zeros(2, 3), {"logits": torch.zeros(1)}))
    '(2×3, {logits: 1})'
    """
    if isinstance(value, torch.Tensor):
        return "×".join(map(str, value.shape)) or "a number"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shape_of(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(shape_of, value)) + ")"
    return type(value).__name__


def did_not_run(item, modules):
    """Why a wanted tensor is not there."""
    layer = f"layer {item.layer} ({type(modules[item.layer]).__name__})"
    if item.call in (1, LAST):
        return (
            f"{layer} did not run in this forward pass: the model does not call it for this input, "
            "or uses its weights directly; ask for the layer that holds it"
        )
    return (
        f"{layer} did not run {item.call} times in this forward pass, so there is no {item.label}"
    )


@contextmanager
def untouched(model):
    """Evaluation mode, constant weights within; afterwards all is as it was before."""
    training = [(module, module.training) for module in model.modules()]
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    buffers = [
        (module, name, buffer, buffer._version, buffer.clone())
        for module in model.modules()
        for name, buffer in module._buffers.items()
        if buffer is not None
    ]
    fast = torch.backends.mha.get_fastpath_enabled()
    with fork_random(model):
        try:
            torch.backends.mha.set_fastpath_enabled(False)  # its fused kernel skips the layers
            for module, _ in training:
                module.training = False
            for weight in learning:
                weight.requires_grad_(False)
            yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fast)
            for module, flag in training:
                module.training = flag
            for weight in learning:
                weight.requires_grad_(True)
            restore(buffers)


def restore(buffers):
    """Put back what a module has replaced or overwritten although it was in evaluation mode."""
    for module, name, buffer, version, kept in buffers:
        module._buffers[name] = buffer
        if buffer._version != version:
            with torch.no_grad():
                buffer.copy_(kept)


def fork_random(model):
    """A context after which torch's random state, of the CPU and the model's GPU, is as before."""
    gpus = {weight.device.index or 0 for weight in model.parameters() if weight.is_cuda}
    return torch.random.fork_rng(devices=sorted(gpus))
