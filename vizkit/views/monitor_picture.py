"""Training curves as a matplotlib figure. Only draws what it is given."""

import numpy as np

from vizkit import style


def draw(view):
    """The loss of a TrainingMonitor, and the scores of its epochs where there are some."""
    scores = [name for name in view.names if name != "valid_loss"]
    figure = style.figure(8.4 if scores else 4.6, 2.9)
    panels = figure.subplots(1, 2 if scores else 1, squeeze=False)[0]
    draw_loss(panels[0], view)
    for name, colour in zip(scores, style.CATEGORIES[2:] * 9, strict=False):
        column = 2 + view.names.index(name)
        panels[1].plot(view.epochs[:, 1], view.epochs[:, column], "o-", color=colour,
                       markersize=3.5, linewidth=1.7, label=plain(name))  # fmt: skip
    if scores:
        panels[1].set(xlabel="epoch", title="" if len(scores) > 1 else plain(scores[0]))
        panels[1].xaxis.get_major_locator().set_params(integer=True)
        if len(scores) > 1:
            panels[1].legend(fontsize=9, frameon=False)
    for axes in panels:
        axes.spines[["top", "right"]].set_visible(False)
        axes.title.set(fontsize=10, color=style.INK)
    figure.suptitle(view.title, fontsize=11, color=style.INK)
    return figure


def draw_loss(axes, view):
    """The range of the loss in each column, its smoothed course, and the loss held out."""
    step, low, high, smooth = view.curve.T
    zigzag = np.stack([low, high], 1).ravel()
    axes.plot(step.repeat(2), zigzag, color=style.CATEGORIES[5], linewidth=0.7,
              label="each step")  # fmt: skip
    axes.plot(step, smooth, color=style.CATEGORIES[0], linewidth=1.8, label="smoothed")
    if "valid_loss" in view.names:
        axes.plot(view.epochs[:, 0], view.epochs[:, 2], "o-", color=style.CATEGORIES[3],
                  markersize=3.5, linewidth=1.2, label="held out")  # fmt: skip
    least = np.nanmin(low, initial=np.inf)
    if view.log and least > 0 and len(low):
        axes.set_yscale("log")
        digits = "125" if np.nanmax(high, initial=0) > 4 * least else "123456789"
        axes.yaxis.set_major_formatter(lambda value, _: ticked(value, digits))
        axes.yaxis.set_minor_formatter(lambda value, _: ticked(value, digits))
    axes.set(xlabel="step", title="loss")
    if len(step):
        axes.legend(fontsize=9, frameon=False)
    else:
        axes.text(0.5, 0.5, "no step yet", ha="center", transform=axes.transAxes)


def ticked(value, digits="125"):
    """What a logarithmic axis says at a tick: the number, where it begins with one of the digits.

    >>> ticked(0.5), ticked(3.0), ticked(20.0)
    ('0.5', '', '20')
    """
    return f"{value:g}" if f"{value:e}"[0] in digits else ""


def plain(name):
    """An entry's name as it is read.

    >>> plain("valid_accuracy")
    'valid accuracy'
    """
    return name.replace("_", " ")
