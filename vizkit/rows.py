"""Rows of (channel, weight) pairs, which Units are made of: their sums and their names."""


def added(mine, theirs, sign=1.0):
    """Rows with as many others added to them, or one to all of them, or they to one.

    >>> added((((0, 1.0),), ((1, 1.0),)), (((1, 2.0),),), -1)
    (((0, 1.0), (1, -2.0)), ((1, -1.0),))
    """
    if len(mine) != len(theirs) and 1 not in (len(mine), len(theirs)):
        raise ValueError(
            f"cannot add {len(theirs)} units to {len(mine)}: expected as many, or one"
        )
    count = max(len(mine), len(theirs))
    found = []
    for left, right in zip(mine * (count // len(mine)), theirs * (count // len(theirs)),
                           strict=True):
        total = dict(left)
        for channel, weight in right:
            total[channel] = total.get(channel, 0.0) + sign * weight
        found.append(tuple(sorted((c, w) for c, w in total.items() if w)))
    return tuple(found)


def row_name(layer, row):
    """One unit in words.

    >>> row_name("c1", [(2, 1.0), (4, -0.5)])
    'c1[2] − 0.5·c1[4]'
    """
    words = ""
    for channel, weight in row[:4]:
        size = "" if abs(weight) == 1 else f"{abs(weight):g}·"
        sign = (" − " if words else "−") if weight < 0 else (" + " if words else "")
        words += f"{sign}{size}{layer}[{channel}]"
    return (words or f"0 in {layer}") + (f" + … ({len(row)} channels)" if len(row) > 4 else "")
