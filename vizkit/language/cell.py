"""One attention weight as the sum that it is: q · k, divided, softmax, times v. Arrays in."""

import numpy as np

from vizkit import style


def account(queries, keys, values, weights, query, key, scale=None):
    """How one weight came about: a dict of `lines` (words) and `vectors` (row, feature).

    queries, keys, values: (position, features) of one head; weights (query, key) as the model
    had them; scale: what q · k is multiplied with (default: 1/√features, or 1 where q was already
    divided and that is what gives the weights).
    The vectors are q, k, v and the head's output, the sum of weight × v over all keys.

    >>> eye = np.eye(2)
    >>> account(eye, eye, eye, [[0.67, 0.33], [0.33, 0.67]], 0, 0)["lines"][0]
    'q · k = 1.00; × 1/√2 = 0.707'
    """
    queries, keys, values, weights = (np.asarray(a, float) for a in (queries, keys, values,
                                                                     weights))
    width = queries.shape[-1]
    usual = 1 / np.sqrt(width)
    row, dots = weights[query], keys @ queries[query]
    seen = row > 0  # a mask leaves exact zeros
    if scale is None:
        scale = 1.0 if fits(dots, row, 1.0) and not fits(dots, row, usual) else usual
    scores = dots * scale
    how = f"× 1/√{width}" if np.isclose(scale, usual) else f"× {style.number(scale)}"
    lines = [f"q · k = {said(dots[key])}; {how} = {said(scores[key])}"]
    if not seen[key]:
        lines.append("this key is masked: its score counts as −∞, its weight is 0")
    elif fits(dots, row, scale):
        count = int(seen.sum())
        lines += [softmax_line(scores, seen, key, row[key]),
                  f"{said(row[key])} × v is this key's part of the head's output, a sum over "
                  f"{count} key{'s' * (count > 1)}"]
    else:
        lines.append(f"softmax of q · k alone would give {said(soft(scores, seen)[key])}, the "
                     f"model gave {said(row[key])}: it adds something to its scores (a bias for "
                     "distances, another scale)")
    return {"lines": lines, "vectors": np.stack([queries[query], keys[key], values[key],
                                                 row @ values]).astype(np.float32)}


def soft(scores, seen):
    """Softmax over the keys that are seen; 0 for the others."""
    shares = np.exp(np.where(seen, scores, -np.inf) - scores[seen].max())
    return shares / shares.sum()


def fits(dots, row, scale):
    """Is a row of weights the softmax of these products with that scale?"""
    seen = row > 0
    return bool(seen.any()) and np.allclose(soft(dots * scale, seen), row, rtol=0.01, atol=2e-3)


def softmax_line(scores, seen, key, weight):
    """softmax in words; for scores too large to be written as powers of e, in fewer."""
    if np.abs(scores[seen]).max() > 12:
        return f"softmax over {int(seen.sum())} scores: {said(weight)}"
    total = np.exp(scores[seen]).sum()
    return (f"e^{said(scores[key])} = {said(np.exp(scores[key]))}; of {said(total)} over "
            f"{int(seen.sum())} key{'s' if seen.sum() > 1 else ''}: weight {said(weight)}")


def said(value):
    """A number with a true minus sign."""
    return style.number(float(value)).replace("-", "−")
