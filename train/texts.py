"""What a GPT is trained on: a text in two parts, its byte pairs, its tokens. No network here."""

from dataclasses import dataclass

import numpy as np
import torch

from coursekit import data
from coursekit.models import bpe
from coursekit.models.pieces import END

STORIES = 100_000  # the first 20,000 of them are those that the lessons use
KEPT = 0.1  # of a text that is one piece: the last tenth, as nanoGPT splits tinyshakespeare


@dataclass(repr=False)
class Source:
    """Documents to train on and to validate with, lists of strings; and where they come from."""

    train: list
    valid: list
    source: str
    stories: bool = False  # many short documents, each ended by END

    def __repr__(self):
        return (f"Source({len(self.train)} documents to train on, {len(self.valid)} to validate "
                f"with: {self.source})")  # fmt: skip


def gather(name, path=None, encoding=None, stories=None):
    """The text of that name, or that at `path`, which is read in that encoding.

    >>> gather("gpt_tales", stories=40)
    Source(38 documents to train on, 2 to validate with: tales, 40 stories of seed 0)
    """
    if path is None and name == "gpt_tales":
        tales = data.tales(stories or STORIES)
        return Source([s.text for s in tales.train], [s.text for s in tales.valid],
                      f"tales, {len(tales):,} stories of seed {tales.seed}", stories=True)
    found = data.text(path, encoding)
    cut = int(len(found.text) * (1 - KEPT))
    return Source([found.text[:cut]], [found.text[cut:]], found.source)


def ranks(source, vocabulary, folder):
    """Byte pairs learned from the training part, kept in the run's folder."""
    file = folder / "ranks.bpe"
    if not file.exists():
        bpe.save(bpe.train(source.train, vocabulary), file)
    return bpe.load(file)


class Tokens:
    """Both parts as tensors on the device; `train_starts`: where a document begins, or None."""

    def __init__(self, source, ranks, device="cpu"):
        self.encoding = bpe.encoding(ranks)
        self.train, self.train_starts = self.tensor(source.train, source.stories, device)
        self.valid, self.valid_starts = self.tensor(source.valid, source.stories, device)

    def tensor(self, documents, stories, device):
        if not stories:  # END in a text of one's own is the end of a file
            ids = self.encoding.encode_to_numpy("".join(documents), allowed_special="all")
            return torch.from_numpy(ids.astype(np.int32)).to(device), None
        rows = self.encoding.encode_ordinary_batch(documents)
        ends = np.cumsum([len(row) + 1 for row in rows])
        end = self.encoding.encode_single_token(END)
        ids = np.concatenate([np.array([*row, end], dtype=np.int32) for row in rows])
        return torch.from_numpy(ids).to(device), torch.from_numpy(np.r_[0, ends[:-1]])
