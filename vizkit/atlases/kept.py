"""Results of long steps, kept in a folder so that a run that was stopped goes on."""

import hashlib
import os
import pathlib
import zipfile

import numpy as np


class Kept:
    """A folder of .npz files, each called after what it was made from.

    folder: None keeps nothing; else a path, made where it is not there.

    >>> Kept(None).get("squares", [4], lambda: {"n": np.arange(4) ** 2})["n"].tolist()
    [0, 1, 4, 9]
    """

    def __init__(self, folder):
        self.folder = None if folder is None else pathlib.Path(folder).expanduser()
        if self.folder is not None:
            self.folder.mkdir(parents=True, exist_ok=True)

    def get(self, name, made_from, compute):
        """A dict of arrays: read if there is one made from the same, else computed and written.

        made_from: arrays, numbers and words that decide the result. A file that cannot be read
        is made again. What is written appears whole or not at all.
        """
        if self.folder is None:
            return compute()
        path = self.folder / f"{name}-{fingerprint(made_from)}.npz"
        try:
            with np.load(path) as arrays:
                return dict(arrays)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):  # not there, or cut off
            pass
        result = compute()
        if result is not None:
            partial = path.with_suffix(f".{os.getpid()}.part")
            try:
                with partial.open("wb") as file:
                    np.savez(file, **result)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
        return result


def fingerprint(made_from):
    """Sixteen hexadecimal digits of arrays, numbers and words.

    >>> fingerprint([1, "a"]) == fingerprint([1, "a"]) != fingerprint([1, "b"])
    True
    """
    digest = hashlib.sha256()
    for part in made_from:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
        else:
            digest.update(f"{part!r};".encode())
    return digest.hexdigest()[:16]
