"""The script that trains the GPTs: in one process or two, stopped or not, it does the same."""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from coursekit import models
from coursekit.language import bits_per_byte
from coursekit.models import bpe
from coursekit.models.gpt import GPT
from coursekit.models.packing import unpack
from train import gpt as script
from train import gpt_results, tale_rates, texts

ROOT = Path(__file__).resolve().parents[2]
QUICK = ["--vocabulary", "300", "--context", "24", "--width", "16", "--depth", "1", "--heads", "2",
         "--epochs", "3", "--batch", "4", "--threads", "1", "--format", "float32", "--device",
         "cpu", "--stories", "3"]  # fmt: skip


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(texts, "STORIES", 60)
    monkeypatch.setattr(script, "STEPS", 9)
    monkeypatch.setattr(tale_rates, "LONGEST", 12)


def run(where, *more, name="gpt_tales"):
    script.main([name, *QUICK, "--cache", str(where), "--out", str(where / "out"), *more])
    return where / "out"


def torchrun(*words):
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node",
               "2", *map(str, words)]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, env={
        **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"})  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_one_command_writes_all_and_a_stopped_run_goes_on_to_the_same_bits(
    tmp_path, monkeypatch, capsys
):
    whole = run(tmp_path / "whole")
    assert sorted(file.relative_to(whole).as_posix() for file in whole.rglob("*.*")) == [
        "results/gpt_tales.json", "results/gpt_tales.png", "results/gpt_tales_checkpoints.npz",
        "weights/gpt_tales.bpe", "weights/gpt_tales.card.json", "weights/gpt_tales.safetensors"]
    card = json.loads((whole / "weights/gpt_tales.card.json").read_text("utf-8"))
    weights = load_file(whole / "weights/gpt_tales.safetensors")
    assert {value.dtype for value in weights.values()} == {torch.float16}
    GPT(**card["model"]).load_state_dict(weights)
    assert card["model"]["vocabulary"] == len(bpe.load(whole / "weights/gpt_tales.bpe")) + 1 == 300
    assert card["parameters"] == sum(v.numel() for v in weights.values())
    assert card["tokens_seen"] == 3 * 9 * 4 * 24 and set(card["rates"]) == {"1.0", "0.8", "0.0"}
    assert card["command"].endswith("--batch 4 --vocabulary 300") or "--epochs 3" in card["command"]
    stories = texts.gather("gpt_tales").valid
    nats = card["valid_loss_per_token"] * card["valid_tokens"]
    assert card["valid_loss_per_character"] == pytest.approx(nats / len("".join(stories)), rel=1e-3)
    curve = json.loads((whole / "results/gpt_tales.json").read_text("utf-8"))["history"]
    assert curve["epoch"] == [1, 2, 3] and curve["loss"][-1] < curve["loss"][0]
    with np.load(whole / "results/gpt_tales_checkpoints.npz") as kept:
        arrays = dict(kept)
    assert arrays["steps"].tolist() == [11, 17] and len(arrays["valid_loss"]) == 2
    GPT(**card["model"]).load_state_dict(unpack(arrays, "17/"))

    for moment in (12, 18):  # within the second epoch, and right at its end
        where = tmp_path / str(moment)

        class Stop(gpt_results.Snapshots):
            def __call__(self, record, moment=moment):
                super().__call__(record)
                if record["step"] == moment:
                    raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(script, "Snapshots", Stop)
            run(where)
        assert "the same command goes on from there" in capsys.readouterr().out
        assert not (where / "out").exists()
        out = run(where)
        for name in ("weights/gpt_tales.safetensors", "results/gpt_tales_checkpoints.npz"):
            assert (out / name).read_bytes() == (whole / name).read_bytes(), (moment, name)


def test_a_text_of_one_s_own_is_split_at_nine_tenths_and_scored_by_character(tmp_path):
    words = "".join(f"{n} times {n} is {n * n}, as ever. " for n in range(400))
    (tmp_path / "squares.txt").write_text(words, encoding="utf-8")
    out = run(tmp_path, "--data", str(tmp_path / "squares.txt"), name="gpt_shakespeare")
    card = json.loads((out / "weights/gpt_shakespeare.card.json").read_text("utf-8"))
    assert "rates" not in card and "the file squares.txt" in card["data"]
    coded = bpe.encoding(bpe.load(out / "weights/gpt_shakespeare.bpe"))
    kept = words[int(0.9 * len(words)) :]
    ids = coded.encode_ordinary(kept)
    assert card["valid_tokens"] == len(ids) - 1
    nats = card["valid_loss_per_token"] * card["valid_tokens"]
    characters = len(kept) - len(coded.decode(ids[:1]))
    assert card["valid_loss_per_character"] == pytest.approx(nats / characters, rel=1e-3)
    assert card["valid_bits_per_byte"] == pytest.approx(
        bits_per_byte(nats, "x" * characters), rel=1e-3)
    own = models.load("gpt_shakespeare", folder=out)
    assert own.card == card and own.encoding.encode_ordinary(kept) == ids
    learned = bpe.train(words[: int(0.9 * len(words))], 300)
    assert bpe.load(out / "weights/gpt_shakespeare.bpe") == learned, "nothing of what is kept apart"


def test_stories_begin_windows_and_none_is_in_both_parts():
    source = texts.gather("gpt_tales")
    tokens = texts.Tokens(source, bpe.train(source.train, 300))
    assert len(source.train) == 57 and len(source.valid) == 3
    assert not set(source.train) & set(source.valid)
    end = tokens.encoding.eot_token
    for part, starts, documents in ((tokens.train, tokens.train_starts, source.train),
                                    (tokens.valid, tokens.valid_starts, source.valid)):
        assert len(starts) == len(documents) == (part == end).sum()
        for k in (0, 1, len(starts) - 1):
            stop = starts[k + 1] if k + 1 < len(starts) else len(part)
            story = tokens.encoding.decode(part[starts[k] : stop].tolist())
            assert story == documents[k] + "<|endoftext|>"


def test_rates_are_what_the_grammar_reads_in_what_the_model_wrote(monkeypatch):
    class Model:
        encoding = bpe.encoding(bpe.train("", 257))

    def generate(model, rows, count, temperature, seed, stop):
        right = " 4 and 9 made 13." if temperature else " 4 and 9 made 14."
        return [row + model.encoding.encode_ordinary(right) + [stop] for row in rows]

    monkeypatch.setattr(tale_rates, "generate", generate)
    pairs = tale_rates.told(Model, "held_out", 5, 1.0, at_once=2)
    assert [beginning for beginning, _ in pairs] == tale_rates.tales.prompts("held_out", 5)
    assert {rest for _, rest in pairs} == {" 4 and 9 made 13.<|endoftext|>"}
    found = tale_rates.rates(Model, 5)
    assert found["rates"]["0.8"]["hero"]["share"] == 0, "the last sentence does not name the hero"
    assert found["rates"]["1.0"]["hero"]["of"] == 5


def test_two_processes_compute_one_s_gradients(tmp_path):
    file = Path(__file__).with_name("gpt_gradients.py")
    torchrun(file, tmp_path)
    runpy.run_path(str(file))["main"](tmp_path)  # the same by this process alone
    one, *both = (torch.load(tmp_path / f"{name}.pt") for name in ("1-0", "2-0", "2-1"))
    assert one["rows"] == 6 and both[0]["rows"] == both[1]["rows"] == 3
    for name, expected in one["gradients"].items():
        assert expected.abs().max() > 0
        for process in both:
            torch.testing.assert_close(process["gradients"][name], expected, rtol=1e-4, atol=1e-6)


def test_torchrun_trains_with_two_processes(tmp_path):
    (tmp_path / "text.txt").write_text("to be, or not to be. " * 300, encoding="utf-8")
    said = torchrun("train/gpt.py", "gpt_shakespeare", "--data", tmp_path / "text.txt", *QUICK,
                    "--epochs", "1", "--cache", tmp_path, "--out", tmp_path / "out")  # fmt: skip
    card = json.loads((tmp_path / "out/weights/gpt_shakespeare.card.json").read_text("utf-8"))
    assert card["processes"] == 2 and said.count("epoch   1") == 1, "one process speaks"
    assert card["valid_loss_per_token"] < 4, "it has learned"
