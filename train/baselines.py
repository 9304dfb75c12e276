"""The 1998 table again: linear, nearest neighbours, 300 hidden units. `python train/baselines.py`

Needs MNIST (`python start.py fetch mnist`); a minute or two on two cores. On MNIST (60,000 to
train, 10,000 to test) and on scikit-learn's digits (1,437 and 360). Nothing is chosen by looking
at the test images: k = 3 and 300 units are the paper's, the rest was fixed beforehand.
Writes data/results/baselines.json, with the LeNets from their cards beside.
"""

import argparse
import json
import platform
import sys
from datetime import date
from pathlib import Path

import sklearn
import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import data  # noqa: E402
from coursekit.models.baselines import linear, nearest, one_hidden, read_linear  # noqa: E402
from coursekit.models.lenet import LeNet  # noqa: E402
from coursekit.models.preprocess import digit_batch  # noqa: E402
from coursekit.training import fit, one_cycle  # noqa: E402
from train.results import write_json  # noqa: E402

# errors on the test set in per cent, figure 9 of the paper
PAPER = {"linear": 12.0, "nearest neighbours": 5.0, "300 hidden units": 4.7, "LeNet-5": 0.95}
WHY = {
    "linear": "ours is the exact least-squares solution; theirs was trained step by step",
    "nearest neighbours": "the same k = 3 and distance, on today's files of 28x28 pixels; the "
    "paper does not say enough to tell where its other two per cent come from",
    "300 hidden units": "softmax cross-entropy, Adam and a one-cycle rate instead of squared "
    "error and plain gradient descent",
    "LeNet-5": "AdamW and a one-cycle rate instead of diagonal Levenberg–Marquardt; 55,000 images",
}


def rows(images):
    """Pictures as rows of numbers in 0…1."""
    return torch.from_numpy(images).flatten(1).float() / 255


def hidden_layer(X, y, queries, seed=1):
    """Predictions of a pixels-300-10 network after 15 epochs."""
    torch.manual_seed(seed)
    net = one_hidden(X.shape[1])
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    learn(net, (X, y), optimizer, epochs=15, batch=64, seed=seed)
    with torch.no_grad():
        return net(queries).argmax(1)


def small_lenet(train, test, seed):
    """Predictions of the modern LeNet, trained on the small digits as lesson 04 does."""
    torch.manual_seed(seed)
    net = LeNet()
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3)
    pair = digit_batch(train.images), torch.from_numpy(train.labels)
    learn(net, pair, optimizer, epochs=10, batch=32, seed=seed)
    with torch.no_grad():
        return net(digit_batch(test.images)).argmax(1)


def learn(net, pair, optimizer, **options):
    """All of a training; one that was stopped is no result."""
    past = fit(net, pair, optimizer=optimizer, schedule=one_cycle, **options)
    if past["interrupted"]:
        raise KeyboardInterrupt


def compare(train, test):
    """Test errors of each method on one data set, in number and in per cent."""
    X, y = rows(train.images), torch.from_numpy(train.labels)
    queries, truth = rows(test.images), torch.from_numpy(test.labels)
    methods = {
        "linear": lambda: read_linear(linear(X, y), queries),
        "nearest neighbours": lambda: nearest(X, y, queries, k=3),
        "300 hidden units": lambda: hidden_layer(X, y, queries),
    }
    if len(X) < 10_000:
        for seed in (1, 2, 3):
            methods[f"LeNet, seed {seed}"] = lambda seed=seed: small_lenet(train, test, seed)
    found = {}
    for name, method in methods.items():
        wrong = int((method() != truth).sum())
        found[name] = {"errors": wrong, "error_percent": round(100 * wrong / len(truth), 2)}
        print(f"  {name:20} {found[name]['error_percent']:6.2f}%", flush=True)
    return found


def main(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "data")
    args = parser.parse_args(words)
    torch.set_num_threads(2)
    print("MNIST")
    mnist = compare(data.mnist("train"), data.mnist("test"))
    for key, name in (("LeNet-5", "lenet5"), ("LeNet", "lenet")):
        card = json.loads((ROOT / "data" / "weights" / f"{name}.card.json").read_text("utf-8"))
        percent = round(100 * card["errors"] / card["test_images"], 2)
        mnist[key] = {"errors": card["errors"], "error_percent": percent}
    for name, row in mnist.items():
        row["paper_error_percent"], row["why"] = PAPER.get(name), WHY.get(name, "not in the paper")
    print("scikit-learn's digits")
    found = {
        "what": "test errors of what LeNet-5 was compared with in 1998, and of the LeNets",
        "command": "python train/baselines.py",
        "mnist": mnist,
        "digits": compare(data.digits("train"), data.digits("test")),
        "versions": {"python": platform.python_version(), "torch": torch.__version__,
                     "scikit-learn": sklearn.__version__},
        "date": date.today().isoformat(),
    }  # fmt: skip
    write_json(args.out / "results" / "baselines.json", found)
    print("now list the new results: python -m coursekit.manifest")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; nothing was written")
