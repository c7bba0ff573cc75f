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
    seqs, parts = _weigh(shelf, found, moment)
    # In double precision, so that rounding a score leaves no trace of the order in which it was summed.
    vectors = library.bank.vectors[np.frombuffer(shelf.records, np.uint32)[found]].astype(np.float64)
    counts = asked.query.counts
    parts[:, 0] = np.maximum((vectors @ rows.astype(np.float64).T * counts).max(axis=1), 0)
    parts[:, 1] = (shelf.words.scores(words, found, upto).T * counts).max(axis=1)
    newer = _fade(shelf, found, parts, moment.before)
    scores = np.round(parts @ library.weights, 4)
    order = np.lexsort((seqs, -scores))
    best = [at for at in order.tolist() if int(seqs[at]) not in moment.seen][: asked.k]
    texts = [library.bank.records[shelf.records[row]].text for row in found[best].tolist()]
    return tuple(
        Recollection(
            int(seqs[at]),
            _dated(log, text, newer.get(at)),
            float(scores[at]),
            Parts(*parts[at]).why(library.weights),
        )
        for at, text in zip(best, texts, strict=True)
    )


def _nearest(library: Library, far: Far, vector: Vectors, asked: Asked) -> Rows:
    """Give the rows whose vectors are nearest: exactly among the newest, by the index among the rest."""
    shelf, before, most = library.shelves[asked.who], asked.moment.before, max(WIDE, asked.k)
    upto = shelf.upto(before)
    cut = bisect_left(shelf.records, far.count, 0, upto)
    mine = np.frombuffer(shelf.records, np.uint32)[cut:upto].astype(np.int64) - far.count
    # `vecdot` keeps to one thread; a product this small is slower with two.
    near = cut + _top(np.vecdot(library.bank.vectors[far.count :], vector)[mine], most)
    if not cut:
        return near
    later = bisect_left(shelf.records, far.count) > upto
    found = far.nearest(library, vector, asked.who, before if later else None, most)
    rows = (shelf.row_of(record, upto) for record in found)
    both = np.concatenate((np.array([row for row in rows if row >= 0], np.int64), near))
    # As many as an exact search over all would give, so that it makes no difference what Chroma holds already.
    return both[
        _top(np.vecdot(library.bank.vectors[np.frombuffer(shelf.records, np.uint32)[both]], vector), most)
    ]


def _top(values: NDArray[np.float32], most: int) -> Rows:
    """Give where the highest values are, and all that equal the last of them."""
    if len(values) <= most:
        return np.arange(len(values))
    return np.flatnonzero(values >= np.partition(values, len(values) - most)[len(values) - most])


def _weigh(shelf: Shelf, rows: Rows, moment: Moment) -> tuple[Rows, NDArray[np.float64]]:
    """Give when each memory came last, and its parts; relevance and words are left at 0."""
    seqs = np.frombuffer(shelf.firsts, np.int64)[rows]
    times = np.frombuffer(shelf.times, np.int64)[rows]
    for at, row in enumerate(rows.tolist()):
        if row in shelf.again:
            seqs[at], times[at] = shelf.latest(row, moment.before)
    parts = np.zeros((len(rows), len(Parts._fields)))
    parts[:, 2] = recency(moment.now - times)
    parts[:, 3] = np.frombuffer(shelf.weights, np.float32)[rows]
    return seqs, parts


def _fade(shelf: Shelf, rows: Rows, parts: NDArray[np.float64], before: int) -> dict[int, int]:
    """Let memories fade that a newer one supersedes; give where they are, and the seq of the newer one."""
    newer = {at: shelf.superseded(row, before) for at, row in enumerate(rows.tolist()) if row in shelf.slots}
    newer = {at: seq for at, seq in newer.items() if seq >= 0}
    parts[list(newer)] *= _FADED
    return newer


def _dated(log: Trajectory, text: str, newer: int | None) -> str:
    return text if newer is None else f"Formerly, until turn {log[newer].turn}: {text}"
