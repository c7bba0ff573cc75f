"""Keyword match over what one character remembers, as of any moment.

An inverted index that only grows: rows are memories in the order they came, and every count (how often a term
occurs, how long memories are) is taken over the first so many rows, so that nothing that came later has a say.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from characters.recall_lexicon import NOTION, Terms

__all__ = ["Rows", "Sought", "Weighed", "Words"]

Rows = NDArray[np.int64]

_K1, _B = 1.2, 0.5
_NOTION_WEIGHT = 0.5
"""What a notion counts, a word being 1: `afraid` for `terror` is half as good as `terror`."""
_TERMS = 12
"""How many terms of a query are looked for: those that tell most."""
_NEWEST = 256
"""Of a term that is everywhere, how many of the newest memories are candidates; all are scored."""
_FULL = 6
"""A memory that shares the six terms that tell most is a full match, however long the query is."""
_MOST = 65_535


@dataclass(slots=True)
class _Posting:
    """Where a term occurs, and how often in each."""

    rows: "array[int]" = field(default_factory=lambda: array("I"))
    counts: "array[int]" = field(default_factory=lambda: array("H"))


class Sought(NamedTuple):
    """What a term of a query matters."""

    most: float
    """At most, by what its parts count."""
    parts: list[float]
    """In each part of the query; 0 where it does not occur."""


class Weighed(NamedTuple):
    """A term of a query: where it occurs, and what it is worth."""

    posting: _Posting
    before: int
    """How many of its occurrences count as of the moment asked about."""
    worth: float
    """For being rare, and for being a word."""
    sought: Sought


class Words:
    """The inverted index of one character.

    Scores are Okapi BM25 (Robertson and Zaragoza, *The Probabilistic Relevance Framework*, 2009; k1 1.2, b 0.5)
    over words and notions, divided by what a full match could reach, so that they lie in 0..1.
    """

    def __init__(self) -> None:
        self._postings: dict[str, _Posting] = {}
        self._lengths = array("H")
        self._total = array("Q", (0,))

    def __len__(self) -> int:
        return len(self._lengths)

    def add(self, found: Terms) -> None:
        """Append a memory."""
        row = len(self._lengths)
        for term, count in Counter(found.all).items():
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = _Posting()
            posting.rows.append(row)
            posting.counts.append(min(count, _MOST))
        self._lengths.append(min(len(found.words), _MOST))
        self._total.append(self._total[-1] + len(found.words))

    def weigh(self, query: Mapping[str, Sought], upto: int) -> list[Weighed]:
        """Give the terms of a query that tell most among the first `upto` rows."""
        found = []
        for term, sought in query.items():
            posting = self._postings.get(term)
            before = bisect_left(posting.rows, upto) if posting else 0
            if posting and before:
                idf = log(1 + (upto - before + 0.5) / (before + 0.5))
                notion = _NOTION_WEIGHT if term[0] == NOTION else 1.0
                found.append(Weighed(posting, before, notion * idf, sought))
        # Sorting is stable, and a query lists its terms in an order of its own.
        return sorted(found, key=_tells, reverse=True)[:_TERMS]

    @staticmethod
    def candidates(query: list[Weighed], most: int) -> Rows:
        """Give rows that match best by a first, cheap count; the newest first among equals."""
        if not query:
            return np.zeros(0, np.int64)
        rows = [_rows(term, newest=_NEWEST) for term in query]
        worth = np.repeat([_tells(term) for term in query], [len(some) for some in rows])
        unique, where = np.unique(np.concatenate(rows), return_inverse=True)
        sums = np.bincount(where, worth)
        return unique[::-1][np.argsort(-sums[::-1], kind="stable")[:most]].astype(np.int64)

    def scores(self, query: list[Weighed], rows: Rows, upto: int) -> NDArray[np.float64]:
        """Score rows, 0..1, for each part of a query; `rows` in rising order."""
        if not query or not len(rows):
            return np.zeros((1, len(rows)))
        matches = np.zeros((len(query), len(rows)))
        average = max(self._total[upto] / upto, 1.0)
        lengths = np.frombuffer(self._lengths, np.uint16)[rows]
        damped = _K1 * (1 - _B + _B * lengths / average)
        sought = rows.astype(np.uint32)  # of one type with the postings, which are not copied then
        for match, term in zip(matches, query, strict=True):
            there = _rows(term)
            at = np.minimum(there.searchsorted(sought), len(there) - 1)
            hits = (there[at] == sought).nonzero()[0]
            counts = np.frombuffer(term.posting.counts, np.uint16)[at[hits]]
            match[hits] = counts / (counts + damped[hits])
        worths = np.array([term.sought.parts for term in query]).T * [term.worth for term in query]
        full = -np.sort(-worths, axis=1)[:, :_FULL].sum(axis=1, keepdims=True)
        return np.minimum(worths @ matches / np.where(full > 0, full, 1), 1.0)


def _tells(term: Weighed) -> float:
    return term.worth * term.sought.most


def _rows(term: Weighed, newest: int = 0) -> NDArray[np.uint32]:
    start = max(0, term.before - newest) if newest else 0
    # A view of the array would keep it from growing for as long as it lives, so it is not kept.
    return np.frombuffer(term.posting.rows, np.uint32, term.before - start, start * 4)
