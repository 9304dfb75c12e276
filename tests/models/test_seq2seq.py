"""A network that reads and writes: attention by hand, padding, one symbol at a time."""

import math

import pytest
import torch

from coursekit.data import dates
from coursekit.models.seq2seq import END, PAD, START, Additive, Seq2Seq, loss, write

KINDS = pytest.mark.parametrize("attention", [True, False], ids=["attention", "one vector"])


def network(attention=True, seed=0):
    torch.manual_seed(seed)
    return Seq2Seq(len(dates.READS), len(dates.WRITES), width=8, attention=attention)


def some_lines(*numbers):
    """Lines of these numbers of dates, filled up to the longest: (line, 2, places)."""
    each = [torch.from_numpy(dates.lines(1, n, seed=n).ids())[0] for n in numbers]
    longest = max(line.shape[1] for line in each)
    return torch.stack([torch.nn.functional.pad(line, (0, longest - line.shape[1]))
                        for line in each])


def test_additive_attention_is_the_formula_in_loops():
    torch.manual_seed(1)
    look, s, h = Additive(3), torch.randn(2, 3), torch.randn(2, 4, 6)
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    context, weights = look(s, h, look.U(h), mask)
    W, U, b, v = (p.tolist() for p in (look.W.weight, look.U.weight, look.U.bias, look.v.weight[0]))
    for line in range(2):
        there = int(mask[line].sum())
        e = []
        for place in range(there):
            hidden = [sum(W[k][i] * s[line][i].item() for i in range(3)) + b[k]
                      + sum(U[k][i] * h[line][place][i].item() for i in range(6)) for k in range(3)]
            e.append(sum(v[k] * math.tanh(hidden[k]) for k in range(3)))
        share = [math.exp(x) / sum(math.exp(y) for y in e) for x in e] + [0.0] * (4 - there)
        assert torch.allclose(weights[line], torch.tensor(share), atol=1e-6)
        summed = [sum(share[j] * h[line][j][k].item() for j in range(4)) for k in range(6)]
        assert torch.allclose(context[line], torch.tensor(summed), atol=1e-6)


def test_attention_adds_its_three_matrices_and_nothing_else():
    sizes = [{name: p.shape for name, p in network(kind).named_parameters()}
             for kind in (True, False)]
    added = sizes[0].keys() - sizes[1].keys()
    assert added == {"attention.W.weight", "attention.U.weight", "attention.U.bias",
                     "attention.v.weight"}
    assert {name: shape for name, shape in sizes[0].items() if name not in added} == sizes[1]


@KINDS
def test_padding_changes_nothing(attention):
    net, lines = network(attention), some_lines(1, 4)
    alone = some_lines(1)
    together, single = net(lines), net(alone)
    there = int((alone[0, 1] != PAD).sum())
    assert together.shape[1] > single.shape[1] == there
    assert torch.allclose(together[0, :there], single[0], atol=1e-6)
    written, looked = write(net, lines[:, 0], most=6)
    own, own_looked = write(net, alone[:, 0], most=6)
    assert (written[0] == own[0]).all()
    if attention:
        places = int((alone[0, 0] != PAD).sum())
        assert (looked[0, :, places:] == 0).all() and (looked[1, :, places:] > 0).any()
        assert torch.allclose(looked[0, :, :places], own_looked[0], atol=1e-6)
        assert torch.allclose(looked.sum(2), torch.ones(2, 6))


@KINDS
def test_padding_teaches_nothing(attention):
    """The gradient of a short line is the same, padded or not."""
    slopes = []
    for lines in (some_lines(2), torch.nn.functional.pad(some_lines(2), (0, 5))):
        net = network(attention)
        loss(net(lines), lines[:, 1]).backward()
        slopes.append([p.grad for p in net.parameters()])
    assert all(torch.allclose(a, b, atol=1e-7) for a, b in zip(*slopes, strict=True))


def test_the_loss_is_the_mean_over_symbols_that_are_there():
    scores = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(0))
    written = torch.tensor([[3, 4, END, PAD], [4, END, PAD, PAD]])  # one place more than scores
    each = -scores.log_softmax(2)
    by_hand = (each[0, 0, 3] + each[0, 1, 4] + each[0, 2, END] + each[1, 0, 4] + each[1, 1, END])
    assert loss(scores, written).item() == pytest.approx(by_hand.item() / 5, rel=1e-5)


@KINDS
def test_a_symbol_is_scored_by_those_before_it_alone(attention):
    net, lines = network(attention), some_lines(2)
    other = lines.clone()
    other[0, 1, 5] = dates.WRITES.index("-28")
    assert other[0, 1, 5] != lines[0, 1, 5]
    before, after = net(lines)[0], net(other)[0]
    assert torch.equal(before[:6], after[:6])  # the sixth is scored before it is given
    assert not torch.allclose(before[6], after[6])


@KINDS
def test_writing_is_scoring_with_ones_own_symbols(attention):
    net, lines = network(attention), some_lines(3, 3)
    written, _ = write(net, lines[:, 0], most=8)
    scored = net(torch.stack([torch.nn.functional.pad(lines[:, 0], (0, 8)),
                              torch.nn.functional.pad(written, (0, lines.shape[2]))], 1))
    ended = (written == END).cumsum(1) - (written == END).long() > 0
    own = scored.argmax(2)[:, :8].masked_fill(ended[:, : scored.shape[1]], PAD)
    assert (own == written[:, : own.shape[1]]).all()


def test_after_the_end_nothing_is_written():
    net = network()
    with torch.no_grad():
        net.out.weight.zero_()
        net.out.bias.copy_(torch.nn.functional.one_hot(torch.tensor(END), len(dates.WRITES)))
    written, _ = write(net, some_lines(1)[:, 0], most=4)
    assert written.tolist() == [[END, PAD, PAD, PAD]]


def test_without_attention_every_step_gets_the_last_states_of_both_directions():
    net, lines = network(attention=False), some_lines(2, 1)
    _, look = net.look(lines[:, 0])
    context, weights = look(torch.randn(2, 8))
    assert weights is None
    assert torch.equal(context, look(torch.randn(2, 8))[0])
    for row, line in enumerate(lines[:, 0]):
        alone = net.reader.heard(line[line != PAD][None])
        _, last = net.reader.both(alone)  # torch's GRU on the line alone
        assert torch.allclose(context[row], torch.cat([last[0, 0], last[1, 0]]), atol=1e-6)


def test_lines_and_networks_agree_on_the_first_three_pieces():
    for pieces in (dates.READS, dates.WRITES):
        assert [pieces[k] for k in (PAD, START, END)] == ["·", "<start>", "<end>"]


@KINDS
def test_a_few_lines_are_learned_by_heart(attention):
    lines = torch.from_numpy(dates.lines(6, 2, seed=0).ids())
    torch.manual_seed(0)
    net = Seq2Seq(len(dates.READS), len(dates.WRITES), width=32, attention=attention)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(80):
        optimizer.zero_grad()
        loss(net(lines), lines[:, 1]).backward()
        optimizer.step()
    written, _ = write(net, lines[:, 0], most=14)
    assert dates.right(written.numpy(), lines[:, 1].numpy()).all()
