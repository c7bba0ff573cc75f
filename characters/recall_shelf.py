"""What the characters of a run remember, in the order it came: texts and vectors shared, the rest each one's own.

A text that comes again is not kept again; it is known at which times it came. So the hundredth `Bram waits.` costs
eight bytes, and does not stand in the way of what was said once.
"""

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from characters.embedders import Vectors
from characters.recall_lexicon import Terms
from characters.recall_words import Words
from characters.remembering import Impression

__all__ = ["Bank", "Record", "Shelf", "Time"]


class Time(NamedTuple):
    """One time at which something came to mind."""

    seq: int
    time: int


class Record(NamedTuple):
    """A text, and who came to know it at the same event."""

    text: str
    owners: tuple[str, ...]
    seq: int
    """When they first did."""


class Bank:
    """All records of a run, each with its vector."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._rows: Vectors = np.zeros((0, 0), np.float32)

    def __len__(self) -> int:
        return len(self.records)

    @property
    def vectors(self) -> Vectors:
        """One row a record."""
        return self._rows[: len(self.records)]

    def add(self, records: Sequence[Record], vectors: Sequence[Vectors]) -> None:
        """Append records, each with its vector."""
        held, needed = len(self.records), len(self.records) + len(records)
        if needed > len(self._rows):
            rows = np.zeros((max(256, needed, held * 3 // 2), len(vectors[0])), np.float32)
            if held:
                rows[:held] = self._rows[:held]
            self._rows = rows
        self._rows[held:needed] = vectors
        self.records.extend(records)


@dataclass(slots=True)
class Shelf:
    """What one character remembers; a row is a memory, and rows are in the order they came."""

    words: Words = field(default_factory=Words)
    firsts: "array[int]" = field(default_factory=lambda: array("q"))
    """Row to the seq at which it first came."""
    records: "array[int]" = field(default_factory=lambda: array("I"))
    """Row to its record in the bank; rising."""
    weights: "array[float]" = field(default_factory=lambda: array("f"))
    """Row to its importance."""
    times: "array[int]" = field(default_factory=lambda: array("q"))
    """Row to the world time at which it first came."""
    again: dict[int, list[Time]] = field(default_factory=dict)
    """Row to when it came again."""
    rows: dict[str, int] = field(default_factory=dict)
    """Text to its row."""
    slots: dict[int, str] = field(default_factory=dict)
    """Row to the slot it is about, for those that can be superseded."""
    changes: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Slot to its (seq, row), oldest first."""

    def __len__(self) -> int:
        return len(self.firsts)

    def knows(self, impression: Impression) -> bool:
        """Note that a text came again; False if it is new."""
        row = self.rows.get(impression.text)
        if row is None:
            return False
        self.again.setdefault(row, []).append(Time(impression.seq, impression.time))
        self._note(impression, row)
        return True

    def put(self, impression: Impression, weight: float, record: int, found: Terms) -> None:
        """Append a memory that is new."""
        row = len(self.firsts)
        self.rows[impression.text] = row
        self.firsts.append(impression.seq)
        self.times.append(impression.time)
        self.records.append(record)
        self.weights.append(weight)
        self.words.add(found)
        self._note(impression, row)

    def _note(self, impression: Impression, row: int) -> None:
        if impression.slot:
            self.slots[row] = impression.slot
            self.changes.setdefault(impression.slot, []).append((impression.seq, row))

    def upto(self, before: int) -> int:
        """Say how many rows had come before a seq."""
        return bisect_left(self.firsts, before)

    def row_of(self, record: int, upto: int) -> int:
        """Give the row of a record; -1 if it is not this character's, or came later."""
        row = bisect_left(self.records, record, 0, upto)
        return row if row < upto and self.records[row] == record else -1

    def latest(self, row: int, before: int) -> Time:
        """Give when a memory came last before a seq; it did at least once."""
        again = self.again.get(row)
        at = bisect_left(again, (before,)) if again else 0
        return again[at - 1] if again and at else Time(self.firsts[row], self.times[row])

    def superseded(self, row: int, before: int) -> int:
        """Give the seq of the newer value that made this one history; -1 if it still holds."""
        slot = self.slots.get(row)
        if slot is None:
            return -1
        changes = self.changes[slot]
        held = max(at for at, (seq, of) in enumerate(changes) if of == row and seq < before)
        newer = held + 1
        return changes[newer][0] if newer < len(changes) and changes[newer][0] < before else -1
