"""Whitening: directions seen against what is usual in a layer, as the activation atlas does it.

Some channels are active in nearly every image, and some go together. A mean vector says mostly
that; whitening takes it away, so that what is left is what makes a cell special.
"""

import numpy as np


def second_moment(vectors):
    """The mean of h hᵀ over vectors h (n, width): (width, width), float64.

    The mean is not taken off first: channels of a ReLU are 0 or more, and being active is itself
    the news. Lucid, the code of the atlas of 2019, calls this matrix the layer's covariance.

    >>> second_moment([[1.0, 0.0], [3.0, 0.0]]).tolist()
    [[5.0, 0.0], [0.0, 0.0]]
    """
    vectors = np.asarray(vectors)
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise ValueError(f"vectors have shape {vectors.shape}, expected (count, width)")
    total = np.zeros((vectors.shape[1],) * 2)
    for part in np.array_split(vectors, -(-len(vectors) // 4096)):
        part = part.astype(np.float64)
        total += part.T @ part
    return total / len(vectors)


def whitened(directions, moment, ridge=0.1):
    """Directions v as v (M + ridge · mean(diag M) · I)⁻¹, (…, width); M a second moment.

    h · (M⁻¹ v) is (M^-½ h) · (M^-½ v): the likeness of two vectors after both were whitened. The
    ridge keeps channels that hardly ever speak (M nearly singular) from being all that is heard.

    >>> whitened([[1.0, 1.0]], [[4.0, 0.0], [0.0, 1.0]], ridge=0).tolist()
    [[0.25, 1.0]]
    """
    moment = np.asarray(moment, dtype=np.float64)
    directions = np.asarray(directions, dtype=np.float64)
    if moment.shape != (directions.shape[-1],) * 2:
        raise ValueError(f"directions are {directions.shape[-1]} wide, the second moment is "
                         f"{moment.shape}: both must come from the same layer")
    size = np.trace(moment) / len(moment)
    firm = moment + ridge * (size or 1.0) * np.eye(len(moment))
    return np.linalg.solve(firm, directions.T).T
