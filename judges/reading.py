"""A trajectory as a judge reads it: every event with the state before it, impossible ones included.

A `Trajectory` refuses a history that could not have happened. A judge has to read such a history to say what is
wrong with it. Here an event the state refuses is a **trouble**: it is noted, as much of it is taken over as the
world allows, and reading goes on as if it had come in its place.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from judges.verdict import Window
from worlds.actions import Wait
from worlds.effects import enact, illegal
from worlds.errors import IllegalError, LogError
from worlds.events import (
    Acted,
    Cued,
    Event,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    Started,
)
from worlds.fold import apply
from worlds.state import PHASES, Phase, State

__all__ = ["Reading", "read"]

_PASSING = (Acted, Resolved, Happened, Intervened, Reflected, ProfileChanged)
"""Out of their place these are read as asides: the turn they stand in goes on after them."""

_PHASE: Mapping[str, Phase] = {kind: phase for phase in reversed(PHASES) for kind in PHASES[phase]}
"""A phase each kind of event is at home in: the first that allows it."""


class Reading:
    """The events of one run, each with the state before and after it. Made by `read`."""

    def __init__(self, events: Iterable[Event]) -> None:
        """Fold the events; `LogError` if the first does not start a log."""
        self.events: tuple[Event, ...] = tuple(events)
        self.troubles: dict[int, str] = {}
        """Seq to why the state refused that event."""
        self._states = tuple(self._fold())
        self._index = {event.seq: index for index, event in enumerate(self.events)}
        self.perceived: dict[str, list[Event]] = {who: [] for who in self.cast}
        """What each character perceived whole, oldest first, its own acts included."""
        self.acts: dict[str, list[Event]] = {who: [] for who in self.cast}
        """Each character's attempts, oldest first: its own turns."""
        for event in self.events:
            if isinstance(event.body, Acted):
                self.acts.setdefault(event.by, []).append(event)
            for who in event.witnesses:
                self.perceived.setdefault(who, []).append(event)

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __getitem__(self, seq: int, /) -> Event:
        return self.events[self._index[seq]]

    def __contains__(self, seq: object) -> bool:
        return seq in self._index

    @property
    def cast(self) -> tuple[str, ...]:
        """Ids of the characters."""
        return tuple(self._states[0].cast)

    @property
    def end(self) -> State:
        """What is so after the last event."""
        return self._states[-1]

    def before(self, seq: int) -> State:
        """Give the state an event found; for the first event, the one it made."""
        return self._states[max(0, self._index[seq] - 1)]

    def after(self, seq: int) -> State:
        """Give the state an event left."""
        return self._states[self._index[seq]]

    def steps(self) -> Iterator[tuple[Event, State, State]]:
        """Give each event but the first with the states before and after it."""
        yield from zip(self.events[1:], self._states, self._states[1:], strict=False)

    def turns_since(self, who: str, seq: int) -> Sequence[Event]:
        """Give a character's attempts after an event."""
        return self.acts.get(who, [])[self._count(who, seq + 1) :]

    def own_turn(self, who: str, seq: int) -> int:
        """Give how many own turns a character had begun by an event, that event included."""
        return self._count(who, seq + 1)

    def last_of_turn(self, turn: int) -> int:
        """Give the seq of the last event of a turn, or of the last before it."""
        return self.events[bisect_right(self.events, turn, key=lambda each: each.turn) - 1].seq

    def windows(self, who: str, parts: int = 3) -> tuple[Window, ...]:
        """Divide a run into equal numbers of a character's own turns; fewer parts if it had too few turns."""
        acts = self.acts.get(who, [])
        starts = sorted({acts[len(acts) * part // parts].seq for part in range(parts)}) if acts else []
        first, last = self.events[0].seq, self.events[-1].seq
        edges = [first, *starts[1:], last + 1]
        return tuple(Window(low, high - 1) for low, high in pairwise(edges))

    def _count(self, who: str, seq: int) -> int:
        return bisect_left(self.acts.get(who, []), seq, key=lambda event: event.seq)

    def _fold(self) -> Iterator[State]:
        if not self.events or not isinstance(self.events[0].body, Started):
            raise LogError("a log begins with `started`; without it there is no world to judge against")
        state = apply(None, self.events[0])
        yield state
        for event in self.events[1:]:
            try:
                state = apply(state, event)
            except IllegalError as error:
                self.troubles[event.seq] = str(error)
                state = _forced(state, event)
            yield state


def read(log: Iterable[Event]) -> Reading:
    """Read a log; a reading is given back as it is, so that judges can share one."""
    return log if isinstance(log, Reading) else Reading(log)


def _forced(state: State, event: Event) -> State:
    """Give the state after an event it refused, as if the event had come in its place."""
    body = event.body
    ready = state._replace(phase=_PHASE[body.kind])
    match body:
        case Acted():
            ready = ready._replace(cued=(event.by,), acts={})
        case Resolved():
            attempt = state.acts.get(event.by, (event.seq, Wait()))
            ready = ready._replace(cued=(event.by,), acts={event.by: attempt}, resolved=())
        case Cued():
            able = tuple(who for who in body.who if who in state.cast and state.able(who))
            event = event.model_copy(update={"body": body.model_copy(update={"who": able})})
        case _:
            pass
    try:
        after = apply(ready, event)
    except IllegalError:
        after = _what_can_be(state, event)
    if isinstance(body, _PASSING):
        return after._replace(
            phase=state.phase,
            cued=state.cued,
            acts=state.acts,
            resolved=state.resolved,
            reflected=state.reflected,
        )
    return after


def _what_can_be(state: State, event: Event) -> State:
    """Take over those effects of a refused event that the world allows."""
    if isinstance(event.body, Resolved | Happened | Intervened):
        for effect in event.body.effects:
            if not illegal(state, effect):
                state = enact(state, effect, event.seq)
    return state
