"""The answers of lesson 15 are what the package does; what goes wrong is told in words."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from coursekit import sampling
from coursekit.checks import diagnose
from coursekit.checks.desk import find
from coursekit.checks.lesson_15 import EXERCISES, POSITIONS, TOKENS
from coursekit.generation import generate
from coursekit.models.gpt import GPT


@pytest.mark.parametrize("number, rule, value", [
    ("15.2", sampling.temperature, 0.7), ("15.3", sampling.top_k, 5), ("15.4", sampling.top_p, 0.8),
])  # fmt: skip
def test_the_rules_are_the_package_s(number, rule, value):
    logits = np.random.default_rng(15).normal(size=40)
    given = np.exp(logits) / np.exp(logits).sum() if number == "15.4" else logits
    ours, package = find(number)[1](given, value), rule(torch.tensor(logits), value)
    assert np.allclose(ours, package if number == "15.3" else package.softmax(-1))


def test_the_loop_writes_what_generate_writes():
    torch.manual_seed(0)
    model = GPT(vocabulary=9, context=16, width=8, depth=1, heads=1)

    def likeliest(ids):
        return model(torch.tensor([ids]))[0, -1].argmax().item()

    assert find("15.1")[1](likeliest, [1, 2], 8, None) == generate(model, [1, 2], 8, temperature=0)


def test_step_by_step_is_causal_attention_at_once():
    step, cache, seen = find("15.5")[1], np.zeros((0, 2)), []
    for token in (2, 0, 1, 1):
        found, cache = step(token, cache, TOKENS, POSITIONS)
        seen.append(found)
    x = torch.tensor(TOKENS[[2, 0, 1, 1]] + POSITIONS[:4])[None]
    assert np.allclose(seen, F.scaled_dot_product_attention(x, x, x, is_causal=True)[0])


def test_a_number_that_grows_too_large_is_told_in_words():
    def by_python(logits, temperature):
        raised = [math.exp(z / temperature) for z in logits]
        return [r / sum(raised) for r in raised]

    found = diagnose(find("15.2")[0], by_python, find("15.2")[1])
    assert found.outcome == "!" and found.lines[0].startswith("A number grows too large")


def test_no_order_is_asked_for_where_none_is_promised():
    """Of equal chances top-p may keep either; its cases have to leave that open."""
    for chances, p in EXERCISES["15.4"].cases:
        ways = [np.argsort(-chances, kind="stable"), np.argsort(chances, kind="stable")[::-1]]
        kept = [np.sort(row[chances[row].cumsum() - chances[row] < p]) for row in ways]
        assert np.array_equal(*kept)
