"""The event graph on a page: a lane a character, time from left to right, an arc for every reason."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from judges.reading import Reading
from sandbox.report.telling import Telling
from sandbox.report.words import family
from sandbox.story import clean
from worlds.eventgraph import CAUSES, Graph, event_graph
from worlds.events import Event, ProfileChanged, Reflected

__all__ = ["Knot", "Thread", "Web", "web"]

STEP, LANE, TOP = 12, 40, 26
"""Width of a turn and height of a lane, in pixels; where the first lane lies."""

LONGEST = 160
"""Longest text of a knot."""

_SHOWN = frozenset({"acted", "happened", "intervened", "reflected", "profile_changed", "faulted", "ended"})
_TOLD = frozenset({"belief", "mood", "trust", "liking", "goal", "injury", "fear", "taste"})
"""Slots that say something of somebody; the others are notes."""

_INNER = frozenset({"reflected", "profile_changed"})


class Knot(NamedTuple):
    """An event, or an attempt with what came of it."""

    seq: int
    x: int
    y: int
    kind: str
    """`speech`, `deed`, `beat`, `inner`, `fault`."""
    who: str
    ok: bool
    text: str
    turn: int


class Thread(NamedTuple):
    """A reason: the later knot rests on the earlier one."""

    later: int
    earlier: int
    rel: str


class Web(NamedTuple):
    """The picture."""

    width: int
    height: int
    lanes: Sequence[str]
    """Ids of the characters, from the top; the stage lies above them."""
    knots: Sequence[Knot]
    threads: Sequence[Thread]


def web(reading: Reading, telling: Telling) -> Web:
    """Lay out the graph of a run."""
    graph = event_graph(reading)
    knot_of = _gathered(reading)
    lanes = {who: number for number, who in enumerate(("", *reading.cast))}
    failed = {knot_of[e.seq] for e in reading if e.seq in knot_of and getattr(e.body, "ok", True) is False}
    knots = [_knot(event, lanes, telling, event.seq not in failed) for event in _shown(reading)]
    width = STEP * (reading.end.turn + 3)
    return Web(width, TOP + LANE * len(lanes), reading.cast, knots, list(_threads(graph, knot_of)))


def _shown(reading: Reading) -> Iterator[Event]:
    return (event for event in reading if event.body.kind in _SHOWN)


def _gathered(reading: Reading) -> Mapping[int, int]:
    """Give each event its knot: a ruling is drawn with the attempt it answers."""
    found: dict[int, int] = {}
    attempt: dict[str, int] = {}
    for event in reading:
        if event.body.kind in _SHOWN:
            found[event.seq] = event.seq
        if event.body.kind == "acted":
            attempt[event.by] = event.seq
        elif event.body.kind == "resolved" and event.by in attempt:
            found[event.seq] = attempt[event.by]
    return found


def _knot(event: Event, lanes: Mapping[str, int], telling: Telling, ok: bool) -> Knot:  # noqa: FBT001
    kind = _kind(event)
    who = event.by if event.by in lanes else ""
    y = TOP + LANE * lanes[who] + (9 if kind == "inner" else 0)
    text = _within(event) if kind == "inner" else telling.quote(event.seq).text
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return Knot(event.seq, STEP * (event.turn + 1), y, kind, who, ok, cut, event.turn)


def _within(event: Event) -> str:
    """Say what somebody concludes and what changes by it, without notes on what has been done."""
    body = event.body
    if not isinstance(body, Reflected | ProfileChanged):
        return ""
    told = [clean(body.text).rstrip(".")] if isinstance(body, Reflected) and body.text else []
    told += [
        f"{slot.replace('.', ' ')} → {clean(str(value)) or 'none'}"
        for slot, value, *_ in body.changes
        if family(slot) in _TOLD
    ]
    return "; ".join(told) or "takes note"


def _kind(event: Event) -> str:
    body = event.body
    if body.kind == "acted":
        return "speech" if body.action.verb == "say" else "deed"
    if body.kind in _INNER:
        return "inner"
    return "fault" if body.kind == "faulted" else "beat"


def _threads(graph: Graph, knot_of: Mapping[int, int]) -> Iterator[Thread]:
    edges: Iterable[tuple[int, int, str]] = sorted(graph.edges(keys=True))
    drawn: set[Thread] = set()
    for later, earlier, rel in edges:
        if rel in CAUSES and later in knot_of and earlier in knot_of:
            thread = Thread(knot_of[later], knot_of[earlier], rel)
            if thread.later != thread.earlier and thread not in drawn:
                drawn.add(thread)
                yield thread
