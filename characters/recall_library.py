"""Everything a cast remembers, kept in step with a log."""

from collections.abc import Mapping, Sequence

import numpy as np

from characters.embedders import Embedder, Hashing, Vectors
from characters.recall_lexicon import terms
from characters.recall_score import WEIGHTS, WORDED
from characters.recall_shelf import Bank, Record, Shelf
from characters.remembering import Impression, Remembering
from worlds.trajectory import Trajectory

__all__ = ["Library"]


class Library:
    """Shelves for a cast, and the bank of records they share; a pure function of the log read."""

    def __init__(self, log: Trajectory, embedder: Embedder) -> None:
        """Begin at the start of this log; nothing is read yet."""
        self.bank = Bank()
        self.shelves = {who: Shelf() for who in log.state.cast}
        self.names = frozenset(term for name in log.state.plan.names.values() for term in terms(name).words)
        self.weights = WORDED if isinstance(embedder, Hashing) else WEIGHTS
        self._embedder = embedder
        self._remembering = Remembering(log)
        self._read: Trajectory = log.upto(0)
        self._records: dict[str, int] = {}

    def follows(self, log: Trajectory) -> bool:
        """Whether what was read is the beginning of this log, or this log is the beginning of what was read."""
        common = min(len(log), len(self._read))
        return common == 0 or log[common - 1] is self._read[common - 1]

    def catch_up(self, log: Trajectory, texts: Sequence[str] = ()) -> Vectors:
        """Read what is new in the log, and give vectors for `texts`; all take one call of the embedder, or none."""
        new: list[Record] = []
        for event in log.since(self._read.seq):
            for impression in self._remembering.read(log, event):
                new.extend(self._keep(impression, len(self.bank) + len(new)))
        needed = dict.fromkeys((*(record.text for record in new), *texts))
        fresh = [text for text in needed if text not in self._records]
        vectors = dict(zip(fresh, self._embedder.embed(fresh), strict=True)) if fresh else {}
        if new:
            self.bank.add(new, [self._vector(record.text, vectors) for record in new])
            for number, record in enumerate(new, len(self.bank) - len(new)):
                self._records.setdefault(record.text, number)
        if len(log) > len(self._read):
            self._read = log
        return np.array([self._vector(text, vectors) for text in texts], np.float32)

    def _keep(self, impression: Impression, number: int) -> list[Record]:
        """Put an impression on the shelves of its owners; give a record if it is new to any of them."""
        owners = []
        for who, weight in zip(impression.owners, impression.weights, strict=True):
            shelf = self.shelves[who]
            if not shelf.knows(impression):
                shelf.put(impression, weight, number, terms(impression.text))
                owners.append(who)
        return [Record(impression.text, tuple(owners), impression.seq)] if owners else []

    def _vector(self, text: str, fresh: Mapping[str, Vectors]) -> Vectors:
        known = self._records.get(text)
        return fresh[text] if known is None else self.bank.vectors[known]
