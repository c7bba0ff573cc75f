"""A run's ordered events: *log* while it grows, *trajectory* once studied.

A `Trajectory` is a value: extending one gives another and leaves the first as it was. Both share one tape, so
extending costs the same at event 100 000 as at event 10; a fork copies the tape only when it first differs.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from worlds.actions import Say
from worlds.errors import IllegalError
from worlds.events import Acted, Cued, Draft, Event, Forked, Started
from worlds.fold import apply
from worlds.perception import percept, witnesses
from worlds.spec import Settings
from worlds.state import State
from worlds.view import Percept

__all__ = ["Line", "Trajectory", "extend", "replay", "start"]

_KEEP = 64
"""A state is kept every so many events, so that any moment is at most so many folds away."""


class Line(NamedTuple):
    """Something a character said."""

    seq: int
    text: str


@dataclass(slots=True)
class _Tape:
    """What trajectories of one history share: their events, and what is derived from them as they come."""

    events: list[Event] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    percepts: dict[str, list[Percept]] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)

    def add(self, event: Event, state: State) -> None:
        """Append an event and its percepts; `state` is the one after it."""
        if isinstance(event.body, Started):
            self.percepts = {who: [] for who in state.cast}
            self.lines = {who: [] for who in state.cast}
        if len(self.events) % _KEEP == 0:
            self.states.append(state)
        self.events.append(event)
        self._perceive(event, state)
        if isinstance(event.body, Acted) and isinstance(event.body.action, Say):
            self.lines[event.by].append(Line(event.seq, event.body.action.text))

    def _perceive(self, event: Event, state: State) -> None:
        for group, whole in ((event.witnesses, True), (event.glimpses, False)):
            if not group:
                continue
            seen = percept(event, state.plan.names, state.clock, whole=whole)
            if seen is not None:
                for who in group:
                    self.percepts[who].append(seen)

    def cut(self, length: int) -> "_Tape":
        """Copy the first events; what is derived from them is copied along."""
        return _Tape(
            events=self.events[:length],
            states=self.states[: (length + _KEEP - 1) // _KEEP],
            percepts={who: [p for p in seen if p.seq < length] for who, seen in self.percepts.items()},
            lines={who: [line for line in said if line.seq < length] for who, said in self.lines.items()},
        )


class Trajectory:
    """The events of one run up to some length, and the state they fold to."""

    __slots__ = ("_length", "_state", "_tape")

    def __init__(self, events: Iterable[Event] = ()) -> None:
        """Fold stored events; `IllegalError` if they could not have happened in this order."""
        self._tape = _Tape()
        self._length = 0
        self._state: State | None = None
        for event in events:
            self._append(event, apply(self._state, event))

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Event]:
        return (self._tape.events[seq] for seq in range(self._length))

    def __getitem__(self, seq: int) -> Event:
        if not 0 <= seq < self._length:
            message = f"there is no event {seq}; the log has {self._length}"
            raise IndexError(message)
        return self._tape.events[seq]

    @property
    def state(self) -> State:
        """What is so after the last event."""
        if self._state is None:
            message = "an empty log has no state"
            raise IllegalError(message)
        return self._state

    @property
    def seq(self) -> int:
        """Seq of the last event; -1 if there is none."""
        return self._length - 1

    def since(self, seq: int) -> Sequence[Event]:
        """Give the events after `seq`."""
        return self._tape.events[seq + 1 : self._length]

    def percepts(self, who: str) -> Sequence[Percept]:
        """Give what a character has perceived, oldest first. May run past this trajectory's end: bisect by seq."""
        return self._tape.percepts[who]

    def lines(self, who: str) -> Sequence[Line]:
        """Give what a character has said, oldest first. May run past this trajectory's end: bisect by seq."""
        return self._tape.lines[who]

    def upto(self, length: int) -> "Trajectory":
        """Give the trajectory of the first `length` events."""
        length = max(0, min(length, self._length))
        if length == self._length:
            return self
        state = None
        if length:
            kept = (length - 1) // _KEEP
            state = self._tape.states[kept]
            for event in self._tape.events[kept * _KEEP + 1 : length]:
                state = apply(state, event)
        return _share(self._tape, length, state)

    def turn_at(self, turn: int) -> int:
        """Give how many events there are before turn `turn` begins; all of them if it never did."""
        return bisect_right(self._tape.events, turn - 1, hi=self._length, key=lambda event: event.turn)

    def fork(self, of: str, settings: Settings) -> "Trajectory":
        """Give a trajectory that goes on from here under other settings."""
        return extend(self, [Draft(Forked(of=of, settings=settings))])

    def _append(self, event: Event, state: State) -> None:
        self._tape.add(event, state)
        self._length += 1
        self._state = state


def _share(tape: _Tape, length: int, state: State | None) -> Trajectory:
    log = Trajectory()
    log._tape, log._length, log._state = tape, length, state  # noqa: SLF001 - the only other constructor
    return log


def extend(log: Trajectory, drafts: Iterable[Draft]) -> Trajectory:
    """Give the log with drafts appended: this alone stamps place, turn and witnesses.

    Raises `IllegalError` for a body the phase does not allow or an effect the world does not; then nothing is
    appended.
    """
    tape, length, state = log._tape, log._length, log._state  # noqa: SLF001 - a friend of the class
    if length < len(tape.events):
        tape = tape.cut(length)
    for draft in drafts:
        seen = witnesses(state, draft) if state else ((), ())
        turn = state.turn if state else 0
        event = Event(
            seq=length,
            turn=turn + 1 if isinstance(draft.body, Cued) else turn,
            by=draft.by,
            body=draft.body,
            witnesses=seen[0],
            glimpses=seen[1],
            links=draft.links,
        )
        state = apply(state, event)
        tape.add(event, state)
        length += 1
    return _share(tape, length, state)


def start(started: Started) -> Trajectory:
    """Give a new log."""
    return extend(Trajectory(), [Draft(started)])


def replay(log: Trajectory, events: Iterable[Event]) -> None:
    """Append stored events as they stand, in place, to a log that is being read.

    Raises `IllegalError` for one that could not have happened then; those before it stay.
    """
    for event in events:
        log._append(event, apply(log._state, event))  # noqa: SLF001 - a friend of the class
