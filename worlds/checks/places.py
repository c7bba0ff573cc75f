"""Places: whether one can get there, get back, and close the door."""

from collections.abc import Iterator

from worlds.actions import Moved
from worlds.checks.ground import Finding, Ground

__all__ = ["entered", "find"]


def find(ground: Ground) -> Iterator[Finding]:
    """Find places nobody can reach, ways with no way back, and doors that are not quite doors."""
    if not ground.world.places:
        yield Finding("error", ("places",), "there is no place to be", "add at least one place")
    entered_by = entered(ground)
    for place in ground.world.places:
        if place not in entered_by:
            mend = "give some place an exit to it, or an effect that moves somebody there"
            yield Finding("warning", ("places", place), f"nobody can get to `{place}`", mend)
    yield from _exits(ground)
    yield from _doors(ground)


def entered(ground: Ground) -> frozenset[str]:
    """Give the places somebody can get to from where somebody starts, locked and hidden ways included."""
    places = ground.world.places
    moved = (placed.effect.to for placed in ground.effects if isinstance(placed.effect, Moved))
    found = list(dict.fromkeys([*(entrance.at for entrance in ground.world.cast.values()), *moved]))
    for place in found:  # grows while it is walked
        if place in places:
            found += [way.to for way in places[place].exits if way.to not in found]
    return frozenset(found) & places.keys()


def _exits(ground: Ground) -> Iterator[Finding]:
    places = ground.world.places
    for id_, place in places.items():
        ways: set[str] = set()
        for i, way in enumerate(place.exits):
            path = ("places", id_, "exits", i, "to")
            if way.to not in places:
                continue
            if way.to == id_:
                yield Finding(
                    "error", path, f"the way out of `{id_}` leads back into it", "name another place"
                )
            if way.to in ways:
                what = f"`{id_}` has two exits to `{way.to}`, and only the first is ever taken"
                yield Finding("warning", path, what, "keep one of them")
            ways.add(way.to)
            back = any(other.to == id_ for other in places[way.to].exits)
            if not back and not way.one_way:
                mend = f"add an exit from `{way.to}`, or mark this one `one_way: true`"
                yield Finding("warning", path, f"there is no way back from `{way.to}` to `{id_}`", mend)
            if back and way.one_way:
                mend = "remove the mark or the way back"
                what = f"marked `one_way`, but `{way.to}` has an exit to `{id_}`"
                yield Finding("warning", path, what, mend)


def _doors(ground: Ground) -> Iterator[Finding]:
    places = ground.world.places
    sides: dict[str, set[str]] = {}
    for path, place, way in ground.exits():
        if not way.door:
            continue
        sides.setdefault(way.door, set()).update((place, way.to))
        yield from _door(ground, (*path, "door"), way.door)
        back = [
            other.door for other in (places[way.to].exits if way.to in places else ()) if other.to == place
        ]
        if back and way.door not in back:
            what = f"the way back from `{way.to}` does not go through `{way.door}`"
            yield Finding("error", (*path, "door"), what, f"name `door: {way.door}` on both sides")
    for id_, thing in ground.world.things.items():
        between = sorted(sides.get(id_, ()))
        if thing.door and not between:
            mend = f"name it on both sides of a way: `door: {id_}`"
            yield Finding("warning", ("things", id_), f"no exit goes through the door `{id_}`", mend)
        elif thing.door and thing.at not in between:
            what = f"the door `{id_}` is at {thing.at or 'no place'}, which it does not lead to"
            yield Finding("error", ("things", id_, "at"), what, f"set `at` to one of {', '.join(between)}")


def _door(ground: Ground, path: tuple[str | int, ...], door: str) -> Iterator[Finding]:
    thing = ground.world.things.get(door)
    if thing is None:
        mend = f"add it to `things`: `{door}: {{name: …, at: …, door: true, facts: {{open: false}}}}`"
        yield Finding("error", path, f"there is no door `{door}`", mend)
    elif not thing.door:
        yield Finding("error", path, f"`{door}` is no door", f"add `door: true` to `things.{door}`")
    elif "open" not in thing.facts:
        mend = f"add `facts: {{open: false}}` to `things.{door}`"
        yield Finding("warning", path, f"the door `{door}` can never be closed", mend)
