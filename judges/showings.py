"""What the events of a run show, and to whom: worked out from events and witnesses alone.

A **showing** is a fact and the group it became plain to. Groups are shown the rooms they are in, the effects they
witness, what is said to them, and what looking closely tells.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from judges.reading import Reading
from worlds.actions import Became, Claim, Created, Effect, Moved, Passed, Say, Scalar
from worlds.events import Acted, Event, Happened, Intervened, Resolved
from worlds.reach import reachable
from worlds.state import State

__all__ = ["How", "Key", "Showing", "key_of", "showings", "sights"]

How: TypeAlias = Literal["born", "saw", "told", "found", "given", "concluded"]
"""Held from the start; seen; heard in talk; found by looking closely; written into the profile by the world;
concluded by the character itself."""

Key: TypeAlias = tuple[str, str]
"""Subject and attribute."""

_SHOWING = (Acted, Resolved, Happened, Intervened)

_PLAIN = frozenset({"open", "locked", "lit", "broken", "alive", "present", "restrained", "hurt"})
"""Facts of anything that can be seen by looking at it; of a thing, those its author gave it as well."""


class Showing(NamedTuple):
    """A fact, and the group it became plain to, each aware that the others are there."""

    seq: int
    claim: Claim
    group: tuple[str, ...]
    how: How
    by: str = ""
    """Who said it, if it was said."""


def key_of(claim: Claim) -> Key:
    """Give what a claim is about."""
    return claim.subject, claim.attribute


def sights(state: State, who: str) -> dict[Key, Scalar]:
    """Give the facts in plain sight of a character; nothing for one who is not on stage."""
    if who not in state.where or not state.able(who):
        return {}
    return _room(state, state.where[who], who) | _own(state, who)


def showings(reading: Reading) -> Iterator[Showing]:
    """Give all showings of a run, in order."""
    rooms = _Rooms()
    yield from rooms.shown(reading.events[0].seq, reading.before(reading.events[0].seq))
    for event, before, after in reading.steps():
        if not isinstance(event.body, _SHOWING):
            continue
        for showing in _of_event(event, after):
            rooms.forget(key_of(showing.claim))
            yield showing
        pairs = ((after.where, before.where), (after.held, before.held), (after.facts, before.facts))
        if rooms.stale or any(new is not old for new, old in pairs):
            yield from rooms.shown(event.seq, after)


class _Rooms:
    """What the rooms show, remembered so that only what is new to a group is shown to it."""

    def __init__(self) -> None:
        self._last: dict[tuple[str, ...], dict[Key, Scalar]] = {}
        self._mute: set[Key] = set()

    @property
    def stale(self) -> bool:
        """Whether something was said that eyes may have to correct."""
        return bool(self._mute)

    def forget(self, key: Key) -> None:
        """Show a fact again even if it has not changed, as when somebody spoke of it."""
        self._mute.add(key)

    def shown(self, seq: int, state: State) -> Iterator[Showing]:
        """Give what is new to see, room by room; what is in one's own hands is shown to oneself."""
        last: dict[tuple[str, ...], dict[Key, Scalar]] = {}
        for place in dict.fromkeys(state.where.values()):
            group = state.here(place)
            if not group:
                continue
            if not state.dark(place):
                last[group] = _room(state, place, group[0])
            for who in group:
                last[(who, "")] = _own(state, who)
        for group, facts in last.items():
            known = self._last.get(group, {})
            for key, value in facts.items():
                if key in self._mute or key not in known or known[key] != value:
                    yield Showing(seq, Claim(*key, value), tuple(filter(None, group)), "saw")
        self._last, self._mute = last, set()


def _room(state: State, place: str, who: str) -> dict[Key, Scalar]:
    """Give what anybody in a place sees there; in the dark only that others are there."""
    people = state.here(place)
    found: dict[Key, Scalar] = {(other, "at"): place for other in people}
    if state.dark(place):
        return found
    for other in people:
        found |= _facts(state, other)
    for thing, holder in state.held.items():
        if holder in people and not state.world.things[thing].small:
            found |= _thing(state, thing)
    for thing in reachable(state, who):
        if state.held[thing] not in state.cast:
            found |= _thing(state, thing)
    return found


def _own(state: State, who: str) -> dict[Key, Scalar]:
    found: dict[Key, Scalar] = {(who, "at"): state.where[who]}
    found |= _facts(state, who)
    for thing, holder in state.held.items():
        if holder == who:
            found |= _thing(state, thing)
    return found


def _thing(state: State, thing: str) -> dict[Key, Scalar]:
    own: dict[Key, Scalar] = {(thing, "holder"): state.held[thing], (thing, "at"): state.place_of(thing)}
    return own | _facts(state, thing)


def _facts(state: State, subject: str) -> dict[Key, Scalar]:
    """Give what can be told of something by looking at it: not whose it is, who made it or what it hides."""
    spec = state.world.things.get(subject)
    plain = _PLAIN | spec.facts.keys() if spec else _PLAIN
    secret = {key_of(secret.claim) for secret in state.plan.secrets}
    return {
        (subject, attribute): value
        for attribute, value in state.facts.get(subject, {}).items()
        if attribute in plain and (subject, attribute) not in secret
    }


def _of_event(event: Event, after: State) -> Iterator[Showing]:
    """Give what an event tells those who perceive it whole."""
    body, group = event.body, event.witnesses
    if isinstance(body, Acted):
        if isinstance(body.action, Say):
            yield from (Showing(event.seq, claim, group, "told", event.by) for claim in body.action.claims)
        return
    if isinstance(body, Resolved):
        yield from (Showing(event.seq, claim, group, "found", event.by) for claim in body.claims)
    if isinstance(body, Resolved | Happened | Intervened):
        for claim in _outcomes(body.effects, after):
            yield Showing(event.seq, claim, group, "saw")


def _outcomes(effects: Iterable[Effect], after: State) -> Iterator[Claim]:
    for effect in effects:
        match effect:
            case Moved():
                yield Claim(effect.who, "at", effect.to)
            case Passed():
                yield Claim(effect.thing, "holder", effect.to)
            case Created():
                yield Claim(effect.thing, "holder", effect.at)
            case Became():
                yield Claim(effect.subject, effect.attribute, after.fact(effect.subject, effect.attribute))
            case _:
                pass
