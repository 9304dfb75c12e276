"""Text to read and learn from: Python's own manual, Shakespeare, or files of yours."""
from dataclasses import dataclass
from pathlib import Path
from pydoc_data.topics import topics

from coursekit.cache import files_of
from coursekit.data.text_files import files_in, parts_of, texts_at
from coursekit.tales.collection import END

LARGEST = 100_000_000  # bytes of files that `text` holds at a time


@dataclass(frozen=True, repr=False)
class Text:
    """A text and where it comes from.

    >>> Text("To be, or not to be", "written here")
    Text: 19 characters, 9 different (written here)
    """

    text: str
    source: str

    def __len__(self):
        return len(self.text)

    def __repr__(self):
        return f"Text: {len(self):,} characters, {len(set(self.text))} different ({self.source})"


def text(path=None, encoding=None):
    """Shakespeare's plays in 1,115,394 characters (tinyshakespeare), or what is at `path`.

    path: a text file of yours, or a folder: of its files those that are text, each followed by
    <|endoftext|>. They are read as UTF-8, or as UTF-16 where they say so, line ends as "\\n";
    another encoding has to be named. ValueError says what is no text, and what is more than
    100 MB: for that there is `text_parts`.
    Raises FetchedDataMissing, with the command that fetches the plays, when they are not there.
    Source: A. Karpathy 2015, github.com/karpathy/char-rnn; the plays are in the public domain.
    """
    if path is None:
        return Text("".join(parts_of(files_of("tinyshakespeare")[0])), "tinyshakespeare")
    where, size, parts, count = Path(path).expanduser(), 0, [], 0
    for file in texts_at(path, encoding):
        size, count = size + file.stat().st_size, count + 1
        if size > LARGEST:
            raise ValueError(f"{path} has {size / 1e6:,.0f} MB{' or more' * where.is_dir()}, at "
                             f"most {LARGEST // 10**6} MB are held at a time: "
                             "data.text_parts(path) reads it part by part")
        parts += [*parts_of(file, encoding), *[END] * where.is_dir()]
    name = where.resolve().name
    if not where.is_dir():
        return Text("".join(parts), f"the file {name}")
    left_out = len(files_in(path)) - count
    also = f", {left_out} left out, which are no text that can be read" if left_out else ""
    return Text("".join(parts), f"the folder {name}, {count} file{'s' * (count > 1)}{also}")


def text_parts(path, encoding=None):
    """The same text in parts of about a million characters, one at a time, however long it is.

    `bpe.train` and `data.token_ids` take such parts. A folder's files are read twice: the first
    time to leave out those that are no text. ValueError when none is.

    >>> sum(map(len, text_parts(__file__))) == len(text(__file__))
    True
    """
    folder = Path(path).expanduser().is_dir()
    for file in texts_at(path, encoding):
        yield from parts_of(file, encoding)
        if folder:
            yield END


def pydoc_text():
    """Python's help on its own topics: about 460,000 characters of English in every Python.

    It is what `help("if")` prints, and differs a little from one Python version to the next.

    >>> "expression" in pydoc_text().text
    True
    """
    joined = "\n\n".join(topics[name].strip() for name in sorted(topics))
    return Text(joined, "the help topics inside Python (pydoc_data.topics)")
