"""Text files of a user, read a part at a time: what is no text is refused, memory stays small."""

import codecs
import io
import os
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
    where = Path(path).expanduser()
    if os.path.isdir(where) and str(path):  # "" would be the folder one happens to be in
        inside = sorted(file for file in where.rglob("*") if file.is_file())
        return [file for file in inside
                if not any(part.startswith(".") for part in file.relative_to(where).parts)]
    if os.path.isfile(where):
        return [where]
    if os.path.exists(where) and str(path):
        raise ValueError(f"{path} is a pipe or a device, which cannot be read twice: write what "
                         "comes out of it to a file and give that")
    shown = str(path) if len(str(path)) < 200 else f"{str(path)[:60]} …"  # a text, not its path
    raise FileNotFoundError(f"there is no file {shown}: give the path of a text file or folder")


def texts_at(path, encoding=None):
    """The file itself, or one after the other the files of a folder that are text.

    Raises ValueError for a folder in which none is. A single file is not looked at.
    """
    files, found = files_in(path), 0
    if files == [Path(path).expanduser()]:
        yield files[0]
        return
    for file in files:
        if is_text(file, encoding):
            found += 1
            yield file
    if not found:
        raise ValueError(f"no file in {path} is text that can be read; {len(files)} were tried")


def parts_of(path, encoding=None, size=PART):
    """The text of one file in parts of about `size` characters, line ends as "\\n".

    UTF-8 is read, and UTF-16 or UTF-32 with its mark at the start; any other encoding has to be
    named. Raises ValueError, with the place of the first wrong byte, for what is no text. A part
    ends where white space begins, so that parts have the words that the whole has; where there is
    none for four times `size`, it is cut as it comes.
    """
    held, searched = "", 0  # no gap before `searched`
    for text in decoded(path, encoding):
        held += text
        while len(held) >= size:
            gap = LAST_GAP.search(held, max(searched - 1, 0))
            searched = len(held)
            if gap is None and len(held) < 4 * size:
                break
            cut = gap.start() if gap else len(held)
            yield held[:cut]
            held, searched = held[cut:], 0
    if held:
        yield held


def decoded(path, encoding=None):
    """The text of a file as it is read, block by block; what is no text raises ValueError."""
    with Path(path).open("rb") as file:
        name = announced(file.read(4)) or known(encoding or "utf-8")
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
    """Whether the whole file may be read and is text; it is not kept."""
    known(encoding or "utf-8")  # an unknown name is no property of the file
    try:
        for _ in decoded(path, encoding):
            pass
    except (ValueError, OSError):
        return False
    return True


def announced(head):
    """The encoding that a file's first four bytes announce, or None.

    >>> announced("\\ufeffHi".encode("utf-16-le")[:4]), announced(b"To b")
    ('utf-16', None)
    """
    return next((name for mark, name in MARKS.items() if head.startswith(mark)), None)


def known(encoding):
    """The name itself; ValueError when Python knows no encoding of text by it."""
    try:
        "".encode(encoding)
    except LookupError:
        raise ValueError(f"encoding {encoding!r} is none of text that Python knows: try \"cp1252\" "
                         '(Windows), "latin-1", "utf-16-le", "shift_jis", "gb18030"') from None
    return encoding


def complaint(path, name, place, error):
    """Where a file stops being text, and what to try."""
    byte, name = error.object[error.start], name.upper().removesuffix("-SIG")
    return (f"{path} is not {name} text (byte {place:,} is {byte:#x}): "
            "if it is text, save it as UTF-8 in the program that made it, or name its encoding: "
            'data.text(path, encoding="cp1252")')
