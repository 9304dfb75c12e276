"""Accuracy against length, with attention and without: `python train/seq2seq.py`.

The shape of figure 2 of Bahdanau, Cho & Bengio 2014 on the dates of coursekit.data: each network is
trained on lines of up to 3 or up to 5 dates (the paper: up to 30 or 50 words), and tested on lines
of 1 to 8. Three seeds; about ten minutes on one core. Stopped, the same command goes on after the
last network that was finished. Writes data/results/seq2seq.json.
"""

import argparse
import json
import platform
import sys
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit.data import dates  # noqa: E402
from coursekit.models import seq2seq  # noqa: E402
from coursekit.training import fit, one_cycle  # noqa: E402
from train.record import machine  # noqa: E402
from train.results import write_json  # noqa: E402

RATE, SIZE, LONGEST, TESTED = 4e-3, 32, 8, 200
TEST_SEED = 1_000_000  # of the test lines: far from those of the training


def train(plan):
    """One network, trained; and its mean loss over each fiftieth of the training."""
    lines = map(torch.from_numpy, dates.batches(plan["steps"], SIZE, plan["most"], plan["seed"]))
    torch.manual_seed(plan["seed"])
    net = seq2seq.Seq2Seq(len(dates.READS), len(dates.WRITES), plan["width"], plan["attention"])
    losses = []
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    past = fit(net, [(pairs, pairs[:, 1]) for pairs in lines], loss=seq2seq.loss,
               optimizer=optimizer, epochs=1, schedule=one_cycle, seed=plan["seed"],
               on_step=lambda row: losses.append(row["loss"]), bar=False)  # fmt: skip
    if past["interrupted"]:
        raise KeyboardInterrupt
    parts = np.array_split(losses, min(50, len(losses)))
    return net, [round(float(part.mean()), 4) for part in parts]


def examine(net):
    """Shares of symbols and of dates that are right, on lines of 1 to 8 dates."""
    found = {"symbols": [], "dates": []}
    for number in range(1, LONGEST + 1):
        lines = torch.from_numpy(dates.lines(TESTED, number, TEST_SEED + number).ids())
        written, _ = seq2seq.write(net, lines[:, 0], most=dates.PLACES * number)
        right = dates.right(written.numpy(), lines[:, 1].numpy())
        found["symbols"].append(round(float(right.mean()), 4))
        found["dates"].append(round(float(right.all(2).mean()), 4))
    return found


def plans(steps, seeds):
    """Four kinds on each seed; and one control, one vector that is trained five times as long."""
    for seed, most, attention in product(range(seeds), (3, 5), (False, True)):
        yield {"attention": attention, "most": most, "seed": seed, "width": 64, "steps": steps}
    yield {"attention": False, "most": 5, "seed": 0, "width": 64, "steps": 5 * steps}


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=1200, help="batches of 32 lines")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "data")
    args = parser.parse_args(words)
    torch.set_num_threads(args.threads)
    path = args.out / "results" / "seq2seq.json"
    known = json.loads(path.read_text("utf-8"))["runs"] if path.exists() else []
    runs = []
    for plan in plans(args.steps, args.seeds):
        row = next((old for old in known if plan.items() <= old.items()), None)
        if row is None:
            net, losses = train(plan)
            row = plan | examine(net) | {"loss": losses}
        runs.append(row)
        kind = "attention" if plan["attention"] else "one vector"
        print(f"{kind:10} up to {plan['most']} dates, width {plan['width']}, {plan['steps']} steps,"
              f" seed {plan['seed']}: dates right {row['dates']}", flush=True)  # fmt: skip
        left = [old for old in known if old not in runs]
        write_json(path, {
            "what": "share of symbols and of dates written right, on lines of 1 to 8 dates",
            "command": "python train/seq2seq.py", "rate": RATE, "lines_a_batch": SIZE,
            "tested_lines": TESTED, "runs": runs + left, "machine": machine(),
            "versions": {"python": platform.python_version(), "torch": torch.__version__},
            "date": date.today().isoformat()})  # fmt: skip
    print("now list the new results: python -m coursekit.manifest")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on from there")
