"""Train AlexNet-64, or AlexNet itself: `python train/alexnet.py alexnet64`.

On a CPU, one GPU, or several: `torchrun --nproc-per-node 8 train/alexnet.py alexnet`. Stopped
(Ctrl-C, or worse), the same command goes on from the last whole epoch and ends with the same bits
(on a GPU as nearly as its order of summation allows). `--data` takes tiny_imagenet, imagenette,
a zip file laid out like the first, or a folder of pictures. The last 20th of each class's training
pictures is kept apart to choose settings by (`--trial` stops there); the test pictures are looked
at once, at the end. Writes weights and card to data/weights, the learning curve and snapshots of
conv1 to data/results. `--speed` only measures.
"""

import argparse
import shutil
import sys
from functools import partial
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import device as devices  # noqa: E402
from coursekit.augment import colour_axes  # noqa: E402
from coursekit.checkpoint import alone  # noqa: E402
from coursekit.models.alexnet import SCALE, AlexNet, AlexNet64  # noqa: E402
from coursekit.training import accuracy, fit, one_cycle  # noqa: E402
from train import plans, results  # noqa: E402
from train.pictures import CACHE, gather  # noqa: E402
from train.processes import first, joined, once, shared  # noqa: E402
from train.record import Snapshots, machine  # noqa: E402
from train.share import RECIPES, Loss, Prepare, Share, Views, apart  # noqa: E402
from train.speed import LAYOUTS, formats, measured, operations, peak  # noqa: E402

# side of the input, of the decoded pictures, what levels are divided by; then what one can change
SETTINGS = {
    "alexnet64": {"side": 64, "stored": 64, "scale": SCALE, "norm": "batch", "epochs": 60,
                  "batch": 128, "rate": 0.05, "decay": 5e-4, "augment": "zoom", "area": 0.35,
                  "smoothing": 0.1, "average": 0.999},
    "alexnet": {"side": 227, "stored": 256, "scale": 1, "norm": "lrn", "epochs": 90,
                "batch": 128, "rate": 0.01, "decay": 5e-4, "augment": "paper", "area": 0.35,
                "smoothing": 0.0, "average": 0.0},
}  # fmt: skip
USUAL = "tiny_imagenet"
APART = 0.05


def top5(outputs, targets):
    """Share of rows that have the target among their five largest outputs (or fewer)."""
    best = outputs.topk(min(5, outputs.shape[-1])).indices
    return (best == targets[:, None]).any(1).float().mean()


def build(name, classes, setting):
    """A new network of this name."""
    if name == "alexnet64":
        return AlexNet64(classes, setting["norm"])
    return AlexNet(classes, setting["side"])


def descent(model, rate, decay):
    """SGD with momentum; the paper's decay pulls at weights, not at biases and normalisation."""
    flat = [p for p in model.parameters() if p.ndim == 1]
    deep = [p for p in model.parameters() if p.ndim > 1]
    groups = [{"params": deep, "weight_decay": decay}, {"params": flat, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True)


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=SETTINGS)
    parser.add_argument("--data", default=USUAL)
    parser.add_argument("--seed", type=int, default=1)
    for key in ("epochs", "batch"):
        parser.add_argument(f"--{key}", type=plans.count)
    for key in ("rate", "decay", "smoothing", "average", "area"):
        parser.add_argument(f"--{key}", type=float)
    parser.add_argument("--norm", choices=("batch", "lrn", "none"), help="of alexnet64")
    parser.add_argument("--augment", choices=RECIPES)
    parser.add_argument("--format", choices=("auto", "float32", "bfloat16"), default="auto")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 …")
    parser.add_argument("--threads", type=plans.count, help="of the processor, for each process")
    parser.add_argument("--cache", type=Path, default=CACHE, help="for decoded pictures and runs")
    parser.add_argument("--out", type=Path, help="default: data; of other pictures cache/own")
    parser.add_argument("--trial", action="store_true", help="no test, nothing written to --out")
    parser.add_argument("--speed", type=Path, metavar="JSON", help="measure, write it here, stop")
    return parser.parse_args(words)


def chosen_format(args, setting, classes, device):
    """Number format, memory layout, what was measured: the fastest here, unless one is asked for.

    Measured once: a resumed run must not choose anew.
    """
    if args.format != "auto":
        return {"bf16": args.format == "bfloat16", "layout": "channels last",
                "images_per_second": {}}
    net = partial(build, args.name, classes, setting)
    speeds = formats(net, setting["side"], min(setting["batch"], 128), device)
    (bf16, layout), *_ = speeds
    words = {f"{'bfloat16' if b else 'float32'}, {lay}": round(v) for (b, lay), v in speeds.items()}
    return {"bf16": bf16, "layout": layout, "images_per_second": words}


def main(words=None):
    args = arguments(words)
    setting = plans.settings(SETTINGS[args.name], args)
    args.command = plans.command("alexnet.py", args, SETTINGS[args.name], setting, USUAL)
    args.out = args.out or (ROOT / "data" if args.data == USUAL else args.cache / "own")
    with plans.in_words():
        device = devices.choose(args.device)
    with joined(device, args.threads) as (device, rank, world):
        if device.type == "cuda":
            torch.backends.cudnn.deterministic = True
        if args.speed:
            speed(args, setting, device)
        else:
            train(args, setting, device, rank, world)


def train(args, setting, device, rank, world):
    """All of a run: pictures, network, epochs, test, files."""
    say = print if rank == 0 else (lambda *_, **__: None)
    with plans.in_words():
        pictures = once(lambda: gather(args.data, setting["stored"], args.cache, say))
    say(f"{pictures.source}: {len(pictures.train):,} to train and choose, "
        f"{len(pictures.test):,} to test, {len(pictures.skipped)} left out")  # fmt: skip
    plan = {"name": args.name, "source": pictures.source, "seed": args.seed, **setting}
    folder = plans.folder_of(args, pictures.source)
    classes = len(pictures.names)
    choose = partial(chosen_format, args, setting, classes, device)
    plan = first(plans.planned(folder, plan, choose) if rank == 0 else None)
    layout = LAYOUTS[plan["layout"]]
    say(f"{'bfloat16' if plan['bf16'] else 'float32'}, {plan['layout']}; run in {folder}")

    torch.manual_seed(args.seed)
    model = build(args.name, classes, setting).to(device, memory_format=layout)
    learn, kept = apart(pictures.train_labels, APART)
    axes = colour_axes(pictures.train[learn[:: max(1, len(learn) // 1000)]])
    inputs = partial(Prepare, setting["side"], setting["scale"], device, layout)
    pixels = resident(pictures.train, device)
    share = Share(pixels, pictures.train_labels, learn, setting["batch"], args.seed, rank, world)
    views = Views(pixels, pictures.train_labels, kept, inputs())
    model = shared(model, device, world)
    saved = folder / "checkpoint.safetensors"
    snapshots = log = None
    if rank == 0:
        snapshots = Snapshots(folder / "kernels.npz", alone(model).conv1,
                              setting["epochs"] * len(share), len(learn) / len(share),
                              resumed=saved.exists(), dtype="float16")  # fmt: skip
        log = results.Log(folder / "history.json", len(learn), resumed=saved.exists())
    past = fit(
        model, share, views, Loss(share, setting["smoothing"]),
        descent(model, setting["rate"], setting["decay"]), setting["epochs"],
        metrics=[accuracy, top5], schedule=one_cycle, seed=args.seed, bf16=plan["bf16"],
        augment=inputs(setting["augment"], axes, setting["area"]), average=setting["average"],
        checkpoint=saved, on_step=snapshots, on_epoch=log, bar=None if rank == 0 else False,
    )  # fmt: skip
    if past["interrupted"]:
        say(f"stopped after epoch {len(past['epoch'])}; the same command goes on from there")
    if past["interrupted"] or args.trial or rank:
        return
    model = results.rounded(alone(model))
    test = resident(pictures.test, device)
    rows = torch.arange(len(pictures.test))
    both = [Views(test, pictures.test_labels, rows, inputs(), mirrored=m) for m in (False, True)]
    found = results.examine(model, both, pictures.names, plan["bf16"])
    pace = results.pace(past, len(learn), operations(model, setting["side"]),
                        peak(device, plan["bf16"]) * world)  # fmt: skip
    results.write(args, plan, model, past, found | pace, pictures, machine(device), world)
    shutil.move(folder / "kernels.npz", args.out / "results" / f"{args.name}_kernels.npz")
    shutil.rmtree(folder)
    say(f"test: top-1 {found['test_accuracy']:.4f}, top-5 {found['test_top5']:.4f}")
    if args.out == ROOT / "data":
        say("now list the new weights: python -m coursekit.manifest")
    else:
        say(f"written to {args.out}")


def resident(pixels, device):
    """On a GPU the pictures themselves, if they take less than half of what is free there."""
    if device.type == "cuda" and pixels.nbytes < torch.cuda.mem_get_info(device)[0] / 2:
        return torch.from_numpy(pixels).to(device)
    return pixels


def speed(args, setting, device):
    """Measure and write how fast this machine trains the network, with each normalisation."""
    norms = ("batch", "lrn", "none") if args.name == "alexnet64" else ("lrn",)
    nets = {norm: partial(build, args.name, 100, setting | {"norm": norm}) for norm in norms}
    found = measured(nets, setting["side"], setting["batch"], device)
    results.write_json(args.speed, {
        "what": f"training steps of {args.name} on noise, batch {setting['batch']}",
        "machine": machine(device), "torch": torch.__version__, **found})  # fmt: skip


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # outside of the steps, which have their own way to stop
        sys.exit("stopped; the same command goes on from the last whole epoch")
