"""What the screen looks up in a log without going through it again: lines to show, marks, series of slots.

The index grows with the log, event by event, and asks nothing of the state: so an event costs the same wherever it is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sandbox.story import Told, clean
from sandbox.tui.lines import Learned, Lines, learned
from worlds.actions import Moved, Profile, Scalar
from worlds.effects import learn
from worlds.events import (
    Acted,
    Cued,
    Event,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
)
from worlds.fold import apply
from worlds.prose import hint
from worlds.state import State
from worlds.trajectory import Trajectory

__all__ = ["BIT", "KINDS", "MARKS", "Index", "Step"]

KINDS = ("frame", "speech", "deed", "beat", "inner", "fault", "end", "stage", "secret", "mood")
"""Kinds of lines that can be shown or hidden."""

BIT = {kind: 1 << number for number, kind in enumerate(KINDS)}
BIT["heading"] = BIT["frame"]

MARKS = {
    "intervened": "◆",
    "happened": "▲",
    "faulted": "✗",
    "forked": "┬",
    "scene_set": "┃",
    "ended": "■",
    "secret": "✦",
}
"""What is marked on the timeline, and how."""


class Step(NamedTuple):
    """One value a slot took."""

    seq: int
    value: Scalar
    because: int = -1
    """Seq of its cause; −1 for a value the run began with."""
    sure: float = 1.0
    source: str = ""


class Index:
    """Lines, marks and series of a log."""

    def __init__(self) -> None:
        """Begin with nothing; `grow` takes events in."""
        self.rows: list[tuple[Told, ...]] = []
        self.masks: list[int] = []
        """Which kinds of lines an event has, as bits."""
        self.who: list[str] = []
        self.place: list[str] = []
        """Where the story is at each event."""
        self.text: list[str] = []
        """What is searched: the lines of an event, case folded."""
        self.marks: list[tuple[int, str]] = []
        self.series: dict[str, dict[str, list[Step]]] = {}
        self.turns: list[int] = []
        """Seq of each turn's cue; turn 1 first."""
        self.names: Mapping[str, str] = {}
        self._seen: dict[str, list[int]] = {}
        self._glimpsed: dict[str, list[int]] = {}
        self._learned: dict[int, Learned] = {}
        self._teller = Lines(inner=True)
        self._now: State | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def grow(self, log: Trajectory) -> None:
        """Take in what the log has more."""
        for event in log.since(len(self.rows) - 1):
            self._take(event)

    def cut(self, length: int, now: State) -> None:
        """Forget what comes after the first so many events, as when the run is left for a fork; `now` is then."""
        self._now = now
        self._learned = {seq: found for seq, found in self._learned.items() if seq < length}
        for column in (self.rows, self.masks, self.who, self.place, self.text):
            del column[length:]
        self.marks = [mark for mark in self.marks if mark[0] < length]
        self.turns = [seq for seq in self.turns if seq < length]
        for seen in (*self._seen.values(), *self._glimpsed.values()):
            del seen[bisect_left(seen, length) :]
        for slots in self.series.values():
            for steps in slots.values():
                steps[:] = [step for step in steps if step.seq < length]

    def slots(self, who: str, seq: int) -> Iterator[tuple[str, list[Step]]]:
        """Give each slot of a character with the values it took up to an event."""
        for slot, steps in self.series.get(who, {}).items():
            known = steps[: bisect_right(steps, seq, key=_seq)]
            if known:
                yield slot, known

    def lines(self, event: Event, wanted: int, pov: str) -> tuple[Told, ...]:
        """Give an event's lines of the wanted kinds, as the point of view has them."""
        rows = tuple(row for row in self.rows[event.seq] if BIT[row.kind] & wanted)
        if not pov or event.body.kind == "started":
            return rows
        if pov in event.glimpses:
            said = isinstance(event.body, Acted) and event.body.action.verb == "say"
            told = clean(hint(event, self.names, dark=not said))
            return (Told(event.seq, "deed", "", told),) if wanted & BIT["deed"] else ()
        if pov not in event.witnesses:
            return ()
        return tuple(seen for row in rows if (seen := self._seen_by(row, event, pov)))

    def _seen_by(self, row: Told, event: Event, pov: str) -> Told | None:
        """Give a line as a witness has it: others' thoughts are not seen, nor what was news to them alone."""
        if row.kind == "inner":
            return row if event.by == pov else None
        if row.kind != "secret":
            return row
        secret, who = self._learned[event.seq]
        return self._secret(event.seq, secret, (pov,)) if pov in who else None

    def _secret(self, seq: int, secret: str, who: tuple[str, ...]) -> Told:
        assert self._now is not None  # noqa: S101 - set by the first event
        text = next(known.text for known in self._now.plan.secrets if known.id == secret)
        names = [clean(self.names.get(one, one)) for one in who]
        told = f"{', '.join(names[:-1])} and {names[-1]} learn" if len(names) > 1 else f"{names[0]} learns"
        return Told(seq, "secret", "", f"{told}: {clean(text)}")

    def seqs(self, first: int, wanted: int, pov: str) -> list[int]:
        """Give the events from `first` on that have a line to show."""
        masks = self.masks
        if not pov:
            return [seq for seq in range(first, len(masks)) if masks[seq] & wanted]
        outer, who = wanted & ~BIT["inner"], self.who
        seen, part = self._seen.get(pov, []), self._glimpsed.get(pov, [])
        whole = [
            seq
            for seq in seen[bisect_left(seen, first) :]
            if masks[seq] & outer or (who[seq] == pov and masks[seq] & wanted)
        ]
        if not wanted & BIT["deed"]:
            return whole
        return sorted({*whole, *part[bisect_left(part, first) :]})

    def _take(self, event: Event) -> None:
        if self._now is None:
            self._now = self._teller.state = apply(None, event)
            self.names = self._teller.names = self._now.plan.names
            for who, slots in self._now.slots.items():
                self.series[who] = {slot: [Step(event.seq, value)] for slot, value in slots.items()}
                self._seen[who], self._glimpsed[who] = [event.seq], []
        rows = tuple(self._teller.of(event, self._now))
        found = learned(event, self._now)
        if found:
            self._learned[event.seq] = found
            self.marks.append((event.seq, "secret"))
            self._now = learn(self._now, *found)
            rows += (self._secret(event.seq, *found),)
        self.place.append(self._at(event))
        self._note(event)
        self.rows.append(rows)
        self.masks.append(_mask(rows))
        self.who.append(event.by)
        self.text.append(" ".join((event.by, *(f"{row.who} {row.text}" for row in rows))).casefold())

        for who in event.witnesses:
            self._seen[who].append(event.seq)
        for who in event.glimpses:
            self._glimpsed[who].append(event.seq)

    def _at(self, event: Event) -> str:
        body = event.body
        if isinstance(body, Happened | Intervened) and body.place:
            return body.place
        if event.by and self._now is not None:
            return self._now.where.get(event.by, "")
        return self.place[-1] if self.place else ""

    def _note(self, event: Event) -> None:
        """Keep in mind what later events are told by."""
        assert self._now is not None  # noqa: S101 - set by the first event
        body = event.body
        if body.kind in MARKS and not (isinstance(body, Happened) and body.beat.startswith("mood.")):
            self.marks.append((event.seq, body.kind))
        match body:
            case Cued():
                self.turns.append(event.seq)
            case Acted():
                acts = {**self._now.acts, event.by: (event.seq, body.action)}
                self._now = self._now._replace(acts=acts)
            case Resolved() | Happened() | Intervened():
                self._affect(event, body)
            case Reflected() | ProfileChanged():
                for change in body.changes:
                    step = Step(event.seq, change.value, change.because, change.sure, change.source)
                    self._step(event.by, change.slot, step)

    def _affect(self, event: Event, body: Resolved | Happened | Intervened) -> None:
        assert self._now is not None  # noqa: S101 - set by the first event
        for effect in body.effects:
            if isinstance(effect, Moved):
                self._now = self._now._replace(where={**self._now.where, effect.who: effect.to})
            elif isinstance(effect, Profile):
                self._step(effect.who, effect.slot, Step(event.seq, effect.value, event.seq, effect.sure))

    def _step(self, who: str, slot: str, step: Step) -> None:
        self.series.setdefault(who, {}).setdefault(slot, []).append(step)


def _mask(rows: tuple[Told, ...]) -> int:
    mask = 0
    for row in rows:
        mask |= BIT[row.kind]
    return mask


def _seq(step: Step) -> int:
    return step.seq
