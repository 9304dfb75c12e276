"""AlexNet at its full size, trained where there is a GPU, and how long that took. Draws nothing."""

import statistics

import torch
import torch.nn.functional as F
from torch import nn

from coursekit.augment import zooms
from coursekit.models.alexnet import MEAN, AlexNet
from coursekit.training import accuracy, fit, one_cycle


class Looks(nn.Module):
    """From pictures (n, h, w, 3), 0…255, to AlexNet's input (n, 3, side, side), mean taken off.

    While training a random part of each, mirrored at even odds; else all of it.

    >>> Looks(224).eval()(torch.zeros(2, 160, 160, 3, dtype=torch.uint8)).shape
    torch.Size([2, 3, 224, 224])
    """

    def __init__(self, side):
        super().__init__()
        self.side = side
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None])

    def forward(self, pictures):
        x = pictures.movedim(-1, 1).float()
        if self.training:
            x = zooms(x, self.side)
        else:
            x = F.interpolate(x, (self.side, self.side), mode="bilinear", antialias=True)
        return (x - self.mean).contiguous(memory_format=torch.channels_last)


def full_size(train, valid, device, *, epochs=30, goal=0.7, side=224, batch=128, rate=0.01,
              bf16=True, net=None, on_epoch=None):  # fmt: skip
    """Train AlexNet on pictures that lie on the device; a dict of what it took.

    train, valid       pairs (pictures (n, h, w, 3) uint8, labels (n,)), arrays or tensors
    goal               the accuracy on `valid` that `seconds_to_goal` counts to
    net                another network to train instead, for images of `side` pixels

    images_per_second  of training, the validation after each epoch included, median epoch
    accuracy           on `valid` in the end
    seconds_to_goal    None where the goal was not reached
    """
    train, valid = [tuple(torch.as_tensor(each).to(device) for each in pair)
                    for pair in (train, valid)]  # fmt: skip
    classes = int(train[1].max()) + 1
    torch.manual_seed(0)
    whole = nn.Sequential(Looks(side), net or AlexNet(classes, side))
    whole.to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(whole.parameters(), lr=rate, momentum=0.9, weight_decay=5e-4)
    past = fit(whole, train, valid, optimizer=optimizer, epochs=epochs, batch=batch, bf16=bf16,
               metrics=[accuracy], schedule=one_cycle, on_epoch=on_epoch)  # fmt: skip
    return {
        "images_per_second": round(len(train[0]) / statistics.median(past["seconds"])),
        "accuracy": past["valid_accuracy"][-1],
        "seconds_to_goal": seconds_to(goal, past["valid_accuracy"], past["seconds"]),
    }


def seconds_to(goal, scores, seconds):
    """Seconds of all epochs up to the first whose score reaches the goal; None where none does.

    >>> seconds_to(0.5, [0.3, 0.6, 0.4], [10, 11, 12]), seconds_to(0.7, [0.3, 0.6], [10, 11])
    (21, None)
    """
    for epoch, score in enumerate(scores, 1):
        if score >= goal:
            return sum(seconds[:epoch])
    return None
