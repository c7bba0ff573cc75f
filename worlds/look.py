"""`look`: the view of one character at one moment of a log.

Everything a mind is shown passes through this function, so what it leaves out cannot leak.
"""

from bisect import bisect_right
from collections.abc import Mapping

from worlds.actions import Scalar
from worlds.reach import deeds, reachable, ways
from worlds.rules import options
from worlds.state import State
from worlds.trajectory import Line, Trajectory
from worlds.view import Fellow, Percept, Sight, View

__all__ = ["LINES", "PAST", "look"]

PAST = 40
"""How many percepts before the news a view carries."""

_NOTHING: Mapping[str, int] = {}
_NO_FACTS: Mapping[str, Scalar] = {}

LINES = 60
"""How many of its own lines a view carries."""


def look(log: Trajectory, who: str, *, choosing: bool = True) -> View:
    """Give all that `who` may know now; what it could do is left out unless it is `choosing`.

    While characters are acting, what a cued one may know ends at the cue, so that those who act together decide
    on the same moment whatever order they are asked in.
    """
    if log.state.phase == "act" and who in log.state.cued:
        log = log.upto(log.state.cued_at + 1)
    state = log.state
    place = state.where[who]
    dark = state.dark(place)
    near = reachable(state, who)
    sights = _sights(state, who, near, dark=dark)
    past, news = _perceived(log, who)
    return View(
        who=who,
        name=state.cast[who].name,
        core=state.cast[who].core,
        slots=state.slots[who],
        secrets=tuple(secret for secret in state.plan.secrets if who in state.knows[secret.id]),
        draw=f"{state.settings.seed}:{who}:{state.own.get(who, 0)}",
        seq=news[-1].seq if news else past[-1].seq if past else 0,
        turn=state.round_began,
        own_turn=state.own.get(who, 0),
        time=state.clock,
        title=state.world.title,
        premise=state.scene_now.premise,
        place=place,
        place_name=state.world.places[place].name,
        place_text=state.world.places[place].text,
        dark=dark,
        ways=ways(state, place),
        fellows=_fellows(state, who, place, dark=dark),
        sights=sights,
        news=news,
        past=past,
        said=_said(log, who),
        done=state.done.get(who, _NOTHING),
        recollections=(),
        options=options(state, who, near) if choosing else (),
        deeds=deeds(state, who) if choosing else (),
        names=_names(state, who, sights),
        map=state.plan.map,
        phrases=state.world.phrases,
        topics=state.world.topics,
    )


def _perceived(log: Trajectory, who: str) -> tuple[tuple[Percept, ...], tuple[Percept, ...]]:
    """Give the tail of what was perceived up to the character's latest own turn, and all since."""
    percepts = log.percepts(who)
    stop = bisect_right(percepts, log.seq, key=_seq)
    start = bisect_right(percepts, log.state.marks.get(who, -1), 0, stop, key=_seq)
    return tuple(percepts[max(0, start - PAST) : start]), tuple(percepts[start:stop])


def _said(log: Trajectory, who: str) -> tuple[str, ...]:
    lines = log.lines(who)
    cut = bisect_right(lines, log.seq, key=_seq)
    return tuple(line.text for line in lines[max(0, cut - LINES) : cut])


def _seq(placed: Percept | Line) -> int:
    return placed.seq


def _fellows(state: State, who: str, place: str, *, dark: bool) -> tuple[Fellow, ...]:
    if dark:
        return tuple(
            Fellow(other, state.cast[other].name, (), {}) for other in state.here(place) if other != who
        )
    carried: dict[str, list[str]] = {}
    for thing, holder in state.held.items():
        if holder in state.cast and not state.world.things[thing].small:
            carried.setdefault(holder, []).append(thing)
    return tuple(
        Fellow(other, state.cast[other].name, tuple(carried.get(other, ())), _seen(state, other))
        for other in state.here(place)
        if other != who
    )


def _sights(state: State, who: str, near: tuple[str, ...], *, dark: bool) -> tuple[Sight, ...]:
    seen = []
    for id_ in near:
        spec = state.world.things[id_]
        if dark and state.held.get(id_) != who:
            continue
        facts = _seen(state, id_)
        at = state.held[id_]
        seen.append(Sight(id_, spec.name, spec.text, at, facts, spec.portable, spec.capacity > 0, spec.door))
    return tuple(seen)


def _seen(state: State, id_: str) -> Mapping[str, Scalar]:
    """Give the facts that can be seen on a thing or a person."""
    facts, visible = state.facts.get(id_, _NO_FACTS), state.plan.seen[id_]
    return facts if visible.issuperset(facts) else {name: facts[name] for name in facts if name in visible}


def _names(state: State, who: str, sights: tuple[Sight, ...]) -> Mapping[str, str]:
    """Give the public names, and those of what is in sight or on this character's mind."""
    own = {sight.id: sight.name for sight in sights}
    for slot, value in state.slots[who].items():
        if slot.startswith(("goal.", "belief.")):
            words = (*slot.split("."), *str(value).replace(".", " ").split())
            own |= {word: state.world.things[word].name for word in words if word in state.world.things}
    return {**state.plan.public, **own}
