"""AttentionViewer: where each token looks, in every head. It is given weights, never a model."""

import numpy as np
import traitlets

from vizkit import style
from vizkit.view import Array, View, as_array, script, stylesheet
from vizkit.views.attention_picture import draw
from vizkit.views.attention_words import habits, looks
from vizkit.views.saying import counted, quoted

ENOUGH = 64  # heads up to which their small maps have the finer side
SIDES = 64, 32  # of the small maps, in cells
BROKEN = 255  # the level of what is no number


class AttentionViewer(View):
    """All heads as small maps, one of them large, and the text: where a token looks, and who
    looks at it.

    weights: (layer, head, query, key), each 0 or more; rows are queries. tokens: the words of the
    keys; queries: those of the queries, where they are another text (default: the same).
    names: of the layers. noun: "map" where the maps are something else than layers of heads, as
    moments of a training; then `names` are theirs, and there is one head for each.
    explain: function of (layer, head, query, key) that returns `lines` and `vectors`, how that
    weight came about.
    selected: number of the head shown large, counted layer by layer; `choose` takes names.
    token: number of the query whose looks are marked (-1: none); key: of the key (-1: none).

    Colours are of the square root of a weight, so that small ones are seen; what a causal model
    masks is left empty. Only the small maps and the chosen head travel to the browser.

    >>> AttentionViewer(np.ones((2, 4, 3, 3)) / 3, ["a", "b", "c"])
    AttentionViewer: 2 layers of 4 heads, 3 tokens
    """

    _esm = script("spoken", "headmaps", "looks", "cellsum", "attention")
    _css = stylesheet("attention")

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of the layers
    noun = traitlets.Enum(["head", "map"], "head").tag(sync=True)  # Python writes: what they are
    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: of the keys
    queries = traitlets.List(traitlets.Unicode()).tag(sync=True)  # Python writes: [] if the same
    thumbs = Array()  # Python writes: levels (layer, head, y, x) of the small maps, see `level_of`
    causal = traitlets.Bool().tag(sync=True)  # Python writes: is nothing after a token looked at?
    top = traitlets.Float(1.0).tag(sync=True)  # Python writes: the weight at the scale's end
    weights = Array()  # Python writes: (query, key) of the head that is shown, in halves
    shown = traitlets.Int(-1).tag(sync=True)  # Python writes: number of that head
    account = traitlets.Dict().tag(sync=True)  # Python writes: how the chosen weight came about
    vectors = Array()  # Python writes: (4, feature) its q, k, v and the head's output, or None
    selected = traitlets.Int(0).tag(sync=True)  # both write: the head that is wanted
    token = traitlets.Int(-1).tag(sync=True)  # both write
    key = traitlets.Int(-1).tag(sync=True)  # both write

    def __init__(self, weights, tokens, queries=None, *, names=(), explain=None, **traits):
        self._all = checked(as_array(weights), len(tokens), len(tokens if queries is None
                                                                else queries))
        layers = len(self._all)
        names = list(names) or [f"layer {n}" if layers > 1 else "" for n in range(layers)]
        if len(names) != layers:
            raise ValueError(f"{counted(len(names), 'name')} for {counted(layers, 'layer')} of "
                             f"{counted(self._all.shape[1], 'head')}: give one for each layer")
        self._explain = explain
        most = self._all.max((0, 1))  # (query, key) over all heads: they may be hundreds of MB
        sound = np.isfinite(most)
        self._broken = "" if sound.all() else style.broken(self._all)
        top = max(1.0, float(most[sound].max())) if sound.any() else 1.0
        super().__init__(
            names=names, tokens=list(tokens), queries=list(queries or []), top=top,
            thumbs=small_maps(self._all, top),
            causal=queries is None and is_causal(most), **traits,
        )
        self._show()
        self._reckon()
        self.retell()

    def retell(self):
        if self.weights is not None:  # not while the viewer is being made
            super().retell()

    def choose(self, layer=None, head=None, token=None, key=None):
        """Show a head (layer: its number or name), and mark a token, or a token and a key."""
        if isinstance(layer, str):
            if layer not in self.names:
                raise ValueError(f"no {layer!r} here; there are {', '.join(self.names)}")
            layer = self.names.index(layer)
        now = self.layer if layer is None else layer, self.head if head is None else head
        layers, heads = self._all.shape[:2]
        if not (0 <= now[0] < layers and 0 <= now[1] < heads):
            came = f"map {now[0]}" if self.noun == "map" else f"layer {now[0]}, head {now[1]}"
            raise ValueError(f"{came}: there {'is' if layers * heads == 1 else 'are'} "
                             f"{self.counted}, counted from 0")
        with self.hold_trait_notifications():
            self.selected = now[0] * heads + now[1]
            self.token = self.token if token is None else token
            self.key = self.key if key is None else key

    @property
    def layer(self):
        """Number of the layer whose head is shown."""
        return self.selected // self._all.shape[1]

    @property
    def head(self):
        """Number of the head that is shown, in its layer."""
        return self.selected % self._all.shape[1]

    @property
    def asking(self):
        """The words of the queries."""
        return self.queries or self.tokens

    @property
    def now(self):
        """The weights (query, key) of the head that is shown, as they were given."""
        return self._all[self.layer, self.head]

    @property
    def called(self):
        """The head that is shown, in words."""
        where = self.names[self.layer]
        if self.noun == "map":
            return where
        return f"{where}, head {self.head}" if where else f"head {self.head}"

    @property
    def counted(self):
        """How many maps there are, in words."""
        layers, heads = self._all.shape[:2]
        if self.noun == "map":
            return counted(layers, "map")
        return f"{counted(layers, 'layer')} of {counted(heads, 'head')}" if layers > 1 else (
            counted(heads, "head"))

    @traitlets.validate("selected", "token", "key")
    def _check(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        counts = {"selected": self._all.shape[0] * self._all.shape[1],
                  "token": self._all.shape[2], "key": self._all.shape[3]}  # fmt: skip
        least = 0 if name == "selected" else -1
        if not least <= value < counts[name]:
            noun = self.noun if name == "selected" else name
            raise ValueError(f"{noun} {value}: there are 0 to {counts[name] - 1}")
        return value

    @traitlets.observe("selected", "token", "key")
    def _chosen(self, change):
        if self.weights is None:
            return
        with self.reporting(), self.hold_sync():
            self._show()
            self._reckon()
            self.retell()

    def _show(self):
        if self.shown != self.selected:
            with self.hold_sync():
                self.weights, self.shown = self.now.astype(np.float16), self.selected

    def _reckon(self):
        """The arithmetic of the chosen weight; nothing where none is chosen or known."""
        asked = self._explain is not None and self.token >= 0 and self.key >= 0
        found = (self._explain(self.layer, self.head, self.token, self.key) if asked
                 else {"lines": [], "vectors": None})  # fmt: skip
        with self.hold_sync():
            self.vectors = found["vectors"]
            self.account = {"lines": list(found["lines"]), "token": self.token, "key": self.key,
                            "head": self.selected, "asked": self._explain is not None}

    @property
    def data(self):
        """All weights (layer, head, query, key); with a chosen weight its q, k, v and output."""
        found = {"weights": self._all, "tokens": np.array(self.tokens),
                 "queries": np.array(self.asking), "shown": np.array([self.layer, self.head])}
        return found if self.vectors is None else {**found, "vectors": self.vectors}

    def summary(self):
        asking, keys = self._all.shape[2:]
        text = (counted(keys, "token") if not self.queries else
                f"{counted(asking, 'query', 'queries')}, {counted(keys, 'key')}")
        causal = ", causal" if self.causal else ""
        return f"AttentionViewer: {self.counted}, {text}{causal}{self._broken}"

    def describe(self):
        several = self._all.shape[:2] != (1, 1)
        what = (f"All {self.noun}s small, and one large: {self.called}" if several
                else "Its weights as a map")
        words = [f"{self.summary().removeprefix('AttentionViewer: ')}. {what}; rows look at "
                 "columns.", habits(self.now, bool(self.queries))]  # fmt: skip
        if self.token >= 0:
            words.append(f"{quoted(self.asking[self.token])} (token {self.token}) looks at "
                         f"{looks(self.now[self.token], self.tokens)}.")
            if not self.queries:
                words.append("Looked at by "
                             f"{looks(self.now[:, self.token], self.tokens)}.")
        return " ".join([*words, *(f"{line}." for line in self.account.get("lines", []))])

    def figure(self):
        return draw(self)


def checked(weights, keys, queries):
    """Weights (layer, head, query, key). Raises ValueError where they do not fit the words."""
    if weights.ndim != 4 or 0 in weights.shape:
        raise ValueError(f"weights of shape {weights.shape}; expected (layer, head, query, key)")
    if weights.shape[2:] != (queries, keys):
        hint = "" if keys != queries else "; another text that asks is queries=[…]"
        raise ValueError(f"weights of {weights.shape[2]} queries and {weights.shape[3]} keys for "
                         f"{queries} and {keys} words: give one for each{hint}")
    least = weights.min()
    if np.isnan(least):
        least = np.where(np.isnan(weights), 0, weights).min()
    if least < 0:
        raise ValueError(f"a weight is {least:.3g}: attention weights are 0 or more (after "
                         "softmax); signed numbers are for vk.maps")
    return weights if weights.dtype == np.float16 else weights.astype(np.float32, copy=False)


def is_causal(weights):
    """Is every weight (query, key) above the diagonal, of what comes later, exactly 0?

    >>> is_causal(np.tril(np.ones((3, 3)))), is_causal(np.ones((3, 3)))
    (True, False)
    """
    return len(weights) > 1 and not np.triu(weights, 1).any()


def level_of(weights, top=1.0):
    """Weights as levels 0…254 of the square root, a byte each; 255 for what is no number.

    >>> level_of(np.array([0, 0.25, 1, np.nan])).tolist()
    [0, 127, 254, 255]
    """
    finite = np.isfinite(weights)
    levels = np.rint(254 * np.sqrt(np.where(finite, weights, 0) / top))
    return np.where(finite, levels, BROKEN).astype(np.uint8)


def small_maps(weights, top=1.0):
    """Levels (layer, head, y, x) of maps no larger than can be seen: the largest of each block."""
    most = SIDES[weights.shape[0] * weights.shape[1] > ENOUGH]
    for axis in (2, 3):
        size = weights.shape[axis]
        if size > most:
            starts = np.arange(most) * size // most
            weights = np.maximum.reduceat(weights, starts, axis=axis)
    return level_of(weights, top)
