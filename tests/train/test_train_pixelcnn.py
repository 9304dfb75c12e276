"""What train/pixelcnn.py wrote fits what it would train, and says what lesson 12 tells."""

import runpy
from pathlib import Path

import numpy as np
import pytest
import torch

from coursekit import data, models
from train import baselines, pixelcnn

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "train" / "pixelcnn.py"))


def test_the_four_networks_are_of_one_size_and_those_that_were_measured():
    sizes = {name: sum(p.numel() for p in make().parameters())
             for name, make in SCRIPT["NETS"].items()}
    rows = models.results("pixelcnn")["nets"]
    assert sizes == {name: row["parameters"] for name, row in rows.items()}
    assert max(sizes.values()) < 1.15 * min(sizes.values())
    for row in rows.values():
        curves = np.array(row["curves"])
        assert curves.shape == (len(SCRIPT["SEEDS"]), SCRIPT["EPOCHS"])
        assert abs(curves[:, -1].mean() - row["bits"]) < 1e-3 and (curves < 2).all()


def test_a_title_tells_ten_digits_apart():
    rows = SCRIPT["title"](torch.arange(10))
    assert rows.shape == (10, 1, 8) and len(rows.unique(dim=0)) == 10 and rows.max() == 3


def test_titled_digits_have_four_levels():
    pixels = SCRIPT["titled"](data.digits("test"))
    assert pixels.shape == (360, 9, 8) and pixels.unique().tolist() == [0, 1, 2, 3]


def test_bits_of_levels_that_are_equally_likely_are_two():
    pixels = torch.randint(0, 4, (3, 9, 8))
    bits = SCRIPT["bits_below_the_title"](torch.zeros(3, 4, 9, 8), pixels)
    assert bits.isclose(torch.tensor(2.0))


@pytest.mark.parametrize("script", [pixelcnn, baselines])
def test_a_run_that_is_stopped_writes_nothing(script, tmp_path, monkeypatch):
    monkeypatch.setattr(script, "fit", lambda *_, **__: {"interrupted": True, "valid_loss": [1.0]})
    monkeypatch.setattr(torch, "set_num_threads", lambda _: None)  # of the tests that follow
    monkeypatch.setattr(script.data, "mnist", data.digits)  # whose pictures are smaller
    with pytest.raises(KeyboardInterrupt):
        script.main(["--out", str(tmp_path)])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("script", [pixelcnn, baselines])
def test_asked_for_help_it_trains_nothing(script, capsys):
    with pytest.raises(SystemExit):
        script.main(["--help"])
    assert "--out" in capsys.readouterr().out
