"""Four ways to choose the next token: shares of the vocabulary from its logits. Draws nothing.

Sources: Fan, Lewis & Dauphin 2018, arXiv:1805.04833 (top-k); Holtzman et al. 2020,
arXiv:1904.09751 (top-p, "nucleus").
"""

import numpy as np

SAMPLERS = ("greedy", "temperature", "top-k", "top-p")


def shares(logits, sampler, temperature=1.0, k=10, p=0.9, order=None):
    """The chance of each token (vocabulary,), summing to 1, under one of the SAMPLERS.

    greedy: the largest alone. temperature: softmax(logits / temperature). top-k: of that the k
    largest. top-p: of that the fewest that together reach p. order: the tokens in falling order,
    where that is known.

    >>> logits = np.log([0.5, 0.3, 0.2])
    >>> shares(logits, "top-k", k=1).tolist(), shares(logits, "top-p", p=0.7).round(3).tolist()
    ([1.0, 0.0, 0.0], [0.625, 0.375, 0.0])
    """
    logits = np.asarray(logits, float)
    order = np.argsort(-logits, kind="stable") if order is None else order
    exact = np.exp((logits[order] - logits[order[0]]) / temperature)
    exact /= exact.sum()
    keep = {"greedy": 1, "temperature": len(exact), "top-k": k,
            "top-p": 1 + int((exact.cumsum() < p - 1e-9).sum())}[sampler]  # fmt: skip
    exact[keep:] = 0
    found = np.empty_like(exact)
    found[order] = exact / exact.sum()
    return found


def checked(logits):
    """Logits of the next token as an array (vocabulary,). Raises ValueError for what is none."""
    if hasattr(logits, "detach"):
        logits = logits.detach().cpu().float()
    array = np.asarray(logits, float)
    if array.ndim > 1 and array.size == array.shape[-1]:
        array = array.reshape(-1)
    if array.ndim != 1 or array.size < 2:
        raise ValueError(f"predict gave shape {array.shape}; expected the logits of the next token "
                         "(vocabulary,): of a whole text's logits[0, -1]")
    broken = int(np.isnan(array).sum() + np.isposinf(array).sum())
    if broken:
        raise ValueError(f"{broken} of {array.size} logits are NaN or infinite: no share can be "
                         "made of them. Did a training diverge, or is a mask missing?")
    if np.isneginf(array).all():
        raise ValueError("all logits are −∞: no token is left to choose")
    return array
