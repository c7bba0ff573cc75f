"""The event graph: what its edges say, and that pictures of it hold any text."""

import json
import xml.etree.ElementTree as ET
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stagecraft import begin, play
from worlds.actions import Change, Say, Wait
from worlds.drawing import Arrow, Box, dot, mermaid
from worlds.errors import UsageError
from worlds.eventgraph import (
    CAUSES,
    DERIVED,
    FORMS,
    Graph,
    between,
    cone,
    consequences,
    draw,
    event_graph,
    to_graphml,
    to_json,
    why,
)
from worlds.events import (
    Acted,
    Body,
    Cued,
    Draft,
    Faulted,
    Link,
    ProfileChanged,
    Resolved,
    SceneSet,
    TurnEnded,
)
from worlds.trajectory import Trajectory, extend

LOG = play(begin(turns=24))
GRAPH = event_graph(LOG)


def turn(log: Trajectory, *who: str, reason: str = "") -> Trajectory:
    """Cue some."""
    return extend(log, [Draft(Cued(who=who, reason=reason))])


def by(who: str, body: Body, *links: Link) -> Draft:
    """Write an event by somebody."""
    return Draft(body, by=who, links=links)


def small() -> Trajectory:
    """Ada speaks, Ben answers and changes his mind for it; all events numbered from 0."""
    log = extend(begin(), [Draft(SceneSet(scene="one", text="Morning."))])
    log = extend(
        turn(log, "ada"),
        [by("ada", Acted(action=Say(text="Ben?"))), by("ada", Resolved(ok=True)), Draft(TurnEnded())],
    )
    answer = by("ben", Acted(action=Say(text="What?")), Link(3, "answers"), Link(1, "recalls"))
    log = extend(
        turn(log, "ben"), [by("ben", Faulted(error="no reply")), answer, by("ben", Resolved(ok=True))]
    )
    changes = (Change("mood", "cross", 3), Change("trust.ada", 0.1, 3))
    return extend(log, [by("ben", ProfileChanged(changes=changes)), Draft(TurnEnded())])


def edges(graph: Graph) -> set[tuple[int, int, str]]:
    """Give the edges as later, earlier, relation."""
    return set(graph.edges(keys=True))


def test_every_stored_reason_is_an_edge() -> None:
    """Links, causes of changes, rulings, cues and failures are edges from the later event to the earlier."""
    assert edges(event_graph(small())) >= {
        (3, 2, "because"),  # the act to its cue
        (4, 3, "because"),  # the ruling to the act
        (8, 3, "answers"),
        (8, 1, "recalls"),
        (8, 6, "because"),
        (8, 7, "because"),  # the act to the failure it stands in for
        (10, 3, "because"),  # the change to what caused it, once
    }


def test_what_was_in_view_is_an_edge_of_another_kind() -> None:
    """An act has an edge to each event its actor perceived since its act before, and to that act."""
    graph = event_graph(small())
    assert {edge for edge in edges(graph) if edge[2] in DERIVED} == {
        (3, 1, "witnessed"),
        (8, 1, "witnessed"),
        (8, 3, "witnessed"),
    }
    log = extend(turn(small(), "ada"), [by("ada", Acted(action=Wait()))])
    assert (13, 3, "next") in edges(event_graph(log))
    assert (13, 8, "witnessed") in edges(event_graph(log))


def test_those_who_act_together_did_not_see_each_other() -> None:
    """An act of the same turn is in nobody's view before their own next act."""
    log = turn(extend(begin(), [Draft(SceneSet(scene="one", text="Morning."))]), "ada", "ben")
    log = extend(log, [by("ada", Acted(action=Say(text="Now!"))), by("ben", Acted(action=Say(text="Now!")))])
    assert (4, 3, "witnessed") not in edges(event_graph(log))


def test_why_follows_causes_and_nothing_else() -> None:
    """`why` and `consequences` are transitive over stored reasons; having seen something is no cause."""
    graph = event_graph(small())
    assert why(graph, 10) == (2, 3)
    assert why(graph, 9) == (1, 2, 3, 6, 7, 8)
    assert consequences(graph, 3) == (4, 8, 9, 10)
    assert consequences(graph, 10) == ()
    assert set(cone(graph, 8, 1)) == {1, 3, 6, 7, 8, 9}
    assert set(cone(graph, 8, 0)) == {8}
    with pytest.raises(KeyError):
        why(graph, 99)


def test_nothing_rests_on_what_came_later() -> None:
    """In a run in which people try anything, edges go back in time, and each act and ruling has its cause."""
    assert nx.is_directed_acyclic_graph(GRAPH)
    assert all(later > earlier and rel in (*CAUSES, *DERIVED) for later, earlier, rel in edges(GRAPH))
    for event in LOG:
        if event.body.kind in ("acted", "resolved", "profile_changed"):
            assert any(rel in CAUSES for _, _, rel in GRAPH.out_edges(event.seq, keys=True)), event
        assert {link.to for link in event.links} <= set(GRAPH.successors(event.seq))
    assert set(why(GRAPH, 40)) == {seq for seq in GRAPH if 40 in consequences(GRAPH, seq)}


def test_a_slice_of_a_log_has_a_graph_too() -> None:
    """Links that lead out of the slice are left out."""
    part = [event for event in LOG if 5 <= event.turn <= 9]
    assert set(event_graph(part)) == {event.seq for event in part} == set(between(GRAPH, 5, 9))


def test_the_graph_goes_out_and_comes_back() -> None:
    """GraphML and node-link JSON hold all nodes and edges."""
    linked: Any = nx.node_link_graph(json.loads(json.dumps(to_json(GRAPH))), edges="edges")
    read: Any = nx.parse_graphml(to_graphml(GRAPH), node_type=int, force_multigraph=True)
    texts: Any = GRAPH.nodes(data="text")

    assert edges(linked) == edges(GRAPH)
    assert dict(read.nodes(data="text", default="")) == dict(texts)
    assert {(later, earlier, rel) for later, earlier, rel in read.edges(data="rel")} == edges(GRAPH)


def test_every_form_is_drawn() -> None:
    """All forms are written, of a few turns if asked; pictures leave out the stage's own events."""
    for form in FORMS:
        assert draw(LOG, form, (3, 4))
    assert "cued" not in draw(LOG, "mermaid") + draw(LOG, "dot")
    assert "witnessed" not in draw(LOG, "mermaid")
    assert "witnessed" in draw(LOG, "mermaid", derived=True)
    assert draw(LOG, "dot", (3, 4)).count("fillcolor") < draw(LOG, "dot").count("fillcolor")
    with pytest.raises(UsageError, match="choose from mermaid, dot"):
        draw(LOG, "png")


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_no_text_breaks_out_of_a_picture(text: str) -> None:
    """Whatever somebody says, a picture has the same lines and shape, and GraphML stays well-formed."""
    boxes, arrows = [Box(1, "acted", text), Box(2, "resolved", "It is done.")], [Arrow(2, 1, "because")]
    plain = [Box(1, "acted", "x"), boxes[1]]
    for write in (dot, mermaid):
        drawn, usual = write(boxes, arrows), write(plain, arrows)
        assert len(drawn.splitlines()) == len(usual.splitlines())
        label = drawn.splitlines()[
            usual.splitlines().index(next(li for li in usual.splitlines() if "n1" in li))
        ]
        assert label.replace("\\\\", "").replace('\\"', "").count('"') == (4 if write is dot else 2)
    assert not set(mermaid(boxes, arrows).splitlines()[1][4:-9]) & set("<>{}|`%&\\")
    graph: Graph = nx.MultiDiGraph()
    graph.add_node(1, kind="acted", turn=1, by="ada", text=text)
    assert ET.fromstring(to_graphml(graph)) is not None
