"""Running someone's function: copies of the arguments, a time limit, errors as values."""

import contextlib
import copy
import ctypes
import threading
import traceback
from dataclasses import dataclass

import numpy as np

from .values import same, settle


class Unfit(Exception):
    """Raised by an exercise about an answer that it cannot use; its words go to the learner."""


class OutOfTime(BaseException):
    """Raised inside a function that ran past its limit; a bare `except Exception` lets it pass."""


@dataclass
class Outcome:
    """What one call gave: a value, or the error that stopped it."""

    value: object = None
    error: BaseException | None = None
    printed: str = ""

    def same_as(self, other, compare=same):
        """Whether two calls ended alike: equal values, or errors of one kind."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error)
        return bool(compare(self.value, other.value))


class Tape:
    """Takes what a function prints, and keeps the first 1,000 characters."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text[: 1000 - len(self.text)] if len(self.text) < 1000 else ""
        return len(text)

    def flush(self):
        """Nothing is held back."""


def run_cases(call, cases, seconds):
    """Outcomes of `call(*case)` for every case, in order.

    A case gets its own copy of the arguments. After `seconds` in all, the running call is stopped
    and becomes an outcome with the error OutOfTime; later cases are not run.

    >>> [outcome.value for outcome in run_cases(lambda n: n * n, [(2,), (3,)], seconds=5)]
    [4, 9]
    """
    outcomes, closed, tape = [], threading.Event(), Tape()

    def work():
        with contextlib.suppress(OutOfTime):
            for case in cases:
                tape.text = ""
                outcome = _outcome(call, case)
                outcome.printed = tape.text
                if closed.is_set():
                    return
                outcomes.append(outcome)

    worker = threading.Thread(target=work, daemon=True)
    with contextlib.redirect_stdout(tape):
        worker.start()
        try:
            worker.join(seconds)
        finally:
            closed.set()
            _stop(worker)
    if len(outcomes) < len(cases):
        outcomes.append(Outcome(error=OutOfTime(), printed=tape.text))
    return outcomes


def _outcome(call, case):
    try:
        with np.errstate(all="ignore"):  # the check says it in words, without red lines above
            return Outcome(value=settle(call(*copy.deepcopy(case))))
    except OutOfTime:
        raise
    except BaseException as error:  # SystemExit and KeyboardInterrupt of theirs as well
        return Outcome(error=error)


def _stop(worker):
    """Raises OutOfTime inside a thread that still runs, a few times if it is swallowed."""
    for _ in range(20):
        if not worker.is_alive():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(worker.ident), ctypes.py_object(OutOfTime)
        )
        worker.join(0.05)


def where(error):
    """The line of the learner's code that failed, as (number, text); (None, "") when unknown.

    The last frame outside this package and outside installed libraries is taken.
    """
    ours = __file__.rsplit("guard.py", 1)[0]
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith(ours)
        and "site-packages" not in frame.filename
        and "<frozen" not in frame.filename
    ]
    return (frames[-1].lineno, frames[-1].line or "") if frames else (None, "")


_WORDS = {
    NameError: "a name is used that nothing has defined",
    UnboundLocalError: "a name is read before the function gives it a value",
    IndexError: "an index points past the end",
    KeyError: "a key is looked up that is not there",
    ZeroDivisionError: "something is divided by zero",
    RecursionError: "the function calls itself without end",
    AttributeError: "something is asked of a value that does not have it",
    TypeError: "a value of the wrong kind is used, or a call has too many or too few arguments",
    ValueError: "a value does not fit, often a shape",
    AssertionError: "an assert in it failed",
    OverflowError: "a number grows too large",
    MemoryError: "it asked for more memory than there is",
}


def in_words(error):
    """What went wrong, in plain words, and then Python's own message.

    >>> in_words(IndexError("list index out of range"))
    'an index points past the end (IndexError: list index out of range)'
    """
    if isinstance(error, Unfit):
        return str(error)
    kind = type(error)
    words = next((text for cls, text in _WORDS.items() if kind is cls), None)
    words = words or next((text for cls, text in _WORDS.items() if isinstance(error, cls)), None)
    message = f"{kind.__name__}: {error}" if str(error) else kind.__name__
    return f"{words} ({message})" if words else message
