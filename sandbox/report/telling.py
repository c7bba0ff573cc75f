"""The transcript: every line with the events behind it, so that whatever points at an event finds a line."""

from typing import NamedTuple

from sandbox.report.sources import Reported
from sandbox.story import Teller, Told, clean
from worlds.events import Event
from worlds.prose import tell

__all__ = ["Passage", "Quote", "Telling"]


LONGEST = 320
"""Longest quote, in characters."""


class Passage(NamedTuple):
    """One line of the transcript."""

    seqs: tuple[int, ...]
    """Events it stands for: its own, and those before it in its turn that have no line."""
    turn: int
    kind: str
    who: str
    """Id of the character; empty for the stage."""
    name: str
    text: str


class Quote(NamedTuple):
    """A line as a verdict quotes it."""

    seq: int
    turn: int
    who: str
    name: str
    text: str


class Telling:
    """The story of one run, line by line."""

    def __init__(self, one: Reported) -> None:
        """Tell it whole, thoughts and changes included."""
        self._reading = one.reading
        self._names = one.reading.end.plan.names
        told: dict[int, list[Told]] = {}
        for line in Teller(inner=True).tell(one.reading):
            told.setdefault(line.seq, []).append(line)
        self._told = told
        self.passages = tuple(self._passages(foreign=one.trial.foreign))

    def quote(self, seq: int) -> Quote:
        """Give an event in words."""
        event = self._reading[seq]
        words = [line for line in self._told.get(seq, ()) if line.kind != "heading"]
        # A thought is not what its thinker did.
        spoken = [line for line in words if event.body.kind != "acted" or line.kind != "inner"]
        text = " ".join(line.text for line in spoken) or self._plain(event)
        if len(text) > LONGEST:
            text = f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
        # The words of a deed say whose it is.
        name = self._name(event) if any(line.kind in ("speech", "inner") for line in spoken) else ""
        return Quote(seq, event.turn, event.by, name, text)

    def _plain(self, event: Event) -> str:
        return clean(tell(event, self._names)) or event.body.kind.replace("_", " ")

    def _name(self, event: Event) -> str:
        return clean(self._names.get(event.by, event.by))

    def _passages(self, *, foreign: bool) -> list[Passage]:
        """Lay the lines out; events without one are put to the next line of their turn, or else to the last."""
        made: list[Passage] = []
        waiting: list[int] = []
        for event in self._reading:
            if event.body.kind == "cued":
                waiting = _behind(made, waiting)
            waiting.append(event.seq)
            lines = self._told.get(event.seq, ())
            # Of an event's lines the last stands for it: what is said, after the thought behind it.
            main = next((line for line in reversed(lines) if line.kind != "heading"), None)
            for line in lines:
                if foreign and line.kind == "heading" and event.seq:
                    continue  # a clock and a place the file does not have
                who = event.by if line.who else ""
                seqs = tuple(waiting) if line is main else ()
                made.append(Passage(seqs, event.turn, line.kind, who, line.who, line.text))
            waiting = [] if main else waiting
        _behind(made, waiting)
        return made


def _behind(made: list[Passage], seqs: list[int]) -> list[int]:
    """Put events to the last line there is; give those that are left."""
    if not made or not seqs:
        return seqs
    made[-1] = made[-1]._replace(seqs=(*seqs, *made[-1].seqs))
    return []
