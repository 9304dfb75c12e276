"""Arrays of numbers, from whatever holds them, and on their way to the browser and back."""

import numpy as np


def as_array(value):
    """A tensor (any device, any precision), an array or nested lists as a numpy array of numbers.

    Raises TypeError for what holds no real numbers, ValueError for rows of several lengths.
    """
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.float() if value.is_floating_point() else value
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError("the rows have several lengths: expected an array of numbers, all rows "
                         "equally long") from error
    if array.dtype.kind == "c":
        raise TypeError("complex numbers cannot be drawn: pass their magnitude, abs(array)")
    if array.dtype.kind not in "buif":
        raise TypeError(f"got {type(value).__name__} ({array.dtype}); expected numbers: an array, "
                        "a tensor or nested lists")
    return array


def wire(array):
    """The array as it travels: bytes with a shape, never a list of numbers.

    Floats become float32 (halves stay), wide integers int32 (float32 where they do not fit), bool
    uint8.

    >>> wire(np.zeros((2, 3)))["dtype"], wire(np.zeros((2, 3)))["shape"]
    ('float32', [2, 3])
    >>> wire(np.array([2**40]))["dtype"]
    'float32'
    """
    if array is None:
        return None
    array = as_array(array)
    floating = "float16" if array.dtype == np.float16 else "float32"
    dtype = {"f": floating, "b": "uint8"}.get(array.dtype.kind, array.dtype.name)
    if dtype in ("int64", "uint64"):
        fits = not array.size or (array.min() >= -(2**31) and array.max() < 2**31)
        dtype = "int32" if fits else "float32"
    array = np.ascontiguousarray(array, dtype=dtype)
    return {"shape": list(array.shape), "dtype": dtype, "data": memoryview(array).cast("B")
            if array.size else b""}


def unwire(value):
    """What `wire` made (in Python or in the browser) as an array again.

    >>> unwire(wire(np.arange(6.0).reshape(2, 3))).tolist()
    [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]
    """
    if not isinstance(value, dict):
        return value
    return np.frombuffer(value["data"], dtype=value["dtype"]).reshape(value["shape"]).copy()
