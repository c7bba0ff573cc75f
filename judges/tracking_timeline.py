"""The profile timeline a log holds: every change of every slot that says who somebody is, with its cause."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from judges.reading import Reading
from worlds.actions import Change, Profile, Scalar
from worlds.events import Event, Happened, Intervened, ProfileChanged, Reflected, Resolved
from worlds.prose import tell
from worlds.state import State

__all__ = ["Timeline", "Turning", "family"]

_OWN = frozenset({"belief", "goal", "injury", "fear", "taste"})
"""Families in which a character's own changes count: moods and bonds drift with every word, and notes are notes."""

_FLEETING = frozenset({"mood"})
"""Families that are expected to pass."""


class Turning(NamedTuple):
    """One slot of one character taking a new value."""

    seq: int
    turn: int
    who: str
    slot: str
    old: Scalar
    """What it was before; empty for nothing."""
    new: Scalar
    cause: int
    """Seq of the event it came of: the beat itself, or what the character names."""
    reason: str
    """The cause in words; empty if it had none."""
    given: bool
    """Whether the world did it, rather than the character."""


def family(slot: str) -> str:
    """Give what kind of slot it is: `injury` of `injury.arm`."""
    return slot.partition(".")[0]


class Timeline:
    """All turnings of a run, in order."""

    def __init__(self, reading: Reading) -> None:
        """Collect them."""
        self._reading = reading
        self._first = reading.before(reading.events[0].seq).slots
        self.turnings: tuple[Turning, ...] = tuple(
            turning for event, before, _ in reading.steps() for turning in self._of(event, before)
        )
        self._by_slot: dict[tuple[str, str], list[Turning]] = {}
        for turning in self.turnings:
            self._by_slot.setdefault((turning.who, turning.slot), []).append(turning)

    @property
    def slots(self) -> Mapping[tuple[str, str], Sequence[Turning]]:
        """Character and slot to its turnings, for slots that change at all."""
        return self._by_slot

    def first(self, who: str, slot: str) -> Scalar:
        """Give the value a slot had at the start."""
        return self._first.get(who, {}).get(slot, "")

    def history(self, who: str, slot: str, before: int) -> tuple[Scalar, ...]:
        """Give the values a slot had, oldest first, up to an event; the latest last."""
        found = [turning.new for turning in self._by_slot.get((who, slot), ()) if turning.seq < before]
        return (self.first(who, slot), *found)

    def until(self, turning: Turning) -> int:
        """Give the seq at which a value is replaced; one past the log if it never is."""
        later = (t.seq for t in self._by_slot[turning.who, turning.slot] if t.seq > turning.seq)
        return next(later, self._reading.events[-1].seq + 1)

    def _of(self, event: Event, before: State) -> Iterator[Turning]:
        body = event.body
        if isinstance(body, Happened | Intervened | Resolved):
            for effect in body.effects:
                if isinstance(effect, Profile) and family(effect.slot) not in _FLEETING:
                    change = Change(effect.slot, effect.value, event.seq)
                    yield from self._turning(event, before, effect.who, change, given=True)
        elif isinstance(body, ProfileChanged | Reflected):
            for change in body.changes:
                if family(change.slot) in _OWN:
                    yield from self._turning(event, before, event.by, change, given=False)

    def _turning(
        self, event: Event, before: State, who: str, change: Change, *, given: bool
    ) -> Iterator[Turning]:
        old = before.slots.get(who, {}).get(change.slot, "")
        if old == change.value:
            return
        known = change.because in self._reading
        reason = tell(self._reading[change.because], before.plan.names) if known else ""
        yield Turning(
            event.seq, event.turn, who, change.slot, old, change.value, change.because, reason, given
        )
