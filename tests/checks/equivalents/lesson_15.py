"""Right answers to the exercises of lesson 15, written otherwise than the reference."""

import math

import numpy as np
import torch
from torch.nn import functional as F

from coursekit import sampling


def go_on_while(guess, prompt, count, stop):
    new = []
    while len(new) < count and (token := guess([*prompt, *new])) != stop:
        new.append(token)
    return [*prompt, *new]


def go_on_by_calling_itself(guess, prompt, count, stop):
    if not count or (token := guess(prompt)) == stop:
        return prompt
    return go_on_by_calling_itself(guess, [*prompt, token], count - 1, stop)


def go_on_in_place(guess, prompt, count, stop):
    for _ in range(count):
        token = guess(prompt)
        if token == stop:
            return prompt
        prompt.append(token)
    return prompt


def chances_by_powers(logits, temperature):
    raised = np.exp(logits - logits.max()) ** (1 / temperature)
    return raised / raised.sum()


def chances_by_torch(logits, temperature):
    return (torch.tensor(logits) / temperature).softmax(-1)


def chances_in_a_loop(logits, temperature):
    raised = [math.exp((z - max(logits)) / temperature) for z in logits]
    return [r / sum(raised) for r in raised]


def top_k_of_the_package(logits, k):
    return sampling.top_k(torch.tensor(logits), k)


def top_k_in_a_loop(logits, k):
    ranked = sorted(range(len(logits)), key=lambda token: -logits[token])[:k]
    return [z if token in ranked else -math.inf for token, z in enumerate(logits)]


def top_k_by_ruling_out(logits, k):
    logits[np.argsort(-logits, kind="stable")[k:]] = -np.inf
    return logits


def top_p_by_searching(chances, p):
    row = np.argsort(chances)[::-1]  # of equal ones the later first: no order is asked for
    kept = row[: np.searchsorted(chances[row].cumsum(), p) + 1]
    left = np.zeros(len(chances))
    left[kept] = chances[kept] / chances[kept].sum()
    return left


def top_p_of_the_package(chances, p):
    return sampling.top_p(torch.tensor(chances).log(), p).softmax(-1)


def top_p_in_a_loop(chances, p):
    found, reached = [0.0] * len(chances), 0.0
    for token in sorted(range(len(chances)), key=lambda token: -chances[token]):
        found[token] = chances[token]
        reached += chances[token]
        if reached >= p:
            break
    return np.array(found) / reached


def step_by_torch(token, cache, tokens, positions):
    x = tokens[token] + positions[len(cache)]
    kept = torch.tensor(np.concatenate([cache, [x]]))
    return F.scaled_dot_product_attention(torch.tensor(x)[None], kept, kept)[0], kept


def step_in_a_loop(token, cache, tokens, positions):
    x = tokens[token] + positions[cache.shape[0]]
    rows = [*cache, x]
    raised = [math.exp(row @ x / len(x) ** 0.5) for row in rows]
    return sum(r / sum(raised) * row for r, row in zip(raised, rows, strict=True)), rows


EQUIVALENTS = {
    "15.1": [go_on_while, go_on_by_calling_itself, go_on_in_place],
    "15.2": [chances_by_torch, chances_in_a_loop, chances_by_powers],
    "15.3": [top_k_of_the_package, top_k_in_a_loop, top_k_by_ruling_out],
    "15.4": [top_p_of_the_package, top_p_in_a_loop, top_p_by_searching],
    "15.5": [step_by_torch, step_in_a_loop],
}
