"""Damage to what is done: where, by whom, and how often."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from judges.consistency_terms import said
from judges.damage import Damage, Site
from judges.damage_tools import quiet, reacted, ruling, spoken, widened
from judges.reading import Reading
from worlds.actions import Became, Go, Moved
from worlds.events import Acted, Event, Resolved

__all__ = ["ACTS"]

_ALSO = tuple(f"consistency.{part}" for part in ("knowledge", "world", "self", "belief", "presence", "place"))
_TRACKED = tuple(
    f"tracking.{part}" for part in ("precision", "acted_on", "lag", "f1", "staleness", "invented")
)
_LINES = ("fidelity.apc", "fidelity.missed", "fidelity.attribution", "fidelity.voice", "fidelity.violated")
_GONE = 3
"""An absent one goes on acting for so many own turns."""


def _teleported(reading: Reading, address: str) -> Iterator[Site]:
    """Give places where somebody can be elsewhere all at once, and back at the next ruling."""
    for who in reading.cast:
        acts = reading.acts[who]
        for act, after in pairwise(acts):
            out, back = ruling(reading, act), ruling(reading, after)
            if out is None or back is None or _goes(act) or _goes(after) or act.turn == after.turn:
                continue
            here = reading.before(out.seq).where[who]
            far = _far(reading, here)
            if far and reading.before(back.seq).where[who] == here:
                there = Random(f"{address}:{out.seq}").choice(far)
                yield {
                    out.seq: widened(out, Moved(who=who, to=there)),
                    back.seq: widened(back, Moved(who=who, to=here)),
                }


def _goes(act: Event) -> bool:
    return (
        not isinstance(act.body, Acted)
        or isinstance(act.body.action, Go)
        or act.body.action.verb in ("do", "use")
    )


def _far(reading: Reading, here: str) -> list[str]:
    """Give the places with no way there from here, nor back."""
    places = reading.end.world.places
    near = {way.to for way in places[here].exits} | {
        id_ for id_, place in places.items() if any(way.to == here for way in place.exits)
    }
    return [id_ for id_ in places if id_ != here and id_ not in near]


def _absent(reading: Reading, address: str) -> Iterator[Site]:
    """Give places where somebody can leave the stage and act on."""
    del address
    for who in reading.cast:
        acts = reading.acts[who]
        for start in range(0, len(acts) - _GONE - 1, _GONE + 2):
            out, back = ruling(reading, acts[start]), ruling(reading, acts[start + _GONE])
            if out is not None and back is not None and isinstance(out.body, Resolved):
                yield {
                    out.seq: widened(out, Became(subject=who, attribute="present", value=False)),
                    back.seq: widened(back, Became(subject=who, attribute="present", value=True)),
                }


def _repeated(reading: Reading, address: str) -> Iterator[Site]:
    """Give lines that can be replaced by one their speaker has said before."""
    lines: dict[str, list[str]] = {}
    for event in quiet(reading):
        own = lines.setdefault(event.by, [])
        if own:
            text = Random(f"{address}:{event.seq}").choice(own[-20:])
            yield {event.seq: reacted(event, spoken(event).model_copy(update={"text": text}))}
        if len(said(spoken(event).text)) >= 5:
            own.append(spoken(event).text)


ACTS = (
    Damage(
        "teleport", "somebody is elsewhere with no way there", ("consistency.place",),
        (*_ALSO, *_TRACKED, *_LINES), _teleported,
    ),
    Damage(
        "absent_actor", "somebody who has left goes on acting", ("consistency.presence",),
        (*_ALSO, *_TRACKED, *_LINES), _absent,
    ),
    Damage("repetition", "lines are said again", ("consistency.repetition",), _LINES, _repeated),
)  # fmt: skip
