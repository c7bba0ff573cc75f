"""Runs as graphs: GraphML and node-link for networkx and its kin, PROV-JSON for provenance tools.

These show whole runs, everybody's thoughts included: they are for whoever studies a run, not for whoever plays in it.
PROV-JSON follows the W3C submission of 24 April 2013: events are entities, turns are activities, characters are agents;
a stored link is a derivation.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from pydantic import JsonValue

from sandbox.exports.source import Options, Played, files_for
from worlds.eventgraph import draw, event_graph
from worlds.trajectory import Trajectory

__all__ = ["graphml", "node_link", "prov"]

Section: TypeAlias = dict[str, JsonValue]
"""A part of a PROV document: name to what is said of it."""

SPACE = "urn:roleplay-sandbox:"
"""What the names in a PROV document begin with."""


def graphml(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write GraphML of the event graph, a file a run."""
    del options
    return _each(runs, out, ".graphml", lambda run: draw(run.log, "graphml"))


def node_link(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write the event graph in networkx's node-link JSON, a file a run."""
    del options
    return _each(runs, out, ".json", lambda run: draw(run.log, "node-link"))


def prov(runs: Sequence[Played], out: Path, options: Options) -> list[Path]:
    """Write PROV-JSON of a run: which event was derived from which, and who it is attributed to; a file a run."""
    del options
    return _each(
        runs,
        out,
        ".prov.json",
        lambda run: json.dumps(_document(run.name, run.log), ensure_ascii=False, indent=1),
    )


def _each(runs: Sequence[Played], out: Path, suffix: str, write: Callable[[Played], str]) -> list[Path]:
    files = files_for(_names(runs), out, suffix)
    for index, file in enumerate(files):
        file.write_text(f"{write(runs[index])}\n", encoding="utf-8")
    return files


def _names(runs: Sequence[Played]) -> list[str]:
    return [runs[index].name for index in range(len(runs))]


def _document(name: str, log: Trajectory) -> dict[str, JsonValue]:
    """Give a run as a PROV document."""
    entities, made, owned, members = _of_events(name, log)
    edges = sorted(event_graph(log).edges(keys=True))
    derived: Section = {
        f"_:derived{number}": {
            "prov:generatedEntity": _event(later),
            "prov:usedEntity": _event(earlier),
            "run:why": rel,
        }
        for number, (later, earlier, rel) in enumerate(edges)
    }
    turns: Section = {f"run:turn-{n}": {"prov:label": f"turn {n}"} for n in range(log.state.turn + 1)}
    return {
        "prefix": {"run": f"{SPACE}{name}:", "xsd": "http://www.w3.org/2001/XMLSchema#"},
        "entity": entities,
        "activity": turns,
        "agent": _people(log),
        "wasGeneratedBy": made,
        "wasAttributedTo": owned,
        "wasDerivedFrom": derived,
        "hadMember": members,
    }


def _people(log: Trajectory) -> Section:
    people: Section = {
        f"run:{who}": {"prov:type": {"$": "prov:Person", "type": "xsd:QName"}, "prov:label": character.name}
        for who, character in log.state.cast.items()
    }
    people["run:stage"] = {"prov:type": {"$": "prov:SoftwareAgent", "type": "xsd:QName"}}
    return people


def _of_events(name: str, log: Trajectory) -> tuple[Section, Section, Section, Section]:
    """Give the events, the turn each was made in, who each is by, and that they are the run's."""
    graph, run, state = event_graph(log), f"run:{name}", log.state
    entities: Section = {run: {"prov:label": state.world.title, "run:seed": state.settings.seed}}
    made: Section = {}
    owned: Section = {}
    members: Section = {}
    for event in log:
        id_ = _event(event.seq)
        entities[id_] = {
            "run:kind": event.body.kind,
            "prov:label": str(graph.nodes[event.seq]["text"]) or event.body.kind,
            "run:witnesses": ", ".join(event.witnesses),
        }
        made[f"_:made{event.seq}"] = {"prov:entity": id_, "prov:activity": f"run:turn-{event.turn}"}
        owned[f"_:owned{event.seq}"] = {"prov:entity": id_, "prov:agent": f"run:{event.by or 'stage'}"}
        members[f"_:member{event.seq}"] = {"prov:collection": run, "prov:entity": id_}
    return entities, made, owned, members


def _event(seq: int) -> str:
    return f"run:event-{seq}"
