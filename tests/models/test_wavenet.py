"""WaveNet's stack: what it sees, equal to loops, and where its reach ends."""

import pytest
import torch

from coursekit.models.wavenet import DILATIONS, CausalConv, WaveNet, field
from coursekit.training import accuracy, evaluate, fit


def reached(stack, length):
    """Where the gradient of the last output is not zero."""
    x = torch.zeros(1, 1, length, requires_grad=True)
    stack(x)[0, 0, -1].backward()
    return x.grad[0, 0] != 0


def test_the_papers_stack_reaches_1024_places_and_no_further():
    torch.manual_seed(0)
    stack = torch.nn.Sequential(*(CausalConv(1, 1, 2, d) for d in DILATIONS)).double()
    torch.set_default_dtype(torch.float64)
    try:
        seen = reached(stack, 1100)
    finally:
        torch.set_default_dtype(torch.float32)
    assert field(2, DILATIONS) == 1024
    assert seen[-1024:].all() and not seen[:-1024].any()


@pytest.mark.parametrize(("kernel", "dilations", "places"), [
    (2, (1,), 2), (3, (1,), 3), (2, (1, 1, 1), 4), (3, (1, 3, 9), 27), (2, DILATIONS * 3, 3070)])
def test_reach_by_hand(kernel, dilations, places):
    assert field(kernel, dilations) == places


def test_a_causal_convolution_equals_its_loop():
    layer = CausalConv(1, 1, kernel=3, dilation=2)
    layer.weight.data = torch.tensor([[[5.0, 7.0, 1.0]]])
    layer.bias.data = torch.zeros(1)
    x = torch.tensor([[[1.0, 0, 0, 2, 0, 0, 0]]])
    assert layer(x).tolist() == [[[1, 0, 7, 2, 5, 14, 0]]]  # now, two ago, four ago


@pytest.mark.parametrize("change", [0, 7, 19])
def test_no_output_sees_a_later_symbol(change):
    torch.manual_seed(0)
    model = WaveNet(symbols=5, width=8, dilations=(1, 2, 4)).eval()
    here = torch.randint(0, 5, (1, 20))
    there = here.clone()
    there[0, change] = (there[0, change] + 1) % 5
    moved = (model(here) - model(there)).abs().amax(1)[0] > 0
    assert not moved[:change].any() and moved[change]
    assert not moved[change + field(2, (1, 2, 4)):].any()


def test_it_learns_an_echo_within_its_reach_and_none_beyond():
    right = {}
    for distance in (4, 5):
        torch.manual_seed(0)
        symbols = torch.randint(0, 4, (128, distance)).repeat(1, 6)[:, :20]
        model = WaveNet(symbols=4, width=16, dilations=(1, 2))  # reach 4
        pair = symbols[:, :-1], symbols[:, 1:]
        fit(model, pair, optimizer=torch.optim.Adam(model.parameters(), lr=0.02), epochs=15,
            batch=32)
        late = lambda z, y, d=distance: accuracy(z[:, :, d:].mT, y[:, d:])  # noqa: E731
        late.__name__ = "late"
        right[distance] = evaluate(model, pair, metrics=[late])["late"]
    assert right[4] > 0.98 and right[5] < 0.6  # 4 symbols: 0.25 by chance, more by heart
