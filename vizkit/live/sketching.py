"""A Sketchpad for a network or for any function of a picture."""

from functools import partial

import numpy as np
import torch
from PIL import Image, ImageDraw

from vizkit.inputs import centring
from vizkit.net import Net
from vizkit.views.sketch import PAPER, Sketchpad

# A two, as shares of the paper's side: what is on the paper at first. (Twice: a sharp corner.)
TWO = [(0.28, 0.36), (0.30, 0.17), (0.50, 0.13), (0.70, 0.18), (0.68, 0.40), (0.52, 0.60),
       (0.27, 0.82), (0.27, 0.82), (0.45, 0.78), (0.60, 0.81), (0.75, 0.80)]  # fmt: skip
NOT_SHOWN = ("Flatten", "Dropout", "Dropout2d", "Identity")


def sketch(model, layers=None, *, size=28, example=None, centred=True):
    """A Sketchpad whose drawings are read, while they are drawn, by a network or a function.

    model: a Net, any nn.Module, or a function of a picture (size, size), uint8, light ink on
    dark, that returns a row of values, a dict class → value, or the class itself.
    layers: names of the layers whose maps can be looked at (default: all of a network).
    example: the first drawing (default: a two). centred: scale and centre as MNIST does; the
    viewer has a switch for it.

    >>> pad = sketch(lambda picture: {"ink": picture.mean() / 255, "paper": 0.5}, size=20)
    >>> pad.prediction["ink"] < 0.5, pad.seen.shape
    (True, (20, 20))
    """
    if not isinstance(size, int) or size < 1:
        raise ValueError(f"size is {size!r}; expected the picture's side in pixels, e.g. 28")
    if isinstance(model, torch.nn.Module):
        model = Net(model)
    example = stroke(rounded(TWO)) if example is None else example
    if isinstance(model, Net):
        layers = [layers] if isinstance(layers, str) else layers
        layers = names_of(model, size) if layers is None else list(layers)
        for layer in layers:
            model.find(layer)
        look = partial(by_net, model, size)
    elif callable(model):
        if layers:
            raise ValueError("a function has no layers to look at: pass a Net or an nn.Module")
        look, layers = partial(by_function, model, size), ()
    else:
        raise TypeError(f"expected a Net, an nn.Module or a function, got {type(model).__name__}")
    return Sketchpad(look, example, layers, centred=centred)


def names_of(net, size):
    """The layers of a network that have something to show for a drawing."""
    facts = net.layers(example=np.zeros((size, size), np.uint8))
    shown = [f for f in facts if f.leaf and f.calls and f.kind not in NOT_SHOWN]
    return [fact.name for fact in shown if len(fact.shape) in (1, 3)]


def by_net(net, size, drawing, centre, layer):
    """What a Sketchpad asks: a network's classes and one layer's maps for a drawing."""
    picture = (centring.centred if centre else centring.shrunk)(drawing, size)
    prediction = net.predict(picture)
    names = [prediction.name(k) for k in range(len(prediction.probabilities))]
    maps = None
    if layer:
        maps = net.capture(picture, layer)[layer][0].float().cpu().numpy()
        maps = maps.reshape(len(maps), *(maps.shape[1:] or (1, 1)))  # a vector: maps of one pixel
    return {"seen": picture, "classes": names, "values": prediction.probabilities, "maps": maps}


def by_function(function, size, drawing, centre, layer):
    """What a Sketchpad asks: a function's classes for a drawing."""
    picture = (centring.centred if centre else centring.shrunk)(drawing, size)
    names, values = read(function(picture.copy()))
    return {"seen": picture, "classes": names, "values": values, "maps": None}


def read(result):
    """(names, values) of what a function returned. Raises TypeError for what it cannot read.

    >>> read({"cat": 0.25}), read([0.5, 0.5]), read("seven")
    ((['cat'], [0.25]), (['0', '1'], [0.5, 0.5]), (['seven'], [1.0]))
    """
    if isinstance(result, dict):
        return [str(name) for name in result], [float(value) for value in result.values()]
    if hasattr(result, "probabilities") and hasattr(result, "name"):
        values = [float(value) for value in result.probabilities]
        return [result.name(k) for k in range(len(values))], values
    if isinstance(result, (str, bool, np.bool_, int, np.integer)):
        return [str(result)], [1.0]
    values = result.detach().cpu() if torch.is_tensor(result) else result
    try:
        values = np.asarray(values, float)
        values = values[0] if values.ndim == 2 and len(values) == 1 else values  # a batch of one
    except (TypeError, ValueError):
        values = None
    if values is None or values.ndim != 1:
        raise TypeError(
            f"the function returned {type(result).__name__}: expected a row of values, a dict "
            "class → value, or the class itself"
        )
    return [str(k) for k in range(len(values))], values.tolist()


def rounded(points, rounds=3):
    """The same line with its corners cut off, again and again, until it looks like a curve.

    Source: G. Chaikin 1974, an algorithm for high-speed curve generation.

    >>> rounded([(0, 0), (4, 0), (4, 4)], rounds=1)
    [(0, 0), (1.0, 0.0), (3.0, 0.0), (4.0, 1.0), (4.0, 3.0), (4, 4)]
    """
    for _ in range(rounds):
        ends = points[0], points[-1]
        points = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
                  for a, b in zip(points, points[1:], strict=False) for share in (0.25, 0.75)]
        points = [ends[0], *points, ends[1]]
    return points


def stroke(points, width=13):
    """A line through points (x, y), shares of the side, drawn on a paper: (140, 140), uint8.

    >>> stroke([(0.1, 0.5), (0.9, 0.5)]).max()
    np.uint8(255)
    """
    fine = 4  # drawn larger and reduced, for soft edges
    image = Image.new("L", (PAPER * fine, PAPER * fine))
    pen = ImageDraw.Draw(image)
    spots = [(x * PAPER * fine, y * PAPER * fine) for x, y in points]
    pen.line(spots, fill=255, width=width * fine, joint="curve")
    for x, y in spots:
        reach = width * fine / 2
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    return np.asarray(image.resize((PAPER, PAPER), Image.Resampling.BOX)).copy()
