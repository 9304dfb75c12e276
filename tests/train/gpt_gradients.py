"""One process of several: gradients of one batch of a GPT. Started by test_gpt.py."""

import os
import sys
from pathlib import Path

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from coursekit.language import Windows, cross_entropy
from coursekit.models.gpt import GPT


def main(folder):
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = GPT(vocabulary=50, context=8, width=16, depth=2, heads=2)
    if world > 1:
        distributed.init_process_group("gloo")
        model = DistributedDataParallel(model)
    tokens = (torch.arange(500) ** 2) % 47
    x, y = next(iter(Windows(tokens, 8, 6, 1, seed=3, rank=rank, world=world)))
    cross_entropy(model(x), y).backward()
    gradients = {name.removeprefix("module."): p.grad for name, p in model.named_parameters()}
    torch.save({"gradients": gradients, "rows": len(x)}, Path(folder) / f"{world}-{rank}.pt")
    if world > 1:
        distributed.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
