"""What a model in training writes after the same prompts, checkpoint by checkpoint."""

import numpy as np

from vizkit import views
from vizkit.arrays import as_array


def scrub(texts, steps, prompts=(), scores=None, moment=None, noun="checkpoint"):
    """A ScrubViewer: a slider through the checkpoints of a training.

    texts: what was written at each checkpoint: one text each, or a list of one for each prompt;
    or a function of a step that returns it, called once for each.
    steps: when each checkpoint was, in words, or as a number of steps. prompts: what the texts go
    on from. scores: dict name → a number for each checkpoint. moment: the one shown first
    (default: the last). noun: what the slider goes through, where it is something else: steps are
    then the words for it, temperatures say.

    >>> scrub(["aaaa", "the cat sat"], [0, 1000], ["Once upon a time "])
    ScrubViewer: 1 text at 2 checkpoints, after 1,000 steps (2 of 2)
    """
    steps = list(steps)
    if texts is None or isinstance(texts, str):
        raise TypeError(f"texts is {texts!r}; expected a list, of what was written at each "
                        "checkpoint, or a function of a step")
    texts = [texts(step) for step in steps] if callable(texts) else list(texts)
    if not texts or len(texts) != len(steps):
        raise ValueError(f"{len(texts)} checkpoints of texts and {len(steps)} steps: expected one "
                         "each, and at least one")
    rows = [[row] if isinstance(row, str) else list(row) if np.ndim(row) else [row]
            for row in texts]
    wrong = [type(text).__name__ for row in rows for text in row if not isinstance(text, str)]
    if wrong:
        raise TypeError(f"a text is {wrong[0]}: expected a str, or a list of them")
    counts = {len(row) for row in rows} | ({len(prompts)} if prompts else set())
    if isinstance(prompts, str) or len(counts) != 1 or counts == {0}:
        raise ValueError(f"{sorted(counts)} texts at the checkpoints and prompts "
                         f"{list(prompts)[:3]!r}: expected one text for each prompt everywhere")
    found = {name: as_array(row).astype(float).ravel() for name, row in (scores or {}).items()}
    for name, row in found.items():
        if len(row) != len(steps):
            raise ValueError(f"{len(row)} values of {name} for {len(steps)} checkpoints")
    return views.ScrubViewer(rows, [in_words(step) for step in steps],
                             list(prompts) or [""] * len(rows[0]), found, moment, noun)


def in_words(step):
    """When a checkpoint was: words stay, a number is one of steps.

    >>> in_words(0), in_words(12000), in_words("epoch 3")
    ('before training', 'after 12,000 steps', 'epoch 3')
    """
    if isinstance(step, str):
        return step
    return f"after {step:,} step{'s' * (step != 1)}" if step else "before training"
