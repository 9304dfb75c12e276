"""ScrubViewer: what a model writes at each checkpoint of its training. It is given the texts."""

import textwrap

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet
from vizkit.views.saying import counted

LINES, LONG = 4, 84  # of a text in the printed picture, and letters of a line


class ScrubViewer(View):
    """The texts of one checkpoint, and a slider through all of them; scores as curves.

    texts: lists (checkpoint, prompt) of what was written. steps: when, in words. prompts: what
    each text goes on from. scores: dict name → array (checkpoint,). moment: the checkpoint shown.
    noun: what the slider goes through, where it is no checkpoints of a training.

    >>> ScrubViewer([["aa"], ["a cat"]], ["before training", "after 9 steps"], [""], {}, 0)
    ScrubViewer: 1 text at 2 checkpoints, before training (1 of 2)
    """

    _esm = script("moments", "scrub")
    _css = stylesheet("scrub")

    texts = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)  # Python writes
    steps = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    prompts = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of the scores
    scores = Array()  # Python writes: (score, checkpoint)
    moment = traitlets.Int(0).tag(sync=True)  # both write
    noun = traitlets.Unicode("checkpoint").tag(sync=True)  # Python writes, once

    def __init__(self, texts, steps, prompts, scores=None, moment=None, noun="checkpoint"):
        rows = list((scores or {}).values())
        super().__init__(
            texts=texts, steps=steps, prompts=prompts, names=list(scores or {}),
            scores=np.stack(rows) if rows else np.zeros((0, len(texts))),
            moment=len(texts) - 1 if moment is None else moment, noun=noun,
        )

    @traitlets.validate("moment")
    def _check_moment(self, proposal):
        if not 0 <= proposal["value"] < max(1, len(self.texts)):
            raise ValueError(f"moment {proposal['value']}: there are 0 to {len(self.texts) - 1}")
        return proposal["value"]

    @traitlets.observe("moment")
    def _told_anew(self, change):
        if self.caption:  # not while the viewer is being made
            self.retell()

    @property
    def data(self):
        """The texts (checkpoint, prompt), the steps, and the scores by their names."""
        return {"texts": np.array(self.texts), "steps": np.array(self.steps),
                "prompts": np.array(self.prompts), **dict(zip(self.names, self.scores,
                                                              strict=True))}

    def summary(self):
        texts = counted(len(self.prompts), "text")
        return (f"ScrubViewer: {texts} at {counted(len(self.texts), self.noun)}, "
                f"{self.steps[self.moment]} ({self.moment + 1} of {len(self.texts)})")

    def describe(self):
        told = [f"{step}: {style.shorten(row[0], 90)!r}"
                for step, row in zip(self.steps, self.texts, strict=True)]
        curves = "".join(f" {name} from {style.number(row[0])} to {style.number(row[-1])}."
                         for name, row in zip(self.names, self.scores, strict=True))
        return (f"What a model writes{self._after()}, at {counted(len(told), self.noun)}. "
                f"{'; '.join(told)}.{curves}")

    def _after(self):
        return f" after {self.prompts[0]!r}" if self.prompts[0] else ""

    def figure(self):
        """The first text at every checkpoint, and the scores beside it."""
        blocks = [textwrap.wrap(row[0].replace("\n", "↵ "), LONG)[:LINES] or [""]
                  for row in self.texts]
        heights = [len(block) + 0.7 for block in blocks]
        figure = style.figure(8.6, 0.6 + 0.17 * sum(heights))
        axes = figure.subplots()
        axes.set_xlim(0, 1)
        axes.set_ylim(sum(heights), -1)
        axes.axis("off")
        places = 0.99 - 0.09 * np.arange(len(self.names))[::-1]
        for place, name in zip(places, self.names, strict=True):
            axes.text(place, -0.2, "\n".join(textwrap.wrap(name, 11)[:2]), fontsize=7.5, ha="right",
                      va="bottom", color=style.FAINT)
        top = 0.4
        for k, (block, height) in enumerate(zip(blocks, heights, strict=True)):
            axes.text(0, top, self.steps[k].removeprefix("after "), fontsize=8, va="top",
                      fontweight="bold" if k == self.moment else "normal", color=style.INK)
            axes.text(0.15, top, "\n".join(block).replace("$", r"\$"), fontsize=8, va="top",
                      color=style.INK)
            for place, score in zip(places, self.scores[:, k], strict=True):
                axes.text(place, top, style.number(score), fontsize=8, ha="right", va="top",
                          color=style.INK)
            top += height
        style.headline(figure, f"what it writes{self._after()}".replace("$", r"\$"))
        return figure
