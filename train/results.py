"""What a finished run found, written down: test, card, learning curve, weights. No training."""

import json
import os
import platform
from datetime import date
from pathlib import Path

import matplotlib
import numpy as np
import torch
from matplotlib.figure import Figure
from safetensors.torch import save

from train.record import interval

matplotlib.use("agg")


def write_json(path, value):
    """Written under another name and then moved, so that a reader never sees half of it."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)


class Log:
    """Prints each epoch's row and keeps them in a file, to be looked at during a long run."""

    def __init__(self, path, images, resumed):
        self.path, self.images, self.rows = path, images, []
        if resumed and path.exists():
            self.rows = json.loads(path.read_text("utf-8"))

    def __call__(self, row):
        self.rows = [old for old in self.rows if old["epoch"] < row["epoch"]] + [row]
        print(f"epoch {row['epoch']:3d}  loss {row['loss']:.4f}  kept apart: top-1 "
              f"{row['valid_accuracy']:.4f}  top-5 {row['valid_top5']:.4f}  "
              f"{row['seconds']:.0f} s, {self.images / row['seconds']:.0f} images/s",
              flush=True)  # fmt: skip
        write_json(self.path, self.rows)


def rounded(model):
    """The model with its weights rounded to half precision, as they are written to the disk.

    Batch normalisation's numbers stay as they are: variances can be beyond half precision.
    """
    with torch.no_grad():
        for layer in model.modules():
            if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear):
                for p in layer.parameters():
                    p.copy_(p.half().float())
    return model


@torch.no_grad()
def scores(model, views, bf16=False):
    """(scores (n, classes), labels (n,)) of all views, on the CPU."""
    model.eval()
    found = []
    for x, y in views:
        with torch.autocast(x.device.type, dtype=torch.bfloat16, enabled=bf16):
            found.append((model(x).float().cpu(), y.cpu()))
    return tuple(map(torch.cat, zip(*found, strict=True)))


def examine(model, both, names, bf16=False):
    """What the finished network gets right and wrong; `both`: views and mirrored views."""
    (plain, labels), (mirrored, _) = (scores(model, views, bf16) for views in both)
    n, counted = len(labels), {}
    for words, values in (("", plain), ("_with_mirror_image", plain.softmax(1)
                                        + mirrored.softmax(1))):  # fmt: skip
        ranks = values.argsort(1, descending=True)[:, :5] == labels[:, None]
        one, five = int(ranks[:, 0].sum()), int(ranks.sum())
        counted |= {f"test_accuracy{words}": one / n, f"interval_95{words}": interval(one, n),
                    f"test_top5{words}": five / n, f"interval_95_top5{words}": interval(five, n)}
    read = plain.argmax(1)
    pairs = {}
    for truth, guess in zip(labels.tolist(), read.tolist(), strict=True):
        if truth != guess:
            key = f"{names[truth]} read as {names[guess]}"
            pairs[key] = pairs.get(key, 0) + 1
    right = {name: round((read[labels == k] == k).float().mean().item(), 3)
             for k, name in enumerate(names) if (labels == k).any()}  # fmt: skip
    ranked = sorted(right.items(), key=lambda item: item[1])
    return counted | {
        "test_images": n,
        "confusions": dict(sorted(pairs.items(), key=lambda item: -item[1])[:15]),
        "worst_classes": dict(ranked[:8]),
        "best_classes": dict(ranked[::-1][:8]),
    }


def pace(history, images, operations, peak):
    """Images a second, and the share of the machine's matrix products that it makes."""
    rate = images / float(np.median(history["seconds"]))
    return {
        "hours": round(sum(history["seconds"]) / 3600, 2),
        "images_per_second": round(rate),
        "mfu": round(rate * operations / peak, 3),
        "mfu_of": f"{peak / 1e9:,.0f} GFLOP/s, the most that a large product or "
        "convolution was measured to reach here",
    }


def write(args, plan, model, history, found, pictures, machine, world):
    """Weights at half precision, card, learning curve as numbers and as a picture."""
    weights, results = args.out / "weights", args.out / "results"
    for folder in (weights, results):
        folder.mkdir(parents=True, exist_ok=True)
    halves = {f"{name}.{key}" for name, layer in model.named_modules()
              if isinstance(layer, torch.nn.Conv2d | torch.nn.Linear)
              for key in ("weight", "bias")}  # fmt: skip
    tensors = {key: value.detach().cpu().contiguous() for key, value in model.state_dict().items()}
    tensors = {key: v.half() if key in halves else v for key, v in tensors.items()}
    partial = weights / f"{args.name}.part"
    partial.write_bytes(save(tensors))
    os.replace(partial, weights / f"{args.name}.safetensors")
    parts = {"zoom": f"random parts of {plan['area']:.0%} to all of each picture, mirrored at even "
             "odds, and PCA colour", "paper": "random crops, mirrored at even odds, and PCA colour",
             "none": "none"}  # fmt: skip
    card = {
        "name": args.name,
        "what": model.__doc__.split("\n")[0],
        "parameters": sum(p.numel() for p in model.parameters()),
        "data": f"{pictures.source}: {len(pictures.train):,} pictures, of which the last 20th of "
        f"each class was kept apart to choose settings by; {len(pictures.test):,} test pictures "
        "of its own, looked at once",
        "augmentation": parts[plan["augment"]],
        "input": f"(n, 3, {plan['side']}, {plan['side']}), red, green, blue in 0…255 minus the "
        f"mean colour of ImageNet, divided by {plan['scale']}",
        "command": args.command,
        "settings": plan,
        "processes": world,
        "machine": machine,
        "versions": {"python": platform.python_version(), "torch": torch.__version__,
                     "numpy": np.__version__},
        "date": date.today().isoformat(),
        "valid_accuracy": round(history["valid_accuracy"][-1], 4),
        "valid_top5": round(history["valid_top5"][-1], 4),
        **found,
        "licence": "weights: MIT, as the code; the pictures they were learned from: ImageNet's "
        "terms, research and teaching, not part of this repository",
    }  # fmt: skip
    write_json(weights / f"{args.name}.card.json", card)
    write_json(results / f"{args.name}.json", {
        "what": f"learning curve of {args.name}; valid: the pictures kept apart",
        "history": {key: value for key, value in history.items() if key != "interrupted"},
        "classes": list(pictures.names)})  # fmt: skip
    draw(history, found).savefig(results / f"{args.name}.png", dpi=80, metadata={"Software": None})


def draw(history, found):
    """Accuracy on the pictures kept apart by epoch, and the test's as dots at the end."""
    figure = Figure(figsize=(6, 3.4), layout="constrained")
    axes = figure.subplots()
    for key, test, words, colour in (("valid_top5", "test_top5", "top-5", "#d55e00"),
                                     ("valid_accuracy", "test_accuracy", "top-1", "#0072b2")):
        axes.plot(history["epoch"], [100 * v for v in history[key]], color=colour,
                  label=f"{words}, pictures kept apart")  # fmt: skip
        axes.plot(history["epoch"][-1], 100 * found[test], "o", color=colour,
                  label=f"{words}, test: {100 * found[test]:.1f}%")  # fmt: skip
    axes.set(xlabel="epoch", ylabel="right (%)", ylim=(0, 100))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize="small")
    return figure
