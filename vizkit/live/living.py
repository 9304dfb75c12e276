"""A LiveViewer for a Net or Units: what is held up to the network, and what lights up."""

import numpy as np
import torch

from vizkit import net_views, views
from vizkit.inputs import images
from vizkit.inputs.patterns import pattern
from vizkit.inputs.uploads import SIDE, opened
from vizkit.model.blame import times
from vizkit.model.layers import as_maps
from vizkit.model.predictions import Prediction, probabilities
from vizkit.unit_views import chosen_by

TOP = 5  # classes that have a bar
WHOLE = ""  # the name of the model itself among its layers


def live(net, layer=None, image=None, source=None, unit=None):
    """A LiveViewer of a Net, or of some Units of a layer.

    layer: the one shown first (default: the first that has maps). image: one photograph or a
    list of them, to begin with and to choose from. source: "photo" (default where an image is
    given), "pattern" (default otherwise), "upload", "draw" or "camera".
    Raises ValueError for a model that takes no images.
    """
    net.runner.must_have_values()
    if net.intake.kind not in ("image", "unknown"):
        raise ValueError(f"this net takes a {net.intake.kind}, no image: nothing can be held up")
    facts = net.runner.facts()
    names = [name for name, fact in facts.items() if net_views.has_maps(net, fact)]
    if unit is not None:
        names = [unit.layer]
    elif layer is not None and layer not in names:
        net.find(layer)
        names.append(layer)
    if not names:
        raise ValueError(f"no layer of {type(net.model).__name__} gives maps (channel, y, x)")
    called = {unit.name: unit.layer} if unit is not None else {name: name for name in names}
    asked = Asked(net, called, unit)
    viewer = views.LiveViewer(
        asked.look, list(called), layer=next(iter(called)) if unit is not None else layer,
        respond=asked.respond, pattern=pattern, opened=opened, photos=photographs(image),
        source=source or ("pattern" if image is None else "photo"), side=side_of(net),
        titles=unit.titles if unit is not None and unit.rows is not None else [],
    )  # fmt: skip
    if unit is None:
        return net.selection.join(viewer, {name: (net.fact(name).source, None) for name in names})
    if unit.numbers() is None:
        return viewer
    return net.selection.join(viewer, {unit.name: chosen_by(unit)})


class Asked:
    """What a LiveViewer asks of a network, as plain functions of images.

    called: dict name in the viewer → layer. unit: those Units alone, or None for all channels.
    """

    def __init__(self, net, called, unit=None):
        self.net, self.called, self.unit = net, called, unit

    def look(self, image, name):
        """One image (h, w, 3), uint8: a dict of maps (channel, y, x), the picture `seen`, and
        names and shares of the likeliest classes (none where the net is no classifier).
        """
        layer, batch = self.called[name], self.net.one(image)
        found = self.net.capture(batch.tensor, [layer, WHOLE])
        names, shares = likeliest(self.net, found[WHOLE])
        return {"maps": self.maps(found[layer], layer)[0].float().cpu().numpy(),
                "seen": self.net.seen_image(batch), "names": names, "shares": shares}

    def respond(self, pictures, name):
        """The largest value of each map for each of several images: (image, channel)."""
        layer = self.called[name]
        maps = self.maps(self.net.capture(pictures, layer)[layer], layer)
        return maps.flatten(2).amax(2).float().cpu().numpy()

    def maps(self, output, layer):
        """What a layer gave, as maps of the units: (image, unit, y, x)."""
        tokens, axis = self.net.intake.kind == "image", self.net.fact(layer).axis
        maps = [as_maps(one, axis, tokens=tokens) for one in output]
        if maps[0] is None:
            raise ValueError(f"layer {layer} gives {times(output.shape[1:])} for one image, which "
                             "is no picture: choose one that gives maps (channel, y, x)")
        maps = torch.stack(maps)
        if self.unit is None or self.unit.rows is None:
            return maps
        return torch.einsum("uc,nchw->nuhw", self.unit.vectors().to(maps), maps)


def likeliest(net, output):
    """Names and shares of the most probable classes; two empty lists where there are none."""
    try:
        shares, _ = probabilities(output)
    except TypeError:  # no row of classes
        return [], []
    classes = net.classes if len(net.classes or ()) == shares.shape[1] else None
    top = Prediction(shares[0], classes, TOP).top
    return [name for name, _ in top], [share for _, share in top]


def side_of(net):
    """Side in pixels of the images that a net takes: what drawings and frames are shrunk to."""
    net.runner.facts()
    return int(max(net.runner.example.shape[-2:]))


def photographs(given):
    """A list of images (h, w, 3), uint8, of one image or several of any size; none of None."""
    if given is None:
        return []
    if not isinstance(given, (list, tuple)) or images.is_number_list(given):
        given = [given]
    found = [one for value in given for one in images.to_pil(images.load(value, 3))]
    for one in found:
        one.thumbnail((SIDE, SIDE))  # no larger than an upload
    return [np.asarray(one) for one in found]
