"""One forward pass: what it keeps, when it stops, and that the model is as it was afterwards."""

import pytest
import torch
from torch import nn

from vizkit.model.hooks import LAST, Wanted, forward, replace_first, shape_of


class Counting(nn.Module):
    """Adds 1 and counts how often it did; its module `again` runs twice in a pass."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.again = nn.ReLU()
        self.norm = nn.BatchNorm1d(3)
        self.noise = nn.Dropout(0.5)
        self.last = nn.Linear(3, 2)
        self.ran = 0

    def forward(self, x):
        x = self.again(self.first(x))
        x = self.noise(self.norm(self.again(x - 0.5)))
        self.ran += 1
        return self.last(x)


class Branches(nn.Module):
    """Gives a tuple inside a dict."""

    def forward(self, x):
        return {"words": "none", "pair": (x, 2 * x)}


class Idle(nn.Module):
    """Has a layer that it does not use."""

    def __init__(self):
        super().__init__()
        self.unused = nn.Linear(1, 1)

    def forward(self, x):
        return x


def state(model):
    """All that a pass might change, in comparable form."""
    tensors = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    flags = [module.training for module in model.modules()]
    wanted = [weight.requires_grad for weight in model.parameters()]
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules()]
    return tensors, flags, wanted, hooks, torch.get_rng_state()


def same(before, after):
    tensors = all(torch.equal(before[0][k], after[0][k]) for k in before[0])
    return tensors and before[1:4] == after[1:4] and torch.equal(before[4], after[4])


def test_nothing_after_the_last_layer_needed_is_computed():
    model = Counting()
    found, output = forward(model, torch.ones(2, 3), [Wanted("again", "again")])
    assert list(found) == ["again"] and output is None
    assert model.ran == 0
    forward(model, torch.ones(2, 3), [Wanted("last", "last")])
    assert model.ran == 1


def test_the_second_call_is_another_one_than_the_first_and_the_last():
    model = nn.Sequential(nn.Linear(1, 1))
    relu = nn.ReLU()
    three = nn.Sequential(relu, model, relu, nn.Threshold(5, 9), relu)
    nn.init.ones_(model[0].weight)
    nn.init.ones_(model[0].bias)
    wanted = [Wanted("a", "0", 1), Wanted("b", "0", 2), Wanted("c", "0", LAST)]
    found, _ = forward(three, torch.tensor([[1.0]]), wanted)
    assert [found[k].item() for k in "abc"] == [1, 2, 9]


def test_what_a_later_layer_overwrites_is_kept_as_it_was():
    model = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True), nn.Identity())
    found, _ = forward(model, torch.tensor([-1.0]), [Wanted("x", "0"), Wanted("y", "2")])
    assert found["x"].item() == -1


def test_tuples_and_dicts_are_opened_by_their_keys():
    model = nn.Sequential(Branches())
    batch = torch.ones(1)
    found, _ = forward(model, batch, [Wanted("a", "0"), Wanted("b", "0", 1, ("pair", 1))])
    assert (found["a"].item(), found["b"].item()) == (1, 2)
    with pytest.raises(KeyError, match=r"no part \[3\]"):
        forward(model, batch, [Wanted("c", "0", 1, ("pair", 3))])
    with pytest.raises(TypeError, match="no tensor"):
        forward(model, batch, [Wanted("d", "0", 1, ("words",))])


@pytest.mark.parametrize("training", [True, False])
def test_the_model_is_as_it_was(training):
    model = Counting().train(training)
    model.last.bias.requires_grad_(False)
    before = state(model)
    forward(model, torch.randn(4, 3, generator=torch.Generator().manual_seed(0)),
            [Wanted("norm", "norm")], whole=True)
    assert same(before, state(model))


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_the_model_is_as_it_was_after_an_error_and_after_ctrl_c(error):
    model = Counting().train()

    def edit(x):
        torch.rand(1)
        raise error

    before = state(model)
    with pytest.raises(error):
        forward(model, torch.ones(2, 3), [Wanted("last", "last")], [("norm", edit)])
    assert same(before, state(model))


def test_a_models_own_buffers_are_put_back():
    class Memory(nn.Module):
        def __init__(self):
            super().__init__()
            self.register_buffer("seen", torch.zeros(1))
            self.register_buffer("new", torch.zeros(1))

        def forward(self, x):
            self.seen += 1  # in place
            self.new = self.new + 1  # replaced
            return x

    model = Memory()
    seen = model.seen
    forward(model, torch.ones(1))
    assert model.seen.item() == 0 and model.new.item() == 0 and model.seen is seen


def test_an_edit_changes_what_follows():
    model = nn.Sequential(nn.Identity(), nn.Linear(1, 1, bias=False))
    _, plain = forward(model, torch.ones(1, 1))
    _, edited = forward(model, torch.ones(1, 1), edits=[("0", lambda x: 3 * x)])
    assert torch.allclose(edited, 3 * plain)


def test_gradients_reach_the_batch_and_no_weight():
    model = Counting()
    batch = torch.ones(2, 3, requires_grad=True)
    found, _ = forward(model, batch, [Wanted("first", "first")], gradients=True)
    found["first"].sum().backward()
    assert batch.grad is not None
    assert all(weight.grad is None for weight in model.parameters())


def test_a_layer_that_does_not_run_is_named():
    with pytest.raises(KeyError, match=r"layer unused \(Linear\) did not run"):
        forward(Idle(), torch.ones(1), [Wanted("u", "unused")])
    with pytest.raises(KeyError, match="did not run 2 times"):
        forward(nn.Sequential(nn.ReLU()), torch.ones(1), [Wanted("0#2", "0", 2)])


def test_only_the_first_tensor_of_a_structure_is_replaced():
    replaced = replace_first({"a": None, "b": (torch.ones(1), torch.ones(1))}, lambda x: x + 1)
    assert [t.item() for t in replaced["b"]] == [2, 1]
    assert shape_of(replaced) == "{a: NoneType, b: (1, 1)}"
    with pytest.raises(TypeError, match="no tensor"):
        replace_first("text", lambda x: x)
