"""What a training run is to do: its settings, its command, its folder, and a file that keeps them,
so that a resumed run decides alike.
"""

import argparse
import json
import shutil
from contextlib import contextmanager
from pathlib import Path

from train.results import write_json


def count(text):
    """A number on the command line that counts something: whole, 1 or more."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1 on")
    return int(text)


def settings(usual, args):
    """The usual settings, but those that the command line gives."""
    return {key: value if (given := getattr(args, key, None)) is None else given
            for key, value in usual.items()}  # fmt: skip


def command(script, args, usual, setting, usual_data=None):
    """The command of this run, as far as it decides the result."""
    words = [f"python train/{script} {args.name} --seed {args.seed}"]
    if args.data != usual_data:
        words.append(f"--data {Path(args.data).name}")
    return " ".join(words + [f"--{key} {setting[key]}" for key in usual
                             if setting[key] != usual[key]])  # fmt: skip


def folder_of(args, source):
    """Where a run under way keeps what it needs to go on: a folder of its own, made if need be."""
    title = "".join(c if c.isalnum() else "-" for c in f"{args.name}-{source}")
    trial = "-trial" if getattr(args, "trial", False) else ""
    folder = args.cache / "runs" / f"{title}{trial}-seed{args.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def planned(folder, plan, choose):
    """The run's plan: what a stopped run of these settings wrote down, or a new one.

    choose: function → dict of what is measured once (the number format, say) and added to it.
    Raises SystemExit when the folder holds a run with other settings that has come to an epoch;
    one that has not is forgotten.
    """
    file = folder / "plan.json"
    if file.exists():
        kept = json.loads(file.read_text("utf-8"))
        differ = {key: (kept.get(key), plan[key]) for key in plan if kept.get(key) != plan[key]}
        if not differ:
            return kept
        if any(folder.glob("checkpoint.*")):
            raise SystemExit(f"{folder} holds a run with other settings (there, here): {differ}. "
                             f"Delete the folder to start afresh.")  # fmt: skip
        shutil.rmtree(folder)
    plan = plan | choose()
    write_json(file, plan)
    return plan


@contextmanager
def in_words():
    """Within the `with` block, what was asked for and cannot be ends the script with its reason."""
    try:
        yield
    except (ValueError, FileNotFoundError) as error:
        raise SystemExit(str(error)) from error
