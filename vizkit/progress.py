"""A progress bar for people: in a live notebook or on a terminal, never in a stored output."""

import os
import sys
import time


class Progress:
    """`bar(done, text)` draws at most five times a second; leaving the `with` block removes it.

    A notebook that a program executes (a build, a test) gets none.

    >>> with Progress("patches", shown=False) as bar:
    ...     bar(0.5, "100 images")
    """

    def __init__(self, title, shown=None):
        # Jupyter's server names the notebook in this variable; nbclient and nbval do not.
        self.notebook = "JPY_SESSION_NAME" in os.environ and "ipykernel" in sys.modules
        self.shown = self.notebook or sys.stderr.isatty() if shown is None else shown
        self.title, self.bar, self.last = title, None, time.monotonic()

    def __enter__(self):
        return self

    def __call__(self, done, text=""):
        """done: from 0 to 1, or None where nobody knows how much there is."""
        now = time.monotonic()
        if not self.shown or now - self.last < 0.2:
            return
        self.last = now
        words = f"{self.title} {'' if done is None else f'{done:.0%} · '}{text}"
        if not self.notebook:
            print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
            return
        from IPython.display import HTML, display  # only where there is a notebook to show it in

        share = "" if done is None else f" value='{done:.4f}'"
        page = HTML(f"<progress{share} aria-label='{self.title}'></progress> {words}")
        if self.bar is None:
            self.bar = display(page, display_id=True)
        else:
            self.bar.update(page)

    def __exit__(self, *error):
        if self.bar is not None:
            from IPython.display import HTML

            self.bar.update(HTML(""))
        elif self.shown and not self.notebook:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
