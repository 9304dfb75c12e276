"""The answers of lesson 11 are what the package computes; answers half right are told in words."""

import numpy as np
import torch
import torch.nn.functional as F

from coursekit.checks import diagnose
from coursekit.checks.desk import find
from coursekit.models.seq2seq import START, Additive


def test_scores_and_attend_together_are_the_package_s_attention():
    (_, scores), (_, attend) = find("11.3"), find("11.4")
    torch.manual_seed(0)
    look, s, h = Additive(4), torch.randn(2, 4), torch.randn(2, 5, 8)
    mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    W, U, b, v = (p.detach().numpy() for p in (look.W.weight, look.U.weight, look.U.bias,
                                               look.v.weight[0]))
    with torch.no_grad():
        context, weights = look(s, h, look.U(h), mask)
    wide = np.hstack([U, b[:, None]])  # the package's U has a bias: a one more in every state
    states = np.concatenate([h.numpy(), np.ones((2, 5, 1))], 2)
    e = np.stack([scores(s[k].numpy(), states[k], W, wide, v) for k in range(2)])
    by_hand, seen = attend(e, h.numpy(), mask.numpy())
    assert np.allclose(by_hand, weights, atol=1e-6) and np.allclose(seen, context, atol=1e-6)


def test_what_the_writer_is_given_is_what_the_package_gives_it():
    _, given = find("11.2")
    written = torch.tensor([7, 4, 9, 2])
    assert given(written.tolist(), START) == F.pad(written, (1, 0), value=START)[:4].tolist()


def test_half_an_answer_is_shown_and_not_named():
    exercise, reference = find("11.4")
    found = diagnose(exercise, lambda e, h, mask: reference(e, h, mask)[0], reference)
    assert (found.outcome, found.mistake) == ("✗", "")
    assert found.lines[1:] == ("got:      [[0.5, 0.5]]", "expected: ([[0.5, 0.5]], [[3]])")


def test_a_shape_that_does_not_fit_is_told_in_words():
    exercise, reference = find("11.3")
    found = diagnose(exercise, lambda s, h, W, U, v: np.tanh(W @ s + U @ h) @ v, reference)
    assert found.outcome == "!" and "on the input scores(" in "".join(found.lines)
