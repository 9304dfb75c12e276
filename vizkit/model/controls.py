"""Controls: what a picture of a trained model has to be compared with."""

import copy

import torch


def untrained(model, seed=0):
    """A copy of the model with fresh random weights; the model and the random state stay.

    Each layer is reset as its own `reset_parameters` does, so that the spread of the weights is
    the library's, not necessarily the one that the training began with.
    Raises TypeError where a module has weights and no such method.

    >>> trained = torch.nn.Sequential(torch.nn.Linear(2, 3))
    >>> fresh = untrained(trained, seed=1)
    >>> bool((fresh[0].weight == trained[0].weight).any()), fresh[0].weight.shape
    (False, torch.Size([3, 2]))
    """
    fresh = copy.deepcopy(model)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for name, module in fresh.named_modules():
            own = [part for part, _ in module.named_parameters(recurse=False)]
            if hasattr(module, "reset_parameters"):
                module.reset_parameters()
            elif hasattr(module, "_reset_parameters"):  # torch's MultiheadAttention
                module._reset_parameters()
            elif own:
                raise TypeError(
                    f"{name or 'the model'} ({type(module).__name__}) has weights ({own[0]}) and "
                    "no reset_parameters(): make an untrained model yourself, vk.Net(Model())"
                )
    return fresh
