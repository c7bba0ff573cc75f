"""Searching what one character remembers, and weighing what is found."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from characters.embedders import Vectors
from characters.recall_library import Library
from characters.recall_score import Moment, Parts, recency
from characters.recall_shelf import Shelf
from characters.recall_words import Rows
from worlds.trajectory import Trajectory
from worlds.view import Recollection

__all__ = ["WIDE", "Far", "Found", "nearest", "shown", "weigh"]

WIDE = 64
"""How many memories each kind of search proposes; all of them are then weighed."""
_FADED = 0.5
"""What a memory counts that a newer one supersedes."""


class Far(Protocol):
    """An index over the oldest records."""

    count: int
    """How many it holds: those with the lowest numbers."""

    def nearest(self, library: Library, vector: Vectors, who: str, before: int | None) -> Sequence[int]:
        """Give the numbers of the records of a character nearest to a vector; if asked, only what came before."""
        ...


class Found(NamedTuple):
    """A memory that was proposed, and its weight."""

    row: int
    seq: int
    parts: Parts
    newer: int
    """Seq of what supersedes it; -1 if it still holds."""


def nearest(library: Library, far: Far, who: str, vector: Vectors, before: int) -> Rows:
    """Give the rows whose vectors are nearest: exactly among the newest, by the index among the rest."""
    shelf = library.shelves[who]
    upto = shelf.upto(before)
    cut = bisect_left(shelf.records, far.count, 0, upto)
    mine = np.frombuffer(shelf.records, np.uint32)[cut:upto].astype(np.int64) - far.count
    near = cut + _top((library.bank.vectors[far.count :] @ vector)[mine], WIDE)
    if not cut:
        return near
    later = bisect_left(shelf.records, far.count) > upto
    found = far.nearest(library, vector, who, before if later else None)
    rows = (shelf.row_of(record, upto) for record in found)
    return np.concatenate((np.array([row for row in rows if row >= 0], np.int64), near))


def _top(values: NDArray[np.float32], most: int) -> Rows:
    """Give where the highest values are, and all that equal the last of them."""
    if len(values) <= most:
        return np.arange(len(values))
    return np.flatnonzero(values >= np.partition(values, len(values) - most)[len(values) - most])


def weigh(shelf: Shelf, row: int, cosine: float, match: float, moment: Moment) -> Found:
    last = shelf.latest(row, moment.before)
    newer = shelf.superseded(row, moment.before)
    counts = 1.0 if newer < 0 else _FADED
    parts = (max(cosine, 0.0), match, recency(moment.now - last.time), shelf.weights[row])
    return Found(row, last.seq, Parts(*(counts * part for part in parts)), newer)


def shown(log: Trajectory, library: Library, shelf: Shelf, found: Found) -> Recollection:
    text = library.bank.records[shelf.records[found.row]].text
    if found.newer >= 0:
        text = f"Formerly, until turn {log[found.newer].turn}: {text}"
    return Recollection(found.seq, text, found.parts.score, found.parts.why)


