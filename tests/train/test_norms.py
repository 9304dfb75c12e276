"""The comparison of normalisations: three trials in one command, stopped or not, one file."""

import json

import numpy as np
import pytest
from PIL import Image

from train import norms

QUICK = ["--epochs", "1", "--batch", "8", "--threads", "1", "--format", "float32",
         "--device", "cpu"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two classes of ten plain pictures, dark and light."""
    folder = tmp_path_factory.mktemp("greys")
    for level, name in ((30, "dark"), (220, "light")):
        (folder / name).mkdir()
        for k in range(10):
            picture = Image.fromarray(np.full((64, 64, 3), level + k, np.uint8))
            picture.save(folder / name / f"{k}.png")
    return folder


def run(folder, where):
    norms.main(["--data", str(folder), "--cache", str(where), "--out", str(where / "out"), *QUICK])
    return json.loads((where / "out" / "results" / "alexnet64_norms.json").read_text("utf-8"))


def test_three_trials_alike_but_for_the_normalisation_make_one_file(
    folder, tmp_path, monkeypatch
):
    found = run(folder, tmp_path)
    assert found["epochs"] == 1 and list(found["norms"]) == ["batch", "lrn", "none"]
    for row in found["norms"].values():
        assert {key: len(values) for key, values in row.items()} == {
            "loss": 1, "valid_accuracy": 1, "valid_top5": 1, "seconds": 1}  # fmt: skip
    losses = {row["loss"][0] for row in found["norms"].values()}
    assert len(losses) == 3, "each trained a network of its own"
    assert sorted(file.name for file in (tmp_path / "out").rglob("*.*")) == ["alexnet64_norms.json"]
    monkeypatch.setattr(norms.alexnet, "main", None)
    assert run(folder, tmp_path) == found, "a second time nothing is trained"


def test_a_stopped_comparison_says_how_far_it_came_and_goes_on(folder, tmp_path, monkeypatch):
    real, trained = norms.alexnet.main, []

    def stop(record):
        raise KeyboardInterrupt

    def stops_at_lrn(words):
        trained.append(words[words.index("--norm") + 1])
        with monkeypatch.context() as patch:
            if trained == ["batch", "lrn"]:
                patch.setattr(norms.alexnet, "Snapshots", lambda *a, **k: stop)
            real(words)

    monkeypatch.setattr(norms.alexnet, "main", stops_at_lrn)
    with pytest.raises(SystemExit, match="lrn: stopped after 0 of 1 epochs; the same command"):
        run(folder, tmp_path)
    assert not (tmp_path / "out").exists()
    assert list(run(folder, tmp_path)["norms"]) == ["batch", "lrn", "none"]
    assert trained == ["batch", "lrn", "lrn", "none"], "what was done is not done again"
