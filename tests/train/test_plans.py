"""What a training script is told, what it refuses, and how its processes find each other."""

import argparse

import pytest
import torch

from train import alexnet, gpt, plans, processes

PLAN = {"name": "toy", "rate": 0.1}


def test_a_plan_is_kept_and_what_was_measured_with_it(tmp_path):
    assert plans.planned(tmp_path, PLAN, lambda: {"bf16": True}) == {**PLAN, "bf16": True}
    assert plans.planned(tmp_path, PLAN, lambda: {"bf16": False}) == {**PLAN, "bf16": True}


def test_another_plan_is_refused_once_there_is_an_epoch_to_lose(tmp_path):
    plans.planned(tmp_path, PLAN, dict)
    (tmp_path / "ranks.bpe").touch()
    other = PLAN | {"rate": 0.2}
    assert plans.planned(tmp_path, other, dict) == other
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"], "and no more"
    (tmp_path / "checkpoint.safetensors").touch()
    with pytest.raises(SystemExit, match=r"other settings.*'rate': \(0.2, 0.1\).*Delete"):
        plans.planned(tmp_path, PLAN, dict)


def test_settings_are_the_usual_ones_but_for_those_given():
    args = argparse.Namespace(name="toy", seed=3, data="/some/where/mine.txt", rate=0.0, depth=None)
    usual = {"rate": 0.1, "depth": 4, "fixed": 7}
    setting = plans.settings(usual, args)
    assert setting == {"rate": 0.0, "depth": 4, "fixed": 7}
    assert plans.command("gpt.py", args, usual, setting) == (
        "python train/gpt.py toy --seed 3 --data mine.txt --rate 0.0")


@pytest.mark.parametrize("words", [["--epochs", "0"], ["--batch", "-2"], ["--threads", "two"]])
@pytest.mark.parametrize(("script", "name"), [(gpt, "gpt_tales"), (alexnet, "alexnet64")])
def test_what_counts_is_a_whole_number_from_1_on(script, name, words, capsys):
    with pytest.raises(SystemExit):
        script.arguments([name, *words])
    assert f"'{words[1]}' is no whole number from 1 on" in capsys.readouterr().err


def test_what_was_trained_on_a_text_of_one_s_own_does_not_replace_what_is_shipped(monkeypatch):
    seen = []
    monkeypatch.setattr(gpt, "train", lambda args, *_: seen.append(args.out))
    monkeypatch.setattr(gpt.texts, "gather", lambda *_: None)
    for words in ([], ["--data", "mine.txt"], ["--data", "mine.txt", "--out", "here"]):
        gpt.main(["gpt_shakespeare", *words])
    assert seen == [gpt.ROOT / "data", gpt.CACHE / "own", gpt.Path("here")]


@pytest.mark.parametrize(("words", "reason"), [
    (["--data", "/no/such/file"], "there is no file /no/such/file"),
    (["--data", ""], "there is no file : give"),
    (["--data", __file__, "--device", "toaster"], "device 'toaster' cannot be used here"),
    (["--data", __file__, "--vocabulary", "100"], "vocabulary is 100, it needs 257"),
    (["--data", __file__, "--vocabulary", "300", "--heads", "7"], "width 192 cannot be shared"),
    (["--data", __file__, "--vocabulary", "300", "--context", "9999"], "take a longer text"),
    (["--data", __file__, "--vocabulary", "300", "--encoding", "klingon"], "encoding 'klingon'"),
])  # fmt: skip
def test_what_cannot_be_is_said_without_a_traceback(tmp_path, words, reason):
    with pytest.raises(SystemExit, match=reason):
        gpt.main(["gpt_shakespeare", *words, "--cache", str(tmp_path), "--format", "float32"])


def test_a_process_alone_takes_the_gpu_that_was_named_and_several_take_one_each(monkeypatch):
    taken = []
    monkeypatch.setattr(processes.devices, "choose", torch.device)
    monkeypatch.setattr(torch.cuda, "set_device", lambda device: taken.append(device.index))
    for name in ("cuda", "cuda:1"):
        with processes.joined(name) as (device, rank, world):
            assert (device.type, rank, world) == ("cuda", 0, 1)
    monkeypatch.setattr(processes.distributed, "init_process_group", taken.append)
    monkeypatch.setattr(processes.distributed, "destroy_process_group", lambda: taken.append("end"))
    for name, value in (("RANK", "11"), ("WORLD_SIZE", "16"), ("LOCAL_RANK", "3")):
        monkeypatch.setenv(name, value)
    with pytest.raises(KeyError), processes.joined("cuda") as (device, rank, world):
        assert (device.index, rank, world) == (3, 11, 16)
        raise KeyError
    assert taken == [0, 1, 3, "nccl", "end"]


def test_alone_a_model_is_not_wrapped_and_a_value_is_one_s_own():
    model = torch.nn.Linear(1, 1)
    assert processes.shared(model, torch.device("cpu"), 1) is model
    assert processes.first("mine") == processes.once(lambda: "mine") == "mine"
