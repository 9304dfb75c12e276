"""The README's drawn pictures: `.venv/bin/python tools/build_pictures.py`.

Those of lessons 07, 09 and 10 are screenshots of the live viewers in JupyterLab.
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import vizkit as vk  # noqa: E402
from coursekit import data, models  # noqa: E402
from coursekit.models.autograd import Value  # noqa: E402
from coursekit.models.perceptron import Perceptron  # noqa: E402

FOLDER = ROOT / "data" / "pictures"


def two_clouds():
    """A perceptron's line between two clouds of points, after it has learned."""
    rng = np.random.default_rng(2)
    y = np.repeat([0, 1], 25)
    X = rng.normal(size=(50, 2)) * 0.3 + np.where(y, 0.6, -0.6)[:, None]
    unit = Perceptron(2)
    unit.fit(X, 2 * y - 1)
    weights = {"w1": float(unit.w[0]), "w2": float(unit.w[1]), "b": float(unit.b)}
    return vk.boundary(
        lambda X, w1, w2, b: X @ np.array([w1, w2]) + b, X, y, parameters=weights,
        limits=dict.fromkeys(weights, (-5, 5)),
    )  # fmt: skip


def small_graph():
    """The graph of one neuron, with its gradients."""
    x, w, b = Value(2.0, label="x"), Value(-0.5, label="w"), Value(0.4, label="b")
    return vk.graph((w * x + b).tanh())


def main():
    FOLDER.mkdir(exist_ok=True)
    net = vk.Net(models.load("lenet"))
    digits = data.digits()
    for name, view in {
        "boundary": two_clouds(),
        "graph": small_graph(),
        "maps": net.maps(digits.images[7], "c3"),
    }.items():
        view.save(FOLDER / f"{name}.png")
        print(f"{name}.png: {view.describe()}")


if __name__ == "__main__":
    main()
