"""Names of layers: how they are written, and what was probably meant."""

import difflib
import re

PATTERN = re.compile(r"^(?P<layer>[^#\[\]]*)(#(?P<call>\d+|last))?(?P<path>(\[[^\]]+\])*)$")


def parse(text):
    """(layer, call, path) of a name such as `features.3`, `relu#2`, `relu#last`, `lstm[1][0]`.

    call counts from 1 (−1: the last); path leads into an output that is a tuple or a dict.

    >>> parse("lstm#2[1][hidden]")
    ('lstm', 2, (1, 'hidden'))
    """
    if not isinstance(text, str):
        raise TypeError(f"expected a layer's name, got {text!r}: net.layers() shows them")
    match = PATTERN.match(text)
    if not match or match["call"] == "0":
        raise ValueError(
            f"cannot read the layer name {text!r}: expected a dotted name, then #2 for its second "
            "call (#last for the last), then [0] or [name] for a part of its output"
        )
    call = {None: 1, "last": -1}.get(match["call"]) or int(match["call"])
    keys = re.findall(r"\[([^\]]+)\]", match["path"])
    return match["layer"], call, tuple(int(k) if re.fullmatch(r"-?\d+", k) else k for k in keys)


def unknown(name, names):
    """The message for a layer that is not there, with near names.

    >>> unknown("features.33", ["features.0", "features.3", "classifier"])
    "no layer 'features.33'; did you mean 'features.3' or 'features.0'?"
    """
    lower = {other.lower(): other for other in names}
    near = [lower[one] for one in difflib.get_close_matches(name.lower(), lower, 3, 0.5)]
    near += [other for other in names if name and name in other and other not in near]
    if near:
        return f"no layer {name!r}; did you mean {' or '.join(map(repr, near[:3]))}?"
    if not names:
        return f"no layer {name!r}; this model is one layer, and its name is ''"
    first = ", ".join(names[:6]) + (", …" if len(names) > 6 else "")
    return f"no layer {name!r}; the layers are {first} (net.layers() shows all)"
