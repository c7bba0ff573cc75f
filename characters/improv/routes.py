"""Ways through the world as a character knows it: to a place, to a person, to what has not been seen yet."""

from collections import deque
from collections.abc import Callable, Iterator

from characters.improv.books import DARK
from characters.improv.ideas import Idea, option
from characters.improv.me import Me
from worlds.actions import Action

__all__ = ["place_of", "search", "seek", "toward", "way_to", "way_to_person"]


def place_of(me: Me, id_: str) -> str:
    """Say where something or somebody is believed to be, following holders; empty if that is not known."""
    for _ in range(6):
        if id_ in me.view.map:
            return id_
        if id_ == me.view.who:
            return me.view.place
        belief = me.believes(id_, "at") or me.believes(id_, "holder")
        if belief is None or belief.value == "":
            return ""
        id_ = str(belief.value)
    return ""


def way_to(me: Me, place: str) -> Action | None:
    """Give the next step on the shortest way to a place: a move, or the opening of what bars it; None if unknown."""
    return toward(me, lambda here: here == place)


def way_to_person(me: Me, who: str) -> Action | None:
    """Give the next step to where somebody is believed to be; None if they are here or that is not known."""
    place = place_of(me, who)
    return way_to(me, place) if place and place != me.view.place else None


def seek(me: Me, who: str, worth: float) -> Iterator[Idea]:
    """Go where somebody is believed to be, or look for them."""
    step = way_to_person(me, who)
    if step:
        yield Idea(worth, step, "seek", who)
    elif not me.fellow(who):
        yield from search(me, worth * 0.7, who)


def search(me: Me, worth: float, about: str) -> Iterator[Idea]:
    """Look where one has not been yet."""
    lit = _has_light(me)
    unseen = _nearest(me, lambda place: not me.seen(place) or (lit and me.slots.get(f"seen.{place}") == DARK))
    step = way_to(me, unseen) if unseen else None
    if step:
        yield Idea(worth, step, "search", about)


def _has_light(me: Me) -> bool:
    """Whether something lit is in own hands."""
    return any(sight.at == me.view.who and sight.facts.get("lit") is True for sight in me.view.sights)


def _nearest(me: Me, wanted: Callable[[str], bool]) -> str:
    """Give the nearest other place of a kind; empty if there is none within reach."""
    return _search(me, wanted)[1]


def toward(me: Me, wanted: Callable[[str], bool]) -> Action | None:
    """Give the next step towards the nearest place of a kind."""
    hop, _ = _search(me, wanted)
    if not hop:
        return None
    step = option(me, "go", hop)
    if step:
        return step
    way = next((way for way in me.view.ways if way.to == hop), None)
    return option(me, "open", way.door) or option(me, "unlock", way.door) if way else None


def _search(me: Me, wanted: Callable[[str], bool]) -> tuple[str, str]:
    """Search breadth first; give the first hop and the goal."""
    start = me.view.place
    firsts = [way.to for way in me.view.ways if way.open or _can_open(me, way.door)]
    queue = deque((hop, hop) for hop in firsts)
    met = {start, *firsts}
    while queue:
        here, first = queue.popleft()
        if wanted(here):
            return first, here
        for place in me.view.map.get(here, ()):
            if place not in met:
                met.add(place)
                queue.append((place, first))
    return "", ""


def _can_open(me: Me, door: str) -> bool:
    if option(me, "open", door):
        sight = me.sight(door)
        return sight is None or sight.facts.get("locked") is not True
    return option(me, "unlock", door) is not None
