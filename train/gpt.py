"""Train a small GPT: `python train/gpt.py gpt_tales`, or gpt_shakespeare.

On a CPU, one GPU, or several: `torchrun --nproc-per-node 8 train/gpt.py gpt_tales`. Stopped
(Ctrl-C, or worse), the same command goes on from the last whole epoch and ends with the same bits
(on a GPU as nearly as its order of summation allows). `--data` takes any text file or folder of
them; `--compile` lets torch compile the network first, where a C++ compiler or Triton is found: a
minute, then about a quarter faster. An epoch is 200 steps on windows from random places of the
training text. Writes weights, ranks of the byte pairs and card to data/weights, learning curve and
checkpoints along the way to data/results; with `--data` to train/cache/own, and says how to load
what was made.
"""

import argparse
import json
import shutil
import sys
from functools import partial
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import device as devices  # noqa: E402
from coursekit import memory  # noqa: E402
from coursekit.checkpoint import alone  # noqa: E402
from coursekit.language import Pages, Windows, adamw, cross_entropy  # noqa: E402
from coursekit.models.gpt import GPT  # noqa: E402
from coursekit.training import fit, one_cycle  # noqa: E402
from train import gpt_results, plans, texts  # noqa: E402
from train.gpt_results import Log, Snapshots  # noqa: E402
from train.processes import first, joined, shared  # noqa: E402
from train.record import machine  # noqa: E402
from train.tale_rates import rates  # noqa: E402

CACHE = ROOT / "train" / "cache"
# what one can change on the command line
SETTINGS = {
    "gpt_tales": {"vocabulary": 1024, "context": 256, "width": 192, "depth": 4, "heads": 6,
                  "epochs": 60, "batch": 16, "rate": 2e-3, "decay": 0.1},
    "gpt_shakespeare": {"vocabulary": 512, "context": 256, "width": 192, "depth": 4, "heads": 6,
                        "epochs": 7, "batch": 16, "rate": 2e-3, "decay": 0.1},
}  # fmt: skip
STEPS = 200  # an epoch
CHOSEN = ("the number of epochs, by the loss on the part kept apart: with twelve it grew again "
          "from the eighth on, as the text is short")
HELP = {
    "vocabulary": "tokens, 256 bytes and <|endoftext|> among them", "context": "tokens in a window",
    "width": "numbers a token carries", "depth": "blocks", "heads": "of attention, in each block",
    "epochs": f"of {STEPS} steps", "batch": "windows a step, of all processes together",
    "rate": "of learning, at its highest", "decay": "of the matrices' weights",
}  # fmt: skip


def arguments(words=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name", choices=SETTINGS)
    parser.add_argument("--data", help="a text file or folder; default: what the name says")
    parser.add_argument("--encoding", help="of that text, where it is not UTF-8 and has no mark")
    parser.add_argument("--seed", type=int, default=1)
    for key, meaning in HELP.items():
        usual = " and ".join(dict.fromkeys(str(row[key]) for row in SETTINGS.values()))
        parser.add_argument(f"--{key}", type=float if key in ("rate", "decay") else plans.count,
                            help=f"{meaning}; default: {usual}")  # fmt: skip
    parser.add_argument("--stories", type=plans.count, default=500, help="to judge gpt_tales by")
    parser.add_argument("--format", choices=("auto", "float32", "bfloat16"), default="auto")
    parser.add_argument("--compile", action="store_true", help="the network, before it is trained")
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1 …")
    parser.add_argument("--threads", type=plans.count, help="of the processor, for each process")
    parser.add_argument("--cache", type=Path, default=CACHE, help="for runs under way")
    parser.add_argument("--out", type=Path, help="default: data, with --data train/cache/own")
    return parser.parse_args(words)


def main(words=None):
    args = arguments(words)
    setting = plans.settings(SETTINGS[args.name], args)
    args.command = plans.command("gpt.py", args, SETTINGS[args.name], setting)
    args.out = args.out or (ROOT / "data" if args.data is None else args.cache / "own")
    memory.keep()
    with plans.in_words():
        device = devices.choose(args.device)
        text = texts.gather(args.name, args.data, args.encoding)
    with joined(device, args.threads) as (device, rank, world):
        train(args, setting, text, device, rank, world)


def train(args, setting, text, device, rank, world):
    """All of a run: tokens, network, epochs, examination, files."""
    say = print if rank == 0 else (lambda *_, **__: None)
    plan = {"name": args.name, "source": text.source, "seed": args.seed, **setting}
    folder = plans.folder_of(args, text.source)

    def choose():
        asked = args.format == "bfloat16"
        return {"bf16": devices.bf16_is_faster(device) if args.format == "auto" else asked}

    with plans.in_words():
        plan = first(plans.planned(folder, plan, choose) if rank == 0 else None)
        ranks = first(texts.ranks(text, setting["vocabulary"], folder) if rank == 0 else None)
        tokens = texts.Tokens(text, ranks, device)
    say(f"{text.source}: {len(tokens.train):,} tokens to train on, {len(tokens.valid):,} kept "
        f"apart; {'bfloat16' if plan['bf16'] else 'float32'}; run in {folder}", flush=True)

    torch.manual_seed(args.seed)
    sizes = {key: setting[key] for key in ("context", "width", "depth", "heads")}
    sizes["vocabulary"] = len(ranks) + 1
    with plans.in_words():
        windows = Windows(tokens.train, setting["context"], setting["batch"], STEPS,
                          tokens.train_starts, args.seed, rank, world)  # fmt: skip
        pages = Pages(tokens.valid[: 1 << 17], setting["context"], 16, tokens.valid_starts)
        model = GPT(**sizes).to(device)
    if args.compile:
        model.compile()
    model = shared(model, device, world)
    snapshots = speaks = None
    if rank == 0:
        snapshots = Snapshots(folder, alone(model), setting["epochs"] * STEPS)
        speaks = Log(folder / "history.json", setting["batch"] * setting["context"] * STEPS)
    past = fit(
        model, windows, pages, cross_entropy, adamw(model, setting["rate"], setting["decay"]),
        setting["epochs"], schedule=partial(one_cycle, warm=0.03), seed=args.seed,
        bf16=plan["bf16"], clip=1.0, checkpoint=folder / "checkpoint.safetensors",
        on_step=snapshots, on_epoch=speaks, bar=None if rank == 0 else False,
    )  # fmt: skip
    if past["interrupted"]:
        say(f"stopped after epoch {len(past['epoch'])}; the same command goes on from there")
    if past["interrupted"] or rank:
        return
    trained, model = alone(model), GPT(**sizes)  # a new one: the trained one may be compiled
    model.load_state_dict({name: value.cpu() for name, value in trained.state_dict().items()})
    gpt_results.rounded(model)
    model.encoding = tokens.encoding
    measured = rates(model, args.stories) if text.stories else {}
    if args.name == "gpt_shakespeare" and args.data is None:
        measured = {"chosen": CHOSEN}
    card = gpt_results.write(args, plan | {"steps": STEPS}, model, past, text, tokens, folder,
                             machine(device), world, measured)  # fmt: skip
    if text.stories:
        file = args.out / "results" / f"{args.name}_checkpoints.npz"
        gpt_results.write_checkpoints(file, folder, model, tokens, text, setting["context"])
    shutil.rmtree(folder)
    say(f"kept apart: {card['valid_loss_per_token']} nats a token, "
        f"{card['valid_loss_per_character']} a character, {card['valid_bits_per_byte']} bits a "
        f"byte")  # fmt: skip
    if "rates" in measured:
        say(f"told right: {json.dumps(measured['rates'])}")
    if args.out == ROOT / "data":
        say("now list the new weights: python -m coursekit.manifest")
    else:
        say(f"to load it: models.load({args.name!r}, folder={str(args.out)!r})")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # outside of the steps, which have their own way to stop
        sys.exit("stopped; the same command goes on from the last whole epoch")
