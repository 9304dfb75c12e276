"""What `units.dream()` does: dreams of each unit, and the viewer that shows them."""

import numpy as np

from vizkit import views
from vizkit.dreams import objectives
from vizkit.dreams.ascent import dream
from vizkit.model.runner import place_of
from vizkit.progress import Progress
from vizkit.unit_views import chosen_by


def dreams(units, size=None, steps=128, seeds=1, control=False, transforms=True, neuron=False,
           parameterisation="fourier", colour="decorrelated"):
    """A DreamViewer of these units; what the arguments mean: Unit.dream and vizkit.dreams."""
    if seeds < 1:
        raise ValueError(f"seeds={seeds}; expected how many images of each unit, 1 or more")
    net = units.net
    kind = objectives.neuron if neuron else objectives.channel
    goals = [goal for goal in objectives.each(units, kind) for _ in range(seeds)]
    given = {"size": size, "steps": steps, "transforms": transforms,
             "parameterisation": parameterisation, "colour": colour}
    with Progress(f"dreams of {units.name}") as bar:
        found = dream(net, goals, progress=telling(bar), **given)
    seen = {"images": coloured(found.images), "scores": found.scores, "start": found.start,
            "history": found.history, "seeds": found.seeds, "notes": found.notes}
    if control and not found.stopped:
        fresh = net.untrained(0)
        fresh.model.to(place_of(net.model)[0])
        with Progress(f"untrained, {units.name}") as bar:
            beside = dream(fresh, goals, progress=telling(bar), **given)
        seen |= {"control": coloured(beside.images), "control_scores": beside.scores}
        seen["notes"] = [*found.notes, *(f"untrained: {note}" for note in beside.notes[1:]
                                         if note not in found.notes)]
    titles = [title for title in units.titles for _ in range(seeds)]
    viewer = views.DreamViewer(titles=titles, together=seeds, layer=units.name, **seen)
    if units.numbers() is None:
        return viewer
    source, _ = chosen_by(units)
    channels = [channel for channel in units.numbers() for _ in range(seeds)]
    return net.selection.join(viewer, {units.name: (source, channels)})


def telling(bar):
    """What `dream` calls after each step: the bar says how far it is and how to stop."""
    def tell(step, steps, scores):
        bar(step / steps, f"step {step} of {steps}, mean score {scores.mean():.3g} · interrupt to "
                          "stop here")

    return tell


def coloured(images):
    """Images (n, channel, y, x), 0…1, as bytes (n, y, x, 3)."""
    if images.shape[1] not in (1, 3):
        raise ValueError(f"images of {images.shape[1]} channels have no picture: "
                         "vizkit.dreams.dream gives their numbers")
    shown = np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images
    return np.floor(shown.transpose(0, 2, 3, 1) * 255 + 0.5).astype(np.uint8)
