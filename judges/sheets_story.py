"""A run in numbered lines, as far as one character could witness it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from characters.replies import tidy
from characters.statements import statements
from judges.reading import Reading
from judges.verdict import Window
from worlds.actions import Became, Created, Destroyed, Effect, Moved, Passed, Profile, Scalar
from worlds.events import (
    Acted,
    Event,
    Faulted,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
)
from worlds.prose import tell
from worlds.state import MINUTES_A_DAY, State

__all__ = ["Line", "standing", "story"]

_OWN, _OTHERS = 800, 320
"""Longest line, in characters."""


class Line(NamedTuple):
    """One line."""

    seq: int
    """−1 for what only says where and when."""
    text: str
    own: bool = False
    """Whether it is about the character: what it does, what comes of it, what changes in it."""
    act: bool = False


def story(reading: Reading, who: str, window: Window) -> Iterator[Line]:
    """Give the lines of a stretch of the log, oldest first."""
    scene = ""
    for event in reading:
        if not window.first <= event.seq <= window.last or not _concerns(event, who):
            continue
        before = reading.before(event.seq)
        if event.by == who and isinstance(event.body, Acted) and (here := _scene(before, who)) != scene:
            scene = here
            yield Line(-1, scene)
        own = event.by == who
        act = own and isinstance(event.body, Acted)
        for text in _told(reading, event):
            line = tidy(text, _OWN if own else _OTHERS)
            yield Line(event.seq, f"{'►' if act else ' '} [{event.seq}] {line}", own, act)


def _concerns(event: Event, who: str) -> bool:
    """Whether an event is the character's own or was witnessed by it."""
    if isinstance(event.body, Reflected | ProfileChanged | Faulted):
        return event.by == who
    told = isinstance(event.body, SceneSet | Happened | Intervened | Acted | Resolved)
    return told and (event.by == who or who in event.witnesses)


def _told(reading: Reading, event: Event) -> Iterator[str]:
    body, names = event.body, reading.end.plan.names
    match body:
        case Resolved():
            said = " ".join(filter(None, (tell(event, names), *(_so(e, names) for e in body.effects))))
            if said or not body.ok:
                yield f"{'It comes off' if body.ok else 'It fails'}: {said or 'nothing comes of it'}"
        case Reflected() | ProfileChanged():
            state = reading.before(event.seq)
            for change in body.changes:
                now = _worded(state, event.by, change.slot, change.value)
                was = _worded(state, event.by, change.slot, state.slots[event.by].get(change.slot, ""))
                if now != was:
                    yield f"Changes, because of [{change.because}]: {now or f'no longer so: {was}'}"
        case Faulted():
            yield "Here the mind of this character failed, and what follows was put in its place."
        case Happened() | Intervened():
            yield " ".join(filter(None, (tell(event, names), *(_so(e, names) for e in body.effects))))
        case _:
            yield tell(event, names)


def _worded(state: State, who: str, slot: str, value: Scalar) -> str:
    """Say what a slot with a value says of a character; empty if that is nothing."""
    told = statements(state.cast[who], {slot: value}, state.plan.names, state.world.phrases)
    return next((statement.text for statement in told if statement.slot), "")


def _so(effect: Effect, names: Mapping[str, str]) -> str:
    """Say what an effect changes; empty for a coming and going, which rulings tell already."""

    def noun(id_: str) -> str:
        return names.get(id_, id_.replace("_", " "))

    match effect:
        case Passed():
            return f"({noun(effect.thing)} is now with {noun(effect.to)})"
        case Became():
            how = "changes by" if effect.add else "is now"
            return f"({noun(effect.subject)}: {effect.attribute} {how} {str(effect.value).lower()})"
        case Profile():
            value = str(effect.value).lower() if effect.value != "" else "nothing"
            return f"({noun(effect.who)}: {effect.slot} is now {value})"
        case Created():
            return f"({noun(effect.thing)} is now there)"
        case Destroyed():
            return f"({noun(effect.thing)} is gone)"
        case Moved():
            return ""


def _scene(state: State, who: str) -> str:
    """Say where and when somebody acts, with whom."""
    place = state.where.get(who, "")
    day, minute = divmod(state.clock, MINUTES_A_DAY)
    others = [_name(state, other) for other in state.here(place) if other != who]
    company = f"with {', '.join(others)}" if others else "alone"
    return f"Day {day + 1}, {minute // 60:02}:{minute % 60:02}, {_name(state, place)}; {company}."


def standing(state: State, who: str) -> Iterator[str]:
    """Say what holds of a character besides who it is: place, belongings, and the slots of its profile."""
    yield f"- {_scene(state, who)}"
    held = [_name(state, thing) for thing, holder in state.held.items() if holder == who]
    if held:
        yield f"- Carries {', '.join(held)}."
    for statement in statements(state.cast[who], state.slots[who], state.plan.names, state.world.phrases):
        if statement.slot:
            yield f"- {statement.text}"
    for secret in state.plan.secrets:
        if who in state.knows.get(secret.id, ()):
            yield f"- Knows this secret: {secret.text}"


def _name(state: State, id_: str) -> str:
    return state.plan.names.get(id_, id_.replace("_", " "))
