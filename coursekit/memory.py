"""Keeps the memory that a training step frees for the next one. Linux with glibc; else nothing."""

import ctypes
import sys

TRIM, MAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of mallopt(3)
BLOCK = 1 << 30  # bytes


def keep():
    """Let malloc hold on to large blocks; True where that could be arranged.

    By itself glibc asks the system for every block above 32 MB anew and gives it back, and each
    fresh page costs an interruption when it is first touched: with the activations of a training
    step on a CPU that is up to a fifth of the time. The process then keeps its largest size.

    >>> keep() in (True, False)
    True
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(MAP, BLOCK) and mallopt(TRIM, BLOCK))
