"""The windows of convolutions, pools and borders, from the arguments of torch's functions.

Each function gets the shape of what was made and those arguments; it returns, for y and x,
(kernel, stride, values before the first, dilation), or None where there are no such windows.
"""


def pairs(value):
    """One number for both axes, or one for each.

    >>> pairs(3), pairs([2, 1]), pairs((2,))
    ((3, 3), (2, 1), (2, 2))
    """
    value = (value,) if isinstance(value, int) else tuple(value)
    return value * 2 if len(value) == 1 else value


def convolution(made, input, weight, bias=None, stride=1, padding=0, dilation=1, groups=1):
    kernel, dilation = tuple(weight.shape[-2:]), pairs(dilation)
    if padding == "same":  # torch puts the odd one after
        padding = [(k - 1) * d // 2 for k, d in zip(kernel, dilation, strict=True)]
    padding = pairs(0 if padding == "valid" else padding)
    return tuple(zip(kernel, pairs(stride), padding, dilation, strict=True))


def pool(made, input, kernel_size, stride=None, padding=0, dilation=1, *others, **more):
    kernel = pairs(kernel_size)
    stride = kernel if stride is None or stride == () else pairs(stride)
    return tuple(zip(kernel, stride, pairs(padding), pairs(dilation), strict=True))


def average(made, input, kernel_size, stride=None, padding=0, *others, **more):
    return pool(made, input, kernel_size, stride, padding)


def power(made, input, norm_type, kernel_size, stride=None, ceil_mode=False):
    return pool(made, input, kernel_size, stride)


def adaptive(made, input, *others, **more):
    """None where the windows are not all of one size."""
    sizes = list(zip(input.shape[-2:], made[-2:], strict=True))
    if any(size % out for size, out in sizes):
        return None
    return tuple((size // out, size // out, 0, 1) for size, out in sizes)


def border(made, input, pad, mode="constant", value=None):
    """A border is a window of one value that starts before the first; None where it mirrors."""
    if made[-2:] != input.shape[-2:] and mode != "constant":
        return None
    left, _, top, _ = (*pad, 0, 0)[:4]
    return (1, 1, top, 1), (1, 1, left, 1)


WINDOWS = {
    "conv2d": convolution, "max_pool2d": pool, "max_pool2d_with_indices": pool,
    "avg_pool2d": average, "lp_pool2d": power, "pad": border,
    "adaptive_avg_pool2d": adaptive, "adaptive_max_pool2d": adaptive,
    "adaptive_max_pool2d_with_indices": adaptive,
}  # fmt: skip
