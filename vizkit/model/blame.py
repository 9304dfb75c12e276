"""Which layer failed in a forward pass, and why, in words."""

import re

from torch import nn


def culprit(error, model):
    """(name, module, its input) of the innermost layer that was running; None where none was.

    Read from the error's traceback, so that a pass that goes well pays nothing for it.
    """
    names = {id(module): name for name, module in model.named_modules()}
    found, trace = None, error.__traceback__
    while trace is not None:
        scope = trace.tb_frame.f_locals
        owner = scope.get("self")
        if isinstance(owner, nn.Module) and id(owner) in names and scope.get("args"):
            found = names[id(owner)], owner, scope["args"][0]
        trace = trace.tb_next
    return found


def explain(error, model, hint=""):
    """A ValueError that names the layer and the sizes; None if the error is of another kind."""
    found = culprit(error, model)
    if found is None or "out of memory" in str(error):
        return None
    name, module, came = found
    kind = type(module).__name__
    where = f"layer {name} ({kind})" if name else kind
    shape = getattr(came, "shape", None)
    trouble = mismatch(module, shape, str(error)) if shape is not None else None
    if isinstance(module, nn.Embedding) and isinstance(error, IndexError):
        trouble = outside(came, module.num_embeddings)
    if trouble is None:
        got = f" for an input of {times(shape)}" if shape is not None else ""
        trouble = f"failed{got}: {str(error).splitlines()[0]}"
    return ValueError(f"{where} {trouble}{hint}")


def mismatch(module, shape, message):
    """What the layer got and what it expected; None if its sizes are not the trouble."""
    if isinstance(module, nn.Linear) and shape and shape[-1] != module.in_features:
        return f"got {shape[-1]} features, expected {module.in_features}"
    if isinstance(module, (nn.modules.batchnorm._BatchNorm, nn.LayerNorm)):
        return None
    channels = getattr(module, "in_channels", None)
    if channels is None:
        return None
    axes = len(module.kernel_size) + 1
    if len(shape) < axes:
        return f"got {times(shape)}, expected {axes + 1} axes (image, channel, …)"
    if shape[-axes] != channels:
        return f"got {shape[-axes]} channels, expected {channels}"
    small = re.search(r"[Kk]ernel size", message)
    if small:
        kernel = times(module.kernel_size)
        return f"got maps of {times(shape[2:])}, smaller than its kernel {kernel}"
    return None


def outside(numbers, rows):
    """Which number an embedding has no row for: a token, or a position of too long a text."""
    worst = int(numbers.min()) if numbers.min() < 0 else int(numbers.max())
    return (f"got the number {worst}, it has rows for 0 to {rows - 1}: a token that is not in the "
            "vocabulary, or a text longer than the model reads")


def times(shape):
    """A shape as it is said.

    >>> times((3, 64, 64))
    '3×64×64'
    """
    return "×".join(map(str, shape))
