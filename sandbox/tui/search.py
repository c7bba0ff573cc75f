"""What is looked for in a transcript: words, and `kind:` `who:` `place:` `turn:` before them."""

from typing import NamedTuple

from sandbox.tui.index import BIT, Index
from worlds.events import Event

__all__ = ["Query", "parse"]


class Query(NamedTuple):
    """What an event must have to be shown. An empty query fits everything."""

    words: tuple[str, ...] = ()
    mask: int = 0
    """Kinds of lines, as bits; 0 for any."""
    who: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    turns: tuple[int, int] | None = None

    def fits(self, index: Index, event: Event) -> bool:
        """Whether an event has all that is asked for; of several names one is enough."""
        seq = event.seq
        if self.mask and not index.masks[seq] & self.mask:
            return False
        if self.turns and not self.turns[0] <= event.turn <= self.turns[1]:
            return False
        if self.who and not any(name in _name(index, index.who[seq]) for name in self.who):
            return False
        if self.place and not any(name in _name(index, index.place[seq]) for name in self.place):
            return False
        return all(word in index.text[seq] for word in self.words)


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
