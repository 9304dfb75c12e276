"""What several of these test files look into."""

import pytest
import torch

import vizkit as vk
from coursekit.models.gpt import GPT


@pytest.fixture(scope="module")
def language():
    """A Net of a random GPT: 3 blocks of 4 heads, 24 wide, 20 words, context 16."""
    torch.manual_seed(0)
    model = GPT(vocabulary=20, context=16, width=24, depth=3, heads=4)
    for weight in model.parameters():
        weight.data *= 3  # so that its heads and layers differ
    model.encoding = [f" w{n}" for n in range(20)]
    return vk.Net(model)
