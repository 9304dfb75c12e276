"""NextTokenViewer's printed picture: the text, the bars of four samplers, the texts tried."""

import textwrap

import numpy as np

from vizkit import style
from vizkit.views.sampling import SAMPLERS
from vizkit.views.saying import quoted

ROWS, TEXTS, LONGEST = 14, 6, 420  # tokens with bars, texts below them, characters of a text


def draw(viewer):
    """The figure of a NextTokenViewer."""
    ids = viewer.ids[:ROWS]
    text = lines(viewer.text, LONGEST)
    begin = len(viewer.beginning)
    others = [f"… {end[begin:]}" for end in viewer.branches if end != viewer.text][-TEXTS:]
    below = [line for end in others for line in lines(end, 200)]
    height = 0.75 + 0.2 * len(ids) + 0.17 * len(text)
    tried = 0.3 + 0.17 * len(below) if below else 0
    figure = style.figure(8.2, height + tried)
    top, *bottom = figure.subfigures(1 + bool(below), 1, squeeze=False, height_ratios=(
        [height, tried] if below else [height]))[:, 0]
    top.suptitle("\n".join(text), x=0.01, ha="left", fontsize=9, color=style.INK)
    axes = top.subplots(1, len(SAMPLERS), sharey=True)
    place = np.arange(len(ids))
    titles = {"greedy": "greedy", "temperature": f"temperature {viewer.temperature:g}",
              "top-k": f"top-k, k = {viewer.k}", "top-p": f"top-p, p = {viewer.p:g}"}
    for axis, name in zip(axes, SAMPLERS, strict=True):
        chances = viewer.shares(name)[ids]
        chosen = name == viewer.sampler
        axis.barh(place, chances, 0.72, color=style.CATEGORIES[0] if chosen else "#9bb8cc")
        for row, chance in enumerate(chances):
            if chance:
                words = style.number(chance) if chance >= 0.001 else "<0.001"
                axis.text(chance + 0.02, row, words, va="center", fontsize=6.5,
                          color=style.INK)
        axis.set_title(titles[name], fontsize=8, color=style.INK,
                       fontweight="bold" if chosen else "normal")
        axis.set_xlim(0, 1.22)
        axis.set_xticks([0, 0.5, 1], ["0", "0.5", "1"], fontsize=7)
        axis.spines[["top", "right"]].set_visible(False)
    words = [style.shorten(quoted(word), 18).replace("$", r"\$") for word in viewer.words[:ROWS]]
    axes[0].set_yticks(place, words, fontsize=8)
    axes[0].invert_yaxis()
    if bottom:
        bottom[0].suptitle("also tried:\n" + "\n".join(below), x=0.01, y=0.98, ha="left", va="top",
                           fontsize=8, color=style.FAINT)
    return figure


def lines(text, longest):
    """A text in lines for a figure; of a long one its end, and no formula between two $."""
    text = text if len(text) <= longest else "… " + text[-longest:]
    wrapped = textwrap.wrap(text.replace("\n", "↵ "), 110) or ["(nothing yet)"]
    return [line.replace("$", r"\$") for line in wrapped]
