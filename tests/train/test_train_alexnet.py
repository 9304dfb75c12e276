"""The script that trains AlexNet-64: in one process or two, stopped or not, it does the same."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from coursekit.models.alexnet import SCALE, AlexNet, AlexNet64, table
from train import alexnet as script
from train.share import Prepare, Share, Views, apart
from train.speed import operations

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--epochs", "3", "--batch", "8", "--rate", "0.01", "--threads", "1",
         "--format", "float32", "--device", "cpu"]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Three classes of eleven noisy pictures, one of them broken; red, green, blue."""
    source, folder = np.random.default_rng(0), tmp_path_factory.mktemp("colours")
    for label, name in enumerate(("red", "green", "blue")):
        (folder / name).mkdir()
        for k in range(11):
            levels = source.integers(0, 100, (64, 64, 3), dtype=np.uint8)
            levels[..., label] += 120
            Image.fromarray(levels).save(folder / name / f"{k:02}.png")
    (folder / "red" / "05b.jpg").write_bytes(b"\xff\xd8\xff")
    return folder


def run(folder, where, *more, name="alexnet64"):
    words = [name, "--data", str(folder), "--cache", str(where), "--out", str(where / "out")]
    script.main([*words, *QUICK, *more])
    return where / "out"


def torchrun(*words):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node",
               "2", *map(str, words)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env={
        **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"})  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    """An uninterrupted run: the folder of what it wrote."""
    return run(folder, tmp_path_factory.mktemp("whole"))


def test_one_command_writes_weights_card_curve_and_snapshots(whole):
    assert sorted(file.relative_to(whole).as_posix() for file in whole.rglob("*.*")) == [
        "results/alexnet64.json", "results/alexnet64.png", "results/alexnet64_kernels.npz",
        "weights/alexnet64.card.json", "weights/alexnet64.safetensors"]  # fmt: skip
    weights = load_file(whole / "weights" / "alexnet64.safetensors")
    halves = {name for name, value in weights.items() if value.dtype == torch.float16}
    assert halves == {name for name in weights if name.startswith(("conv", "fc"))}
    net = AlexNet64(3)
    net.load_state_dict(weights)
    card = json.loads((whole / "weights" / "alexnet64.card.json").read_text("utf-8"))
    assert card["test_images"] == 3 and 0 <= card["interval_95"][0] <= card["test_accuracy"]
    assert card["command"] == ("python train/alexnet.py alexnet64 --seed 1 --data "
                               f"{card['settings']['source'].removeprefix('folder ')} "
                               "--epochs 3 --batch 8 --rate 0.01")  # fmt: skip
    curve = json.loads((whole / "results" / "alexnet64.json").read_text("utf-8"))
    assert curve["history"]["epoch"] == [1, 2, 3] and "valid_top5" in curve["history"]
    with np.load(whole / "results" / "alexnet64_kernels.npz") as stored:
        assert stored["kernels"].shape[1:] == (96, 3, 11, 11)
        steps = (0, 1, 2, 3, 4, 5, 7, 9, 12)  # of 27 pictures in four batches
        assert stored["images_seen"].tolist() == [round(6.75 * step) for step in steps]
    assert not list(whole.parent.rglob("*.part*")) and not list(whole.parent.rglob("*.checkpoint*"))


@pytest.mark.parametrize("moment", [5, 9])  # within the second epoch, and right at its end
def test_stopped_by_ctrl_c_it_goes_on_to_the_same_bits(
    folder, whole, tmp_path, monkeypatch, capsys, moment
):
    def stop(record):
        if record["step"] == moment:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(script, "Snapshots", lambda *a, **k: stop)
        run(folder, tmp_path)
    assert "the same command goes on from there" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()
    out = run(folder, tmp_path)
    name = "weights/alexnet64.safetensors"
    assert (out / name).read_bytes() == (whole / name).read_bytes()


def test_a_trial_never_looks_at_the_test_pictures(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(script.results, "examine", None)
    out = run(folder, tmp_path, "--trial", "--epochs", "1", "--augment", "paper", "--norm", "none")
    assert not out.exists()


def test_broken_pictures_are_named_and_the_run_goes_on(folder, tmp_path, capsys):
    run(folder, tmp_path, "--trial", "--epochs", "1")
    said = capsys.readouterr().out
    assert "left out red/05b.jpg: " in said and "1 left out" in said and "epoch   1" in said


def test_two_processes_compute_one_s_gradients_and_see_each_picture_once(tmp_path):
    file = Path(__file__).with_name("two_processes.py")
    torchrun(file, tmp_path)
    runpy.run_path(str(file))["main"](tmp_path)  # the same by this process alone
    one, *both = (torch.load(tmp_path / f"{name}.pt") for name in ("1-0", "2-0", "2-1"))
    for name, expected in one["gradients"].items():
        assert expected.abs().max() > 0
        for process in both:
            found = process["gradients"][name]
            assert torch.allclose(found, expected, rtol=1e-3, atol=1e-5), name
    for epoch in (1, 2):
        shown = [[row[2] for row in process["seen"] if row[0] == epoch] for process in both]
        assert sorted(sum(shown[0] + shown[1], [])) == list(range(42))
        together = [sorted(a + b) for a, b in zip(*shown, strict=True)]
        assert together == [sorted(row[2]) for row in one["seen"] if row[0] == epoch]
    orders = [[row[2] for row in one["seen"] if row[0] == epoch] for epoch in (1, 2)]
    assert orders[0] != orders[1]


def test_torchrun_trains_with_two_processes(folder, tmp_path):
    said = torchrun("train/alexnet.py", "alexnet64", "--data", folder, "--cache", tmp_path,
                    "--out", tmp_path / "out", *QUICK, "--epochs", "2")  # fmt: skip
    card = json.loads((tmp_path / "out/weights/alexnet64.card.json").read_text("utf-8"))
    assert card["processes"] == 2 and said.count("epoch   1") == 1, "one process speaks"


# --- parts --------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "batch", "world"), [(42, 8, 2), (9, 8, 3), (5, 100, 5), (7, 2, 1)])
def test_batches_are_about_equal_and_an_epoch_is_every_picture_once(n, batch, world):
    pictures, labels = np.zeros((n, 2, 2, 3), np.uint8), np.arange(n)
    shares = [Share(pictures, labels, range(n), batch, 0, rank, world) for rank in range(world)]
    shown = [[y.tolist() for _, y in share] for share in shares]
    assert len({len(each) for each in shown}) == 1 and len(shown[0]) == len(shares[0])
    assert sorted(y for each in shown for rows in each for y in rows) == list(range(n))
    sizes = [len(rows) for each in shown for rows in each]
    assert min(sizes) >= 1 and max(sizes) - min(sizes) <= 1
    with pytest.raises(ValueError, match="take fewer processes"):
        Share(pictures, labels, range(2), batch, 0, 0, 3)


def test_pictures_kept_apart_are_never_trained_on_and_are_the_same_each_time():
    labels = np.repeat(np.arange(4), 40)
    learn, kept = apart(labels, 0.05)
    assert not set(learn.tolist()) & set(kept.tolist()) and len(learn) + len(kept) == 160
    assert kept.tolist() == [38, 39, 78, 79, 118, 119, 158, 159]


def test_what_is_looked_at_is_the_middle_less_the_mean():
    pixels = torch.zeros(1, 80, 80, 3, dtype=torch.uint8)
    pixels[0, 8:72, 8:72] = torch.tensor([124, 116, 104], dtype=torch.uint8)
    x = Prepare(64, SCALE)(pixels)
    assert x.shape == (1, 3, 64, 64) and x.abs().max() < 0.6 / 64
    assert Prepare(227, 1)(pixels).shape == (1, 3, 227, 227)
    with pytest.raises(ValueError, match="recipe 'all', expected one of zoom, paper, none"):
        Prepare(64, SCALE, recipe="all")


def test_mirrored_views_are_the_views_mirrored():
    pictures = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), dtype=np.uint8)
    one, two = (Views(pictures, np.arange(5), range(5), Prepare(64, SCALE), 2, mirrored)
                for mirrored in (False, True))  # fmt: skip
    assert len(one) == 3
    for (x, y), (mirror, same) in zip(one, two, strict=True):
        assert torch.equal(x.flip(-1), mirror) and torch.equal(y, same)


def test_operations_are_counted_as_torch_counts_them():
    from torch.utils.flop_counter import FlopCounterMode

    net, x = AlexNet64(norm="none"), torch.zeros(1, 3, 64, 64)
    with FlopCounterMode(display=False) as forwards:
        net(x)
    first = table(net, 64)["conv1"]["macs"]
    assert operations(net, 64) == 3 * forwards.get_total_flops() - 2 * first
    assert operations(AlexNet(), 227) < 6 * 724_406_816
    assert sum(row["macs"] for row in table(net, 64).values()) == 203_661_344


def test_the_five_best_are_enough_also_of_three():
    scores = torch.eye(7)[:2] + torch.arange(7.0) / 10
    assert script.top5(scores, torch.tensor([0, 1])) == 1
    assert script.top5(-torch.arange(7.0)[None], torch.tensor([5])) == 0
    assert script.top5(torch.zeros(1, 3), torch.tensor([2])) == 1


def test_speed_is_measured_and_written_without_any_data(tmp_path, monkeypatch):
    monkeypatch.setattr("train.speed.steps_a_second", lambda build, side, batch, device, bf16,
                        layout: 100 + 10 * bf16 + (layout == "channels last"))  # fmt: skip
    script.main(["alexnet64", "--speed", str(tmp_path / "a.json"), "--threads", "1",
                 "--device", "cpu"])  # fmt: skip
    found = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [row["images_per_second"] for row in found["rows"]] == [111, 110, 101, 100] * 3
    assert found["rows"][0]["layout"] == "channels last" and found["peak_gflops"]["float32"] > 0
