"""The weighted mean that attention takes, by the quickest way for the device. No model here."""

import math

import torch
import torch.nn.functional as F

SHORT = 512  # positions up to which a table of all weights is kept rather than made twice


def attend(q, k, v):
    """softmax(q kᵀ / √features, each position seeing none after it) v, one mean per query.

    q, k, v and the result: (text, head, position, features). It is
    `F.scaled_dot_product_attention(q, k, v, is_causal=True)`, and is computed by it, but for
    short texts when a CPU trains: its backward pass takes about five times as long there as
    the three lines that follow.

    >>> q, k, v = torch.randn(3, 1, 1, 4, 8)
    >>> (attend(q, k, v)[0, 0, 0] == v[0, 0, 0]).all().item()     # the first sees itself alone
    True
    """
    if q.device.type != "cpu" or not q.requires_grad or q.shape[-2] > SHORT:
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    later = torch.full((q.shape[-2],) * 2, -math.inf, dtype=q.dtype).triu(1)
    scores = (q / math.sqrt(q.shape[-1])) @ k.mT + later  # (text, head, query, key)
    return scores.softmax(-1) @ v
