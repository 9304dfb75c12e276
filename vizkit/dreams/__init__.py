"""Images that raise what units give, found by climbing their gradient.

`dream` and `score` work on arrays, without a viewer; `unit.dream()` shows theirs.
"""

from vizkit.dreams.ascent import dream, score

__all__ = ["dream", "score"]
