"""Feature visualization, ours against torch-lucent, on torchvision's AlexNet at 224 pixels.

    python bench/dream.py          under six minutes on two cores

Both sides have the same network, objective (a channel's mean), image size, spread of the start,
steps, Adam with the same rate, and one and the same transform: vizkit's Wobble (jitter, scale and
rotation of Lucid's amounts, for each image its own), handed to lucent as a function. Lucent runs
as its documentation has it, in evaluation mode; for many images it gets one objective that reads
all their channels at once, which is quicker than a sum of its `channel(…, batch=k)`. Ours runs as
it comes. In turns on two threads, the quickest turn of each; the images that come out are scored
by one function: the channel's mean in the untransformed image. `lucent_own_list` is lucent with
its own transforms, once. Without trained weights at hand the network has random ones, from a
fixed seed, and the result says so.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from machine import machine

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))


import vizkit as vk  # noqa: E402
from coursekit.compat import torchvision  # noqa: E402
from coursekit.models.pretrained import cached, torchvision_alexnet  # noqa: E402
from vizkit.dreams.ascent import dream, score  # noqa: E402
from vizkit.dreams.plan import multiplies_halves  # noqa: E402
from vizkit.dreams.wobble import wobble  # noqa: E402

# isort: split
from lucent.optvis import objectives, param, render  # noqa: E402  (after torchvision is mended)

SIDE, RATE, THREADS = 224, 0.05, 2
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # what lucent takes off
LAYERS = {"conv1": "features.0", "conv3": "features.6", "conv5": "features.10"}
RUNS = {1: {"steps": 32, "turns": 3}, 64: {"steps": 12, "turns": 3}}  # images at once
AIMS = {1: {"conv1": 6, "conv3": 3, "conv5": 2}, 64: {"conv1": 12, "conv3": 6, "conv5": 4}}


def network():
    """(torchvision's AlexNet, whence its weights): trained if the file is here, else random."""
    if cached() is not None:
        return torchvision_alexnet(), "trained"
    torch.manual_seed(0)
    return torchvision.models.alexnet(weights=None).eval(), "random, torch.manual_seed(0)"


def ours(net, layer, count, steps, seed, half=None):
    """Images (n, channel, y, x) of the layer's first channels."""
    return dream(net, net[layer][:count], size=SIDE, steps=steps, seed=seed, rate=RATE,
                 normalise=(MEAN, SPREAD), half=half).images


def theirs(net, layer, count, steps, seed, own=False):
    """The same of lucent; with `own`, by its own list of transforms."""
    torch.manual_seed(seed)
    np.random.seed(seed)
    mover = wobble(True, (SIDE, SIDE))
    draws = iter(mover.draws(steps, list(range(seed, seed + count))))
    images = render.render_vis(
        net.model, means(layer.replace(".", "_")), lambda: param.image(SIDE, batch=count),
        transforms=None if own else [lambda images: mover(images, next(draws))],
        thresholds=(steps,), progress=False, show_image=False,
        optimizer=lambda knobs: torch.optim.Adam(knobs, lr=RATE),
    )
    for module in net.model.modules():  # it leaves its hooks behind
        module._forward_hooks.clear()
    net.model.zero_grad(set_to_none=True)
    return images[-1].transpose(0, 3, 1, 2)


@objectives.wrap_objective()
def means(layer):
    """Of image k, channel k: what a sum of lucent's own objectives would be."""
    def inner(model):
        each = torch.arange(len(model(layer)))
        return -model(layer)[each, each].mean((1, 2)).sum()

    return inner


def compare(net, layer, count, steps, turns):
    """Seconds per image and mean scores of all ways."""
    ways = {"ours": ours, "lucent": theirs,
            "ours_full_precision": lambda *given: ours(*given, half=False),
            "lucent_own_list": lambda *given: theirs(*given, own=True)}
    seconds, scores = {}, {}
    for turn in range(turns):
        for name, run in ways.items():
            if turn and name == "lucent_own_list":
                continue
            start = time.perf_counter()
            images = run(net, layer, count, steps, turn)
            taken = (time.perf_counter() - start) / count
            seconds[name] = min(taken, seconds.get(name, taken))
            found = score(net, net[layer][:count], images, (MEAN, SPREAD)).mean()
            scores[name] = scores.get(name, 0) + float(found) / turns
    return {
        **{f"{name}_seconds_per_image": round(seconds[name], 4) for name in ways},
        **{f"{name}_score": round(scores[name], 4) for name in ("ours", "lucent")},
        "times_faster": round(seconds["lucent"] / seconds["ours"], 2),
        "times_faster_full_precision": round(seconds["lucent"] / seconds["ours_full_precision"], 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=LAYERS, action="append", help="layers (default: all)")
    parser.add_argument("--at-once", type=int, choices=RUNS, action="append")
    args = parser.parse_args()
    torch.set_num_threads(THREADS)
    model, weights = network()
    net, rows = vk.Net(model, input_size=SIDE), []
    print(f"AlexNet of torchvision, weights {weights}\nlayer  images     lucent       ours  times "
          "(aim)  in full precision   scores: lucent, ours", flush=True)
    for count in args.at_once or RUNS:
        for words in args.only or LAYERS:
            compare(net, LAYERS[words], 1, 2, 1)  # what each does once only
            row = compare(net, LAYERS[words], count, **RUNS[count])
            aim = AIMS[count][words]
            met = row["times_faster"] >= aim and row["ours_score"] >= row["lucent_score"]
            rows.append({"layer": words, "at_once": count, **RUNS[count], **row,
                         "aim_times_faster": aim, "met": met})
            print(f"{words} {count:7} {row['lucent_seconds_per_image']:9.3f} s "
                  f"{row['ours_seconds_per_image']:8.3f} s {row['times_faster']:6.1f} {aim:5}  "
                  f"{row['times_faster_full_precision']:17.1f}   {row['lucent_score']:13.4f} "
                  f"{row['ours_score']:8.4f}", flush=True)
    if args.only or args.at_once:
        return
    result = {"machine": machine("torch", "torchvision", "torch-lucent", "kornia"),
              "threads": THREADS, "side": SIDE, "rate": RATE, "weights": weights,
              "bfloat16": multiplies_halves(torch.device("cpu")), "rows": rows}
    target = ROOT / "bench" / "results" / "dream.json"
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
