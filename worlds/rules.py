"""Physics: what a character could do, and what comes of an attempt.

`options` and `resolve` agree: no option is refused as impossible (that a thing turns out to be of no use is an
outcome). Deeds in free words that the world does not name are the narrator's to rule on.
"""

from collections.abc import Iterator
from functools import lru_cache
from random import Random
from typing import Literal, assert_never

from worlds.actions import Action, Do, Go, Handle, Say, Touch, Wait
from worlds.attempts import HANDLE, TOUCH, say, travel
from worlds.deeds import Ruling, name, resolve_deed
from worlds.effects import enact, illegal
from worlds.reach import exits, passable, reachable, takes_more
from worlds.state import State, hold

__all__ = ["Ruling", "checked", "options", "resolve"]

_WAIT = Wait()
_STRUGGLE = Do(text="struggles to get free", deed="struggle")


def options(state: State, who: str, near: tuple[str, ...] | None = None) -> tuple[Action, ...]:
    """Give every admissible physical action, complete. Speech and free deeds are always open besides.

    `near` is what `reachable` gives, if it is known already.
    """
    if state.fact(who, "restrained") is True:
        return (_STRUGGLE, _WAIT)
    place = state.where[who]
    if state.dark(place):
        return (*_ways_out(state, place), _WAIT)
    others = tuple(other for other in state.here(place) if other != who)
    near = reachable(state, who) if near is None else near
    mine = tuple(thing for thing in near if state.held.get(thing) == who)
    found: list[Action] = [
        *_ways_out(state, place),
        *(option for thing in near for option in _touches(state, who, thing)),
    ]
    found += _uses(state, who, near, others)
    shelves = tuple(thing for thing in near if takes_more(state, thing))
    for thing in mine:
        found += [_handle(verb, thing, other) for other in others for verb in ("give", "show")]
        found += [
            _handle("put", thing, shelf)
            for shelf in shelves
            if shelf != thing and state.held.get(shelf) != thing
        ]
    found += [_touch(verb, other) for other in others for verb in ("examine", *state.world.allows)]
    return (*found, _touch("examine", place), _WAIT)


def resolve(state: State, who: str, action: Action, draw: Random) -> Ruling:
    """Rule on an attempt; effects that the state does not allow make it fail, with the reason."""
    if state.fact(who, "restrained") is True and not isinstance(action, Say | Wait | Do):
        return Ruling(ok=False, text=f"{name(state, who)} is held fast.")
    match action:
        case Say():
            ruling = say(state, who, action)
        case Go():
            ruling = travel(state, who, action)
        case Touch():
            ruling = TOUCH[action.verb](state, who, action.target, draw)
        case Handle():
            ruling = HANDLE[action.verb](state, who, action)
        case Do():
            ruling = resolve_deed(state, who, action, draw)
        case Wait():
            ruling = Ruling(ok=True)
        case _:
            assert_never(action)
    return checked(state, ruling)


def checked(state: State, ruling: Ruling) -> Ruling:
    """Give the ruling if all its effects are legal one after another, else a failed one with the reason."""
    for effect in ruling.effects:
        why = illegal(state, effect)
        if why:
            return Ruling(ok=False, text=f"It cannot be done: {why}.")
        if len(ruling.effects) > 1:
            state = enact(state, effect, 0)
    return ruling


def _ways_out(state: State, place: str) -> list[Action]:
    return [_go(way.to) for way in exits(state, place) if passable(state, way)]


def _touches(state: State, who: str, thing: str) -> Iterator[Action]:
    spec, facts = state.world.things[thing], state.facts[thing]
    yield _touch("examine", thing)
    holder = state.held.get(thing)
    if holder == who:
        yield _touch("drop", thing)
    elif spec.portable and not spec.door and holder not in state.cast:
        yield _touch("take", thing)
    if facts.get("locked") is True:
        if spec.key and state.held.get(spec.key) == who:
            yield _touch("unlock", thing)
        return
    if "open" in facts:
        yield _touch("close" if facts["open"] else "open", thing)
        if facts["open"] is False and spec.key and state.held.get(spec.key) == who:
            yield _touch("lock", thing)


def _uses(state: State, who: str, near: tuple[str, ...], others: tuple[str, ...]) -> Iterator[Action]:
    for thing in near:
        for use in state.world.things[thing].uses:
            if use.on and use.on not in near and use.on not in others:
                continue
            if hold(state, use.when, {"actor": who, "target": use.on}):
                yield _handle("use", thing, use.on)


@lru_cache(maxsize=4096)
def _go(to: str) -> Go:
    return Go(to=to)


@lru_cache(maxsize=65536)
def _touch(
    verb: Literal["take", "drop", "open", "close", "lock", "unlock", "examine", "attack", "restrain"],
    target: str,
) -> Touch:
    return Touch(verb=verb, target=target)


@lru_cache(maxsize=65536)
def _handle(verb: Literal["give", "put", "use", "show"], thing: str, to: str) -> Handle:
    return Handle(verb=verb, thing=thing, to=to)
