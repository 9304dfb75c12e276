"""Accuracy against length: every kind is trained once, stopped or not, and makes one file."""

import json

import pytest

from train import seq2seq

QUICK = ["--steps", "2", "--seeds", "1"]


def run(out, monkeypatch, *more):
    monkeypatch.setattr(seq2seq, "TESTED", 3)
    monkeypatch.setattr(seq2seq, "LONGEST", 2)
    seq2seq.main([*QUICK, "--out", str(out), *more])
    return json.loads((out / "results" / "seq2seq.json").read_text("utf-8"))


def test_four_kinds_and_a_control_make_one_file(tmp_path, monkeypatch):
    found = run(tmp_path, monkeypatch)
    kinds = [(row["attention"], row["most"], row["width"], row["steps"]) for row in found["runs"]]
    assert kinds == [(False, 3, 64, 2), (True, 3, 64, 2), (False, 5, 64, 2), (True, 5, 64, 2),
                     (False, 5, 64, 10)]
    for row in found["runs"]:
        assert len(row["symbols"]) == len(row["dates"]) == 2 and len(row["loss"]) == row["steps"]
        assert all(0 <= dates <= symbols <= 1 for symbols, dates in
                   zip(row["symbols"], row["dates"], strict=True))
    monkeypatch.setattr(seq2seq, "train", None)
    assert run(tmp_path, monkeypatch)["runs"] == found["runs"], "nothing is trained a second time"


def test_a_stopped_run_goes_on_after_the_last_network(tmp_path, monkeypatch):
    real, trained = seq2seq.train, []

    def stops_at_the_third(plan):
        trained.append((plan["attention"], plan["most"]))
        if len(trained) == 3:
            raise KeyboardInterrupt
        return real(plan)

    monkeypatch.setattr(seq2seq, "train", stops_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, monkeypatch)
    stored = json.loads((tmp_path / "results" / "seq2seq.json").read_text("utf-8"))["runs"]
    assert len(stored) == 2
    assert run(tmp_path, monkeypatch)["runs"][:2] == stored
    assert trained[2:4] == [(False, 5), (False, 5)] and len(trained) == 6


def test_the_same_seed_makes_the_same_network():
    plan = {"attention": True, "most": 2, "seed": 4, "width": 8, "steps": 3}
    assert seq2seq.train(plan)[1] == seq2seq.train(plan)[1] != seq2seq.train(plan | {"seed": 5})[1]
