"""Byte-pair training, ours against tiktoken's educational trainer and Hugging Face's tokenizers.

    python bench/bpe.py          about a minute

All on one core and the same text, Shakespeare's plays where they have been fetched, else Python's
help topics over and over (1 MB); times are processor seconds, the quickest of the turns.
The ranks of tiktoken's trainer have to be ours exactly; it counts all pairs anew for each merge,
so it gets a small text. Hugging Face's trainer is written in Rust and takes other pairs where two
are equally frequent: compared are the tokens per text.
The aim is at most 10 s for 1,024 tokens from 1 MB.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["RAYON_NUM_THREADS"] = "1"  # before tokenizers is imported

from machine import machine
from tiktoken import _educational
from tokenizers import Regex, Tokenizer
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split
from tokenizers.trainers import BpeTrainer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from coursekit import data  # noqa: E402
from coursekit.models import bpe  # noqa: E402
from coursekit.models.pieces import END, PATTERN  # noqa: E402

TURNS, AIM = 3, 10.0
SMALL = (60_000, 512)  # characters, vocabulary
LARGE = (1_000_000, 1_024)


def seconds(train, text, vocabulary, turns=TURNS):
    """The quickest of the turns in processor seconds, and what was learned."""
    best = float("inf")
    for _ in range(turns):
        start = time.process_time()
        learned = train(text, vocabulary)
        best = min(best, time.process_time() - start)
    return round(best, 3), learned


def educational(text, vocabulary):
    """tiktoken's trainer; ours counts <|endoftext|> in, it does not."""
    return _educational.bpe_train(text, vocabulary - 1, PATTERN, visualise=None)


def hugging_face(text, vocabulary):
    """The same words, cut by the same pattern, the 256 bytes and the mark."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Sequence([
        Split(Regex(PATTERN), behavior="isolated"),
        ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    tokenizer.train_from_iterator([text], BpeTrainer(
        vocab_size=vocabulary, special_tokens=[END], show_progress=False,
        initial_alphabet=ByteLevel.alphabet()))  # fmt: skip
    return tokenizer


def main():
    source = data.text() if data.available("tinyshakespeare") else data.pydoc_text()
    prose = source.text * (LARGE[0] // len(source) + 1)
    rows, learned = [], {}
    for size, vocabulary in (SMALL, LARGE):
        text = prose[:size]
        for name, train in (("ours", bpe.train), ("tiktoken's educational", educational),
                            ("Hugging Face's tokenizers", hugging_face)):
            if train is educational and size > SMALL[0]:
                continue
            turns = 1 if train is educational else TURNS
            took, learned[name] = seconds(train, text, vocabulary, turns)
            rows.append({"characters": size, "vocabulary": vocabulary, "who": name,
                         "seconds": took})
            print(f"{size:9,} characters, {vocabulary:5,} tokens   {name:28}{took:8.2f} s",
                  flush=True)
        if size == SMALL[0]:
            assert learned["ours"] == learned["tiktoken's educational"], "the same ranks, in order"
            print("ours and tiktoken's: the same ranks")
    theirs = "Hugging Face's tokenizers"
    sizes = {"ours": len(bpe.encoding(learned["ours"]).encode_ordinary(text)),
             theirs: len(learned[theirs].encode(text).ids)}
    print("tokens of the large text:", sizes)
    ours = next(row["seconds"] for row in rows if row["characters"] == LARGE[0])
    print(f"aim: at most {AIM:.0f} s for the large one: {'met' if ours <= AIM else 'missed'}")
    result = {"machine": machine("tiktoken", "tokenizers", "regex"), "turns": TURNS,
              "aim_seconds": AIM, "text": repr(source), "rows": rows,
              "tokens_of_the_large_text": sizes}
    target = ROOT / "bench" / "results" / "bpe.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
