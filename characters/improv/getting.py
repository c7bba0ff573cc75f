"""Coming by things: taking them, opening what they are in, pressing who has them, finding out where they are."""

from collections.abc import Iterator

from characters.improv.books import might_open
from characters.improv.ideas import Idea, deed_idea, option
from characters.improv.me import Me
from characters.improv.pressing import confront, press
from characters.improv.routes import place_of, search, way_to, way_to_person
from worlds.actions import Action, Handle

__all__ = ["get", "open_up"]

_DEEPEST = 2
"""How many keys to keys are thought of."""


def get(me: Me, thing: str, depth: int) -> Iterator[Idea]:
    """Come by a thing: take it, open what it is in, ask who holds it, or find out where it is."""
    take = option(me, "take", thing)
    if take:
        yield Idea(1.5, take, "take", thing)
        return
    belief = me.believes(thing, "holder") or me.believes(thing, "at")
    holder = str(belief.value) if belief else ""
    if me.fellow(holder):
        yield from press(me, holder, f"give {thing} {me.view.who}", 1.2)
        yield from _pick_pocket(me, thing, holder)
        return
    if me.sight(holder):
        yield from open_up(me, holder, depth)
        return
    place = place_of(me, holder) if holder else ""
    if holder and place and place != me.view.place:
        step = way_to(me, place)
        if step:
            yield Idea(1.1, step, "fetch", thing)
        return
    yield from _locate(me, thing, depth)


def _pick_pocket(me: Me, thing: str, holder: str) -> Iterator[Idea]:
    """Take it by a deed the world offers for it, if one is not above that."""
    for deed in me.view.deeds:
        if deed.to and any(getattr(effect, "thing", "") == thing for effect in deed.effects):
            yield deed_idea(deed, 0.9 - 0.5 * me.trait("honest"), "steal", holder)


def open_up(me: Me, container: str, depth: int) -> Iterator[Idea]:
    """Get a container or door open: open it, unlock it, force it, or get what looks like its key."""
    act = _turn(me, container)
    if act:
        yield Idea(1.3, act, "open", container)
        return
    for force in me.view.options:
        if isinstance(force, Handle) and force.verb == "use" and force.to == container:
            yield Idea(0.85 + 0.3 * me.feels("anger"), force, "force", container)
    carry = option(me, "take", container)
    if carry:
        yield Idea(0.9, carry, "take", container)
    if depth == 0:
        yield from _shut_elsewhere(me)
    keys = _likely_keys(me) if depth < _DEEPEST else ()
    for key in keys:
        for idea in get(me, key, depth + 1):
            yield idea._replace(worth=idea.worth * 0.8)


def _turn(me: Me, container: str) -> Action | None:
    """Give the plain way to open something: the handle, or the key that is in hand."""
    sight = me.sight(container)
    locked = sight is not None and sight.facts.get("locked") is True
    return option(me, "unlock" if locked else "open", container)


def _likely_keys(me: Me) -> Iterator[str]:
    """Give things that look as if they could open something, those in reach first."""
    for id_, name in me.view.names.items():
        if might_open(id_, name) and not me.holds(id_) and id_ not in me.view.map:
            yield id_


def _locate(me: Me, thing: str, depth: int) -> Iterator[Idea]:
    """Find out where a thing is: look into what is closed here, ask round, look elsewhere."""
    for sight in me.view.sights:
        if sight.container and sight.facts.get("open") is False:
            for idea in open_up(me, sight.id, depth + 1):
                yield idea._replace(worth=idea.worth * 0.75)
    if depth == 0:
        yield from _suspects(me, thing)
        yield from _shut_elsewhere(me)
    for fellow in me.view.fellows:
        yield from press(me, fellow.id, f"learn {thing}.holder", 0.75)
    yield from search(me, 0.8, thing)


def _suspects(me: Me, thing: str) -> Iterator[Idea]:
    """Turn to whoever is believed to have had a hand in it: charge them, and then demand the thing."""
    for who in sorted({str(belief.value) for (subject, _), belief in me.facts.items() if subject == thing}):
        if me.fellow(who):
            yield from confront(me, who, 0.7)
            if any(me.times(f"asked.{thing}.{matter}", who) for matter in ("holder", "thief", "finder")):
                yield from press(me, who, f"give {thing} {me.view.who}", 1.0)
        elif step := way_to_person(me, who):
            yield Idea(0.6, step, "seek", who)


def _shut_elsewhere(me: Me) -> Iterator[Idea]:
    """Go back to what was found shut, with something to open it; take along what might do."""
    shut = {
        slot.split(".", 1)[1]: str(place)
        for slot, place in me.slots.items()
        if slot.startswith("shut.") and place
    }
    if not shut:
        return
    ready = any(sight.at == me.view.who and might_open(sight.id, sight.name) for sight in me.view.sights)
    for sight in me.view.sights:
        act = option(me, "take", sight.id)
        if act and might_open(sight.id, sight.name):
            yield Idea(0.75 if not ready else 0.4, act, "tool", sight.id)
    tools = {slot.removeprefix("tool."): str(at) for slot, at in me.slots.items() if slot.startswith("tool.")}
    errands = shut if ready else tools
    for goal, place in errands.items():
        step = way_to(me, place) if place not in ("", me.view.place) else None
        if step:
            yield Idea(0.85, step, "fetch", goal)
