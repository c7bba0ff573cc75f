"""The garbage collector of a process that plays: a run makes few cycles, and its log only grows."""

import gc

__all__ = ["calm"]


def calm() -> None:
    """Let the collector look at what is new, and seldom: a third of the time is left to it.

    Logs in memory are much to walk over again and again, and nothing in them is ever given up.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
