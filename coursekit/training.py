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
    rates = [group["lr"] for group in optimizer.param_groups]
    history = {"epoch": [], "loss": [], "seconds": []}
    step = 0
    mean = Average(model, average or 0)  # with a decay of 0, the model itself
    if seed is not None:
        torch.manual_seed(seed)
    if checkpoint is not None and Path(checkpoint).exists():
        state = checkpoints.restore(checkpoint, model, optimizer, mean)
        history, step = state["history"], state["step"]
    history["interrupted"] = False
    first = len(history["epoch"]) + 1
    steps = max(1, epochs * count(train, batch))
    try:
        with Bar("training", bar) as show:
            for epoch in range(first, epochs + 1):
                start, total, seen = time.perf_counter(), 0.0, 0
                model.train()
                if hasattr(train, "set_epoch"):
                    train.set_epoch(epoch)
                for x, y in batches(train, batch, device_of(model), shuffle=True):
                    for group, rate in zip(optimizer.param_groups, rates, strict=True):
                        group["lr"] = rate * (schedule(step / steps) if schedule else 1.0)
                    x = augment(x) if augment else x
                    value = take_step(model, x, y, loss, optimizer, bf16, clip)
                    mean.follow(step)
                    step, seen, total = step + 1, seen + len(x), total + value * len(x)
                    if on_step:
                        rate = optimizer.param_groups[0]["lr"]
                        on_step({"step": step, "epoch": epoch, "loss": value, "rate": rate})
                    show(step / steps, f"epoch {epoch} of {epochs} · loss {total / seen:.4f}")
                row = {"epoch": epoch, "loss": total / max(seen, 1)}
                if valid is not None:
                    with mean.in_place():
                        scores = evaluate(model, valid, loss, metrics, bf16=bf16)
                    row |= {f"valid_{name}": score for name, score in scores.items()}
                row["seconds"] = time.perf_counter() - start
                for name, entry in row.items():
                    history.setdefault(name, []).append(entry)
                if checkpoint is not None:
                    checkpoints.save(checkpoint, model, optimizer, mean, history=history,
                                     step=step, epoch=epoch, seed=seed)  # fmt: skip
                if on_epoch:
                    on_epoch(row)
    except KeyboardInterrupt:
        history["interrupted"] = True
    mean.settle()
    model.eval()
    return history


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
