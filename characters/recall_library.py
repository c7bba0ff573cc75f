"""Everything a cast remembers, kept in step with a log."""

from collections.abc import Sequence

from characters.embedders import Embedder, Vectors
from characters.recall_lexicon import terms
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
        self._embedder = embedder
        self._remembering = Remembering(log)
        self._read: Trajectory = log.upto(0)
        self._records: dict[str, int] = {}

    def follows(self, log: Trajectory) -> bool:
        """Whether what was read is the beginning of this log, or this log is the beginning of what was read."""
        common = min(len(log), len(self._read))
        return common == 0 or log[common - 1] is self._read[common - 1]

    def catch_up(self, log: Trajectory, texts: Sequence[str] = ()) -> Vectors:
        """Read what is new in the log, and give vectors for `texts`; both take one call of the embedder."""
        new: list[Record] = []
        for event in log.since(self._read.seq):
            for impression in self._remembering.read(log, event):
                new.extend(self._keep(impression, len(self.bank) + len(new)))
        fresh = list(dict.fromkeys(record.text for record in new if record.text not in self._records))
        vectors = self._embedder.embed([*fresh, *texts])
        if new:
            self._bank(new, dict(zip(fresh, vectors, strict=False)))
        if len(log) > len(self._read):
            self._read = log
        return vectors[len(fresh) :]

    def _keep(self, impression: Impression, number: int) -> list[Record]:
        """Put an impression on the shelves of its owners; give a record if it is new to any of them."""
        owners = []
        for who, weight in zip(impression.owners, impression.weights, strict=True):
            shelf = self.shelves[who]
            if not shelf.knows(impression):
                shelf.put(impression, weight, number, terms(impression.text))
                owners.append(who)
        return [Record(impression.text, tuple(owners), impression.seq)] if owners else []

    def _bank(self, records: list[Record], vectors: dict[str, Vectors]) -> None:
        """Store records; a text another character knew already has its vector already."""
        rows = []
        for record in records:
            known = self._records.get(record.text)
            rows.append(vectors[record.text] if known is None else self.bank.vectors[known])
        for number, record in enumerate(records, len(self.bank)):
            self._records.setdefault(record.text, number)
        self.bank.add(records, rows)
