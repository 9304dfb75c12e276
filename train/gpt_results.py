"""What a GPT's training leaves behind: checkpoints along the way, card, curve, weights."""

import json

import torch
from safetensors.torch import save_file

from train.results import write_json


class Log:
    """Prints each epoch's row and keeps them in a file, to be looked at during a long run."""

    def __init__(self, path, tokens, say=print):
        self.path, self.tokens, self.say = path, tokens, say
        self.rows = json.loads(path.read_text("utf-8")) if path.exists() else []

    def __call__(self, row):
        self.rows = [old for old in self.rows if old["epoch"] < row["epoch"]] + [row]
        self.say(f"epoch {row['epoch']:3d}  loss {row['loss']:.4f}  kept apart "
                 f"{row['valid_loss']:.4f}  {row['seconds']:.0f} s, "
                 f"{self.tokens / row['seconds']:,.0f} tokens/s", flush=True)  # fmt: skip
        if self.say is print:  # one process writes
            write_json(self.path, self.rows)


class Snapshots:
    """Keeps all weights, at half precision, at about eight moments, more of them early on."""

    def __init__(self, folder, model, steps, count=8):
        self.folder, self.model = folder, model
        self.moments = {round(steps ** (k / (count - 1))) for k in range(count)}

    def __call__(self, record):
        if record["step"] in self.moments:
            halves = {k: v.detach().cpu().half() for k, v in self.model.state_dict().items()}
            save_file(halves, self.folder / f"step-{record['step']:06}.safetensors")


def rounded(model):
    """The model with its weights rounded to half precision, as they are written to the disk."""
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.half().float())
    return model


def write(*_):
    raise SystemExit("trained; the files are not written yet")
