"""Feature visualization, ours against torch-lucent, on torchvision's AlexNet at 224 pixels.

    python bench/dream.py          some minutes

The same network, objective (a channel's mean), image size, steps, rate and transforms (Lucid's
list) on both sides, on two threads, in turns; the quickest turn of each counts. The images that
come out are scored by one function: the channel's mean on the untransformed image. A comparison
counts where our mean score is at least theirs. Without trained weights at hand the network has
random ones, from a fixed seed, and the result says so.
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
from vizkit.dreams import dream, score  # noqa: E402

# isort: split
from lucent.optvis import objectives, param, render  # noqa: E402  (after torchvision is mended)

SIDE, RATE, THREADS = 224, 0.05, 2
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # what lucent takes off
LAYERS = {"conv1": "features.0", "conv3": "features.6", "conv5": "features.10"}
RUNS = {1: {"steps": 64, "turns": 3}, 64: {"steps": 16, "turns": 1}}  # images at once
AIMS = {1: {"conv1": 6, "conv3": 3, "conv5": 2}, 64: {"conv1": 12, "conv3": 6, "conv5": 4}}


def network():
    """(torchvision's AlexNet, whence its weights): trained if the file is here, else random."""
    cached = Path(torch.hub.get_dir()) / "checkpoints" / "alexnet-owt-7be5be79.pth"
    torch.manual_seed(0)
    model = torchvision.models.alexnet(weights="IMAGENET1K_V1" if cached.exists() else None)
    return model.eval(), "trained" if cached.exists() else "random, torch.manual_seed(0)"


def ours(net, layer, count, steps, seed):
    return dream(net, net[layer][:count], size=SIDE, steps=steps, seed=seed, rate=RATE,
                 normalise=(MEAN, SPREAD)).images


def theirs(model, layer, count, steps, seed):
    torch.manual_seed(seed)
    np.random.seed(seed)
    name = layer.replace(".", "_")
    aim = sum(objectives.channel(name, number, batch=number) for number in range(count))
    images = render.render_vis(
        model, aim, lambda: param.image(SIDE, batch=count), thresholds=(steps,), progress=False,
        show_image=False, fixed_image_size=SIDE,
        optimizer=lambda knobs: torch.optim.Adam(knobs, lr=RATE),
    )
    for module in model.modules():  # it leaves its hooks behind
        module._forward_hooks.clear()
    model.zero_grad(set_to_none=True)
    return images[-1].transpose(0, 3, 1, 2)


def compare(net, layer, count, steps, turns):
    """Seconds per image and mean scores of both."""
    best = {"ours": np.inf, "lucent": np.inf}
    scores = {"ours": [], "lucent": []}
    for turn in range(turns):
        for name, run, model in (("ours", ours, net), ("lucent", theirs, net.model)):
            start = time.perf_counter()
            images = run(model, layer, count, steps, turn)
            best[name] = min(best[name], (time.perf_counter() - start) / count)
            scores[name].append(score(net, net[layer][:count], images, (MEAN, SPREAD)).mean())
    return {
        **{f"{name}_seconds_per_image": round(best[name], 4) for name in best},
        **{f"{name}_score": round(float(np.mean(scores[name])), 4) for name in scores},
        "times_faster": round(best["lucent"] / best["ours"], 2),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=LAYERS, action="append", help="layers (default: all)")
    parser.add_argument("--at-once", type=int, choices=RUNS, action="append")
    args = parser.parse_args()
    torch.set_num_threads(THREADS)
    model, weights = network()
    net, rows = vk.Net(model, input_size=SIDE), []
    for count in args.at_once or RUNS:
        for words in args.only or LAYERS:
            compare(net, LAYERS[words], 1, 2, 1)  # what each does once only
            row = compare(net, LAYERS[words], count, **RUNS[count])
            aim = AIMS[count][words]
            met = row["times_faster"] >= aim and row["ours_score"] >= row["lucent_score"]
            rows.append({"layer": words, "at_once": count, **RUNS[count], **row,
                         "aim_times_faster": aim, "met": met})
            print(f"{words} {count:3} at once: lucent {row['lucent_seconds_per_image']:8.3f} s, "
                  f"ours {row['ours_seconds_per_image']:7.3f} s an image, "
                  f"{row['times_faster']:5.1f} times (aim {aim}); scores "
                  f"{row['lucent_score']:.3f}, {row['ours_score']:.3f}", flush=True)
    if args.only or args.at_once:
        return
    result = {"machine": machine("torch", "torchvision", "torch-lucent", "kornia"),
              "threads": THREADS, "side": SIDE, "rate": RATE, "weights": weights, "rows": rows}
    target = ROOT / "bench" / "results" / "dream.json"
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
