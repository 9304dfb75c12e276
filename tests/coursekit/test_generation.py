"""Writing with a GPT: rules of choice by hand, kept keys and values against the plain path."""

import copy
import math
import random
from collections import Counter

import pytest
import torch

from coursekit import generation, sampling
from coursekit.generation import generate, seen_from, stream, write
from coursekit.models import gpt_step
from coursekit.models.gpt import GPT

INF = -math.inf


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    model = GPT(vocabulary=40, context=16, width=32, depth=2, heads=4)
    with torch.no_grad():
        for p in model.parameters():  # large enough that texts are not all alike
            p.add_(0.3 * torch.randn_like(p))
    return model.eval()


# --- rules --------------------------------------------------------------------------------


def test_rules_keep_what_they_should():
    chances = torch.tensor([0.1, 0.4, 0.05, 0.3, 0.15]).log()

    def left(logits):
        return (logits > INF).nonzero()[:, 0].tolist()

    assert left(sampling.top_k(chances, 2)) == [1, 3]
    assert left(sampling.top_k(chances, 99)) == [0, 1, 2, 3, 4]
    assert left(sampling.top_k(torch.zeros(4), 2)) == [0, 1], "equal ones: as many as asked for"
    for p, expected in ((0, [1]), (0.3, [1]), (0.5, [1, 3]), (0.72, [1, 3, 4]),
                        (1, [0, 1, 2, 3, 4])):  # fmt: skip
        assert left(sampling.top_p(chances, p)) == expected
    assert len(left(sampling.top_p(torch.tensor([10.0] + [-20.0] * 50), 1))) == 51
    assert left(sampling.temperature(chances, 0)) == [1]
    assert left(sampling.temperature(chances, 1e-300)) == [1], "nearly 0 is 0, not a division by it"
    assert sampling.temperature(chances, 1e-20).isfinite().all()
    half = sampling.temperature(chances, 0.5).softmax(-1)
    torch.testing.assert_close(half, (chances.exp() ** 2) / (chances.exp() ** 2).sum())


def test_rules_work_on_every_row_by_itself():
    rows = torch.tensor([[3.0, 1, 2, 0], [0, 2, 1, 3]])
    for apply in (lambda x: sampling.top_k(x, 2), lambda x: sampling.top_p(x, 0.8)):
        assert torch.equal(apply(rows), torch.stack([apply(row) for row in rows]))


def test_top_p_is_the_smallest_set_that_reaches_p():
    torch.manual_seed(0)
    for _ in range(50):
        logits, p = torch.randn(6) * 2, float(torch.rand(1))
        kept = sampling.top_p(logits, p) > INF
        chances = logits.softmax(-1)
        assert chances[kept].sum() >= p - 1e-6, "it reaches p"
        assert chances[kept].sum() - chances[kept].min() < p, "and without its last it would not"
        assert chances[kept].min() >= chances[~kept].max() if not kept.all() else True


def test_evenly_spread_numbers_pick_each_token_as_often_as_it_is_likely():
    logits = torch.tensor([0.5, 0.0, 0.3, 0.2]).log()
    even = (torch.arange(1000) + 0.5) / 1000
    picked = Counter(sampling.pick(logits.repeat(1000, 1), even).tolist())
    assert picked == {0: 500, 2: 300, 3: 200}
    edges = torch.tensor([0.0, 1 - 1e-16], dtype=torch.float64)
    first_out = torch.tensor([[INF, 0, 0, INF]] * 2)
    assert sampling.pick(first_out, edges).tolist() == [1, 2], "never one that is ruled out"


@pytest.mark.parametrize(("values", "words"), [
    ({"temperature": -0.1}, "temperature is -0.1: give 0"),
    ({"temperature": math.nan}, "temperature is nan"), ({"temperature": math.inf}, "is inf"),
    ({"top_k": 0}, "top_k is 0: at least 1"), ({"top_k": 2.5}, "top_k is 2.5: give a whole number"),
    ({"stop": "."}, "stop is '.', no token of this model: give its number, from 0 to 39"),
    ({"stop": 40}, "stop is 40, no token"), ({"count": 2.5}, "count is 2.5: give how many tokens"),
    ({"top_p": 1.2}, "top_p is 1.2: give a probability"), ({"top_p": -1}, "top_p is -1"),
])  # fmt: skip
def test_values_that_make_no_sense_are_refused_before_anything_is_computed(model, values, words):
    with pytest.raises(ValueError, match=words):
        stream(model, [1, 2], **values)


# --- the same text with and without kept keys and values ----------------------------------


@pytest.mark.parametrize("options", [{}, {"temperature": 0}, {"temperature": 0.7, "top_p": 0.9},
                                     {"top_k": 3, "seed": 5}])  # fmt: skip
def test_kept_keys_give_the_text_of_the_plain_path_also_past_the_context(model, options):
    prompts = [[1, 2, 3], [4], list(range(16)), list(range(30)), [7] * 9]
    kept = generate(model, prompts, 40, **options)
    assert kept == generate(model, prompts, 40, cache=False, **options)
    assert [len(text) for text in kept] == [43, 41, 56, 70, 49]
    assert len(set(map(tuple, kept))) == 5


def test_the_plain_path_is_the_model_s_own_logits_on_the_window(model):
    text = [3, 1, 4]
    for _ in range(30):
        window = text[seen_from(len(text), 16) :]
        text.append(model(torch.tensor([window]))[0, -1].argmax().item())
    assert generate(model, [3, 1, 4], 30, temperature=0) == text


def test_texts_of_one_call_do_not_depend_on_one_another(model):
    alone = generate(model, [5, 6], 30, seed=3)
    assert generate(model, [[5, 6], [9] * 14], 30, seed=3)[0] == alone
    prompts = [[1, 2, 3], [4], list(range(16)), list(range(30)), [7] * 9]
    together = generate(model, prompts, 40, temperature=0)
    assert together == [generate(model, prompt, 40, temperature=0) for prompt in prompts]
    same = generate(model, [[5, 6]] * 3, 30, seed=3)
    assert same[0] == alone and len(set(map(tuple, same))) == 3, "each has chances of its own"


def test_same_seed_same_text_and_the_beginning_does_not_depend_on_the_count(model):
    text = generate(model, [1], 30, seed=1)
    torch.rand(5), random.random()  # whatever else draws numbers
    assert generate(model, [1], 30, seed=1) == text
    assert generate(model, [1], 12, seed=1) == text[:13]
    assert generate(model, [1], 30, seed=2) != text


def test_windows_fall_back_to_the_newer_half():
    assert [seen_from(n, 16) for n in (1, 16, 17, 24, 25, 32, 33)] == [0, 0, 8, 8, 16, 16, 24]
    assert [seen_from(n, 1) for n in (1, 2, 3)] == [0, 1, 2]
    for context in (1, 2, 3, 7, 16):
        for n in range(1, 60):
            assert 0 < n - seen_from(n, context) <= context
            assert seen_from(n, context) - seen_from(n - 1, context) in (0, max(context // 2, 1))


def test_each_token_is_read_once_until_the_context_is_full(model):
    read = []
    hook = model.blocks[0].register_forward_hook(lambda layer, x, y: read.append(y.shape[1]))
    try:
        generate(model, [1, 2, 3], 22)
    finally:
        hook.remove()
    assert read == [3, *[1] * 13, 9, *[1] * 7]  # 3 … 16 tokens; then 9 of 17, 10 … 16 of them


def test_the_quick_step_is_the_model_s_own_and_left_where_a_hook_or_a_part_is_not_ours(model):
    expected = generate(model, [[1, 2], [3]], 12)
    calls = []
    hook = model.blocks[1].mlp.register_forward_hook(lambda *words: calls.append(1))
    try:
        assert generate(model, [[1, 2], [3]], 12) == expected and len(calls) == 12
        written = stream(model, [1, 2], 6)
        next(written), hook.remove(), next(written)
        late = model.blocks[0].register_forward_hook(lambda layer, x, y: y * 0 + math.nan)
        with pytest.raises(ValueError, match="NaN"):
            next(written)  # hooks count from when they are set, in the midst of a text, too
        late.remove()
    finally:
        hook.remove()
    assert gpt_step.known(model)
    exact = copy.deepcopy(model)
    exact.blocks[1].mlp.gelu = "none"
    for some in (model, exact):
        by_step, by_modules = generation.Reader(some), generation.Reader(some)
        by_modules.step = None
        texts = [[1, 2, 3, 4], [5]]
        with torch.inference_mode():
            for token in range(5):
                logits = [reader.last(texts) for reader in (by_step, by_modules)]
                torch.testing.assert_close(*logits, rtol=1e-6, atol=1e-6)
                texts = [text + [token] for text in texts]
    other = copy.deepcopy(model)
    other.blocks[0].mlp = torch.nn.Sequential(other.blocks[0].mlp)
    assert not gpt_step.known(other) and generate(other, [1, 2], 12) == expected[0]
    changed = copy.deepcopy(model)
    changed.norm.eps = 0.1
    assert not gpt_step.known(changed)
    assert generate(changed, [1, 2], 9) == generate(changed, [1, 2], 9, cache=False)
    with pytest.raises(ValueError, match="not GPT's own"):
        gpt_step.Step(other)


# --- stopping -----------------------------------------------------------------------------


def test_a_text_ends_with_the_stop_token_and_the_others_go_on(model):
    prompts = [[1], [2], [3]]
    free = generate(model, prompts, 30, seed=4)
    stop = free[1][6]
    stopped = generate(model, prompts, 30, seed=4, stop=stop)
    for whole, cut in zip(free, stopped, strict=True):
        end = whole.index(stop, 1) + 1 if stop in whole[1:] else len(whole)
        assert cut == whole[:end]
    assert len(stopped[1]) <= 7
    rows = list(stream(model, prompts, 30, seed=4, stop=stop))
    assert len(rows) == max(map(len, stopped)) - 1, "nothing is computed after the last has ended"
    assert [row[1] for row in rows[len(stopped[1]) - 1 :]] == [None] * (len(rows) + 1
                                                                         - len(stopped[1]))


def test_ctrl_c_returns_what_is_there(model, monkeypatch):
    calls, real = [], sampling.pick

    def pick(*words):
        calls.append(1)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return real(*words)

    monkeypatch.setattr(sampling, "pick", pick)
    assert len(generate(model, [1, 2], 30)) == 7


def test_a_stream_can_be_left_at_any_time_and_the_model_is_as_before(model):
    model.train()
    try:
        written = stream(model, [1, 2], 30)
        first = [next(written)[0] for _ in range(4)]
        written.close()
        assert first == generate(model, [1, 2], 4)[2:] and model.training
    finally:
        model.eval()
    x = model(torch.tensor([[1]]))
    assert x.requires_grad and not model.tokens.weight.is_inference()


# --- bad inputs ---------------------------------------------------------------------------


@pytest.mark.parametrize(("prompts", "words"), [
    ([], "prompt 0 is empty"), ([[1], []], "prompt 1 is empty"),
    ([1, 40], "has the token 40; this model's go from 0 to 39"), ([-1], "has the token -1"),
    *[(wrong, "give a list of token ids, .* generation.write takes texts")
      for wrong in ("text", ["text"], None, 5, [1.5], torch.zeros(1, 1, 2), [1, [2]])],
])  # fmt: skip
def test_prompts_that_cannot_be_continued(model, prompts, words):
    with pytest.raises(ValueError, match=words):
        generate(model, prompts)


def test_prompts_come_in_any_form_and_a_count_of_0_writes_nothing(model):
    text = generate(model, [1, 2], 5)
    assert generate(model, torch.tensor([1, 2]), 5) == text
    assert generate(model, torch.tensor([[1, 2]]).numpy(), 5) == [text]
    assert generate(model, [1, 2], 0) == [1, 2]
    with pytest.raises(ValueError, match="count is -1"):
        generate(model, [1, 2], -1)


def test_logits_that_are_not_numbers_are_said_to_be_so(model):
    broken = GPT(vocabulary=40, context=16, width=32, depth=2, heads=4)
    broken.norm.bias.data[0] = math.nan
    for options in ({}, {"temperature": 0}, {"top_k": 2}, {"top_p": 0.5}, {"cache": False}):
        with pytest.raises(ValueError, match=r"not numbers \(NaN or infinite\)"):
            generate(broken, [1], **options)


def test_text_in_text_out(model):
    from coursekit.models import bpe

    coded = bpe.encoding(bpe.train("", vocabulary=257))
    torch.manual_seed(0)
    writer = GPT(vocabulary=257, context=8, width=16, depth=1, heads=1)
    writer.encoding = coded
    one, two = write(writer, ["ab", "<|im_start|>"], 5, temperature=0)
    assert one.startswith("ab") and two.startswith("<|im_start|>")
    assert write(writer, "ab", 5, temperature=0) == one
    writer.tokens.weight.data[256] = 100 * writer.norm(torch.ones(16)) + 9  # now it always ends
    writer.norm.weight.data.zero_(), writer.norm.bias.data.fill_(1.0)
    assert write(writer, "ab", 5) == "ab"
    with pytest.raises(ValueError, match="prompt 0 is empty"):
        write(writer, "")
    for wrong in (None, b"ab", [97, 98]):
        with pytest.raises(ValueError, match="give a text or a list of texts here"):
            write(writer, wrong)
    writer.encoding = None
    with pytest.raises(ValueError, match="this model has no .encoding"):
        write(writer, "ab")


def test_an_uneven_batch_of_one_text_each_way_is_masked_column_by_column(model):
    """The shorter text's empty columns must not be seen: the mask, spelled out."""
    reader = generation.Reader(model)
    masks = []
    read = model.forward
    reader.model = lambda ids, cache: masks.append(cache.mask) or read(ids, cache)
    reader.model.tokens = model.tokens
    with torch.inference_mode():
        reader.last([[1, 2, 3], [4]])
    assert masks[0][1, 0].int().tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert masks[0][0, 0].int().tolist() == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
