"""What a GPT's training leaves behind: checkpoints along the way, card, curve, weights."""

import json
import math
import os
import platform
import shutil
from datetime import date

import matplotlib
import numpy as np
import torch
from matplotlib.figure import Figure
from safetensors.torch import load_file, save, save_file

from coursekit import language
from coursekit.models.packing import pack, unpack
from train.results import write_json

matplotlib.use("agg")


class Log:
    """Prints each epoch's row and keeps them in a file, to be looked at during a long run."""

    def __init__(self, path, tokens):
        self.path, self.tokens = path, tokens
        self.rows = json.loads(path.read_text("utf-8")) if path.exists() else []

    def __call__(self, row):
        self.rows = [old for old in self.rows if old["epoch"] < row["epoch"]] + [row]
        print(f"epoch {row['epoch']:3d}  loss {row['loss']:.4f}  kept apart "
              f"{row['valid_loss']:.4f}  {row['seconds']:.0f} s, "
              f"{self.tokens / row['seconds']:,.0f} tokens/s", flush=True)  # fmt: skip
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
    return model.eval()


def surprise(model, tokens, text, context):
    """Loss on all of the part kept apart: per token, per character, in bits per byte.

    The text's first token is predicted from nothing and therefore not counted.
    """
    pages = language.Pages(tokens.valid, context, 16, tokens.valid_starts)
    nats, count = language.score(model, pages)
    if text.stories:  # the ends of stories are tokens, and cost nats, but are no characters
        words = "".join(text.valid)
    else:
        words = tokens.encoding.decode(tokens.valid[1:].tolist())
    return {"valid_tokens": count, "valid_loss_per_token": round(nats / count, 4),
            "valid_loss_per_character": round(nats / len(words), 4),
            "valid_bits_per_byte": round(language.bits_per_byte(nats, words), 4),
            "converted": "nats of all tokens of the part kept apart, in consecutive windows of "
            f"{context} tokens, summed; divided by its characters, or by ln 2 and its bytes in "
            "UTF-8"}  # fmt: skip


def write(args, plan, model, history, text, tokens, folder, machine, world, extra=()):
    """Weights at half precision, ranks, card, learning curve, checkpoints along the way."""
    weights, results = args.out / "weights", args.out / "results"
    for place in (weights, results):
        place.mkdir(parents=True, exist_ok=True)
    halves = {key: value.half().cpu().contiguous() for key, value in model.state_dict().items()}
    partial = weights / f"{args.name}.part"
    partial.write_bytes(save(halves))
    os.replace(partial, weights / f"{args.name}.safetensors")
    shutil.copyfile(folder / "ranks.bpe", weights / f"{args.name}.bpe")
    pace = float(np.median(history["seconds"]))
    seen = plan["batch"] * plan["context"] * plan["steps"]  # an epoch
    card = {
        "name": args.name,
        "what": "GPT-2's architecture, small: pre-norm, GELU, learned positions, tied head",
        "model": {key: plan[key] for key in ("vocabulary", "context", "width", "depth", "heads")}
        | {"vocabulary": tokens.encoding.n_vocab},
        "parameters": sum(p.numel() for p in model.parameters()),
        "data": f"{text.source}: {len(tokens.train):,} tokens to train on, {len(tokens.valid):,} "
        "kept apart",
        "tokens": f"{tokens.encoding.n_vocab} byte pairs learned from the training part, "
        "<|endoftext|> among them",
        "command": args.command,
        "settings": plan,
        "tokens_seen": len(history["epoch"]) * seen,
        "minutes": round(pace * len(history["epoch"]) / 60, 1),
        "tokens_per_second": round(seen / pace),
        "processes": world,
        "machine": machine,
        "versions": {"python": platform.python_version(), "torch": torch.__version__,
                     "numpy": np.__version__},
        "date": date.today().isoformat(),
        **surprise(model, tokens, text, plan["context"]),
        **dict(extra),
        "licence": licence(args, text),
    }  # fmt: skip
    write_json(weights / f"{args.name}.card.json", card)
    write_json(results / f"{args.name}.json", {
        "what": f"learning curve of {args.name}, nats per token; an epoch is {plan['steps']} "
        f"steps of {plan['batch']} windows of {plan['context']} tokens",
        "history": {key: value for key, value in history.items() if key != "interrupted"}})
    draw(history, seen).savefig(results / f"{args.name}.png", dpi=80, metadata={"Software": None})
    return card


def licence(args, text):
    """Whose the weights are, as far as the text they were learned from allows."""
    if args.data is not None:
        return "weights: of whoever trained them, on a text of their own"
    return "weights: MIT, as the code; " + (
        "the stories were made by a grammar of this repository, MIT too" if text.stories else
        "the text they were learned from is not part of this repository")  # fmt: skip


def write_checkpoints(path, folder, model, tokens, text, context, leave_out=10):
    """The checkpoints of a run in one file, packed; their steps and losses. The last is left out:
    it is the model itself. So are those of the first steps, which differ by nothing one could see.
    """
    files = sorted(folder.glob("step-*.safetensors"))[:-1]
    files = [file for file in files if int(file.stem[5:]) >= leave_out]
    kept, arrays, losses = model.state_dict(), {}, []
    kept = {name: value.clone() for name, value in kept.items()}
    for file in files:
        packed = pack(load_file(file), f"{int(file.stem[5:])}/")
        model.load_state_dict(unpack(packed, f"{int(file.stem[5:])}/"))
        losses.append(surprise(model, tokens, text, context)["valid_loss_per_token"])
        arrays |= packed
    model.load_state_dict(kept)
    steps = np.array([int(file.stem[5:]) for file in files])
    partial = path.with_suffix(".part.npz")
    np.savez_compressed(partial, steps=steps, valid_loss=np.array(losses), **arrays)
    partial.replace(path)


def draw(history, seen):
    """Loss by tokens seen, of the training windows and of the part kept apart."""
    figure = Figure(figsize=(6, 3.4), layout="constrained")
    axes = figure.subplots()
    millions = np.array(history["epoch"]) * seen / 1e6
    for key, words, colour in (("loss", "training windows", "#d55e00"),
                               ("valid_loss", "text kept apart", "#0072b2")):
        axes.plot(millions, history[key], color=colour,
                  label=f"{words}, {history[key][-1]:.3f} in the end")  # fmt: skip
    top = max(history["valid_loss"]) if len(millions) < 3 else max(history["valid_loss"][:3])
    axes.set(xlabel="tokens seen (millions)", ylabel="nats per token", ylim=(0, math.ceil(top)))
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize="small")
    return figure
