"""Who perceives what: channel × place × exits × light.

speech aloud       everyone in the room, lit or dark
aside · whisper    the addressees; others who can see notice that something was said
shout              the room, and next door; through a closed door only that somebody shouts
a deed             who is in the room and can see; in the dark only that somebody moves
an outcome         the room it happened in and the room it leads to; what was examined, its examiner alone
a beat             its place, or everyone
thoughts, feelings, reflections, profile changes      their owner alone, and never as percepts of others
"""

from collections.abc import Mapping
from typing import NamedTuple

from worlds.actions import Action, Effect, Handle, Moved, Profile, Say, Touch
from worlds.events import (
    Acted,
    Draft,
    Ended,
    Event,
    Happened,
    Intervened,
    ProfileChanged,
    Reflected,
    Resolved,
    SceneSet,
)
from worlds.prose import hint, tell
from worlds.state import State
from worlds.view import Percept

__all__ = ["Witnesses", "percept", "witnesses"]


class Witnesses(NamedTuple):
    """Who perceives an event: `whole` all of it, `part` only that there was something."""

    whole: tuple[str, ...] = ()
    part: tuple[str, ...] = ()


def witnesses(state: State, draft: Draft) -> Witnesses:
    """Say who perceives what is about to happen in this state."""
    body = draft.body
    match body:
        case SceneSet() | Ended():
            return Witnesses(tuple(who for who in state.cast if state.able(who)))
        case Happened() | Intervened():
            return _of_beat(state, body)
        case Acted():
            return _of_act(state, draft.by, body.action)
        case Resolved():
            return _of_outcome(state, draft.by, body)
        case Reflected() | ProfileChanged():
            return Witnesses((draft.by,))
        case _:
            return Witnesses()


def percept(event: Event, names: Mapping[str, str], time: int, *, whole: bool) -> Percept | None:
    """Give an event as its witnesses perceive it; None if it is no percept (a private or a bare one)."""
    body = event.body
    match body:
        case SceneSet() | Happened() | Intervened() | Ended() | Acted() | Resolved():
            pass
        case _:
            return None
    if not whole:
        dark = not (isinstance(body, Acted) and isinstance(body.action, Say))
        text = hint(event, names, dark=dark)
        return Percept(event.seq, event.turn, time, body.kind, "" if dark else event.by, text, whole=False)
    shown = Percept(event.seq, event.turn, time, body.kind, event.by, tell(event, names), whole=True)
    match body:
        case Acted():
            return shown._replace(action=body.action)
        case Resolved():
            return shown._replace(ok=body.ok, effects=_visible(body.effects), claims=body.claims)
        case Happened() | Intervened():
            return shown._replace(effects=_visible(body.effects))
        case _:
            return shown


def _visible(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Drop what cannot be seen: what goes on inside people."""
    return tuple(effect for effect in effects if not isinstance(effect, Profile))


def _of_beat(state: State, body: Happened | Intervened) -> Witnesses:
    if not body.place:
        return Witnesses(tuple(who for who in state.cast if state.able(who)))
    arriving = tuple(effect.who for effect in body.effects if isinstance(effect, Moved))
    touched = tuple(effect.who for effect in body.effects if isinstance(effect, Profile))
    there = state.here(body.place)
    return Witnesses(tuple(dict.fromkeys((*there, *arriving, *touched))))


def _of_act(state: State, who: str, action: Action) -> Witnesses:
    place = state.where[who]
    others = tuple(other for other in state.here(place) if other != who)
    dark = state.dark(place)
    if not isinstance(action, Say):
        return Witnesses((who,), others) if dark else Witnesses((who, *others))
    if action.manner in ("whisper", "aside"):
        near = tuple(other for other in others if other in action.to)
        rest = () if dark else tuple(other for other in others if other not in action.to)
        return Witnesses((who, *near), rest)
    if action.manner == "shout":
        clear, muffled = _next_door(state, place)
        return Witnesses((who, *others, *clear), muffled)
    return Witnesses((who, *others))


def _next_door(state: State, place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give who hears a shout from there clearly, and who hears it through a closed door."""
    clear: dict[str, None] = {}
    muffled: dict[str, None] = {}
    for way in state.world.places[place].exits:
        shut = bool(way.door) and state.fact(way.door, "open") is False
        (muffled if shut else clear).update(dict.fromkeys(state.here(way.to)))
    return tuple(clear), tuple(who for who in muffled if who not in clear)


def _of_outcome(state: State, who: str, body: Resolved) -> Witnesses:
    if not (body.text or body.effects or body.claims):
        return Witnesses()
    action = state.acts[who][1] if who in state.acts else None
    if isinstance(action, Touch) and action.verb == "examine":
        return Witnesses((who,))
    if isinstance(action, Handle) and action.verb == "show" and action.to in state.cast:
        return Witnesses((who, action.to))
    places = {state.where[who]: None}
    places |= {effect.to: None for effect in body.effects if isinstance(effect, Moved)}
    whole: dict[str, None] = {who: None}
    part: dict[str, None] = {}
    for place in places:
        seen = part if state.dark(place) else whole
        seen |= {other: None for other in state.here(place) if other != who}
    return Witnesses(tuple(whole), tuple(other for other in part if other not in whole))
