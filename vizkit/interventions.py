"""A unit knocked out or clamped: what a classifier then says. The model itself never changes."""

from vizkit import views
from vizkit.inputs import seen
from vizkit.language.words import as_classes, text_of
from vizkit.model import predictions

MOST = 64  # images that are looked at together


def intervene(units, images, top=5):
    """An InterventionViewer of some units of a layer, or heads, for one image or text or several.

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
        scores = as_classes(net, other.output(batch.tensor))[0]
        return predictions.probabilities(scores)[0].detach().cpu().numpy()

    def compute(number, value):
        return shares(net.clamp(units[number], value))

    before = shares(net)
    pictures = None
    if net.intake.kind == "image":
        pictures = [seen.picture(image, net.preprocess) for image in batch.tensor]
    output = net.output(batch.tensor)
    texts = []
    if net.intake.kind == "tokens" and output.ndim == 3:  # what follows them is looked at
        texts = [text_of(net.encoding, ids) for ids in batch.tensor.tolist()]
    names = as_classes(net, output)[1]
    if names is None or len(names) != before.shape[1]:
        names = range(before.shape[1])
    return views.InterventionViewer(
        compute, before, units.largest(batch.tensor), units.titles, list(map(str, names)),
        pictures, texts=texts, layer=units.name, top=top,
    )
