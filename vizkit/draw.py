"""Viewers of numbers that come from no Net: arrays and tensors in whatever form they have."""

from vizkit import views
from vizkit.arrays import as_array
from vizkit.inputs import images, seen


def kernels(array, layer="", steps=()):
    """A KernelViewer of plain numbers: (n, channels, y, x), (n, y, x), or one kernel (y, x).

    Several moments of a training are (time, n, channels, y, x), with a slider through them; steps
    says when they were: words, or numbers of images seen.

    >>> kernels([[-1, 0, 1]] * 3, layer="vertical edge")
    KernelViewer: 1 kernel of 3×3, layer vertical edge
    """
    array = as_array(array)
    if array.ndim in (2, 3):
        array = array[None, None] if array.ndim == 2 else array[:, None]
    return views.KernelViewer(array, steps, layer=layer)


def maps(layers, image=None, titles=()):
    """An ActivationViewer of plain numbers: a dict name → maps (channel, y, x), or (y, x) for one.

    image: what the maps were made of, shown beside them; anything that is a picture.
    titles: what the maps of a layer are called (default: their numbers).
    Raises ValueError for another shape, TypeError for what holds no numbers.

    >>> import numpy as np
    >>> maps({"edges": np.zeros((2, 8, 8)), "pooled": np.zeros((2, 4, 4))})
    ActivationViewer: 2 maps of 8×8, layer edges (1 of 2)
    """
    if not isinstance(layers, dict):
        layers = {"": layers}
    arrays = {str(name): as_array(array) for name, array in layers.items()}
    arrays = {name: a[None] if a.ndim == 2 else a for name, a in arrays.items()}
    if not arrays:
        raise ValueError("no maps: expected a dict name → (channel, y, x), got an empty one")
    for name, array in arrays.items():
        if array.ndim != 3 or not array.size:
            raise ValueError(f"maps {name} have shape {array.shape}; expected (channel, y, x), or "
                             "(y, x) for one map")
    if isinstance(titles, str):
        raise TypeError(f"titles is {titles!r}; expected a list, one for each map")
    if image is not None:
        batch = images.load(image)
        if len(batch.tensor) != 1:
            raise ValueError(f"{len(batch.tensor)} images; maps stand beside one: pass images[0]")
        image = seen.picture(batch.tensor[0][:3])
    return views.ActivationViewer(arrays.__getitem__, list(arrays), image=image,
                                  titles=list(map(str, titles)))
