"""Searching what one character remembers, and weighing what is found."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from characters.embedders import Vectors
from characters.recall_library import Library
from characters.recall_score import Moment, Parts, Query, recency
from characters.recall_shelf import Shelf
from characters.recall_words import Rows
from worlds.trajectory import Trajectory
from worlds.view import Recollection

__all__ = ["WIDE", "Asked", "Far", "search"]

WIDE = 64
"""How many memories each kind of search proposes; all of them are then weighed."""
_FADED = 0.5
"""What a memory counts that a newer one supersedes."""


class Far(Protocol):
    """An index over the oldest records."""

    count: int
    """How many it holds: those with the lowest numbers."""

    def nearest(
        self, library: Library, vector: Vectors, who: str, before: int | None, most: int
    ) -> Sequence[int]:
        """Give the numbers of the records of a character nearest to a vector; if asked, only what came before."""
        ...


class _Found(NamedTuple):
    """A memory that was proposed, and its weight."""

    row: int
    seq: int
    parts: Parts
    newer: int
    """Seq of what supersedes it; -1 if it still holds."""


class Asked(NamedTuple):
    """One question to memory."""

    who: str
    query: Query
    moment: Moment
    k: int
    """How many memories to bring back at most."""


def search(
    log: Trajectory, library: Library, far: Far, asked: Asked, rows: Vectors
) -> tuple[Recollection, ...]:
    """Bring back what bears most on a query, best first; `rows` are the vectors of the query's texts."""
    shelf, moment = library.shelves[asked.who], asked.moment
    upto = shelf.upto(moment.before)
    if not upto or not asked.query.parts:
        return ()
    vector = asked.query.vector(rows)
    words = shelf.words.weigh(asked.query.terms(library.names), upto)
    proposed = (_nearest(library, far, vector, asked), shelf.words.candidates(words, max(WIDE, asked.k)))
    found = np.unique(np.concatenate(proposed))
    # In double precision, so that rounding a score leaves no trace of the order in which it was summed.
    vectors = library.bank.vectors[np.frombuffer(shelf.records, np.uint32)[found]].astype(np.float64)
    cosines = vectors @ vector.astype(np.float64)
    matches = shelf.words.scores(words, found, upto)
    scored = zip(found.tolist(), cosines.tolist(), matches.tolist(), strict=True)
    weighed = (_weigh(shelf, *one, moment) for one in scored)
    fresh = [(-one.parts.score, one.seq, one) for one in weighed if one.seq not in moment.seen]
    return tuple(_shown(log, library, shelf, one) for *_, one in sorted(fresh)[: asked.k])


def _nearest(library: Library, far: Far, vector: Vectors, asked: Asked) -> Rows:
    """Give the rows whose vectors are nearest: exactly among the newest, by the index among the rest."""
    shelf, before, most = library.shelves[asked.who], asked.moment.before, max(WIDE, asked.k)
    upto = shelf.upto(before)
    cut = bisect_left(shelf.records, far.count, 0, upto)
    mine = np.frombuffer(shelf.records, np.uint32)[cut:upto].astype(np.int64) - far.count
    near = cut + _top((library.bank.vectors[far.count :] @ vector)[mine], most)
    if not cut:
        return near
    later = bisect_left(shelf.records, far.count) > upto
    found = far.nearest(library, vector, asked.who, before if later else None, most)
    rows = (shelf.row_of(record, upto) for record in found)
    return np.concatenate((np.array([row for row in rows if row >= 0], np.int64), near))


def _top(values: NDArray[np.float32], most: int) -> Rows:
    """Give where the highest values are, and all that equal the last of them."""
    if len(values) <= most:
        return np.arange(len(values))
    return np.flatnonzero(values >= np.partition(values, len(values) - most)[len(values) - most])


def _weigh(shelf: Shelf, row: int, cosine: float, match: float, moment: Moment) -> _Found:
    last = shelf.latest(row, moment.before)
    newer = shelf.superseded(row, moment.before)
    counts = 1.0 if newer < 0 else _FADED
    parts = (max(cosine, 0.0), match, recency(moment.now - last.time), shelf.weights[row])
    return _Found(row, last.seq, Parts(*(counts * part for part in parts)), newer)


def _shown(log: Trajectory, library: Library, shelf: Shelf, found: _Found) -> Recollection:
    text = library.bank.records[shelf.records[found.row]].text
    if found.newer >= 0:
        text = f"Formerly, until turn {log[found.newer].turn}: {text}"
    return Recollection(found.seq, text, found.parts.score, found.parts.why)
