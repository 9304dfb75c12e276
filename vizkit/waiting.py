"""A line that says how far a long computation is, on a terminal or in a live notebook; it is gone
when the work is done, and a notebook that a program executes never has it.
"""

import os
import sys
import time


class Waiting:
    """`said(step, steps, scores)` writes at most five times a second; leaving the `with` block
    removes the line.

    >>> with Waiting("dreams", shown=False) as said:
    ...     said(1, 10)
    """

    def __init__(self, title, shown=None):
        # Jupyter's server names the notebook in this variable; nbclient and nbval do not.
        self.notebook = "JPY_SESSION_NAME" in os.environ and "ipykernel" in sys.modules
        self.shown = self.notebook or sys.stderr.isatty() if shown is None else shown
        self.title, self.handle, self.last = title, None, 0.0

    def __enter__(self):
        return self

    def __call__(self, step, steps, scores=None):
        now = time.monotonic()
        if not self.shown or now - self.last < 0.2:
            return
        self.last = now
        words = f"{self.title}: step {step} of {steps}"
        if scores is not None:
            words += f", mean score {scores.mean():.3g} · interrupt to stop here"
        if not self.notebook:
            print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
            return
        from IPython.display import display  # only where there is a notebook to show it in

        if self.handle is None:
            self.handle = display({"text/plain": words}, raw=True, display_id=True)
        else:
            self.handle.update({"text/plain": words}, raw=True)

    def __exit__(self, *error):
        if self.handle is not None:
            self.handle.update({"text/html": ""}, raw=True)
        elif self.shown and not self.notebook:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
