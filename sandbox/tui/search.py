"""What is looked for in a transcript: words, and `kind:` `who:` `place:` `turn:` before them."""

from typing import NamedTuple

from sandbox.tui.index import BIT, Index

__all__ = ["Query", "parse"]


class Query(NamedTuple):
    """What an event must have to be shown. An empty query fits everything."""

    words: tuple[str, ...] = ()
    mask: int = 0
    """Kinds of lines, as bits; 0 for any."""
    who: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    turns: tuple[int, int] | None = None

    def sift(self, index: Index, seqs: list[int]) -> list[int]:
        """Give those events that have all that is asked for; of several names one is enough.

        One pass a condition over plain columns: a run of a hundred thousand events takes some milliseconds.
        """
        if self.turns:
            first, last = (_cue(index, turn) for turn in (self.turns[0], self.turns[1] + 1))
            seqs = [seq for seq in seqs if first <= seq < last]
        if self.mask:
            masks, mask = index.masks, self.mask
            seqs = [seq for seq in seqs if masks[seq] & mask]
        for names, column in ((self.who, index.who), (self.place, index.place)):
            if names:
                ids = {id_ for id_ in index.names if any(name in _name(index, id_) for name in names)}
                seqs = [seq for seq in seqs if column[seq] in ids]
        for word in self.words:
            text = index.text
            seqs = [seq for seq in seqs if word in text[seq]]
        return seqs


def _cue(index: Index, turn: int) -> int:
    """Give the seq a turn begins at; the end of the log for one that has not been."""
    if turn < 1:
        return 0
    return index.turns[turn - 1] if turn <= len(index.turns) else len(index)


def parse(text: str) -> Query:
    """Read a query; what cannot be read as a filter is looked for as a word."""
    query = Query()
    for part in text.casefold().split():
        key, colon, value = part.partition(":")
        kinds = [kind for kind in BIT if kind.startswith(value)]
        span = _span(value)
        if colon and value and key in ("who", "actor", "by"):
            query = query._replace(who=(*query.who, value))
        elif colon and value and key in ("place", "at"):
            query = query._replace(place=(*query.place, value))
        elif colon and value and key == "kind" and kinds:
            query = query._replace(mask=query.mask | sum({BIT[kind] for kind in kinds}))
        elif colon and key == "turn" and span:
            query = query._replace(turns=span)
        else:
            query = query._replace(words=(*query.words, part))
    return query


def _name(index: Index, id_: str) -> str:
    return f"{id_} {index.names.get(id_, '')}".casefold()


def _span(text: str) -> tuple[int, int] | None:
    """Read `12`, `12-20`, `12-` or `-20` as a range of turns."""
    first, dash, last = text.partition("-")
    if not text or not all(part.isdecimal() or not part for part in (first, last)):
        return None
    start = int(first or 0)
    return start, int(last) if last else (1 << 60 if dash else start)
