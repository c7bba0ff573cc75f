"""The event graph: events as nodes, and why each came about as edges.

Every edge points from a later event to an earlier one it rests on, so no log has a cycle in it:

    answers · recalls · because    a stored link; the cause of a profile change; a ruling to its attempt; an
                                   attempt to its cue, and to the failure it stands in for
    witnessed                      an act to each event its actor perceived between its act before and its cue
    next                           an act to the same character's act before

The first three are **causes**; `why`, `consequences` and `cone` follow them and nothing else. The other two
are derived, and marked so.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import networkx as nx
from pydantic import JsonValue

from worlds.actions import Change
from worlds.drawing import Arrow, Box, dot, mermaid
from worlds.errors import UsageError
from worlds.events import Acted, Cued, Event, Faulted, ProfileChanged, Reflected, Resolved, Started
from worlds.prose import tell

__all__ = [
    "CAUSES",
    "DERIVED",
    "FORMS",
    "Graph",
    "between",
    "cone",
    "consequences",
    "draw",
    "event_graph",
    "to_graphml",
    "to_json",
    "why",
]

Graph: TypeAlias = "nx.MultiDiGraph[int]"
"""Nodes are seqs with `kind`, `turn`, `by` and `text`; the key of an edge is its `rel`."""

CAUSES = ("answers", "recalls", "because")
DERIVED = ("witnessed", "next")

FORMS = ("mermaid", "dot", "graphml", "node-link")
"""What `draw` writes."""

_PLUMBING = frozenset({"started", "cued", "turn_ended", "forked"})
"""Events of the stage, not of the story: pictures leave them out."""

_PRIVATE = frozenset({"reflected", "profile_changed"})
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def event_graph(events: Iterable[Event]) -> Graph:
    """Make the graph of a trajectory, or of a slice of one: links out of the slice are left out."""
    graph: Graph = nx.MultiDiGraph()
    weaver = _Weaver(graph)
    for event in events:
        graph.add_node(event.seq, kind=event.body.kind, turn=event.turn, by=event.by, text=weaver.text(event))
        weaver.weave(event)
    return graph


def why(graph: Graph, seq: int) -> tuple[int, ...]:
    """Give the events this one rests on, directly or through others, oldest first; `KeyError` if unknown."""
    return tuple(sorted(_follow(graph, seq, _causes_of)))


def consequences(graph: Graph, seq: int) -> tuple[int, ...]:
    """Give the events that rest on this one, directly or through others; else as `why`."""
    return tuple(sorted(_follow(graph, seq, _effects_of)))


def cone(graph: Graph, seq: int, depth: int) -> Graph:
    """Give the part of the graph at most `depth` causes before or after an event, that event included."""
    near = _follow(graph, seq, _causes_of, depth) | _follow(graph, seq, _effects_of, depth) | {seq}
    return graph.subgraph(near).copy()


def between(graph: Graph, first: int, last: int) -> Graph:
    """Give the part of the graph in turns `first` to `last`, both included."""
    return graph.subgraph(seq for seq in graph if first <= graph.nodes[seq]["turn"] <= last).copy()


def draw(
    events: Iterable[Event], form: str, turns: tuple[int, int] | None = None, *, derived: bool = False
) -> str:
    """Write the graph of these events as Mermaid, Graphviz, GraphML or node-link JSON.

    `turns` is the first and the last to show; Mermaid draws at most 500 edges. Pictures leave out the stage's
    own events and, unless asked, what is derived. `UsageError` if `form` is none of `FORMS`.
    """
    graph = event_graph(events)
    if turns is not None:
        graph = between(graph, *turns)
    match form:
        case "mermaid":
            return mermaid(_boxes(graph), _arrows(graph, derived=derived))
        case "dot":
            return dot(_boxes(graph), _arrows(graph, derived=derived))
        case "graphml":
            return to_graphml(graph)
        case "node-link":
            return json.dumps(to_json(graph), ensure_ascii=False)
        case _:
            raise UsageError(f"there is no graph form {form!r}; choose from {', '.join(FORMS)}")


def to_json(graph: Graph) -> dict[str, JsonValue]:
    """Give the graph in networkx's node-link form, with `nodes` and `edges`."""
    data: dict[str, JsonValue] = nx.node_link_data(graph, edges="edges")
    return data


def to_graphml(graph: Graph) -> str:
    """Give the graph as GraphML; characters XML cannot hold become U+FFFD."""
    plain: Graph = nx.MultiDiGraph()
    for seq in graph:
        data = graph.nodes[seq]
        plain.add_node(seq, **{k: _NO_XML.sub("�", v) if isinstance(v, str) else v for k, v in data.items()})
    for number, (later, earlier, rel) in enumerate(graph.edges(keys=True)):
        # The key becomes the edge's id, which must be one edge's only.
        plain.add_edge(later, earlier, key=f"e{number}", rel=rel, derived=int(rel in DERIVED))
    return "\n".join(nx.generate_graphml(plain))


class _Weaver:
    """Adds each event's edges as it comes, remembering what later ones may rest on."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names: dict[str, str] = {}
        self.cue = -1
        self.attempts: dict[str, int] = {}
        self.failures: dict[str, int] = {}
        self.acts: dict[str, int] = {}
        self.seen: dict[str, list[int]] = {}

    def text(self, event: Event) -> str:
        """Say in a line what an event is about."""
        match event.body:
            case Started():
                world, cast = event.body.world, event.body.cast
                for known in (world.places, world.things):
                    self.names |= {id_: named.name for id_, named in known.items()}
                self.names |= {character.id: character.name for character in cast}
                return world.title
            case Cued():
                return ", ".join(self.names.get(who, who) for who in event.body.who)
            case Faulted():
                return event.body.error
            case Reflected() if event.body.text:
                return event.body.text
            case Reflected() | ProfileChanged():
                return "; ".join(f"{change.slot}: {change.value}" for change in event.body.changes)
            case Resolved(text="", ok=ok):
                return tell(event, self.names) or ("it comes off" if ok else "it does not come off")
            case _:
                return tell(event, self.names)

    def weave(self, event: Event) -> None:
        """Add the edges of one event."""
        for link in event.links:
            self.edge(event.seq, link.to, link.rel)
        match event.body:
            case Cued():
                self.cue, self.attempts = event.seq, {}
            case Faulted():
                self.failures[event.by] = event.seq
            case Acted():
                self.act(event)
            case Resolved():
                self.edge(event.seq, self.attempts.get(event.by, -1), "because")
            case Reflected(changes=changes) | ProfileChanged(changes=changes):
                self.change(event.seq, changes)
            case _:
                pass
        self.perceive(event)

    def perceive(self, event: Event) -> None:
        """Keep in mind for each witness what others did or what befell them."""
        if event.body.kind not in _PRIVATE:
            for who in (*event.witnesses, *event.glimpses):
                if who != event.by:
                    self.seen.setdefault(who, []).append(event.seq)

    def change(self, seq: int, changes: Iterable[Change]) -> None:
        """Add what changes of a profile come of."""
        for change in changes:
            self.edge(seq, change.because, "because")

    def act(self, event: Event) -> None:
        """Add what an attempt rests on, and what its actor had in view."""
        who, seq = event.by, event.seq
        self.edge(seq, self.cue, "because")
        self.edge(seq, self.failures.pop(who, -1), "because")
        self.edge(seq, self.acts.get(who, -1), "next")
        seen = self.seen.pop(who, [])
        for earlier in seen:
            if earlier < self.cue:
                self.edge(seq, earlier, "witnessed")
        # Those who act together do not see each other's acts before their own next turn.
        self.seen[who] = [earlier for earlier in seen if earlier > self.cue]
        self.attempts[who] = self.acts[who] = seq

    def edge(self, later: int, earlier: int, rel: str) -> None:
        """Add an edge if its older end is in the graph; the same reason counts once."""
        if earlier in self.graph and earlier < later:
            self.graph.add_edge(later, earlier, key=rel, rel=rel, derived=rel in DERIVED)


def _boxes(graph: Graph) -> Iterator[Box]:
    for seq in sorted(graph):
        kind = str(graph.nodes[seq]["kind"])
        if kind not in _PLUMBING:
            yield Box(seq, kind, str(graph.nodes[seq]["text"]))


def _arrows(graph: Graph, *, derived: bool) -> Iterator[Arrow]:
    shown = {box.seq for box in _boxes(graph)}
    for later, earlier, rel in sorted(graph.edges(keys=True)):
        if later in shown and earlier in shown and (derived or rel not in DERIVED):
            yield Arrow(later, earlier, rel, rel in DERIVED)


def _causes_of(graph: Graph, seq: int) -> Iterator[int]:
    return (earlier for _, earlier, rel in graph.out_edges(seq, keys=True) if rel in CAUSES)


def _effects_of(graph: Graph, seq: int) -> Iterator[int]:
    return (later for later, _, rel in graph.in_edges(seq, keys=True) if rel in CAUSES)


def _follow(
    graph: Graph, seq: int, step: Callable[[Graph, int], Iterator[int]], depth: int | None = None
) -> set[int]:
    """Give what can be reached in at most so many steps, without the start."""
    if seq not in graph:
        raise KeyError(seq)
    found: set[int] = set()
    edge, steps = {seq}, 0
    while edge and steps != depth:
        edge = {near for here in edge for near in step(graph, here)} - found
        found, steps = found | edge, steps + 1
    return found
