"""The processes that train one network together: torchrun starts them, here they find each other.

Started without torchrun a script is alone: rank 0 of a world of 1.
"""

import os
from contextlib import contextmanager

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from coursekit import device as devices


@contextmanager
def joined(device="auto", threads=None):
    """(device, rank, world) of this process, within the `with` block in touch with the others.

    device    "auto", "cpu", "cuda", "cuda:1" …; of several processes each takes a GPU of its own
    threads   of the processor, for each process; None leaves torch its number
    """
    rank, world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    device = devices.choose(device)
    if device.type == "cuda":
        own = int(os.environ.get("LOCAL_RANK", 0)) if world > 1 else device.index or 0
        device = torch.device("cuda", own)
        torch.cuda.set_device(device)
    if threads:
        torch.set_num_threads(threads)
    if world > 1:
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield device, rank, world
    finally:
        if world > 1:
            distributed.destroy_process_group()


def shared(model, device, world):
    """The model itself, or one whose gradients are those of all processes together."""
    if world == 1:
        return model
    if device.type == "cuda":
        model = torch.nn.SyncBatchNorm.convert_sync_batchnorm(model)  # where it has any
    return DistributedDataParallel(model, [device.index] if device.type == "cuda" else None)


def first(value):
    """The first process's value, in every process."""
    if distributed.is_initialized():
        box = [value]
        distributed.broadcast_object_list(box)
        return box[0]
    return value


def once(make):
    """What `make` returns: the first process of each machine makes it before the others do."""
    if not distributed.is_initialized():
        return make()
    local = int(os.environ.get("LOCAL_RANK", 0)) == 0
    if not local:
        distributed.barrier()
    made = make()
    if local:
        distributed.barrier()
    return made
