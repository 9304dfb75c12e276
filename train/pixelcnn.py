"""Masks or two stacks, on the small digits: `python train/pixelcnn.py`

Four networks of nearly equal size, each from three seeds, on scikit-learn's digits in four levels
of grey, titled as in lesson 12. The 360 held-out digits are looked at after every epoch; nothing is
chosen by them, and the curve is kept. A few minutes on one core. Writes data/results/pixelcnn.json.
"""

import argparse
import math
import platform
import sys
from datetime import date
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import data  # noqa: E402
from coursekit.models.pixelcnn import GatedPixelCNN, PixelCNN  # noqa: E402
from coursekit.training import fit, one_cycle  # noqa: E402
from train.results import write_json  # noqa: E402

LEVELS, EPOCHS, SEEDS = 4, 14, (0, 1, 2)
NETS = {
    "masks of 3×3": lambda: PixelCNN(LEVELS, width=34, depth=9, kernel=3),
    "masks of 5×5": lambda: PixelCNN(LEVELS, width=32, depth=4, kernel=5),
    "two stacks, 3×3": lambda: GatedPixelCNN(LEVELS, width=30, depth=5, kernel=3),
    "two stacks, 5×5": lambda: GatedPixelCNN(LEVELS, width=24, depth=4, kernel=5),
}


def title(labels):
    """A row that says which digit follows: the left half its quarter, the right half the rest."""
    return torch.stack([labels // 4] * 4 + [labels % 4] * 4, 1)[:, None]


def titled(digits):
    """(n, 9, 8): the title, and below it the digit in levels 0 to 3."""
    grey = torch.from_numpy(np.round(digits.images / 85).astype(np.int64))
    return torch.cat([title(torch.from_numpy(digits.labels)), grey], 1)


def bits_below_the_title(logits, pixels):
    """Bits per pixel of the digit itself."""
    return F.cross_entropy(logits[:, :, 1:], pixels[:, 1:]) / math.log(2)


def curves(make, train, held_out):
    """The held-out bits after every epoch, one row a seed."""
    found = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        net = make()
        optimizer = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=0.1)
        past = fit(net, (train, train), (held_out, held_out), bits_below_the_title, optimizer,
                   EPOCHS, batch=32, schedule=one_cycle, seed=seed)  # fmt: skip
        if past["interrupted"]:  # half a curve is no result
            raise KeyboardInterrupt
        found.append([round(bits, 4) for bits in past["valid_loss"]])
        print(f"  seed {seed}: {found[-1][-1]:.3f} bits", flush=True)
    return found


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "data")
    args = parser.parse_args(words)
    torch.set_num_threads(1)
    train, held_out = titled(data.digits("train")), titled(data.digits("test"))
    rows = {}
    for name, make in NETS.items():
        print(name, flush=True)
        found = curves(make, train, held_out)
        rows[name] = {
            "parameters": sum(p.numel() for p in make().parameters()),
            "bits": round(float(np.mean([curve[-1] for curve in found])), 4),
            "curves": found,
        }
    written = {
        "what": "bits per pixel on 360 held-out digits of four levels, after each of 14 epochs",
        "command": "python train/pixelcnn.py",
        "seeds": SEEDS, "epochs": EPOCHS, "levels": LEVELS, "nets": rows,
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "date": date.today().isoformat(),
    }  # fmt: skip
    write_json(args.out / "results" / "pixelcnn.json", written)
    print("now list the new results: python -m coursekit.manifest")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; nothing was written")
