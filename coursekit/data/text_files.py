"""Text files of a user, read a part at a time: what is no text is refused, memory stays small."""

import codecs
import io
from pathlib import Path

import regex

PART = 1_000_000  # characters, about: how much text is held at a time
BLOCK = 65_536  # bytes read at a time
MARKS = {  # what files of these encodings open with; the longer ones first
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
# Where white space begins: a text cut there has the words that it had. (?r): the last such place.
LAST_GAP = regex.compile(r"(?r)(?<=\S)\s")


def files_in(path):
    """The file itself, or all files under a folder, hidden ones left out, sorted by their paths."""
    path = Path(path).expanduser()
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if file.is_file())
        return [file for file in inside
                if not any(part.startswith(".") for part in file.relative_to(path).parts)]
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}: give the path of a text file or folder")
    return [path]


def parts_of(path, encoding=None, size=PART):
    """The text of one file in parts of about `size` characters, line ends as "\\n".

    UTF-8 is read, and UTF-16 or UTF-32 with its mark at the start; any other encoding has to be
    named. Raises ValueError, with the place of the first wrong byte, for what is no text. A part
    ends where white space begins, so that parts have the words that the whole has; where there is
    none for four times `size`, it is cut as it comes.
    """
    held = ""
    for text in decoded(path, encoding):
        held += text
        while len(held) >= size:
            gap = LAST_GAP.search(held)
            if gap is None and len(held) < 4 * size:
                break
            cut = gap.start() if gap else len(held)
            yield held[:cut]
            held = held[cut:]
    if held:
        yield held


def decoded(path, encoding=None):
    """The text of a file as it is read, block by block; what is no text raises ValueError."""
    with Path(path).open("rb") as file:
        name = encoding or encoding_of(file.read(4))
        file.seek(0)
        decoder = codecs.getincrementaldecoder(name)()
        lines = io.IncrementalNewlineDecoder(decoder, translate=True)
        while True:
            block = file.read(BLOCK)
            try:
                text = lines.decode(block, final=not block)
            except UnicodeDecodeError as error:
                place = file.tell() - len(error.object) + error.start
                raise ValueError(complaint(path, name, place, error)) from error
            if "\0" in text:
                raise ValueError(f"{path} is no text: it holds characters of value 0, as pictures, "
                                 "programs and archives do (and UTF-16 that does not open with "
                                 'its mark: try encoding="utf-16-le")')
            yield text
            if not block:
                return


def is_text(path, encoding=None):
    """Whether the whole file can be read as text; it is not kept."""
    try:
        for _ in decoded(path, encoding):
            pass
    except ValueError:
        return False
    return True


def encoding_of(head):
    """The encoding that a file's first four bytes announce; UTF-8 when they announce none.

    >>> encoding_of("\\ufeffHi".encode("utf-16-le")[:4]), encoding_of(b"To b")
    ('utf-16', 'utf-8')
    """
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), "utf-8")


def complaint(path, name, place, error):
    """Where a file stops being text, and what to try."""
    byte, name = error.object[error.start], name.upper().removesuffix("-SIG")
    return (f"{path} is not {name} text (byte {place:,} is {byte:#x}): "
            "save it as UTF-8 in the program that made it, or, if you know its encoding, name it: "
            'data.text(path, encoding="cp1252")')
