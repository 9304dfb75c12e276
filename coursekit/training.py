"""Training loop. Nothing in it knows which model it trains."""

import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F

from coursekit import checkpoint as checkpoints
from coursekit.average import Average
from coursekit.bar import Bar


def fit(
    model, train, valid=None, loss=F.cross_entropy, optimizer=None, epochs=10, *,
    batch=64, metrics=(), schedule=None, augment=None, seed=0, bf16=False, clip=None,
    average=None, checkpoint=None, on_step=None, on_epoch=None, bar=None,
):  # fmt: skip
    """Train `model` and return its history, a plain dict of lists, one entry an epoch.

    train, valid   a pair of tensors (inputs, targets), or any sized iterable of such batches,
                   whose set_epoch(number), where it has one, is called before each epoch
    loss           function (outputs, targets) → number; `metrics`: more of them, by their names
    optimizer      any torch optimizer of the model's parameters; default Adam, rate 0.001
    schedule       function of the fraction done, 0…1, that the learning rate is multiplied by
    augment        function of a batch of inputs, used while training only
    seed           of the order, dropout and augmentation; None leaves the generator alone
    clip           the longest gradient, of all parameters together; longer ones are shortened
    average        decay of a running average of the weights (0.999, say): it is what is validated
                   and what the model holds in the end
    checkpoint     file written after every epoch; where it is there already, training goes on
                   from it and ends with the same bits as a run that was never stopped
    on_step        called with {"step", "epoch", "loss", "rate"} after every step, and
    on_epoch       with this epoch's row of the history: a monitor can draw from either

    Ctrl-C stops after the step under way: the model keeps what it learned and the history
    has "interrupted": True. The model comes back in evaluation mode.

    >>> x = torch.linspace(-1, 1, 32)[:, None]
    >>> line = torch.nn.Linear(1, 1)
    >>> past = fit(line, (x, 3 * x), loss=F.mse_loss, epochs=60, batch=8,
    ...            optimizer=torch.optim.SGD(line.parameters(), lr=0.1))
    >>> round(line.weight.item(), 2), past["epoch"][-1], past["interrupted"]
    (3.0, 60, False)
    """
    optimizer = optimizer or torch.optim.Adam(model.parameters(), lr=1e-3)
    mean = Average(model, average or 0)  # with a decay of 0, the model itself
    descent = Descent(model, loss, optimizer, mean, epochs * count(train, batch),
                      schedule, augment, bf16, clip)  # fmt: skip
    if seed is not None:
        torch.manual_seed(seed)
    history = begin(checkpoint, model, optimizer, mean, descent)
    try:
        with Bar("training", bar) as show:
            for epoch in range(len(history["epoch"]) + 1, epochs + 1):
                start, so_far = time.perf_counter(), 0.0
                for record, so_far in descent.over(shuffled(train, epoch, batch, model), epoch):
                    if on_step:
                        on_step(record)
                    show(record["step"] / descent.total,
                         f"epoch {epoch} of {epochs} · loss {so_far:.4f}")  # fmt: skip
                row = {"epoch": epoch, "loss": so_far}
                row |= validated(model, valid, mean, loss, metrics, bf16)
                row["seconds"] = time.perf_counter() - start
                for name, entry in row.items():
                    history.setdefault(name, []).append(entry)
                if checkpoint is not None:
                    checkpoints.save(checkpoint, model, optimizer, mean, history=history,
                                     step=descent.done, epoch=epoch, seed=seed)  # fmt: skip
                if on_epoch:
                    on_epoch(row)
    except KeyboardInterrupt:
        history["interrupted"] = True
    mean.settle()
    model.eval()
    return history


def begin(checkpoint, model, optimizer, mean, descent):
    """The history to go on with: that of the checkpoint, which is put into place, or a new one."""
    history = {"epoch": [], "loss": [], "seconds": []}
    if checkpoint is not None and Path(checkpoint).exists():
        state = checkpoints.restore(checkpoint, model, optimizer, mean)
        history, descent.done = state["history"], state["step"]
    return history | {"interrupted": False}


class Descent:
    """The steps of a training, counted: `done` of `total`.

    mean: the average that follows the weights; the rest as `fit` has it.
    """

    def __init__(self, model, loss, optimizer, mean, total, schedule, augment, bf16, clip):
        self.model, self.loss, self.optimizer, self.mean = model, loss, optimizer, mean
        self.schedule, self.augment, self.bf16, self.clip = schedule, augment, bf16, clip
        self.rates = [group["lr"] for group in optimizer.param_groups]
        self.done, self.total = 0, max(total, 1)

    def over(self, data, epoch):
        """A step on each batch; yields its record, and the mean loss of all examples so far."""
        total, seen = 0.0, 0
        self.model.train()
        for x, y in data:
            rate = self.set_rates()
            x = self.augment(x) if self.augment else x
            value = take_step(self.model, x, y, self.loss, self.optimizer, self.bf16, self.clip)
            self.mean.follow(self.done)
            self.done, seen, total = self.done + 1, seen + len(x), total + value * len(x)
            record = {"step": self.done, "epoch": epoch, "loss": value, "rate": rate}
            yield record, total / max(seen, 1)

    def set_rates(self):
        """Each group's own rate, as the schedule scales it at this point; the first group's."""
        factor = self.schedule(self.done / self.total) if self.schedule else 1.0
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        return self.rates[0] * factor


def take_step(model, x, y, loss, optimizer, bf16=False, clip=None):
    """One step downhill on one batch; returns the loss before it, a float."""
    optimizer.zero_grad()
    with torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=bf16):
        outputs = model(x)
    value = loss(outputs.float(), y)
    value.backward()
    if clip is not None:
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
    optimizer.step()
    return value.item()


def validated(model, valid, mean, loss, metrics, bf16):
    """What is measured on data kept apart, if there are any, with the average in place."""
    if valid is None:
        return {}
    with mean.in_place():
        scores = evaluate(model, valid, loss, metrics, bf16=bf16)
    return {f"valid_{name}": score for name, score in scores.items()}


@torch.no_grad()
def evaluate(model, data, loss=F.cross_entropy, metrics=(), *, batch=512, bf16=False):
    """Mean loss and metrics over `data`, a dict by name; the model's mode is put back.

    >>> net = torch.nn.Linear(2, 2, bias=False)
    >>> net.weight.data = torch.eye(2)
    >>> evaluate(net, (torch.eye(2), torch.tensor([0, 0])), metrics=[accuracy])["accuracy"]
    0.5
    """
    training, totals, seen = model.training, {}, 0
    model.eval()
    try:
        for x, y in batches(data, batch, device_of(model)):
            with torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=bf16):
                outputs = model(x).float()
            seen += len(x)
            for name, function in {"loss": loss, **{m.__name__: m for m in metrics}}.items():
                totals[name] = totals.get(name, 0.0) + float(function(outputs, y)) * len(x)
    finally:
        model.train(training)
    return {name: total / seen for name, total in totals.items()}


def accuracy(outputs, targets):
    """Share of rows whose largest output is the target's.

    >>> accuracy(torch.tensor([[0.1, 0.9], [0.8, 0.2]]), torch.tensor([1, 1])).item()
    0.5
    """
    return (outputs.argmax(-1) == targets).float().mean()


def shuffled(data, epoch, size, model):
    """The batches of one epoch of a training, where the model is."""
    if hasattr(data, "set_epoch"):
        data.set_epoch(epoch)
    return batches(data, size, device_of(model), shuffle=True)


def batches(data, size, device="cpu", shuffle=False):
    """Batches of a pair of tensors, in random order if asked; an iterable is passed on."""
    if not isinstance(data, tuple):
        for x, y in data:
            yield x.to(device), y.to(device)
        return
    x, y = data
    if len(x) != len(y):
        raise ValueError(f"{len(x)} inputs and {len(y)} targets: there must be one target each")
    order = torch.randperm(len(x)) if shuffle else torch.arange(len(x))
    for rows in order.split(size):
        yield x[rows.to(x.device)].to(device), y[rows.to(y.device)].to(device)


def count(data, size):
    """How many batches `batches` makes."""
    return math.ceil(len(data[0]) / size) if isinstance(data, tuple) else len(data)


def device_of(model):
    """Where the model's first parameter lives."""
    return next((p.device for p in model.parameters()), torch.device("cpu"))


def one_cycle(fraction, warm=0.2, floor=0.01):
    """A schedule: up to 1 in a straight line, then down along a cosine to `floor`.

    Source: after Smith & Topin 2018, arXiv:1708.07120.

    >>> [round(one_cycle(t), 2) for t in (0, 0.2, 0.6, 1)]
    [0.01, 1.0, 0.51, 0.01]
    """
    if fraction < warm:
        return floor + (1 - floor) * fraction / warm
    return floor + (1 - floor) * (1 + math.cos(math.pi * (fraction - warm) / (1 - warm))) / 2
