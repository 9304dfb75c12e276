"""Which attention a model pays while it runs, seen from outside: no model is asked to return it.

Every torch function that is called on the way is seen (torch.overrides). Attention is a call of
`scaled_dot_product_attention`, a `nn.MultiheadAttention`, or a softmax over the last axis whose
result is then multiplied with something: the mean that attention takes. Where it is written out,
the softmax is followed back to the product that it was made of.
"""

import math
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

from vizkit.model import hooks

PRODUCTS = ("matmul", "bmm", "__matmul__", "baddbmm", "einsum")
SAME = ("dropout", "to", "type_as", "contiguous", "float", "half", "bfloat16", "view", "reshape")


@dataclass(frozen=True)
class Seen:
    """One call of attention on one text: weights (head, query, key).

    queries, keys, values: (head, position, features) where the call shows them, else None; scale:
    what their products were multiplied with, None where that was not seen. call: 1 for the first
    in its module.
    """

    name: str
    call: int
    weights: torch.Tensor
    queries: torch.Tensor | None = None
    keys: torch.Tensor | None = None
    values: torch.Tensor | None = None
    scale: float | None = None

    @property
    def label(self):
        """The module's name; `attn#2` for its second call."""
        return self.name if self.call == 1 else f"{self.name}#{self.call}"


def attention(model, batch, edits=()):
    """A list of Seen, in the order in which they came, of a batch of one text.

    Raises ValueError for a batch of several and where no attention was seen.
    """
    if len(batch) != 1:
        raise ValueError(f"{len(batch)} texts: attention is looked at in one: pass texts[0]")
    watch, handles = Watch(), []
    try:
        for name, module in model.named_modules():
            handles.append(module.register_forward_pre_hook(watch.entered(name)))
            handles.append(module.register_forward_hook(watch.left, always_call=True))
        with watch:
            hooks.forward(model, batch, edits=edits)
    finally:
        for handle in handles:
            handle.remove()
    if not watch.found:
        raise ValueError(
            f"no attention was seen in {type(model).__name__}: it calls neither "
            "scaled_dot_product_attention nor a softmax whose result is multiplied (a fused kernel "
            "of its own, perhaps). Where it can return its weights: vk.attention(weights, tokens)"
        )
    return watch.found


class Watch(TorchFunctionMode):
    """While it is entered, keeps every attention; `found` is a list of Seen."""

    def __init__(self):
        super().__init__()
        self.found, self.inside, self.calls = [], [], {}
        # By the id of a tensor: it (kept, so that the id is not given again), and what is known.
        self.dots = {}  # a product of two batches, or what was made of it: (it, (q, kᵀ))
        self.soft = {}  # a softmax's result, or what was made of it: (it, the weights, (q, kᵀ))

    def entered(self, name):
        return lambda module, args: self.inside.append(name)

    def left(self, module, args, output):
        self.inside.pop()

    def __torch_function__(self, function, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(function, "__name__", "")
        if name == "multi_head_attention_forward":
            wanted = kwargs | {"need_weights": True, "average_attn_weights": False}
            self.keep(function(*args, **wanted)[1], *projected(*args, **kwargs))
            return function(*args, **kwargs)
        output = function(*args, **kwargs)
        if name == "scaled_dot_product_attention":
            self.keep(*explicit(*args, **kwargs))
        elif name == "softmax" and last_axis(output, args, kwargs):
            came = self.dots.get(id(args[0]), (None, None))[1]
            self.soft[id(output)] = output, output, came
            self.dots.clear()
        elif isinstance(output, torch.Tensor):
            self.follow(name, args, output)
        return output

    def follow(self, name, args, output):
        """What becomes of a product and of a softmax's result: the same in another form, scaled
        or masked; in the end the mean that attention takes.
        """
        tensors = [a for a in args if isinstance(a, torch.Tensor)]
        seen = next((self.soft[id(a)] for a in tensors if id(a) in self.soft), None)
        if seen is not None and name in PRODUCTS:
            _, weights, came = seen
            mine = self.soft.get(id(tensors[0]), (None, None))[1] is weights
            known = came is not None and mine and name != "baddbmm" and len(tensors) == 2
            self.keep(weights, *((came[0], came[1].mT, tensors[1]) if known else ()))
            self.soft = {key: one for key, one in self.soft.items() if one[1] is not weights}
        elif seen is not None and name in SAME:
            self.soft[id(output)] = output, *seen[1:]
        elif name in PRODUCTS and [a.ndim > 2 for a in tensors] == [True, True]:
            self.dots[id(output)] = output, tuple(tensors)
        elif self.dots:
            dot = next((self.dots[id(a)] for a in tensors if id(a) in self.dots), None)
            if dot is not None and dot[0].shape == output.shape:
                self.dots[id(output)] = output, dot[1]

    def keep(self, weights, queries=None, keys=None, values=None, scale=None):
        """Note one attention; weights (head, query, key), or with a first axis of one text."""
        one = [None if t is None else t.detach().float().flatten(0, -3).cpu()
               for t in (weights, queries, keys, values)]
        name = self.inside[-1] if self.inside else ""
        self.calls[name] = self.calls.get(name, 0) + 1
        self.found.append(Seen(name, self.calls[name], *one, scale=scale))


def last_axis(output, args, kwargs):
    """Was this a softmax over the last of at least three axes: (head, query, key)?"""
    axis = kwargs.get("dim", args[1] if len(args) > 1 else None)
    return output.ndim >= 3 and axis in (-1, output.ndim - 1)


def projected(query, key, value, width, heads, weight, bias, bias_k=None, bias_v=None,
              zeros=False, *rest, use_separate_proj_weight=False, **options):  # fmt: skip
    """(queries, keys, values, scale) of a call of multi_head_attention_forward; nothing where it
    adds keys of its own.
    """
    if bias_k is not None or zeros:
        return ()
    weights = ([options[f"{name}_proj_weight"] for name in "qkv"] if use_separate_proj_weight
               else weight.chunk(3))
    biases = (None,) * 3 if bias is None else bias.chunk(3)
    made = []
    for given, matrix, offset in zip((query, key, value), weights, biases, strict=True):
        part = F.linear(given, matrix, offset).unflatten(-1, (heads, -1))
        part = part if part.ndim == 4 else part[:, None]  # (position, text, head, feature)
        made.append(part.permute(1, 2, 0, 3))
    return (*made, (heads / width) ** 0.5)


def explicit(query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, scale=None,
             enable_gqa=False):  # fmt: skip
    """(weights, queries, keys, values, scale) of a call of scaled_dot_product_attention."""
    if query.shape[-3] != key.shape[-3]:  # several heads of queries share one of keys
        times = query.shape[-3] // key.shape[-3]
        key, value = (t.repeat_interleave(times, -3) for t in (key, value))
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = query.float() @ key.float().mT * scale  # (…, head, query, key)
    if is_causal:
        attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, -math.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    return scores.softmax(-1), query, key, value, scale


def alike(found, layers=None):
    """Those of one shape, to be shown together; with layers: those of these names.

    Raises ValueError where names are unknown or the shapes differ.
    """
    labels = [one.label for one in found]
    if layers is not None:
        wanted = [layers] if isinstance(layers, str) else list(layers)
        lost = [name for name in wanted if name not in labels]
        if lost:
            raise ValueError(f"no attention in {lost[0]!r}; it was seen in {', '.join(labels)}")
        found = [one for one in found if one.label in wanted]
    shapes = {tuple(one.weights.shape) for one in found}
    if len(shapes) > 1:
        rows = ", ".join(f"{one.label} {'×'.join(map(str, one.weights.shape))}" for one in found)
        raise ValueError(f"attention of several shapes (head, query, key): {rows}. Choose those of "
                         "one shape: layers=[…]")
    return [replace(one, name=one.label) for one in found]
