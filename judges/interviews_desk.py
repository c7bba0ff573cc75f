"""What interview questions on a run are drafted from: its timeline, its words, and what could be wrong answers."""

from collections.abc import Mapping
from typing import NamedTuple

from judges.interviews_words import Wording
from judges.reading import Reading
from judges.tracking_timeline import Timeline, Turning
from worlds.actions import Profile, Scalar

__all__ = ["Desk", "Held", "Moment", "Sketch"]


class Moment(NamedTuple):
    """A turning, and when it is asked about."""

    turning: Turning
    seq: int
    """The last event that counts."""
    after: int


class Sketch(NamedTuple):
    """A question before its options are of one length and shuffled: the right one first."""

    text: str
    options: tuple[tuple[str, str], ...]
    """Kind and text."""
    evidence: tuple[int, ...]
    slot: str = ""
    level: bool = False
    """Whether the options are of one length already."""


class Held(NamedTuple):
    """A value somebody has or had in a slot."""

    who: str
    slot: str
    value: Scalar


class Desk:
    """What questions on one run are drafted from."""

    def __init__(self, reading: Reading) -> None:
        """Collect every value the world and its cast have to offer for wrong answers."""
        self.reading, self.timeline = reading, Timeline(reading)
        state = reading.before(reading.events[0].seq)
        people = {who: character.name for who, character in state.cast.items()}
        self.words = Wording(state.plan.names, state.world.phrases, people)
        effects = [effect for beat in state.world.beats for effect in beat.effects]
        written = [Held(e.who, e.slot, e.value) for e in effects if isinstance(e, Profile)]
        born = [Held(who, slot, value) for who, slots in state.slots.items() for slot, value in slots.items()]
        self.pool: tuple[Held, ...] = tuple(dict.fromkeys((*born, *written)))

    def slots(self, who: str, seq: int) -> Mapping[str, Scalar]:
        """Give a character's slots as of an event."""
        return self.reading.after(seq).slots[who]

    def given(self, seq: int) -> tuple[Turning, ...]:
        """Give the turnings the world brought about, up to an event."""
        return tuple(turning for turning in self.timeline.turnings if turning.given and turning.seq <= seq)

    def when(self, seq: int) -> str:
        """Say what time it was in the story."""
        day, minute = divmod(self.reading.after(seq).clock, 24 * 60)
        return f"day {day + 1}, {minute // 60:02}:{minute % 60:02}"
