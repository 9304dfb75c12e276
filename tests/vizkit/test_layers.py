"""What one forward pass shows of a model's layers: where channels are, and whence they come."""

import torch
from torch import nn

from coursekit.compat import torchvision
from vizkit.model.layers import as_maps, observe

LayerNorm2d = torchvision.models.convnext.LayerNorm2d
Permute = torchvision.ops.Permute


def facts(*layers, size=(1, 2, 8, 8)):
    return list(observe(nn.Sequential(*layers), torch.zeros(size)).values())


def test_channels_are_found_where_each_kind_of_layer_has_them():
    seen = facts(nn.Conv2d(2, 6, 3), LayerNorm2d(6), Permute([0, 2, 3, 1]), nn.LayerNorm(6),
                 nn.Linear(6, 5), nn.GELU(), Permute([0, 3, 1, 2]), nn.Flatten(), nn.Linear(180, 4))
    assert [(f.axis, f.channels) for f in seen[:-1]] == [
        (1, 6), (1, 6), (3, 6), (3, 6), (3, 5), (3, 5), (1, 5), (1, 180), (1, 4),
    ]  # fmt: skip


def test_a_norm_over_whole_maps_keeps_the_channels_where_they_are():
    seen = facts(nn.Conv2d(2, 6, 3), nn.LayerNorm([6, 6, 6]), nn.Conv2d(6, 7, 3),
                 nn.LayerNorm([7, 4, 4]), LayerNorm2d(7))
    assert [(f.axis, f.source) for f in seen[:-1]] == [(1, "0"), (1, "0"), (1, "2"), (1, "2"),
                                                       (1, "2")]


def test_channels_come_from_the_last_layer_that_mixed_them():
    seen = facts(nn.Conv2d(2, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2),
                 nn.Conv2d(6, 6, 1), nn.Dropout(), nn.Softmax(1), nn.Flatten(), nn.Linear(54, 6),
                 nn.Sigmoid())
    assert [fact.source for fact in seen[:-1]] == [
        "0", "0", "0", "0", "4", "4", "4", "7", "8", "8",
    ]  # fmt: skip


def test_attention_mixes_channels_and_its_unused_part_did_not_run():
    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.attend = nn.MultiheadAttention(4, 2, batch_first=True)

        def forward(self, x):
            return self.attend(x, x, x)

    seen = observe(Attention(), torch.zeros(1, 5, 4))
    assert seen["attend"].source == "attend" and seen["attend"].axis == 2
    assert seen["attend.out_proj"].calls == 0 and seen["attend.out_proj"].channels == 0
    assert list(seen) == ["attend", "", "attend.out_proj"]  # as they ran; the idle last


def test_tokens_that_cover_a_square_are_maps():
    tokens = torch.arange(10)[:, None] * torch.tensor([[1, 10]])  # 1 class token, 9 patches
    maps = as_maps(tokens, 2, tokens=True)
    assert maps[0].tolist() == [[1, 2, 3], [4, 5, 6], [7, 8, 9]] and maps[1, 0, 0] == 10
    assert as_maps(tokens[1:], 2, tokens=True)[0, 0, 0] == 1
    assert as_maps(tokens, 2) is None and as_maps(tokens[:8], 2, tokens=True) is None
    last = as_maps(torch.zeros(4, 5, 3), 3)
    assert last.shape == (3, 4, 5)
