"""Models, one idea a file. `load(name)` returns a trained one, `results(name)` how it was made,
`checkpoints(name)` a GPT at several moments of its training."""

from coursekit.models.store import checkpoints, load, results

__all__ = ["checkpoints", "load", "results"]
