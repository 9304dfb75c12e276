"""The untrained control: as the model, but for its weights."""

import pytest
import torch

import vizkit as vk


def small():
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())


def test_it_has_other_weights_and_the_model_keeps_its_own():
    model = small()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    random = torch.get_rng_state()
    control = vk.Net(model, classes=["a"], input_size=9).untrained(seed=1)
    assert not torch.allclose(control.model[0].weight, model[0].weight)
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(random, torch.get_rng_state())
    assert control.classes == ["a"] and control.intake.size == (9, 9)


def test_a_seed_gives_the_same_control_and_another_seed_another():
    net = vk.Net(small())
    first, again, other = (net.untrained(seed).model[0].weight for seed in (1, 1, 2))
    assert torch.equal(first, again) and not torch.equal(first, other)


def test_a_model_that_cannot_be_reset_is_refused_by_name():
    class Own(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = torch.nn.Parameter(torch.ones(3))

    with pytest.raises(TypeError, match=r"0 \(Own\) has weights \(scale\)"):
        vk.Net(torch.nn.Sequential(Own())).untrained()
