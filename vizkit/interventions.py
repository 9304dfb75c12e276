"""A unit knocked out or clamped: what a classifier then says. The model itself never changes."""

from vizkit import views
from vizkit.inputs import seen
from vizkit.model import predictions
from vizkit.unit_views import chosen_by

MOST = 64  # images that are looked at together


def intervene(units, images, top=5):
    """An InterventionViewer of some units of a layer, for one image or several.

    Raises ValueError for more images than can be waited for at every turn of the slider, and
    TypeError where the model is no classifier.
    """
    net = units.net
    batch = net.batch(images)
    if len(batch.tensor) > MOST:
        raise ValueError(
            f"{len(batch.tensor)} images: the viewer takes up to {MOST}, as all of them are "
            "computed anew at every change; for more: net.without(unit).predict(images)"
        )

    def shares(other):
        return predictions.probabilities(other.output(batch.tensor))[0].detach().cpu().numpy()

    def compute(number, value):
        return shares(net.clamp(units[number], value))

    before = shares(net)
    pictures = None
    if net.intake.kind == "image":
        pictures = [seen.picture(image, net.preprocess) for image in batch.tensor]
    names = net.classes
    if names is None or len(names) != before.shape[1]:
        names = range(before.shape[1])
    viewer = views.InterventionViewer(
        compute, before, largest(units, batch.tensor), units.titles, list(map(str, names)),
        pictures, layer=units.name, top=top,
    )
    if units.numbers() is None:
        return viewer
    return net.selection.join(viewer, {units.name: chosen_by(units)})


def largest(units, batch):
    """The largest value of each unit on each image: an array (image, unit)."""
    net = units.net
    found = net.capture(batch, units.layer)[units.layer].float()
    flat = found.movedim(net.fact(units.layer).axis, 1).flatten(2) if found.ndim > 2 else (
        found[..., None])  # (image, channel, place)
    values = flat if units.rows is None else units.vectors().to(flat) @ flat
    return values.amax(2).cpu().numpy()
