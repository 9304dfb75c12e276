"""NextTokenViewer: what comes next under four samplers, chosen by hand or drawn. It asks a
function, never a model.
"""

import operator
import threading

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, script, stylesheet
from vizkit.views.branches import Branches
from vizkit.views.next_token_picture import draw
from vizkit.views.sampling import SAMPLERS, checked, shares
from vizkit.views.saying import counted, quoted


class NextTokenViewer(View):
    """A text, the chances of its next token under four samplers, and every branch that was tried.

    predict: function of the tokens so far (a list of numbers) that returns the logits of the next
    one (vocabulary,), an array or a tensor. prompt: numbers of the tokens to begin with.
    word: function of a token's number that returns its text. decode: of several (default: their
    texts joined). stop: the token that ends a text, None for none.
    sampler: how `draw`, `write` and the buttons choose: "greedy", "temperature", "top-k" or
    "top-p". temperature counts for all but greedy; k, p: of top-k and top-p. top: rows of bars.
    seed: of what is drawn: the same steps then give the same text.

    >>> viewer = NextTokenViewer(lambda ids: np.log([0.7, 0.2, 0.1]), [2], "abc".__getitem__)
    >>> viewer.append(1)
    >>> viewer.text, viewer
    ('cb', NextTokenViewer: 2 tokens, next “a” 0.700, “b” 0.200; 1 branch)
    """

    _esm = script("spoken", "courier", "messages", "twigs", "chances", "next_token")
    _css = stylesheet("next_token")

    prompt = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: its tokens' texts
    pieces = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of each node
    parents = Array()  # Python writes: of each node of the tree (node,)
    at = traitlets.Int(0).tag(sync=True)  # both write: the node whose text is shown
    shown = traitlets.Int(-1).tag(sync=True)  # Python writes: the node whose chances are here
    logits = Array()  # Python writes: the largest first (vocabulary,)
    ids = Array()  # Python writes: the tokens of the first of them
    words = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: their texts
    ended = traitlets.Bool().tag(sync=True)  # Python writes: was the stop token reached?
    top = traitlets.Int(16, min=1, max=100).tag(sync=True)  # Python writes: rows of bars
    sampler = traitlets.Enum(SAMPLERS, "temperature").tag(sync=True)  # both write
    temperature = traitlets.Float(1.0).tag(sync=True)  # both write
    k = traitlets.Int(10).tag(sync=True)  # both write
    p = traitlets.Float(0.9).tag(sync=True)  # both write

    def __init__(self, predict, prompt, word=str, decode=None, stop=None, seed=0, **traits):
        self._predict, self._word, self._decode, self._stop = predict, word, decode, stop
        self._prompt = [int(token) for token in prompt]
        self._random = np.random.default_rng(seed)
        self._tree, self._logits, self._order = Branches(), None, None
        # JupyterLab's messages come in a thread of their own while a cell runs.
        self._one_at_a_time = threading.RLock()
        super().__init__(prompt=[word(token) for token in self._prompt], pieces=[""],
                         parents=self._tree.array, **traits)
        self.on_msg(self._said)
        self._go(0)
        self.retell()

    def retell(self):
        if self._logits is not None:  # not while the viewer is being made
            super().retell()

    # What is done with it

    def append(self, token):
        """Go on with a token: its number, or the text of one of those that are shown."""
        if isinstance(token, str):
            if token not in self.words:
                raise ValueError(f"no {token!r} among the {len(self.words)} likeliest tokens; give "
                                 "its number")
            token = self.ids[self.words.index(token)]
        self._append(operator.index(token), self.at)

    def _append(self, token, node):
        if not 0 <= token < len(self._logits):
            raise ValueError(f"token {token}: the vocabulary has 0 to {len(self._logits) - 1}")
        with self._one_at_a_time:
            count = len(self._tree)
            try:
                self._go(self._tree.add(node, token))
            except BaseException:  # Ctrl-C too: what has no prediction is no branch
                self._tree.forget(count)
                raise

    def draw(self):
        """Go on with one token that the sampler chooses; returns its text. "" after the end."""
        with self._one_at_a_time:
            if self.ended:
                return ""
            chances = self.shares()
            token = (int(chances.argmax()) if self.sampler == "greedy"
                     else int(self._random.choice(len(chances), p=chances)))
            self.append(token)
            return self._word(token)

    def write(self, count=20):
        """Draw that many tokens, or fewer where the text ends; Ctrl-C keeps what was written."""
        for _ in range(count):
            if not self.draw():
                break

    def undo(self):
        """Go back by one token; what was tried stays as a branch."""
        with self._one_at_a_time:
            self._go(max(0, self._tree.parents[self.at]))

    def shares(self, sampler=None):
        """The chance of each token (vocabulary,) under a sampler (default: the chosen one)."""
        return shares(self._logits, sampler or self.sampler, self.temperature, self.k, self.p,
                      self._order)

    @property
    def tokens(self):
        """The numbers of all tokens of the text that is shown."""
        return [*self._prompt, *self._tree.path(self.at)]

    @property
    def text(self):
        """The text that is shown, from its beginning."""
        return self._text(self.tokens)

    @property
    def beginning(self):
        """The text of the prompt."""
        return self._text(self._prompt)

    @property
    def branches(self):
        """Every text that was tried, from its beginning."""
        return [self._text([*self._prompt, *self._tree.path(end)]) for end in self._tree.ends()]

    def _text(self, tokens):
        return self._decode(tokens) if self._decode else "".join(map(self._word, tokens))

    # How it does it

    def _go(self, node):
        """Show a node of the tree with what comes after it."""
        logits = checked(self._predict([*self._prompt, *self._tree.path(node)]))
        if self._logits is not None and len(logits) != len(self._logits):
            raise ValueError(f"predict gave {len(logits)} logits, and {len(self._logits)} before")
        order = np.argsort(-logits, kind="stable")
        first = order[: self.top]
        self._logits, self._order = logits, order
        with self.hold_sync():
            self.logits, self.ids = logits[order].astype(np.float32), first.astype(np.int32)
            self.words = [self._word(int(token)) for token in first]
            if len(self.pieces) != len(self._tree):
                added = self._tree.tokens[len(self.pieces):]
                self.pieces = [*self.pieces, *(self._word(token) for token in added)]
                self.parents = self._tree.array
            self.ended = node > 0 and self._tree.tokens[node] == self._stop
            self.shown = self.at = node
            self.retell()

    @traitlets.observe("at")
    def _asked(self, change):
        if self.at == self.shown or self._logits is None:
            return
        with self._one_at_a_time, self.reporting():
            self._go(self.at)
        if self.at != self.shown:  # after an error, back to what is there
            said, self.at = self.problem, self.shown
            self.problem = said

    @traitlets.observe("sampler", "temperature", "k", "p")
    def _otherwise(self, change):
        self.retell()

    @traitlets.validate("at")
    def _check_at(self, proposal):
        if not 0 <= proposal["value"] < len(self._tree):
            raise ValueError(f"node {proposal['value']}: there are 0 to {len(self._tree) - 1}")
        return proposal["value"]

    @traitlets.validate("temperature", "k", "p")
    def _check_rule(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        if name == "temperature" and not 0 < value < float("inf"):
            raise ValueError(f"temperature is {value:g}: expected above 0 (towards 0 it is the "
                             "sampler \"greedy\")")
        if name == "k" and value < 1:
            raise ValueError(f"k is {value}: expected how many tokens to keep, 1 or more")
        if name == "p" and not 0 < value <= 1:
            raise ValueError(f"p is {value:g}: expected a share above 0 and up to 1; the likeliest "
                             "token always stays")
        return value

    def _said(self, _, content, buffers):
        kind, number = content.get("kind"), content.get("number")
        with self._one_at_a_time, self.reporting():
            if kind == "append":  # to the text that was on the page when it was clicked
                self._append(int(content["token"]), int(content["at"]))
            elif kind == "draw":
                self.draw()
            elif kind == "undo":
                self._go(max(0, self._tree.parents[int(content["at"])]))
            elif kind == "rest":
                self.refresh()
        if number is not None:
            self.send({"kind": "seen", "number": number})

    # What is shown

    @property
    def data(self):
        """The tokens, the logits and shares (sampler, vocabulary), and the tree (node,)."""
        return {"tokens": np.array(self.tokens), "logits": self._logits,
                "shares": np.stack([self.shares(sampler) for sampler in SAMPLERS]),
                "tree_parents": self._tree.array, "tree_tokens": np.array(self._tree.tokens)}

    def summary(self):
        chances = self.shares("temperature")
        first = ", ".join(f"{quoted(word)} {style.number(chances[token])}"
                          for word, token in zip(self.words[:2], self.ids, strict=False))
        branches = counted(len(self._tree.ends()), "branch", "branches")
        return f"NextTokenViewer: {counted(len(self.tokens), 'token')}, next {first}; {branches}"

    def describe(self):
        rows = {name: self.shares(name) for name in SAMPLERS}
        told = "; ".join(
            f"{self._word(int(token))!r} "
            + ", ".join(f"{style.number(rows[name][token])} {name}" for name in SAMPLERS)
            for token in self.ids[:4])
        return (f"The text {style.shorten(self.text[-200:], 200)!r} and bars of its next token's "
                f"chance under four samplers (temperature {self.temperature:g}, top-k {self.k}, "
                f"top-p {self.p:g}): {told}. {counted(len(self._tree.ends()), 'text')} tried.")

    def figure(self):
        return draw(self)
