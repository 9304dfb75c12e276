"""LensViewer: a model's prediction after each layer, at each place of a text. It gets logits."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, as_array, script, stylesheet
from vizkit.views.saying import counted

FIRST = 5  # tokens that are named at each place
PLACES, WIDTH = 18, 9  # printed: places, and letters of a word
INPUT = "input"  # the name of a row that is what the first layer is given


class LensViewer(View):
    """A table of tokens and layers: in each cell the likeliest next token and its share.

    logits: of each layer, the last one last, (position, vocabulary): an array, or anything that
    gives one after the other, of which one is kept at a time. tokens: the words at the positions;
    word: function of a token's number that returns its text. names: of the layers, the
    first may be "input". answers: number of the token that does follow at each position
    (-1: unknown): cells that say it are framed.
    chosen: [layer, position] whose likeliest tokens stand beside the table; [] for none.

    >>> LensViewer(np.eye(2)[None], ["a", "b"], "ab".__getitem__, ["layer 0"])
    LensViewer: 1 layer, 2 tokens
    """

    _esm = script("spoken", "lens")
    _css = stylesheet("lens")

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of `first`, flat
    first = Array()  # Python writes: the likeliest tokens (layer, position, 5)
    shares = Array()  # Python writes: theirs (layer, position, 5)
    ranks = Array()  # Python writes: the answer's place, from 1 (layer, position); 0 unknown
    chosen = traitlets.List(traitlets.Int()).tag(sync=True)  # both write

    def __init__(self, logits, tokens, word, names, answers=None, **traits):
        answers = np.full(len(tokens), -1) if answers is None else np.asarray(answers)
        first, shares, ranks = map(np.stack, zip(*(
            read(as_array(one), answers, name) for one, name in zip(logits, names, strict=True)
        ), strict=True))
        super().__init__(names=names, tokens=tokens, first=first, shares=shares, ranks=ranks,
                         words=[word(int(number)) for number in first.ravel()], **traits)

    @traitlets.validate("chosen")
    def _check_chosen(self, proposal):
        value, (layers, places) = proposal["value"], self.ranks.shape
        if value and not (len(value) == 2 and 0 <= value[0] < layers and 0 <= value[1] < places):
            raise ValueError(f"chosen is {value}: expected [layer, position], below {layers} and "
                             f"{places}, or []")
        return value

    @traitlets.observe("chosen")
    def _told_anew(self, change):
        if self.caption:
            self.retell()

    def at(self, layer, place):
        """The likeliest tokens at a cell: a list of (text, share)."""
        start = (layer * len(self.tokens) + place) * self.first.shape[2]
        return [(self.words[start + k], float(share))
                for k, share in enumerate(self.shares[layer, place])]

    def settled(self):
        """From which layer on each position's prediction stays as it is in the end (position,)."""
        same = (self.first[..., 0] == self.first[-1, :, 0])[::-1]
        return len(same) - np.where(same.all(0), len(same), same.argmin(0))

    @property
    def data(self):
        """The likeliest tokens (layer, position, 5), their shares, the answers' ranks."""
        return {"first": self.first, "shares": self.shares, "ranks": self.ranks,
                "settled": self.settled()}

    def summary(self):
        layers, places = self.ranks.shape
        given = layers > 1 and self.names[0] == INPUT
        said = f"{counted(layers - given, 'layer')}{' and their input' * given}"
        return f"LensViewer: {said}, {counted(places, 'token')}"

    def describe(self):
        layer, place = self.chosen or (len(self.names) - 1, len(self.tokens) - 1)
        told = ", ".join(f"{word!r} {style.number(share)}" for word, share in self.at(layer, place))
        middle = self.names[int(np.ceil(np.median(self.settled())))]
        return (f"A table: for each of {len(self.tokens)} tokens (columns) and after each of "
                f"{len(self.names)} rows, {self.names[0]} to {self.names[-1]} on top, the "
                "likeliest next token, darker where its share is larger. Half of the predictions "
                f"are from {middle} on what they are in the end. After {self.tokens[place]!r}, "
                f"{self.names[layer]}: {told}.")

    def figure(self):
        """The table; of a long text its last places."""
        layers, places = self.ranks.shape
        start = max(0, places - PLACES)
        shown = self.tokens[start:]
        figure = style.figure(1.4 + 0.72 * len(shown), 0.8 + 0.26 * layers)
        axes = figure.subplots()
        axes.imshow(colours(self.shares[::-1, start:, 0]), aspect="auto", interpolation="nearest")
        for row in range(layers):
            for column, place in enumerate(range(start, places)):
                layer = layers - 1 - row
                word, share = self.at(layer, place)[0]
                axes.text(column, row, short(word), ha="center", va="center", fontsize=7,
                          color="white" if share > 0.9 else style.INK,
                          fontweight="bold" if self.ranks[layer, place] == 1 else "normal")
        axes.set_xticks(range(len(shown)), [short(word) for word in shown], fontsize=7)
        axes.set_yticks(range(layers), self.names[::-1], fontsize=7)
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel("the text, token by token", fontsize=8)
        bold = ", bold where it is the one that follows" if self.ranks.any() else ""
        last = f" (the last {len(shown)} of {places})" if start else ""
        style.headline(figure, f"the likeliest next token after each layer{bold}{last}")
        return figure


def read(logits, answers, name):
    """(first, shares, ranks) of one layer's logits (position, vocabulary), as LensViewer has them.

    Raises ValueError where no share can be made of them.
    """
    broken = int(np.isnan(logits).sum() + np.isposinf(logits).sum())
    if broken:
        raise ValueError(f"{broken} logits are NaN or infinite ({name}): no share can be made")
    if np.isneginf(logits).all(-1).any():
        raise ValueError(f"all logits of a token are −∞ ({name}): no share can be made")
    most = min(FIRST, logits.shape[-1])
    some = np.sort(np.argpartition(-logits, most - 1, axis=-1)[:, :most])
    values = np.take_along_axis(logits, some, -1)
    first = np.take_along_axis(some, np.argsort(-values, axis=-1, kind="stable"), -1)
    exact = np.exp(logits - logits.max(-1, keepdims=True), dtype=np.float64)
    shares = np.take_along_axis(exact, first, -1) / exact.sum(-1, keepdims=True)
    mine = np.take_along_axis(logits, np.maximum(answers, 0)[:, None], -1)
    ranks = np.where(answers < 0, 0, 1 + (logits > mine).sum(-1))
    return first.astype(np.int32), shares.astype(np.float32), ranks.astype(np.int32)


def colours(shares):
    """Shares 0…1 as blue on white (…, 3), uint8: the script's colours on a white page.

    >>> colours(np.array([0.0, 1.0])).tolist()
    [[255, 255, 255], [0, 114, 178]]
    """
    blue = np.array([0, 114, 178])
    return np.rint(255 + (blue - 255) * np.asarray(shares, float)[..., None]).astype(np.uint8)


def short(word):
    """A token in a narrow column; no formula between two $."""
    return style.shorten(word.strip(" ").replace("\n", "↵") or "␣", WIDTH).replace("$", r"\$")
