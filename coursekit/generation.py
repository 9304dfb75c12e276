"""A GPT writes: the next token, again and again. Nothing in it knows which text it was trained on.

Keys and values of what was read are kept, so that every new token costs one position. A GPT has
numbers for as many positions as its context and no more: when they are used up it goes on from the
second half of what it saw, as `seen_from` says, and the kept keys and values are made anew.
"""

import random
from numbers import Integral
from operator import index

import torch

from coursekit import sampling
from coursekit.models.gpt_step import Step, known


def generate(model, prompts, count=100, **options):
    """Go on from each prompt by at most `count` tokens; token ids in, token ids out.

    prompts  a list of ids, or a list of such lists, of any lengths; the result has the same form,
             each prompt with what follows it, the stop token included
    options  those of `stream`: temperature, top_k, top_p, stop, seed, cache

    Ctrl-C ends the writing, and what is there is returned.

    >>> from coursekit.models.gpt import GPT
    >>> _ = torch.manual_seed(0)
    >>> model = GPT(vocabulary=9, context=4, width=8, depth=1, heads=1)
    >>> [len(text) for text in generate(model, [[1, 2], [3]], count=6)]    # past the context
    [8, 7]
    """
    single, rows = listed(prompts)
    texts = [list(row) for row in rows]
    try:
        for new in stream(model, rows, count, **options):
            for text, token in zip(texts, new, strict=True):
                if token is not None:
                    text.append(token)
    except KeyboardInterrupt:
        pass
    return texts[0] if single else texts


def stream(model, prompts, count=100, *, temperature=1.0, top_k=None, top_p=None, stop=None,
           seed=0, cache=True):  # fmt: skip
    """The same one step at a time: yields a list with each text's next token, None once it stopped.

    temperature, top_k, top_p   see `coursekit.sampling`; temperature 0 takes the likeliest
    stop    a token after which a text ends, <|endoftext|> say
    seed    same seed, same text; texts of one call differ, and do not depend on one another
    cache   False computes everything anew for every token: the same text, many times slower

    Stop it by `break` or `.close()`. Raises ValueError for an empty prompt, ids that the model
    does not have, values that make no sense, and logits that are not numbers.
    """
    _, rows = listed(prompts)
    check(model, rows, count, stop)
    choose = sampling.rule(temperature=temperature, top_k=top_k, top_p=top_p)
    return steps(model, rows, count, choose, stop, seed, cache)


@torch.inference_mode()
def steps(model, rows, count, choose, stop, seed, cache):
    """The loop of `stream`, which has looked at what it is given."""
    device = model.tokens.weight.device
    training = model.training
    model.eval()
    texts = [list(row) for row in rows]
    chances = [random.Random(f"{seed}, text {number}") for number in range(len(rows))]
    running = [True] * len(rows)
    reader = Reader(model) if cache else None
    try:
        for _ in range(count):
            logits = reader.last(texts) if cache else last_logits(model, texts)
            chance = torch.tensor([c.random() for c in chances], dtype=torch.float64, device=device)
            new = sampling.pick(choose(logits), chance).tolist()
            for text, token in zip(texts, new, strict=True):
                text.append(token)
            yield [token if runs else None for token, runs in zip(new, running, strict=True)]
            running = [r and token != stop for r, token in zip(running, new, strict=True)]
            if not any(running):
                return
    finally:
        model.train(training)


def seen_from(length, context):
    """The first position that is seen when `length` tokens are there.

    All are, while they fit into the context; then the older half of a context is left behind, and
    again whenever it is full. It depends on the length alone.

    >>> [seen_from(length, context=8) for length in (1, 8, 9, 12, 13)]
    [0, 0, 4, 4, 8]
    """
    half = max(context // 2, 1)
    return max(0, -((context - length) // half)) * half


def last_logits(model, texts):
    """Logits after the last token of each text, everything computed anew: (text, vocabulary)."""
    context = model.positions.num_embeddings
    windows = [text[seen_from(len(text), context) :] for text in texts]
    longest = max(map(len, windows))  # what stands after a token does not change it
    ids = torch.tensor([w + [0] * (longest - len(w)) for w in windows])
    logits = model(ids.to(model.tokens.weight.device))
    return logits[range(len(windows)), [len(w) - 1 for w in windows]]


class Reader:
    """Reads growing texts, each token once: what `GPT.forward` asks of its `cache`.

    Texts end at the same column; the shorter ones have `empty` columns before their beginning.
    places   positions of the columns being read
    mask     which of all columns (keys) each of them sees; None where all
    """

    def __init__(self, model):
        self.model, self.context = model, model.positions.num_embeddings
        self.kept, self.columns = {}, 0
        self.step = Step(model) if known(model) else None
        self.all = torch.arange(self.context, device=model.tokens.weight.device)

    def last(self, texts):
        """Logits after the last token of each text, (text, vocabulary); texts grew by one each."""
        device = self.model.tokens.weight.device
        if 0 < self.columns < self.context:
            self.read(torch.tensor([[text[-1]] for text in texts], device=device))
        else:  # the beginning, or the context is full
            windows = [text[seen_from(len(text), self.context) :] for text in texts]
            longest, self.columns = max(map(len, windows)), 0
            self.empty = torch.tensor([[longest - len(w)] for w in windows], device=device)
            self.even = not self.empty.any()
            self.read(torch.tensor([[0] * (longest - len(w)) + w for w in windows], device=device))
        return self.logits

    def read(self, ids):
        count = ids.shape[1]  # of the new columns
        new = self.all.narrow(0, self.columns, count)
        self.places = new if self.even else (new - self.empty).clamp(min=0)
        self.mask = None
        if count > 1 or not self.even:
            keys = self.all[: self.columns + count]
            seen = (keys <= new[:, None]) & (keys >= self.empty[:, :, None])
            # empty columns see themselves: of nothing at all there is no mean
            self.mask = (seen | (keys == new[:, None]))[:, None]  # (text, 1, query, key)
        quick = count == 1 and self.step and not self.step.hooked()
        self.logits = self.step(ids, self) if quick else self.model(ids, cache=self)[:, -1]
        self.columns += count

    def extend(self, layer, k, v):
        """All keys and values of a layer so far, the new ones last: (text, head, key, feature)."""
        room = self.room(layer, k)
        end = self.columns + k.shape[2]
        room[0, :, :, self.columns : end] = k
        room[1, :, :, self.columns : end] = v
        return room[..., :end, :].unbind()

    def extend_both(self, layer, kv):
        """The same of both in one tensor, (2, text, head, 1, feature)."""
        room = self.kept[layer] if layer in self.kept else self.room(layer, kv[0])
        room.narrow(3, self.columns, 1).copy_(kv)
        return room.narrow(3, 0, self.columns + 1).unbind()

    def room(self, layer, k):
        """Where a layer's keys and values are kept: (2, text, head, context, feature)."""
        if layer not in self.kept:
            self.kept[layer] = k.new_empty((2, *k.shape[:2], self.context, k.shape[3]))
        return self.kept[layer]


def write(model, prompts, count=100, **options):
    """Go on from a text, or from each of a list of texts: text in, text out, to its end at most.

    The model must carry `.encoding`, as those of `models.load` do; options as of `stream`. In a
    prompt "<|endoftext|>" is that token; other words of that form are ordinary text.
    """
    single = isinstance(prompts, str)
    prompts = [prompts] if single else prompts
    if not (isinstance(prompts, list | tuple) and all(isinstance(text, str) for text in prompts)):
        raise ValueError(f"prompts are {prompts!r:.60}: give a text or a list of texts here; "
                         "generation.generate takes token ids")  # fmt: skip
    if (encoding := getattr(model, "encoding", None)) is None:
        raise ValueError("this model has no .encoding to read texts with: set it (bpe.encoding "
                         "makes one of ranks), or take generation.generate")  # fmt: skip
    end = encoding.eot_token
    rows = [encoding.encode(text, allowed_special="all") for text in prompts]
    texts = generate(model, rows, count, **{"stop": end, **options})
    words = [encoding.decode([id for id in text if id != end]) for text in texts]
    return words[0] if single else words


def listed(prompts):
    """(is it one prompt?, a list of lists of ids)."""
    try:
        rows = prompts.tolist() if hasattr(prompts, "tolist") else list(prompts)
        single = not rows or isinstance(rows[0], Integral)
        return single, [[index(id) for id in row] for row in ([rows] if single else rows)]
    except TypeError:
        raise ValueError(f"prompts are {prompts!r:.60}: give a list of token ids, or a list of "
                         "such lists; model.encoding.encode(text) makes them, and "
                         "generation.write takes texts") from None  # fmt: skip


def check(model, rows, count, stop=None):
    """Raises ValueError for prompts that cannot be continued, and for an end that never comes."""
    vocabulary = model.tokens.num_embeddings
    for number, row in enumerate(rows):
        if not row:
            raise ValueError(f"prompt {number} is empty: give a word or token to go on from")
        if wrong := [id for id in row if not 0 <= id < vocabulary]:
            raise ValueError(f"prompt {number} has the token {wrong[0]}; this model's go from 0 "
                             f"to {vocabulary - 1}: was the text encoded for another model?")
    if not isinstance(count, Integral) or count < 0:
        raise ValueError(f"count is {count}: give how many tokens to write, 0 or more")
    if stop is not None and not (isinstance(stop, Integral) and 0 <= stop < vocabulary):
        raise ValueError(f"stop is {stop!r}, no token of this model: give its number, from 0 to "
                         f"{vocabulary - 1}, such as model.encoding.eot_token, or None")
