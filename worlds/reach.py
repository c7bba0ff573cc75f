"""What is at hand: exits one can take, things one can touch, deeds one could do."""

from worlds.spec import Deed, Exit
from worlds.state import State, hold
from worlds.view import Way

__all__ = ["deeds", "exits", "passable", "reachable", "takes_more", "ways"]


def exits(state: State, place: str) -> tuple[Exit, ...]:
    """Give the exits of a place that are known now."""
    ways_out = state.world.places[place].exits
    return tuple(way for way in ways_out if not way.hidden or hold(state, (way.hidden,)))


def ways(state: State, place: str) -> tuple[Way, ...]:
    """Give the same as a view shows them."""
    found = []
    for way in exits(state, place):
        name = way.name or state.world.places[way.to].name
        locked = bool(way.door) and state.fact(way.door, "locked") is True
        found.append(Way(way.to, name, way.door, passable(state, way), locked))
    return tuple(found)


def passable(state: State, way: Exit) -> bool:
    """Whether nothing closed stands in the way."""
    return not way.door or state.fact(way.door, "open") is not False


def reachable(state: State, who: str) -> tuple[str, ...]:
    """Give the things a character can see and reach: here, in open containers here, in its own hands."""
    place = state.where[who]
    found: list[str] = []
    inside: dict[str, list[str]] = {}
    for thing, at in state.held.items():
        if state.facts[thing].get("hidden") is True:
            continue
        if at in (place, who):
            found.append(thing)
        elif at in state.held:
            inside.setdefault(at, []).append(thing)
    for thing in found:  # grows while it is walked: a box in a box
        if thing in inside and state.facts[thing].get("open") is not False:
            found += inside[thing]
    doors = (way.door for way in exits(state, place) if way.door)
    return tuple(dict.fromkeys((*found, *(door for door in doors if door in state.held))))


def takes_more(state: State, thing: str) -> bool:
    """Whether a thing is an open container with room."""
    capacity = state.world.things[thing].capacity
    if not capacity or state.fact(thing, "open") is False:
        return False
    return sum(at == thing for at in state.held.values()) < capacity


def deeds(state: State, who: str) -> tuple[Deed, ...]:
    """Give the named deeds this character could attempt here and now."""
    actor = {"actor": who}
    return tuple(
        deed
        for deed, conditions in state.plan.deeds[state.where[who]]
        if state.deeds.get(f"{who} {deed.id}", -deed.again) + deed.again <= state.round_began
        and (not conditions or hold(state, conditions, actor))
    )
