"""Does AlexNet-64 want batch norm, the paper's normalisation, or none? `python train/norms.py`.

Three short runs of train/alexnet.py with everything else alike, scored on the pictures that are
kept apart; the test pictures are not looked at. Stopped, the same command goes on from there.
Writes data/results/alexnet64_norms.json.
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from train import alexnet  # noqa: E402
from train.pictures import CACHE  # noqa: E402
from train.record import machine  # noqa: E402
from train.results import write_json  # noqa: E402

NORMS = "batch", "lrn", "none"
KEPT = "loss", "valid_accuracy", "valid_top5", "seconds"


def trial(norm, epochs, cache, more):
    """One run's history, row by row: as it was kept, or made now. SystemExit where it stopped."""
    others = hashlib.sha256(" ".join(more).encode()).hexdigest()[:8]
    kept = cache / "norms" / f"{norm}-{epochs}-{others}.json"
    if not kept.exists():
        alexnet.main(["alexnet64", "--norm", norm, "--epochs", str(epochs), "--trial",
                      "--cache", str(cache), *more])  # fmt: skip
        folder = run_of(norm, epochs, cache)
        log = folder / "history.json"
        rows = json.loads(log.read_text("utf-8")) if log.exists() else []
        if len(rows) < epochs:
            raise SystemExit(f"{norm}: stopped after {len(rows)} of {epochs} epochs; the same "
                             f"command goes on from there")  # fmt: skip
        write_json(kept, rows)
        shutil.rmtree(folder)  # the next normalisation's run takes its place
    return json.loads(kept.read_text("utf-8"))


def run_of(norm, epochs, cache):
    """The folder of the trial with these settings; train/alexnet.py names it after its pictures."""
    for plan in sorted((cache / "runs").glob("alexnet64-*-trial-seed*/plan.json")):
        settings = json.loads(plan.read_text("utf-8"))
        if (settings["norm"], settings["epochs"]) == (norm, epochs):
            return plan.parent
    raise SystemExit(f"{norm}: no trial of {epochs} epochs in {cache / 'runs'}")


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0], epilog="Whatever else is "
                                     "given goes to train/alexnet.py: --data, --threads, …")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--cache", type=Path, default=CACHE, help="for decoded pictures and runs")
    parser.add_argument("--out", type=Path, default=ROOT / "data")
    args, more = parser.parse_known_args(words)
    found = {norm: trial(norm, args.epochs, args.cache, more) for norm in NORMS}
    write_json(args.out / "results" / "alexnet64_norms.json", {
        "what": "alexnet64 with each normalisation, all else alike; valid: the pictures kept apart",
        "epochs": args.epochs,
        "norms": {norm: {name: [row[name] for row in rows] for name in KEPT}
                  for norm, rows in found.items()},
        "machine": machine()})  # fmt: skip
    for norm, rows in found.items():
        last = rows[-1]
        print(f"{norm:6} top-1 {last['valid_accuracy']:.4f}  top-5 {last['valid_top5']:.4f}")
    print("now list the new results: python -m coursekit.manifest")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # outside of the steps, which have their own way to stop
        sys.exit("stopped; the same command goes on from there")
