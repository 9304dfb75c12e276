"""From the logits of the next token to a choice. Every rule is a function logits → logits.

A rule takes (…, vocabulary) and returns the same with what it rules out at -inf; they can be
applied one after the other. Sources: top-k, Fan et al. 2018, arXiv:1805.04833; top-p, Holtzman et
al. 2019, arXiv:1904.09751.
"""

import math
import operator

import torch

COLDEST = 1e-30  # logits divided by less would no longer be finite numbers


def temperature(logits, value=1.0):
    """Divided by `value`: below 1 the likely gains, above 1 the unlikely; at 0 the first is left.

    >>> temperature(torch.tensor([1.0, 2.0, 0.0]), 0.5)
    tensor([2., 4., 0.])
    >>> temperature(torch.tensor([1.0, 2.0, 0.0]), 0)       # the limit: greedy
    tensor([-inf, 2., -inf])
    """
    if not 0 <= value < math.inf:
        raise ValueError(f"temperature is {value}: give 0 (always the likeliest) or more, "
                         "1 for the probabilities as the model has them")  # fmt: skip
    return logits / value if value > COLDEST else top_k(logits, 1)


def top_k(logits, k):
    """The k likeliest are left; of equal ones that come last, those with lower numbers.

    >>> top_k(torch.tensor([1.0, 2.0, 0.0, 3.0]), 2)
    tensor([-inf, 2., -inf, 3.])
    """
    try:
        whole = operator.index(k)
    except TypeError:
        raise ValueError(f"top_k is {k!r}: give a whole number of tokens, 1 or more") from None
    if whole < 1:
        raise ValueError(f"top_k is {k}: at least 1 token has to be left")
    best = logits.sort(dim=-1, descending=True, stable=True).indices[..., :k]
    return only(logits, best, torch.ones_like(best, dtype=torch.bool))


def top_p(logits, p):
    """The likeliest are left, as many as it takes for their probabilities to reach p together.

    The likeliest is always left: with p = 0, it alone. With p = 1 all are.

    >>> top_p(torch.tensor([0.5, 0.3, 0.15, 0.05]).log(), 0.7).exp()
    tensor([0.5000, 0.3000, 0.0000, 0.0000])
    """
    if not 0 <= p <= 1:
        raise ValueError(f"top_p is {p}: give a probability from 0 to 1, such as 0.9")
    if p == 1:  # rounded sums of probabilities reach 1 before the last, very unlikely ones
        return logits
    ordered, places = logits.sort(dim=-1, descending=True, stable=True)
    chances = ordered.softmax(-1)
    before = chances.cumsum(-1) - chances  # what the more likely ones have together
    left = (before < p) | (torch.arange(logits.shape[-1], device=logits.device) == 0)
    return only(logits, places, left)


def only(logits, places, left):
    """Logits with all at -inf but those at `places` where `left` is True."""
    keep = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, places, left)
    return logits.masked_fill(~keep, -math.inf)


RULES = {"temperature": temperature, "top_k": top_k, "top_p": top_p}


def rule(**values):
    """One function logits → logits of several RULES, in the order given; None leaves one out.

    >>> rule(temperature=2.0, top_k=1)(torch.tensor([1.0, 2.0, 0.0]))
    tensor([-inf, 1., -inf])
    """
    given = [(RULES[name], value) for name, value in values.items() if value is not None]
    for function, value in given:  # what is refused is refused before the first token
        function(torch.zeros(1), value)
    given = [pair for pair in given if pair != (temperature, 1.0)]  # changes nothing

    def apply(logits):
        for function, value in given:
            logits = function(logits, value)
        return logits

    return apply


def pick(logits, chance):
    """The token that a number of 0…1 falls on when the probabilities are laid end to end.

    logits (rows, vocabulary), chance (rows,); one token number a row.

    >>> logits = torch.tensor([[0.5, 0.3, 0.2]]).log().repeat(3, 1)
    >>> pick(logits, torch.tensor([0.1, 0.6, 0.99]))
    tensor([0, 1, 2])
    """
    ends = logits.softmax(-1, dtype=torch.float64).cumsum(-1)
    # a little less than 1, so that the last is never passed and what is ruled out never taken
    aim = ends[:, -1:] * (chance * (1 - 1e-15))[:, None]
    picked = torch.searchsorted(ends, aim, right=True)[:, 0]
    if picked.max() == logits.shape[-1]:  # no comparison with a NaN is ever true
        raise ValueError("the logits of the next token are not numbers (NaN or infinite): did the "
                         "training go wrong, or was a weight changed to such a value?")
    return picked
