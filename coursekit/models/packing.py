"""Weights in a quarter of their size, to keep many moments of one training. Not to train with.

Each row of a matrix is stored as whole numbers from -127 to 127 and one scale at half precision;
what has one axis (biases, normalisation) at half precision. Rounding moves a weight by at most
1/254 of the largest of its row.
"""

import numpy as np
import torch


def pack(state, prefix=""):
    """A state dict as a dict of arrays for `np.savez`, each name with `prefix` before it.

    >>> packed = pack({"w": torch.tensor([[1.0, -0.25], [0.0, 0.0]])})
    >>> packed["w"].tolist(), packed["w.scale"].dtype
    ([[127, -32], [0, 0]], dtype('float16'))
    """
    arrays = {}
    for name, value in state.items():
        value = value.detach().cpu().float().numpy()
        if value.ndim < 2:
            arrays[prefix + name] = value.astype(np.float16)
            continue
        largest = np.abs(value).reshape(len(value), -1).max(1)
        scale = np.maximum(largest / 127, 6e-8).astype(np.float16)  # half precision's smallest
        scale = np.where(scale.astype(np.float32) * 127 < largest,
                         np.nextafter(scale, np.float16(np.inf)), scale)  # fmt: skip
        rows = scale.astype(np.float32).reshape(-1, *[1] * (value.ndim - 1))
        arrays[prefix + name] = np.rint(value / rows).astype(np.int8)
        arrays[f"{prefix}{name}.scale"] = scale
    return arrays


def unpack(arrays, prefix=""):
    """The state dict again, as float32 tensors, of the arrays whose names begin with `prefix`.

    >>> unpack(pack({"w": torch.tensor([[127.0, -64.0]])}))["w"]
    tensor([[127., -64.]])
    """
    state = {}
    for key, value in arrays.items():
        if not key.startswith(prefix) or key.endswith(".scale"):
            continue
        name, value = key[len(prefix) :], value.astype(np.float32)
        if key + ".scale" in arrays:
            scale = arrays[key + ".scale"].astype(np.float32)
            value = value * scale.reshape(-1, *[1] * (value.ndim - 1))
        state[name] = torch.from_numpy(value)
    return state
