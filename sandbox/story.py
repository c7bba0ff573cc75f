"""A run as a story: events as lines for a person to read.

Text from worlds, cards and models is data: control characters are taken out before a terminal sees it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sandbox.narrator import time_of_day
from worlds.actions import Do, Handle, Say, Touch, Wait
from worlds.events import (
    Acted,
    Ended,
    Event,
    Faulted,
    Forked,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
    Started,
)
from worlds.fold import apply
from worlds.prose import attempt, capital, hint
from worlds.state import MINUTES_A_DAY, State

__all__ = ["Teller", "Told", "clean"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Take control characters and direction marks out of a text."""
    return _CONTROL.sub("", text)


class Told(NamedTuple):
    """One line of the story."""

    seq: int
    kind: str
    """`heading`, `frame`, `speech`, `deed`, `beat`, `inner`, `fault`, `end`."""
    who: str
    """Name of the character it is about, if any."""
    text: str


class Teller:
    """Tells a run as it goes, from everybody's point of view or from one character's."""

    def __init__(self, pov: str = "", *, inner: bool = False) -> None:
        """Tell what `pov` perceives (everything if empty); `inner` adds thoughts and changes."""
        self.pov = pov
        self.inner = inner
        self.state: State | None = None
        self.names: Mapping[str, str] = {}
        self._place, self._day = "", -1

    def tell(self, events: Iterable[Event]) -> Iterator[Told]:
        """Give the lines of these events, which follow those told before."""
        for event in events:
            before = self.state
            self.state = apply(before, event)
            if isinstance(event.body, Started):
                self.names = _names(self.state)
            yield from self._lines(event, before or self.state)

    def _lines(self, event: Event, before: State) -> Iterator[Told]:
        """Give an event's lines, as far as the point of view allows."""
        if not self.pov or self.pov in event.witnesses or isinstance(event.body, Started):
            return self._whole(event, before)
        if self.pov in event.glimpses:
            dark = not (isinstance(event.body, Acted) and isinstance(event.body.action, Say))
            return iter((Told(event.seq, "deed", "", clean(hint(event, self.names, dark=dark))),))
        return iter(())

    def _whole(self, event: Event, before: State) -> Iterator[Told]:
        body = event.body
        match body:
            case Acted():
                yield from self._heading(event, before.where.get(event.by, ""))
                yield from self._act(event, body)
            case Resolved():
                yield from self._ruling(event, body, before)
            case Happened() | Intervened():
                yield from self._heading(event, body.place)
                yield Told(event.seq, "beat", "", clean(body.text))
            case Reflected() | ProfileChanged():
                yield from self._changes(event, body)
            case _:
                yield from self._frame(event)

    def _frame(self, event: Event) -> Iterator[Told]:
        body = event.body
        match body:
            case Started():
                yield Told(event.seq, "heading", "", clean(body.world.title))
                yield Told(event.seq, "frame", "", clean(body.world.premise.strip()))
            case SceneSet():
                yield Told(event.seq, "heading", "", capital(time_of_day(self._now.clock)))
                yield Told(event.seq, "frame", "", clean(body.text))
            case Faulted():
                yield Told(event.seq, "fault", self._name(event.by), clean(body.error))
            case Forked():
                yield Told(event.seq, "heading", "", f"here this run leaves {clean(body.of)}")
            case Ended():
                yield Told(event.seq, "end", "", clean(body.text))

    @property
    def _now(self) -> State:
        assert self.state is not None  # noqa: S101 - set by the first event
        return self.state

    def _name(self, id_: str) -> str:
        return clean(self.names.get(id_, id_))

    def _heading(self, event: Event, place: str) -> Iterator[Told]:
        """Say where we are, when the story moves to another place."""
        if place and place != self._place:
            self._place = place
            day, minute = divmod(self._now.clock, MINUTES_A_DAY)
            date, self._day = (f"day {day + 1}, " if day != self._day else ""), day
            clock = f"{date}{minute // 60:02}:{minute % 60:02}"
            yield Told(event.seq, "heading", "", f"{capital(self._name(place))}, {clock}")

    def _act(self, event: Event, body: Acted) -> Iterator[Told]:
        if self.inner and body.thought and self.pov in ("", event.by):
            yield Told(event.seq, "inner", self._name(event.by), clean(body.thought))
        if isinstance(body.action, Say):
            yield Told(event.seq, "speech", self._name(event.by), self._speech(body.action))

    def _speech(self, action: Say) -> str:
        to = " and ".join(self._name(who) for who in action.to)
        how = {"aloud": "", "aside": "aside", "whisper": "whispering", "shout": "shouting"}[action.manner]
        note = " ".join(part for part in (how, f"to {to}" if to else "") if part)
        return f"{f'({note}) ' if note else ''}“{clean(action.text)}”"

    def _ruling(self, event: Event, body: Resolved, before: State) -> Iterator[Told]:
        _, action = before.acts[event.by]
        if isinstance(action, Say | Wait):
            told = body.text
        elif body.ok and (
            isinstance(action, Do | Handle) or (isinstance(action, Touch) and action.verb != "examine")
        ):
            told = body.text or attempt(self._name(event.by), action, self.names, done=True)
        else:
            told = f"{attempt(self._name(event.by), action, self.names, done=body.ok)} {body.text}"
        if told.strip():
            yield Told(event.seq, "deed", self._name(event.by), clean(told.strip()))

    def _changes(self, event: Event, body: Reflected | ProfileChanged) -> Iterator[Told]:
        if not self.inner or self.pov not in ("", event.by):
            return
        told = [clean(body.text)] if isinstance(body, Reflected) else []
        told += [
            f"{change.slot} → {clean(str(change.value))} (because of {change.because})"
            for change in body.changes
        ]
        yield Told(event.seq, "inner", self._name(event.by), "; ".join(told))


def _names(state: State) -> dict[str, str]:
    people = {who: character.name for who, character in state.cast.items()}
    places = {id_: place.name for id_, place in state.world.places.items()}
    return people | places | {id_: thing.name for id_, thing in state.world.things.items()}
