"""Effects: which are legal, and what each does to the state.

The same check stands before every effect, whoever proposes it: rules, beats, a narrator, a person.
"""

from collections.abc import Mapping
from typing import assert_never

from worlds.actions import Became, Created, Destroyed, Effect, Moved, Passed, Profile, Scalar
from worlds.state import State

__all__ = ["enact", "illegal", "learn", "reslot"]


def illegal(state: State, effect: Effect) -> str:
    """Say why the state does not allow this effect; empty if it does."""
    match effect:
        case Moved():
            return _bad_move(state, effect)
        case Passed():
            return _bad_pass(state, effect.thing, effect.to)
        case Created():
            if effect.thing in state.held:
                return f"{effect.thing} exists already"
            return _bad_target(state, effect.thing, effect.at)
        case Destroyed():
            return "" if effect.thing in state.held else f"{effect.thing} does not exist"
        case Became():
            return _bad_fact(state, effect)
        case Profile():
            return "" if effect.who in state.cast else f"there is no character {effect.who}"
        case _:
            assert_never(effect)


def enact(state: State, effect: Effect, seq: int) -> State:
    """Give the state after a legal effect."""
    match effect:
        case Moved():
            return state._replace(
                where={**state.where, effect.who: effect.to},
                since={**state.since, f"{effect.who}.at": seq},
            )
        case Passed():
            return _placed(state, effect.thing, effect.to, seq)
        case Created():
            return _placed(state, effect.thing, effect.at, seq)
        case Destroyed():
            kept = {thing: at for thing, at in state.held.items() if thing != effect.thing}
            return state._replace(held=kept, since={**state.since, f"{effect.thing}.holder": seq})
        case Became():
            return _became(state, effect, seq)
        case Profile():
            return reslot(state, effect.who, {effect.slot: effect.value})
        case _:
            assert_never(effect)


def reslot(state: State, who: str, slots: Mapping[str, Scalar]) -> State:
    """Give the state with new values in a character's slots."""
    return state._replace(slots={**state.slots, who: {**state.slots[who], **slots}})


def learn(state: State, secret: str, who: tuple[str, ...]) -> State:
    """Give the state in which these characters know a secret too."""
    knowers = state.knows[secret]
    if knowers.issuperset(who):
        return state
    return state._replace(knows={**state.knows, secret: knowers.union(who)})


def _placed(state: State, thing: str, at: str, seq: int) -> State:
    since = {**state.since, f"{thing}.holder": seq}
    state = state._replace(held={**state.held, thing: at}, since=since)
    if state.fact(thing, "hidden") is True:
        return _became(state, Became(subject=thing, attribute="hidden", value=False), seq)
    return state


def _became(state: State, effect: Became, seq: int) -> State:
    value = effect.value
    if effect.add:
        now = state.fact(effect.subject, effect.attribute)
        value = _sum(now, value)
    facts = {**state.facts.get(effect.subject, {}), effect.attribute: value}
    since = {**state.since, f"{effect.subject}.{effect.attribute}": seq}
    return state._replace(facts={**state.facts, effect.subject: facts}, since=since)


def _sum(now: Scalar, value: Scalar) -> Scalar:
    if isinstance(now, int | float) and isinstance(value, int | float):
        return now + value
    return value


def _bad_move(state: State, effect: Moved) -> str:
    if effect.who not in state.cast:
        return f"there is no character {effect.who}"
    if effect.to not in state.world.places:
        return f"there is no place {effect.to}"
    if state.fact(effect.who, "alive") is not True:
        return f"{_name(state, effect.who)} is dead"
    return ""


def _bad_pass(state: State, thing: str, to: str) -> str:
    if thing not in state.held:
        return f"{thing} does not exist" if thing in state.world.things else f"there is no thing {thing}"
    if not state.world.things[thing].portable and to not in state.world.places:
        return f"{_name(state, thing)} cannot be carried"
    return _bad_target(state, thing, to)


def _bad_target(state: State, thing: str, to: str) -> str:
    """Say why a thing cannot come to be with `to`."""
    if thing not in state.world.things:
        return f"there is no thing {thing}"
    if to in state.world.places:
        return ""
    if to in state.cast:
        carried = sum(holder == to for holder in state.held.values())
        full = carried >= state.world.carry and state.held.get(thing) != to
        return f"{_name(state, to)} cannot carry more" if full else ""
    return _bad_container(state, thing, to)


def _bad_container(state: State, thing: str, to: str) -> str:
    if to not in state.held or state.world.things[to].capacity == 0:
        return f"{to} is no place, character or container"
    if state.fact(to, "open") is False:
        return f"{_name(state, to)} is closed"
    inside = sum(holder == to for holder in state.held.values())
    if inside >= state.world.things[to].capacity and state.held.get(thing) != to:
        return f"{_name(state, to)} is full"
    outer: str | None = to
    while outer is not None and outer in state.world.things:
        if outer == thing:
            return f"{_name(state, thing)} cannot be inside itself"
        outer = state.held.get(outer)
    return ""


def _bad_fact(state: State, effect: Became) -> str:
    known = {**state.world.places, **state.world.things, **state.cast, **state.facts}
    if effect.subject not in known:
        return f"there is nothing called {effect.subject}"
    now = state.fact(effect.subject, effect.attribute)
    if effect.add and not (_is_number(now) and _is_number(effect.value)):
        return f"{effect.subject}.{effect.attribute} is no number to add to"
    if now != "" and _kind(now) is not _kind(effect.value):
        return f"{effect.subject}.{effect.attribute} is {now!r} and cannot become {effect.value!r}"
    return ""


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _kind(value: Scalar) -> type:
    return float if _is_number(value) else type(value)


def _name(state: State, id_: str) -> str:
    return state.plan.names.get(id_, id_)
